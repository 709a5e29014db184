"""Entering historical records: persons who are not known yet, their registrations with every term, and the history."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.models import (
    Enterprise,
    Person,
    Qualification,
    RegisteredSpecialty,
    Registration,
    RegistrationStatus,
    WorkbookImport,
)
from app.security.access.roles import Actor
from app.services.history_import.rows import OF_REGISTRATION, HistoryEntry
from app.services.register import keep_history

_AT_ONCE = 500

ACTION = "import"
"""What the history of the register calls it."""


def lock(session: Session, _actor: Actor) -> None:
    """Nobody enters a person or a registration meanwhile. SQLite has only one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE person, registration IN SHARE ROW EXCLUSIVE MODE"))


def write(session: Session, good: Sequence[HistoryEntry], kept: WorkbookImport, _actor: Actor) -> None:
    number = kept.id
    by_registration: dict[str, list[HistoryEntry]] = {}
    for entry in good:
        by_registration.setdefault(entry.number or "", []).append(entry)
    several = list(by_registration.values())
    for start in range(0, len(several), _AT_ONCE):
        _enter(session, several[start : start + _AT_ONCE], number)


def _enter(session: Session, several: Sequence[Sequence[HistoryEntry]], number: int) -> None:
    heads = [_head(rows) for rows in several]
    enterprises = {
        row.uscc: row
        for row in session.scalars(
            select(Enterprise).where(Enterprise.uscc.in_({one.uscc for one in heads if one.uscc}))
        )
    }
    persons = _persons(session, heads)
    qualifications = _qualifications(session, heads)
    made = [
        _registration(
            rows, head, persons[head.id_number_index or ""], enterprises.get(head.uscc or ""), qualifications
        )
        for rows, head in zip(several, heads, strict=True)
    ]
    session.add_all(made)
    session.flush()
    for registration in made:
        keep_history(session, registration, ACTION, None, import_id=number)
    session.flush()


def _head(rows: Sequence[HistoryEntry]) -> HistoryEntry:
    """What the rows of one registration say of it together: a blank cell leaves it to another row."""
    said: dict[str, Any] = {
        name: next((value for one in rows if (value := getattr(one, name)) is not None), None)
        for name in (*OF_REGISTRATION, "id_number", "number", "enterprise_name")
    }
    return HistoryEntry(rows[0].row, **said)


def _persons(session: Session, heads: Sequence[HistoryEntry]) -> dict[str, Person]:
    """By blind index. Who is not known is made, without an account and without a real-name check."""
    wanted = {head.id_number_index: head for head in heads}
    found = {
        str(person.id_number_index): person
        for person in session.scalars(select(Person).where(Person.id_number_index.in_(wanted)))
    }
    for index, head in wanted.items():
        if index is not None and index not in found:
            person = Person(
                name=head.name, id_type=head.id_type, gender=head.gender, birth_date=head.birth_date
            )
            person.id_number = head.id_number
            session.add(person)
            found[index] = person
    session.flush()
    return found


def _qualifications(
    session: Session, heads: Sequence[HistoryEntry]
) -> Mapping[tuple[str | None, str, str], int]:
    """The row of the library for each person, name and specialty."""
    rows = session.execute(
        select(
            Qualification.id_number_index, Qualification.name, Qualification.specialty, Qualification.id
        ).where(Qualification.id_number_index.in_({head.id_number_index for head in heads}))
    )
    return {(index, name, specialty): key for index, name, specialty, key in rows}


def _registration(
    rows: Sequence[HistoryEntry],
    head: HistoryEntry,
    person: Person,
    enterprise: Enterprise | None,
    qualifications: Mapping[tuple[str | None, str, str], int],
) -> Registration:
    ended = None if head.live else head.cancelled_on
    reason = head.cancelled_reason if head.status == RegistrationStatus.CANCELLED else head.status
    registration = Registration(
        person_id=person.id,
        kind=head.kind,
        number=head.number,
        paper_number=head.certificate_number,
        status=head.status,
        name=head.name,
        gender=head.gender,
        birth_date=head.birth_date,
        enterprise_id=enterprise.id if enterprise else None,
        enterprise_name=enterprise.name if enterprise else head.enterprise_name,
        region_code=enterprise.region_code if enterprise else head.region_code,
        seal_check_code=head.seal_check_code or 0,
        registered_on=head.registered_on,
        ends_on=max(one.ends_on for one in rows if one.ends_on and one.specialty_ended_on in (None, ended)),
        cancelled_on=ended,
        cancelled_reason=reason if ended else None,
    )
    registration.id_number = head.id_number
    registration.specialties = [
        RegisteredSpecialty(
            specialty=one.specialty,
            begins_on=one.begins_on,
            ends_on=one.ends_on,
            qualification_id=qualifications.get((head.id_number_index, head.name or "", one.specialty or "")),
            removed_on=one.specialty_ended_on or ended,
        )
        for one in rows
    ]
    return registration
