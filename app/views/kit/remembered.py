"""What a process remembers between requests, until the number that the session's statement brings is another one."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, g

from app.security.login.current import current_identity

Thing = TypeVar("Thing")

_PLACE = "remembered"


def remembered(name: str, make: Callable[[], Thing]) -> Thing:
    """The thing of this name, made once for each state of the reference data.

    A visitor's page asks for no session and so for no number: what it needs is made for the one request.
    """
    identity = current_identity()
    if identity is None:
        return _kept(g.setdefault(_PLACE, {}), name, None, make)
    version = identity.reference_version
    return _kept(current_app.extensions.setdefault(_PLACE, {}), name, version, make)


def _kept(
    held: dict[str, tuple[int | None, Any]], name: str, version: int | None, make: Callable[[], Thing]
) -> Thing:
    found = held.get(name)
    if found is None or found[0] != version:
        found = held[name] = (version, make())
    kept: Thing = found[1]
    return kept
