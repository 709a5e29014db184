"""锁定: the province holds up every step for a person, and lets it go on again."""

from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.extensions.clock import today
from app.extensions.refused import Refused
from app.models import Person, RegistrationLock
from app.models.personal import normal_name
from app.security.access.audit import record
from app.security.access.roles import Actor, Role
from app.security.access.scope import find, rows_of


def lock(
    session: Session, actor: Actor, name: str, id_number: str, *, reason: str, until: date | None
) -> RegistrationLock:
    """Lock the person with exactly this name and ID number from today on; the caller commits."""
    _require_province(actor)
    person = session.scalar(
        rows_of(Person, actor).where(
            Person.name == normal_name(name), Person.id_number.equals(Person, id_number)
        )
    )
    if person is None:
        raise Refused(_l("There is no person with this name and this ID number."))
    if not reason.strip():
        raise Refused(_l("Give the reason."))
    day = today()
    if until is not None and until < day:
        raise Refused(_l("The last day of the lock lies in the past."))
    if _holding(session, person.id, day) is not None:
        raise Refused(_l("This person is locked already. Please unlock first."))
    row = RegistrationLock(
        person_id=person.id,
        reason=reason.strip(),
        locked_on=day,
        until=until,
        locked_by_id=actor.account_id,
    )
    session.add(row)
    session.flush()
    record(session, actor, "person.lock", "person", person.id, lock=row.id, until=until)
    return row


def unlock(session: Session, actor: Actor, lock_id: object) -> RegistrationLock:
    """End a lock today; the caller commits."""
    _require_province(actor)
    row = find(session, RegistrationLock, lock_id, actor)
    if row.unlocked_on is not None:
        raise Refused(_l("This lock has been ended already."))
    row.unlocked_on = today()
    row.unlocked_by_id = actor.account_id
    record(session, actor, "person.unlock", "person", row.person_id, lock=row.id)
    return row


def _holding(session: Session, person_id: int, day: date) -> RegistrationLock | None:
    return session.scalar(
        select(RegistrationLock).where(
            RegistrationLock.person_id == person_id, RegistrationLock.holds_on(day)
        )
    )


def _require_province(actor: Actor) -> None:
    if not actor.has(Role.PROVINCIAL):
        raise NotFound
