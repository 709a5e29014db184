"""What names one person stays out of addresses: it stands there encrypted, for the browser session that typed it."""

import base64
import binascii
import re

from app.extensions.vault import VaultClosed, vault
from app.models.personal import mask_id_number, normal_id_number
from app.security.login.current import current_identity

_MARK = "~"
_SHORTEST_TOKEN, _LONGEST_TOKEN, _SHORTEST_ID = 46, 600, 8
_LONG_NUMBER = re.compile(r"\d{11}")
"""Mobile numbers and ID numbers have at least so many digits in a row; names of people and enterprises have not."""


def looks_like_an_id_number(typed: str) -> bool:
    number = normal_id_number(typed)
    return (
        len(number) >= _SHORTEST_ID and number.isascii() and sum(map(str.isdigit, number)) >= _SHORTEST_ID - 1
    )


def names_a_person(typed: str) -> bool:
    """Whether a text must not stand in an address, which is kept in histories and logs."""
    return looks_like_an_id_number(typed) or bool(_LONG_NUMBER.search(normal_id_number(typed)))


def is_token(text: str) -> bool:
    return text.startswith(_MARK) and _SHORTEST_TOKEN <= len(text) <= _LONGEST_TOKEN


def seal(plain: str) -> str:
    """The token that stands for this text in the addresses of this session."""
    sealed = vault.encrypt(plain.encode(), _purpose())
    return _MARK + base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def unseal(token: str) -> str | None:
    """What a token stands for; None for one of another session, or one that was changed."""
    body = token.removeprefix(_MARK)
    try:
        sealed = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
        return vault.decrypt(sealed, _purpose()).decode()
    except (VaultClosed, ValueError, binascii.Error):
        return None


def masked(plain: str) -> str:
    """How such a text is shown: enough to know what one typed."""
    return mask_id_number(normal_id_number(plain))


def _purpose() -> str:
    identity = current_identity()
    return f"search in session {identity.session_id if identity else 'of nobody'}"
