"""锁定: the province holds up every step for a registration or a person, and lets it go on again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.extensions.clock import today
from app.extensions.refused import Refused
from app.models import Person, Registration, RegistrationLock, RegistrationStatus
from app.models.personal import normal_name
from app.security.access.audit import record
from app.security.access.policies import policy_on
from app.security.access.roles import Actor, Role
from app.security.access.scope import find, rows_of
from app.services import notices
from app.services.notices import Message
from app.workflow.checks import LockFacts

EVIDENCE = "lock_evidence"
"""The kind of attachment that says on what a lock rests."""


@dataclass(frozen=True)
class Target:
    """What is locked: one registration, or without one everything about the person."""

    person: Person
    registration: Registration | None = None


def target(
    session: Session, actor: Actor, *, number: str, name: str, id_number: str, everything: bool
) -> Target:
    """Whom the number of a registration, or a name with the ID number, means exactly; `Refused` says what lacks."""
    _require_province(actor)
    if number.strip():
        held = session.scalar(rows_of(Registration, actor).where(Registration.number == number.strip()))
        if held is None:
            raise Refused(_l("There is no registration with this number."))
        return Target(session.get_one(Person, held.person_id), None if everything else held)
    if not (name.strip() and id_number.strip()):
        raise Refused(_l("Give a registration number, or the name together with the ID number."))
    person = session.scalar(
        rows_of(Person, actor).where(
            Person.name == normal_name(name), Person.id_number.equals(Person, id_number)
        )
    )
    if person is None:
        raise Refused(_l("There is no person with this name and this ID number."))
    return Target(person) if everything else Target(person, _only_one(session, actor, person))


def _only_one(session: Session, actor: Actor, person: Person) -> Registration:
    found = session.scalars(rows_of(Registration, actor).where(Registration.person_id == person.id)).all()
    if not found:
        raise Refused(_l("This person has no registration. Please lock everything about the person instead."))
    if len(found) > 1:
        numbers = ", ".join(one.number for one in found)
        raise Refused(
            _l("This person has several registrations: %(numbers)s. Please give one number.", numbers=numbers)
        )
    return found[0]


def wrong(row: RegistrationLock) -> list[tuple[str, Any]]:
    """What cannot be locked so, in words, each with its field."""
    found: list[tuple[str, Any]] = []
    first: date | None = row.locked_on  # of a form that was sent without it there is none yet
    if first is not None and first < today():
        found.append(("locked_on", _l("A lock begins today or later.")))
    if first is not None and row.until and row.until < first:
        found.append(("until", _l("The last day of the lock lies before its first day.")))
    return found


def lock(session: Session, actor: Actor, row: RegistrationLock, of: Target) -> None:
    """Set the lock, unless one of the same thing holds on some day of it; the caller commits."""
    _require_province(actor)
    for _field, message in wrong(row):
        raise Refused(message)
    # Two officers who lock the same person wait for one another.
    session.execute(select(Person.id).where(Person.id == of.person.id).with_for_update(key_share=True))
    if session.scalar(_meanwhile(row, of).limit(1)) is not None:
        raise Refused(_l("There is a lock already at that time. Please unlock first."))
    row.person_id = of.person.id
    row.registration_id = of.registration.id if of.registration else None
    row.locked_by_id = actor.account_id
    session.add(row)
    session.flush()
    _written(session, actor, row, "lock", until=row.until)
    last = {"last": row.until.isoformat()} if row.until else {}
    _tell(session, row, "locked_until" if last else "locked", first=row.locked_on.isoformat(), **last)


def _meanwhile(row: RegistrationLock, of: Target) -> Any:
    """Locks of the same registration, or of the person as a whole, that hold on some day of this one."""
    same = (
        RegistrationLock.registration_id.is_(None)
        if of.registration is None
        else RegistrationLock.registration_id == of.registration.id
    )
    found = select(RegistrationLock.id).where(
        RegistrationLock.person_id == of.person.id,
        same,
        or_(RegistrationLock.until.is_(None), RegistrationLock.until >= row.locked_on),
        or_(
            RegistrationLock.unlocked_on.is_(None),
            # One that was ended before it began never held.
            and_(
                RegistrationLock.unlocked_on > row.locked_on,
                RegistrationLock.unlocked_on > RegistrationLock.locked_on,
            ),
        ),
    )
    return found if row.until is None else found.where(RegistrationLock.locked_on <= row.until)


def unlock(
    session: Session, actor: Actor, lock_id: object, *, reason: str, on: date | None = None
) -> RegistrationLock:
    """End a lock from that day on, today or later, and say why; the caller commits.

    One that is to end on a later day may be ended earlier.
    """
    _require_province(actor)
    key = find(session, RegistrationLock, lock_id, actor).id
    row = session.get_one(RegistrationLock, key, with_for_update=True, populate_existing=True)
    day = on or today()
    ends = row.unlocked_on
    if (ends is not None and ends <= today()) or (row.until is not None and row.until < today()):
        raise Refused(_l("This lock has been ended already."))
    if ends is not None and day >= ends:
        raise Refused(
            _l("This lock ends on %(date)s as it is. Please give an earlier day.", date=ends.isoformat())
        )
    if not reason.strip():
        raise Refused(_l("Give the reason."))
    if day < today():
        raise Refused(_l("A lock ends today or later."))
    if row.until is not None and day > row.until:
        raise Refused(_l("The lock ends by itself before that day."))
    row.unlocked_on, row.unlock_reason = day, reason.strip()
    row.unlocked_by_id = actor.account_id
    _written(session, actor, row, "unlock", on=day)
    _tell(session, row, "unlocked", date=day.isoformat())
    return row


def _written(session: Session, actor: Actor, row: RegistrationLock, act: str, **detail: Any) -> None:
    subject, key = (
        ("person", row.person_id) if row.registration_id is None else ("registration", row.registration_id)
    )
    record(session, actor, f"{subject}.{act}", subject, key, lock=row.id, **detail)


def _tell(session: Session, row: RegistrationLock, kind: str, **parameters: str) -> None:
    """Whom it holds up learns what, since when and until when; of a person as a whole every employer does."""
    of = session.get(Registration, row.registration_id) if row.registration_id else None
    parameters |= {"locked_number": of.number if of else ""}
    if kind != "unlocked" and not policy_on(session, today()).holds("lock_stops_cancellation"):
        parameters["but"] = "cancellation"
    held = select(Registration).where(
        Registration.person_id == row.person_id, Registration.status == RegistrationStatus.VALID
    )
    if row.registration_id is not None:
        held = select(Registration).where(Registration.id == row.registration_id)
    told = {
        (one.enterprise_id, one.person_id): one
        for registration in session.scalars(held.order_by(Registration.id))
        for one in notices.to_both(registration, kind, _key(row, kind, registration), **parameters)
    }
    # Once each, also where somebody is registered twice; a person without a registration has nobody beside him.
    notices.send(session, told.values() or [Message(kind, person_id=row.person_id, parameters=parameters)])


def _key(row: RegistrationLock, kind: str, registration: Registration) -> str:
    """Of an unlocking its day belongs to it: an earlier one is told as well."""
    ends = f":{row.unlocked_on.isoformat()}" if row.unlocked_on else ""
    return f"{kind}:{row.id}:{registration.id}{ends}"


def holding(session: Session, registrations: Iterable[Registration]) -> Mapping[int, Sequence[LockFacts]]:
    """What holds up these registrations today, by their ids: no more than everybody may know who sees them."""
    rows = list(registrations)
    persons = {row.person_id for row in rows}
    found = session.scalars(
        select(RegistrationLock)
        .where(RegistrationLock.person_id.in_(persons), RegistrationLock.holds_on(today()))
        .order_by(RegistrationLock.id)
    ).all()
    return {
        row.id: [
            LockFacts(one.locked_on, one.until, one.registration_id)
            for one in found
            if one.person_id == row.person_id and one.registration_id in (None, row.id)
        ]
        for row in rows
    }


def reasons(
    session: Session, actor: Actor, held: Sequence[LockFacts], person_id: int
) -> Sequence[RegistrationLock]:
    """The rows behind what holds up a person's case today, as far as the actor may read why."""
    if not held:
        return ()
    of = {one.registration_id for one in held}
    found = session.scalars(
        rows_of(RegistrationLock, actor)
        .where(RegistrationLock.person_id == person_id, RegistrationLock.holds_on(today()))
        .order_by(RegistrationLock.id)
    )
    return [one for one in found if one.registration_id in of]


def history(session: Session, actor: Actor, registration: Registration) -> Sequence[RegistrationLock]:
    """Every lock of this registration or of its person that exists for the actor, the latest first."""
    found: Sequence[RegistrationLock] = session.scalars(
        rows_of(RegistrationLock, actor)
        .where(
            RegistrationLock.person_id == registration.person_id,
            or_(
                RegistrationLock.registration_id.is_(None),
                RegistrationLock.registration_id == registration.id,
            ),
        )
        .order_by(RegistrationLock.id.desc())
    ).all()
    return found


def _require_province(actor: Actor) -> None:
    if not actor.has(Role.PROVINCIAL):
        raise NotFound
