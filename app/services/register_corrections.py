"""更正: putting a row of the register right that was entered wrongly, whatever its status is."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions.refused import Refused
from app.models import (
    Certificate,
    Enterprise,
    Person,
    Qualification,
    RegisterAct,
    RegisteredSpecialty,
    Registration,
    RegistrationStatus,
)
from app.models.policy import Policy
from app.security.access.audit import record
from app.security.access.roles import Actor
from app.services import departures, terms
from app.services.register import keep_history

_OF_THE_PERSON = ("name", "gender", "birth_date")
"""What the register and the person say alike; the next declaration copies it from the person."""
_OF_THE_LIBRARY = ("name", "gender")
"""What the 资格证 library says as well. By number and name it is found, so it moves in the same act."""


@dataclass(frozen=True)
class Correction:
    """What the register should have said; None leaves what it says."""

    name: str | None = None
    gender: str | None = None
    birth_date: date | None = None
    enterprise_code: str | None = None
    registered_on: date | None = None
    paper_number: str | None = None
    specialty: str | None = None
    begins_on: date | None = None
    ends_on: date | None = None
    without: str | None = None
    """A specialty that should not stand there."""
    cancelled_on: date | None = None
    standing: bool = False
    """It should not have ended: it stands again."""

    @property
    def empty(self) -> bool:
        """Whether nothing would be changed."""
        alone = {one.name for one in fields(self)} - {"specialty", "begins_on", "ends_on"}
        term = self.specialty and (self.begins_on or self.ends_on)
        return not (term or any(getattr(self, name) for name in alone))


def correction(act: RegisterAct) -> Correction:
    """What the act says is right."""
    said: dict[str, Any] = {one.name: getattr(act, f"right_{one.name}") for one in fields(Correction)}
    return Correction(**said)


def correct(
    session: Session, actor: Actor, registration: Registration, act: RegisterAct, *, policy: Policy, on: date
) -> None:
    """Change what is given and nothing else; person and library follow where they said it wrongly too; no commit."""
    right = correction(act)
    before = {name: getattr(registration, name) for name in _OF_THE_PERSON}
    apply(session, registration, right, policy=policy, on=on)
    _let_the_person_follow(session, actor, registration, right, before)
    _let_the_library_follow(session, actor, registration, right, before)
    session.flush()
    keep_history(session, registration, "correct", None, act)


def apply(
    session: Session, registration: Registration, right: Correction, *, policy: Policy, on: date
) -> None:
    """Write what is right into the registration; `Refused` says what cannot be."""
    wrong_birth = registration.birth_date
    for name in (*_OF_THE_PERSON, "registered_on"):
        setattr(registration, name, getattr(right, name) or getattr(registration, name))
    if right.enterprise_code:
        _move(session, registration, right.enterprise_code, on)
    if right.paper_number:
        _number(session, registration, right.paper_number.strip())
    if right.cancelled_on:
        _end_on(registration, right.cancelled_on)
    if right.standing:
        _let_stand(session, registration)
    if right.specialty:
        _set_term(session, registration, right)
    if right.without:
        _take_out(registration, right.without, on)
    _keep_to_the_age_limit(registration, right, wrong_birth, policy)
    _close(registration, right, on)


def _move(session: Session, registration: Registration, code: str, on: date) -> None:
    """To the employer where it should have stood; whom it leaves keeps what he could read."""
    enterprise = session.scalar(select(Enterprise).where(Enterprise.uscc == code))
    if enterprise is None:
        raise Refused(_l("No enterprise with this code is known to the platform."))
    if enterprise.id == registration.enterprise_id:
        return
    departures.leave(session, registration, on)
    registration.enterprise_id, registration.enterprise_name = enterprise.id, enterprise.name
    registration.region_code = enterprise.region_code


def _number(session: Session, registration: Registration, number: str) -> None:
    issued = select(Certificate.id).where(Certificate.number == number)
    printed = select(Registration.id).where(
        Registration.paper_number == number, Registration.id != registration.id
    )
    if session.scalar(issued) is not None or session.scalar(printed) is not None:
        raise Refused(_l("The register already holds this certificate number for another registration."))
    registration.paper_number = number


def _end_on(registration: Registration, day: date) -> None:
    """It ended on another day than the register says; what it ended with went on that day too."""
    if registration.status != RegistrationStatus.CANCELLED:
        raise Refused(_l("Only a registration that was cancelled has a day of cancellation to correct."))
    for one in registration.held:
        one.removed_on = day
    registration.cancelled_on = day


def _let_stand(session: Session, registration: Registration) -> None:
    if registration.status == RegistrationStatus.VALID:
        raise Refused(_l("This registration has not ended."))
    other = select(Registration.id).where(
        Registration.person_id == registration.person_id,
        Registration.kind == registration.kind,
        Registration.id != registration.id,
        Registration.status == RegistrationStatus.VALID,
    )
    if session.scalar(other) is not None:
        raise Refused(_l("The person has another registration of this kind that stands."))
    for one in registration.held:
        one.removed_on = None
    registration.status = RegistrationStatus.VALID
    registration.cancelled_on = registration.cancelled_reason = None


def _take_out(registration: Registration, specialty: str, on: date) -> None:
    """A row that stands goes today. One that had ended is dated before its begin: it never stood by right."""
    held = registration.held
    wrong = next((one for one in held if one.specialty == specialty), None)
    if wrong is None:
        raise Refused(_l("The specialty that is to be taken out is not registered."))
    if len(held) == 1:
        raise Refused(
            _l("It is the only specialty of this registration: it cannot be taken out by a correction.")
        )
    valid = registration.status == RegistrationStatus.VALID
    wrong.removed_on = on if valid else wrong.begins_on - timedelta(days=1)


def _set_term(session: Session, registration: Registration, right: Correction) -> None:
    known = next((one for one in registration.held if one.specialty == right.specialty), None)
    if known is not None:
        known.begins_on = right.begins_on or known.begins_on
        known.ends_on = right.ends_on or known.ends_on
        return
    if not (right.begins_on and right.ends_on):
        raise Refused(_l("This specialty is not registered. To enter it, give its first and its last day."))
    last = max((one.removed_on for one in registration.held if one.removed_on), default=None)
    registration.specialties.append(
        RegisteredSpecialty(
            specialty=right.specialty,
            begins_on=right.begins_on,
            ends_on=right.ends_on,
            qualification_id=_qualification(session, registration, str(right.specialty)),
            removed_on=None if registration.status == RegistrationStatus.VALID else last,
        )
    )


def _qualification(session: Session, registration: Registration, specialty: str) -> int | None:
    found: int | None = session.scalar(
        select(Qualification.id).where(
            Qualification.id_number_index == registration.id_number_index,
            Qualification.name == registration.name,
            Qualification.specialty == specialty,
        )
    )
    return found


def _keep_to_the_age_limit(
    registration: Registration, right: Correction, wrong_birth: date, policy: Policy
) -> None:
    """Nobody is valid past the age limit: a new end beyond it is refused.

    A right birth date cuts the other terms, and gives back what was cut at the wrong birthday (`terms.recapped`).
    """
    if registration.status != RegistrationStatus.VALID:
        return
    births = (wrong_birth, registration.birth_date)
    last = terms.last_day(registration.kind, registration.birth_date, policy)
    for one in registration.held:
        typed = one.specialty == right.specialty and right.ends_on is not None
        if typed and one.ends_on > last:
            raise Refused(
                _l(
                    "The term runs past %(last)s, the last day that the age limit allows.",
                    last=last.isoformat(),
                )
            )
        if right.birth_date and not typed:
            one.ends_on = terms.recapped(one.begins_on, one.ends_on, registration.kind, births, policy)


def _close(registration: Registration, right: Correction, on: date) -> None:
    """What holds of every registration holds of a corrected one."""
    held: Sequence[RegisteredSpecialty] = registration.held
    if any(one.ends_on < one.begins_on for one in held):
        raise Refused(_l("The term ends before it begins."))
    if (right.registered_on or right.begins_on) and any(
        one.begins_on < registration.registered_on for one in held
    ):
        raise Refused(_l("The term begins before the first registration."))
    if registration.cancelled_on and registration.cancelled_on < registration.registered_on:
        raise Refused(_l("The cancellation lies before the first registration."))
    if registration.status == RegistrationStatus.VALID and registration.enterprise_id is None:
        raise Refused(
            _l("The employer is not known to the platform. Give the code of the right employer as well.")
        )
    registration.ends_on = max(one.ends_on for one in held)
    if right.standing and registration.ends_on < on:
        raise Refused(_l("Its terms have ended: the registration cannot stand again."))


def _let_the_person_follow(
    session: Session, actor: Actor, registration: Registration, right: Correction, before: dict[str, object]
) -> None:
    """Where the person says what the register said wrongly. What he says otherwise was proved otherwise."""
    person = session.get_one(Person, registration.person_id, with_for_update=True)
    followed = []
    for name, wrong in before.items():
        said = getattr(right, name)
        if said and getattr(person, name) in (wrong, None) and getattr(person, name) != said:
            setattr(person, name, said)
            followed.append(name)
    if followed:
        record(session, actor, "person.correct", "person", person.id, fields=", ".join(followed))


def _let_the_library_follow(
    session: Session, actor: Actor, registration: Registration, right: Correction, before: dict[str, object]
) -> None:
    """The rows of the 资格证 library under the same number: what says otherwise than the register did was not wrong."""
    held = session.scalars(
        select(Qualification)
        .where(Qualification.id_number_index == registration.id_number_index)
        .order_by(Qualification.id)
        .with_for_update()
    )
    for row in held:
        followed = []
        for name in _OF_THE_LIBRARY:
            said = getattr(right, name)
            if said and getattr(row, name) == before[name] != said:
                setattr(row, name, said)
                followed.append(name)
        if followed:
            record(
                session, actor, "qualification.correct", "qualification", row.id, fields=", ".join(followed)
            )
