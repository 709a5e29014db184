"""A list beside the register: which of its rows are known already, and which contradict what the platform knows."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.extensions.clock import today
from app.models import (
    UNDER_WAY,
    Certificate,
    Declaration,
    Enterprise,
    Person,
    Registration,
    RegistrationStatus,
)
from app.models.policy import Policy
from app.security.access.policies import policy_on
from app.security.access.roles import Actor
from app.services.history_import.rows import HistoryEntry, headings, hold_back
from app.services.imports.reading import Fault, Reading
from app.services.terms import last_day

_AT_ONCE = 500


@dataclass
class Known:
    """What the platform holds about the numbers, persons and enterprises of some rows."""

    policy: Policy
    registrations: dict[str, Registration] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    enterprises: dict[str, Enterprise] = field(default_factory=dict)
    codes: dict[int, str] = field(default_factory=dict)
    """The credit code of each enterprise by its id."""
    live: set[tuple[str, str]] = field(default_factory=set)
    """Person (by blind index) and kind of each registration that is valid."""
    certificates: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The registration numbers under which a certificate number is known."""
    busy: set[str] = field(default_factory=set)
    """Persons (by blind index) with a declaration under way."""


def compare(
    session: Session, entries: Sequence[HistoryEntry], reading: Reading[HistoryEntry], _actor: Actor
) -> set[int]:
    """The numbers of the sound rows that the register holds already.

    A row that contradicts the platform is found, and so are the other rows of its registration.
    """
    known: set[int] = set()
    policy = policy_on(session, today())
    for start in range(0, len(entries), _AT_ONCE):
        chunk = entries[start : start + _AT_ONCE]
        stored = known_of(session, chunk, policy)
        for entry in chunk:
            present = stored.registrations.get(entry.number or "")
            faults = list(_of_employer(entry, stored))
            if present is None:
                faults += _against_others(entry, stored)
            elif different := list(_differences(entry, present, stored)):
                faults.append(("number", "register_differs", {"headings": headings(different)}))
            elif entry.sound and not faults:
                known.add(entry.row)
            for attribute, code, params in faults:
                reading.spoil(entry, attribute, code, **params)
    hold_back(entries, reading)
    return known - {entry.row for entry in entries if not entry.sound}


def known_of(session: Session, chunk: Sequence[HistoryEntry], policy: Policy) -> Known:
    known = Known(policy)
    indexes = {one.id_number_index for one in chunk if one.id_number_index}
    for row in session.scalars(
        select(Registration)
        .where(Registration.number.in_({one.number for one in chunk if one.number}))
        .options(selectinload(Registration.specialties))
    ):
        known.registrations[row.number] = row
    for person in session.scalars(select(Person).where(Person.id_number_index.in_(indexes))):
        known.persons[str(person.id_number_index)] = person
    _add_enterprises(session, known, {one.uscc for one in chunk if one.uscc})
    _add_cases(session, known, indexes)
    _add_certificates(session, known, {one.certificate_number for one in chunk if one.certificate_number})
    return known


def _add_enterprises(session: Session, known: Known, codes: Iterable[str]) -> None:
    employers = {row.enterprise_id for row in known.registrations.values()}
    rows = session.scalars(
        select(Enterprise).where(Enterprise.uscc.in_(codes) | Enterprise.id.in_(employers))
    )
    for row in rows:
        known.enterprises[row.uscc] = row
        known.codes[row.id] = row.uscc


def _add_cases(session: Session, known: Known, indexes: Iterable[str]) -> None:
    live = select(Person.id_number_index, Registration.kind).join(
        Registration, Registration.person_id == Person.id
    )
    for index, kind in session.execute(
        live.where(Person.id_number_index.in_(indexes), Registration.status == RegistrationStatus.VALID)
    ):
        known.live.add((str(index), kind))
    busy = select(Person.id_number_index).join(Declaration, Declaration.person_id == Person.id)
    known.busy.update(
        map(
            str,
            session.scalars(
                busy.where(Person.id_number_index.in_(indexes), Declaration.state.in_(UNDER_WAY))
            ),
        )
    )


def _add_certificates(session: Session, known: Known, numbers: Iterable[str]) -> None:
    issued = (
        select(Certificate.number, Registration.number)
        .join(Registration, Registration.id == Certificate.registration_id)
        .where(Certificate.number.in_(numbers))
    )
    printed = select(Registration.paper_number, Registration.number).where(
        Registration.paper_number.in_(numbers)
    )
    for query in (issued, printed):
        for number, registration in session.execute(query):
            known.certificates[str(number)].add(registration)


def _of_employer(entry: HistoryEntry, known: Known) -> Iterator[Fault]:
    enterprise = known.enterprises.get(entry.uscc or "")
    if enterprise is None:
        yield from _of_a_stranger(entry)
    elif entry.enterprise_name:
        names = {_plain(one) for one in (enterprise.name, enterprise.former_name) if one}
        if _plain(entry.enterprise_name) not in names:
            yield "enterprise_name", "enterprise_name", {}


def _of_a_stranger(entry: HistoryEntry) -> Iterator[Fault]:
    """An enterprise that was dissolved has no account: what ended with it keeps its name, and needs a city."""
    if entry.live and entry.uscc:
        yield "uscc", "enterprise_unknown", {}
    elif entry.live and entry.sound:  # a code that could not be read was found already
        yield "uscc", "employer_code", {}
    elif entry.status and not entry.live and entry.region_code is None:
        yield "region_code", "employer_city", {}


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())


def _against_others(entry: HistoryEntry, known: Known) -> Iterator[Fault]:
    index = entry.id_number_index or ""
    person = known.persons.get(index)
    if person is not None and entry.name and person.name != entry.name:
        yield "name", "person_name", {}
    if entry.live and (index, entry.kind) in known.live:
        yield "number", "register_live", {}
    elif entry.live and index in known.busy:
        yield "name", "under_way", {}
    if known.certificates.get(entry.certificate_number or ""):
        yield "certificate_number", "certificate_known", {}
    last = _last_day(entry, known.policy)
    if last and entry.ends_on and entry.ends_on > last and entry.specialty_ended_on is None:
        yield "ends_on", "past_age", {"last": last.isoformat()}


def _last_day(entry: HistoryEntry, policy: Policy) -> date | None:
    """Nobody is valid past the age limit; what has ended is left as it was."""
    if not (entry.live and entry.kind and entry.birth_date):
        return None
    return last_day(entry.kind, entry.birth_date, policy)


_COMPARED = ("name", "id_number_index", "kind", "registered_on", "status", "cancelled_on", "cancelled_reason")


def _differences(entry: HistoryEntry, present: Registration, known: Known) -> Iterator[str]:
    """The attributes that differ, never what the register holds. A blank cell contradicts nothing."""
    for name in _COMPARED:
        if _differ(getattr(entry, name), getattr(present, name)):
            yield name
    if present.enterprise_id is not None and _differ(entry.uscc, known.codes.get(present.enterprise_id)):
        yield "uscc"
    if present.enterprise_id is None and _plain(entry.enterprise_name or "") != _plain(
        present.enterprise_name
    ):
        yield "enterprise_name"
    printed = entry.certificate_number
    if printed and present.number not in known.certificates.get(printed, set()):
        yield "certificate_number"
    yield from _different_term(entry, present)


def _different_term(entry: HistoryEntry, present: Registration) -> Iterator[str]:
    held = [one for one in present.specialties if one.specialty == entry.specialty]
    if entry.specialty and not held:
        yield "specialty"
        return
    for name in ("begins_on", "ends_on") if held else ():
        if all(_differ(getattr(entry, name), getattr(one, name)) for one in held):
            yield name
    if held and all(_differ(entry.specialty_ended_on, one.removed_on) for one in held):
        yield "specialty_ended_on"


def _differ(said: Any, held: Any) -> bool:
    return said is not None and said != held
