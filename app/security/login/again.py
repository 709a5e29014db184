"""Whose page it is: a sealed word with which a browser goes on as the same account after its session has ended."""

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.security.login.browser import LONGEST


def word_of(account_id: int, form: str) -> str:
    """What a page of this account holds. It opens nothing: the password is asked for."""
    return str(_signer().dumps([account_id, form]))


def read(word: str) -> tuple[int, str] | None:
    """The account and the form of such a word; None for one that is forged or older than any session."""
    try:
        account_id, form = _signer().loads(word, max_age=LONGEST.seconds)
    except BadSignature:
        return None
    return int(account_id), str(form)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="log in again")
