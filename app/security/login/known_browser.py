"""Browsers in which an account has logged in before: strangers' guesses do not slow its owner down there."""

import hmac
import secrets

from flask import Request
from werkzeug.wrappers import Response

from app.extensions.vault import vault

COOKIE = "known"
_PURPOSE = "known browser"
_YEAR = 365 * 24 * 3600
_RANDOM = 24
_LONGEST = 120


def name_of(request: Request) -> str:
    """`__Host-` binds the cookie to this very host and to https; browsers refuse it otherwise."""
    return f"__Host-{COOKIE}" if request.is_secure else COOKIE


def sent_with(request: Request) -> str | None:
    """What the browser says of who was in before."""
    return request.cookies.get(name_of(request))


def remember(response: Response, request: Request, account_id: int) -> None:
    """Give the browser a word of its own, sealed for this account: it says to nobody else whose it is."""
    word = secrets.token_urlsafe(_RANDOM)
    response.set_cookie(
        name_of(request),
        f"{word}.{_seal(word, account_id)}",
        max_age=_YEAR,
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )


def known_as(token: str | None, account_id: int) -> str | None:
    """The browser's own word, when this account has logged in there; None for every other one."""
    word, _, seal = (token or "")[:_LONGEST].partition(".")
    right = hmac.compare_digest(seal.encode(), _seal(word, account_id).encode())
    return word if word and right else None


def _seal(word: str, account_id: int) -> str:
    return vault.blind(f"{account_id} {word}", _PURPOSE)
