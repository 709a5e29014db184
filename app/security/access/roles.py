"""Roles, and the actor: who asks, as which role, on whose behalf."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from flask_babel import lazy_gettext as _l


class Role(StrEnum):
    """Every role of the platform; the value is the name of the role in Flask-AppBuilder's tables."""

    ENTERPRISE = "Enterprise"
    INDIVIDUAL = "Individual"
    MUNICIPAL = "Municipal"
    PROVINCIAL = "Provincial"
    PROVINCIAL_ADMINISTRATOR = "ProvincialAdministrator"
    ADMINISTRATOR = "Administrator"
    AUDITOR = "Auditor"
    SYSTEM = "System"
    PUBLIC = "Public"


LABELS: dict[str, Any] = {
    Role.ENTERPRISE: _l("Enterprise"),
    Role.INDIVIDUAL: _l("Individual"),
    Role.MUNICIPAL: _l("Municipal authority"),
    Role.PROVINCIAL: _l("Provincial authority"),
    Role.PROVINCIAL_ADMINISTRATOR: _l("Provincial administrator"),
    Role.ADMINISTRATOR: _l("System administrator"),
    Role.AUDITOR: _l("Auditor"),
    Role.SYSTEM: _l("System"),
    Role.PUBLIC: _l("Public"),
}

OFFICERS = frozenset(
    {
        Role.MUNICIPAL,
        Role.PROVINCIAL,
        Role.PROVINCIAL_ADMINISTRATOR,
        Role.ADMINISTRATOR,
        Role.AUDITOR,
    }
)
"""The roles whose password alone does not open the door: they need a second factor."""


@dataclass(frozen=True)
class Actor:
    """Plain values about who asks, read once for each request and never from a form."""

    account_id: int | None
    name: str
    roles: frozenset[str] = field(default_factory=frozenset)
    enterprise_id: int | None = None
    person_id: int | None = None
    region_code: str | None = None
    address: str | None = None
    request_id: str | None = None

    @cached_property
    def scope(self) -> "Actor":
        """The same actor without what differs from request to request: what is made for it may be kept."""
        return replace(self, name="", address=None, request_id=None)

    def has(self, *roles: Role) -> bool:
        return any(role in self.roles for role in roles)

    @property
    def role(self) -> str:
        """The role that is written into decisions and audit lines."""
        return next((role.value for role in Role if role in self.roles), Role.PUBLIC.value)


SYSTEM = Actor(None, "系统", frozenset({Role.SYSTEM}))
NOBODY = Actor(None, "", frozenset({Role.PUBLIC}))
