"""Showing personal data in full: only to those who need it, and never without a line in the audit."""

from typing import Any

from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.models import Declaration, Person, Qualification, Registration
from app.security.access.audit import record
from app.security.access.roles import Actor, Role
from app.security.access.scope import find

_REVEALABLE: dict[str, tuple[type, frozenset[str]]] = {
    "declaration": (Declaration, frozenset({"id_number", "mobile"})),
    "person": (Person, frozenset({"id_number", "mobile"})),
    "registration": (Registration, frozenset({"id_number"})),
    "qualification": (Qualification, frozenset({"id_number"})),
}
_READERS = (Role.MUNICIPAL, Role.PROVINCIAL, Role.ENTERPRISE, Role.INDIVIDUAL)


def revealable(actor: Actor, subject: str) -> frozenset[str]:
    """The fields of such a row that this actor may ask to see in full."""
    return _REVEALABLE[subject][1] if subject in _REVEALABLE and actor.has(*_READERS) else frozenset()


def reveal(session: Session, actor: Actor, subject: str, subject_id: object, field: str) -> str:
    """The full value of one field of one row in scope; 404 for everything else. The caller commits the audit line."""
    if field not in revealable(actor, subject):
        raise NotFound
    row: Any = find(session, _REVEALABLE[subject][0], subject_id, actor)
    record(session, actor, "reveal", subject, subject_id, field=field)
    return str(getattr(row, field) or "")
