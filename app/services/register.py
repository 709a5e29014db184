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
from app.workflow.numbering import next_number

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


def registration_number(session: Session, year_qualified: int, on: date) -> str:
    """注册编号 of 13 characters: 湘 + grade + province + year of qualification + year of registration + serial.

    The serial runs through the whole province and begins anew each year (notes: 5.3).
    """
    serial = next_number(session, f"registration:{on.year}")
    if serial > _MOST_IN_A_YEAR:
        raise Refused(
            _l(
                "The registration numbers of this year are used up. The province has to decide on a new format."
            )
        )
    years = f"{year_qualified % 100:02d}{on.year % 100:02d}"
    return f"{_PROVINCE_SHORT}{_GRADE}{_PROVINCE_CODE}{years}{serial:05d}"


def enter(session: Session, entry: Entry, policy: Policy, on: date) -> Registration:
    """初始: enter a person who was never in the register of this kind; raises `Refused` when he already is."""
    known = session.scalar(
        select(Registration.id).where(
            Registration.person_id == entry.person_id, Registration.kind == entry.kind
        )
    )
    if known is not None:
        raise Refused(_l("The person stands in the register already."))
    begins_on, ends_on = first_term(on, entry.birth_date, policy)
    registration = Registration(
        person_id=entry.person_id,
        kind=entry.kind,
        number=registration_number(session, min(year for _, _, year in entry.specialties), on),
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
    session.add(registration)
    session.flush()
    keep_history(session, registration, "enter", entry.declaration_id)
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
