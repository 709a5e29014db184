"""The register: entering registrations and their specialties, with numbers that are never given twice."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions.clock import now
from app.extensions.refused import Refused
from app.models import (
    Declaration,
    Qualification,
    RegisterAct,
    RegisteredSpecialty,
    Registration,
    RegistrationEvent,
    RegistrationStatus,
)
from app.models.policy import Policy
from app.services import departures
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


def years_of(session: Session, qualifications: Sequence[int | None]) -> Mapping[int, int]:
    """In which year each of these qualifications was obtained."""
    years = select(Qualification.id, Qualification.year_obtained).where(
        Qualification.id.in_(set(qualifications))
    )
    return dict(session.execute(years).all())


def entry(row: Declaration, years: Mapping[int, int]) -> Entry:
    """What a declaration says of whom to enter; `years` are those of its qualifications."""
    if row.birth_date is None:
        raise Refused(_l("The date of birth is missing."))
    return Entry(
        declaration_id=row.id,
        person_id=row.person_id,
        kind=row.registration_kind,
        name=row.name,
        id_number=row.id_number or "",
        gender=row.gender,
        birth_date=row.birth_date,
        enterprise_id=row.enterprise_id,
        enterprise_name=row.enterprise_name,
        region_code=row.region_code,
        specialties=[
            (one.specialty, one.qualification_id, years[one.qualification_id or 0]) for one in row.specialties
        ],
    )


def registration_numbers(session: Session, years_qualified: Sequence[int], on: date) -> list[str]:
    """注册编号 of 13 characters: 湘 + grade + province + year of qualification + year of registration + serial.

    The serial runs through the whole province and begins anew each year (notes: 5.3). A number that came in with
    historical records is passed over.
    """
    numbers = _drawn(session, years_qualified, on)
    taken = set(session.scalars(select(Registration.number).where(Registration.number.in_(numbers))))
    if not taken:
        return numbers
    years = [year for year, number in zip(years_qualified, numbers, strict=True) if number in taken]
    others = iter(registration_numbers(session, years, on))
    return [next(others) if number in taken else number for number in numbers]


def _drawn(session: Session, years_qualified: Sequence[int], on: date) -> list[str]:
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
        employed_since=on,
        registered_on=on,
        ends_on=ends_on,
    )
    registration.id_number = entry.id_number
    registration.specialties = _specialties(entry, begins_on, ends_on)
    return registration


def _specialties(entry: Entry, begins_on: date, ends_on: date) -> list[RegisteredSpecialty]:
    return [
        RegisteredSpecialty(
            specialty=specialty,
            begins_on=begins_on,
            ends_on=ends_on,
            qualification_id=qualification_id,
            entered_by_id=entry.declaration_id,
        )
        for specialty, qualification_id, _ in entry.specialties
    ]


def enter_again(session: Session, entries: Sequence[Entry], policy: Policy, on: date) -> list[Registration]:
    """重新: the registration stands again under its old number, as the declaration says; in the order of the entries.

    Who was refused before and has never stood in the register is entered anew. Raises `Refused` when a registration
    of the person stands still.
    """
    known = _newest(session, entries)
    fresh = [entry for entry in entries if (entry.person_id, entry.kind) not in known]
    made = (
        dict(zip([one.declaration_id for one in fresh], enter(session, fresh, policy, on), strict=True))
        if fresh
        else {}
    )
    found = []
    for entry in entries:
        registration = known.get((entry.person_id, entry.kind))
        found.append(made[entry.declaration_id] if registration is None else registration)
        if registration is not None:
            _revive(session, registration, entry, policy, on)
    return found


def _newest(session: Session, entries: Sequence[Entry]) -> dict[tuple[int, str], Registration]:
    rows = session.scalars(
        select(Registration)
        .where(Registration.person_id.in_([entry.person_id for entry in entries]))
        .order_by(Registration.id)
        .with_for_update()
    ).all()
    if any(
        row.status == RegistrationStatus.VALID for row in rows if row.kind in {one.kind for one in entries}
    ):
        raise Refused(
            _l("The person is registered still. The registration has to be cancelled entirely before.")
        )
    return {(row.person_id, row.kind): row for row in rows}


def _revive(session: Session, registration: Registration, entry: Entry, policy: Policy, on: date) -> None:
    begins_on, ends_on = first_term(on, entry.birth_date, policy)
    if registration.enterprise_id != entry.enterprise_id:
        departures.leave(session, registration, registration.cancelled_on or on)
    registration.status = RegistrationStatus.VALID
    registration.cancelled_on = registration.cancelled_reason = None
    registration.name, registration.gender = entry.name, entry.gender
    registration.birth_date, registration.id_number = entry.birth_date, entry.id_number
    registration.enterprise_id, registration.enterprise_name = entry.enterprise_id, entry.enterprise_name
    registration.region_code, registration.employed_since = entry.region_code, on
    registration.ends_on = ends_on
    registration.specialties.extend(_specialties(entry, begins_on, ends_on))
    session.flush()
    keep_history(session, registration, "enter_again", entry.declaration_id)


def keep_history(
    session: Session,
    registration: Registration,
    action: str,
    declaration_id: int | None,
    act: RegisterAct | None = None,
    *,
    import_id: int | None = None,
    change_id: int | None = None,
) -> None:
    """Add what the register says after a change; the rows of the history are never changed."""
    registration.changed_at = now()
    content = content_of(registration)
    if act is not None:
        content["document_number"] = act.document_number
    session.add(
        RegistrationEvent(
            registration_id=registration.id,
            enterprise_id=registration.enterprise_id,
            declaration_id=declaration_id,
            act_id=act.id if act is not None else None,
            import_id=import_id,
            enterprise_change_id=change_id,
            action=action,
            content=json.dumps(content, ensure_ascii=False),
        )
    )


def content_of(registration: Registration) -> dict[str, Any]:
    """Everything that the register says of a registration, in plain values; whatever can be overwritten is among it."""
    terms = [
        (one, [one.specialty, one.begins_on.isoformat(), one.ends_on.isoformat()])
        for one in registration.specialties
    ]
    return {
        "status": registration.status,
        "cancelled_on": _day(registration.cancelled_on),
        "cancelled_reason": registration.cancelled_reason,
        "name": registration.name,
        "gender": registration.gender,
        "birth_date": _day(registration.birth_date),
        "id_number": registration.id_number_masked,
        "seal_check_code": registration.seal_check_code,
        "paper_number": registration.paper_number,
        "enterprise_id": registration.enterprise_id,
        "enterprise_name": registration.enterprise_name,
        "region_code": registration.region_code,
        "employed_since": _day(registration.employed_since),
        "registered_on": _day(registration.registered_on),
        "ends_on": _day(registration.ends_on),
        "specialties": [term for one, term in terms if one.removed_on is None],
        "removed": [
            [one.id, *term, _day(one.removed_on)] for one, term in terms if one.removed_on is not None
        ],
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
