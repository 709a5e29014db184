"""Who asks: the actor of the current request, the account's row, and where to go after a login."""

import re

from flask import g, has_request_context, request

from app.security.access.roles import NOBODY, Actor
from app.security.login.browser import OPEN, Identity, browser

_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def pending_identity() -> Identity | None:
    """Who has proved a part of who he is; only the pages of the login ask for this."""
    return browser().identity


def current_identity() -> Identity | None:
    """Who has logged in, all steps done."""
    if not has_request_context():
        return None
    identity = browser().identity
    return identity if identity and identity.stage == OPEN else None


def current_actor() -> Actor:
    """The actor of this request; `NOBODY` with the visitor's address when nobody has logged in."""
    identity = current_identity()
    # A login or logout in the middle of a request changes the answer, so the key says for whom it was made.
    key = identity.session_id if identity else None
    kept: tuple[int | None, Actor] | None = g.get("actor")
    if kept is None or kept[0] != key:
        kept = g.actor = (key, _actor(identity))
    return kept[1]


def stand_in(actor: Actor) -> None:
    """Outside of a request: for whom the work of this context is done. In a request nobody can stand in."""
    if not has_request_context():
        g.actor = (None, actor)


def _actor(identity: Identity | None) -> Actor:
    address = request.remote_addr if has_request_context() else None
    if identity is None:
        return Actor(None, "", NOBODY.roles, address=address, request_id=g.get("request_id"))
    return Actor(
        account_id=identity.id,
        name=identity.display_name,
        roles=identity.role_names,
        enterprise_id=identity.enterprise_id,
        person_id=identity.person_id,
        region_code=identity.region_code,
        address=address,
        request_id=g.get("request_id"),
    )


def safe_next(target: str | None) -> str:
    """A page of this site to go on to: a path, and nothing that a browser reads as a host or a scheme."""
    return target if target and _PATH.fullmatch(target) else "/"
