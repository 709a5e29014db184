"""What every request gets: its number, its nonce, its transaction, and one place to commit."""

import secrets
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import current_app, g, request, session
from werkzeug.datastructures import MultiDict

from app.extensions.database import begin_writing, db

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_LONGEST_KEY = 64
NOTED = "open_jobs"
"""In the session while a job of this account may be open: only then does a page ask for the note about it."""

View = TypeVar("View", bound=Callable[..., Any])


def request_id() -> str:
    """The number of this request: in the answer, the log and the audit, and nothing that a client sent."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(16)
    return str(g.request_id)


def csp_nonce() -> str:
    """The word that a script of this answer must carry to run."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(18)
    return str(g.csp_nonce)


def writes_late(view: View) -> View:
    """Mark a view that does slow work before it writes: it calls `begin_writing` itself, after that work."""
    view.writes_late = True  # type: ignore[attr-defined]
    return view


def begin() -> None:
    """Before each request that may change something: take the write lock before the first row is read."""
    if request.method in SAFE_METHODS or request.endpoint is None:
        return
    if not getattr(current_app.view_functions[request.endpoint], "writes_late", False):
        begin_writing(db.session)


def commit() -> None:
    """End the act of this request. A screen calls it once, after all that belongs to the act."""
    db.session.commit()


def note_job() -> None:
    """Let the pages of this account show that something is under way."""
    session[NOTED] = True


def idempotency_key(sent: Mapping[str, str]) -> str:
    """The key that the page made, or a fresh one for a client that sent none."""
    key = sent.get("key", "")
    return key if key.isascii() and key.isalnum() and len(key) <= _LONGEST_KEY else secrets.token_hex(16)


def typed() -> MultiDict[str, str] | None:
    """What stands in the form of this page: sent with this request, or kept earlier and now given back.

    None for a page that shows what is stored.
    """
    given_back: MultiDict[str, str] | None = g.get("given_back")
    if given_back is not None:
        return given_back
    return request.form if request.method == "POST" else None


def allow_camera() -> None:
    """Let the page of this answer use the camera; no other page may (headers.py)."""
    g.camera = True


def wants_json() -> bool:
    """The page's own scripts ask for JSON; people and their browsers do not."""
    return request.accept_mimetypes.best == "application/json"
