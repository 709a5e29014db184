"""Which boards stand on the home of an actor: those of his roles, in the order of the roles."""

from collections.abc import Callable, Mapping
from typing import Any

from app.security.access.roles import Actor, Role
from app.views.home import administration, enterprise, individual, officers
from app.views.home.figures import Board

BOARDS: Mapping[Role, Callable[[Actor, Role], Board]] = {
    Role.ENTERPRISE: enterprise.board,
    Role.INDIVIDUAL: individual.board,
    Role.MUNICIPAL: officers.board,
    Role.PROVINCIAL: officers.board,
    Role.PROVINCIAL_ADMINISTRATOR: administration.province_administrator,
    Role.ADMINISTRATOR: administration.administrator,
    Role.AUDITOR: administration.auditor,
}

_OWNED: Mapping[Role, str] = {
    Role.ENTERPRISE: "enterprise_id",
    Role.INDIVIDUAL: "person_id",
    Role.MUNICIPAL: "region_code",
}


def boards(actor: Actor) -> list[Board]:
    """A role whose enterprise, person or city is not set yet has nothing to show."""
    return [build(actor, role) for role, build in BOARDS.items() if actor.has(role) and _is_set(actor, role)]


def _is_set(actor: Actor, role: Role) -> bool:
    value: Any = getattr(actor, _OWNED[role]) if role in _OWNED else True
    return bool(value)
