"""Tokens that nobody can guess, for the public address of a certificate."""

import secrets
from typing import Final

# 24 bytes are 192 bits, and 32 characters of URL-safe Base64 without padding.
TOKEN_BYTES: Final = 24


def new_token() -> str:
    """A fresh URL-safe token with 192 random bits."""
    return secrets.token_urlsafe(TOKEN_BYTES)
