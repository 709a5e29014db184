"""Showing personal data in full: only to those who need it, and never without a line in the audit."""

from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.extensions.clock import today
from app.extensions.refused import Refused
from app.models import UNFILED, Declaration, Person, Qualification, Registration, State
from app.security.access.audit import record
from app.security.access.limits import attempts, count_attempt
from app.security.access.policies import policy_on
from app.security.access.roles import Actor, Role
from app.security.access.scope import find

_REVEALABLE: dict[str, tuple[type, frozenset[str]]] = {
    "declaration": (Declaration, frozenset({"id_number", "mobile"})),
    "person": (Person, frozenset({"id_number", "mobile"})),
    "registration": (Registration, frozenset({"id_number"})),
    "qualification": (Qualification, frozenset({"id_number"})),
}
_DRAFTED = frozenset({"mobile"})
_DAY = timedelta(days=1)
_READERS = (Role.MUNICIPAL, Role.PROVINCIAL, Role.ENTERPRISE, Role.INDIVIDUAL)


def revealable(actor: Actor, subject: str, row: object = None) -> frozenset[str]:
    """The fields of such a row that this actor may ask to see in full."""
    if subject not in _REVEALABLE or not actor.has(*_READERS):
        return frozenset()
    hidden = _only_picked(actor, row) or _not_filed(actor, row)
    return _REVEALABLE[subject][1] - (_DRAFTED if hidden else frozenset())


def exportable_in_full(actor: Actor, subject: str) -> frozenset[str]:
    """The fields that may leave the platform in full, many at once: the province alone may take them out."""
    return revealable(actor, subject) if actor.has(Role.PROVINCIAL) else frozenset()


def _only_picked(actor: Actor, row: object) -> bool:
    """An enterprise may pick anybody whose name and number it knows: a draft is no consent to be called."""
    return isinstance(row, Declaration) and actor.has(Role.ENTERPRISE) and row.state == State.DRAFT


def _not_filed(actor: Actor, row: object) -> bool:
    """What an applicant writes while he has the case in hand is no officer's to read before it is filed again."""
    officer = actor.has(Role.MUNICIPAL, Role.PROVINCIAL)
    return isinstance(row, Declaration) and officer and row.state in UNFILED


def reveal(session: Session, actor: Actor, subject: str, subject_id: object, field: str) -> str:
    """The full value of one field of one row in scope; 404 for everything else. The caller commits the audit line.

    Raises `Refused` when the account has seen as much today as the policy allows; that line is committed too.
    """
    if field not in revealable(actor, subject):
        raise NotFound
    row: Any = find(session, _REVEALABLE[subject][0], subject_id, actor)
    if field not in revealable(actor, subject, row):
        raise NotFound
    day = today()
    seen = f"reveals of {actor.account_id} on {day}"
    if attempts(session, seen, _DAY) >= policy_on(session, day).number("reveal_per_day"):
        record(session, actor, "reveal", subject, subject_id, field=field, outcome="refused")
        raise Refused(
            _l("You have looked at as many personal data today as one account may. The look is refused.")
        )
    count_attempt(session, seen)
    record(session, actor, "reveal", subject, subject_id, field=field)
    return str(getattr(row, field) or "")
