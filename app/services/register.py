"""The register: entering a registration and its specialties, with numbers that are never given twice."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions.refused import Refused
from app.models import RegisteredSpecialty, Registration, RegistrationEvent, RegistrationStatus
from app.models.policy import Policy
from app.services.terms import first_term
from app.workflow.numbering import next_numbers

_PROVINCE_SHORT, _GRADE, _PROVINCE_CODE = "湘", "2", "43"
_MOST_IN_A_YEAR = 99_999


@dataclass(frozen=True)
class Entry:
    """Who is to be registered, where, and for what; plain values, so that any declaration type can give them."""

    declaration_id: int
    person_id: int
    kind: str
    name: str
    id_number: str
    gender: str | None
    birth_date: date
    enterprise_id: int
    enterprise_name: str
    region_code: str
    specialties: Sequence[
        tuple[str, int | None, int]
    ]  # specialty, qualification, year in which it was obtained


def registration_numbers(session: Session, years_qualified: Sequence[int], on: date) -> list[str]:
    """注册编号 of 13 characters: 湘 + grade + province + year of qualification + year of registration + serial.

    The serial runs through the whole province and begins anew each year (notes: 5.3).
    """
    serials = next_numbers(session, f"registration:{on.year}", len(years_qualified))
    if serials[-1] > _MOST_IN_A_YEAR:
        raise Refused(
            _l(
                "The registration numbers of this year are used up. The province has to decide on a new format."
            )
        )
    head = f"{_PROVINCE_SHORT}{_GRADE}{_PROVINCE_CODE}"
    return [
        f"{head}{year % 100:02d}{on.year % 100:02d}{serial:05d}"
        for year, serial in zip(years_qualified, serials, strict=True)
    ]


def enter(session: Session, entries: Sequence[Entry], policy: Policy, on: date) -> list[Registration]:
    """初始: enter persons who were never in the register of this kind; raises `Refused` when one already is.

    The registrations come in the order of the entries; all numbers are taken in one statement.
    """
    _require_unknown(session, entries)
    years = [min(year for _, _, year in entry.specialties) for entry in entries]
    numbers = registration_numbers(session, years, on)
    made = [_entered(*one, policy, on) for one in zip(entries, numbers, strict=True)]
    session.add_all(made)
    session.flush()
    for entry, registration in zip(entries, made, strict=True):
        keep_history(session, registration, "enter", entry.declaration_id)
    return made


def _require_unknown(session: Session, entries: Sequence[Entry]) -> None:
    known = session.execute(
        select(Registration.person_id, Registration.kind).where(
            Registration.person_id.in_([entry.person_id for entry in entries])
        )
    )
    if {(entry.person_id, entry.kind) for entry in entries} & set(known):
        raise Refused(_l("The person stands in the register already."))


def _entered(entry: Entry, number: str, policy: Policy, on: date) -> Registration:
    begins_on, ends_on = first_term(on, entry.birth_date, policy)
    registration = Registration(
        person_id=entry.person_id,
        kind=entry.kind,
        number=number,
        status=RegistrationStatus.VALID,
        name=entry.name,
        gender=entry.gender,
        birth_date=entry.birth_date,
        enterprise_id=entry.enterprise_id,
        enterprise_name=entry.enterprise_name,
        region_code=entry.region_code,
        registered_on=on,
        ends_on=ends_on,
    )
    registration.id_number = entry.id_number
    registration.specialties = [
        RegisteredSpecialty(
            specialty=specialty,
            begins_on=begins_on,
            ends_on=ends_on,
            qualification_id=qualification_id,
            entered_by_id=entry.declaration_id,
        )
        for specialty, qualification_id, _ in entry.specialties
    ]
    return registration


def keep_history(
    session: Session, registration: Registration, action: str, declaration_id: int | None
) -> None:
    """Add what the register says after a change; the rows of the history are never changed."""
    content = {
        "status": registration.status,
        "enterprise_id": registration.enterprise_id,
        "enterprise_name": registration.enterprise_name,
        "ends_on": registration.ends_on.isoformat(),
        "specialties": [
            [one.specialty, one.begins_on.isoformat(), one.ends_on.isoformat()]
            for one in registration.specialties
            if one.removed_on is None
        ],
    }
    session.add(
        RegistrationEvent(
            registration_id=registration.id,
            declaration_id=declaration_id,
            action=action,
            content=json.dumps(content, ensure_ascii=False),
        )
    )
