"""A list beside the library: which of its rows are known already, and which contradict the library."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Qualification
from app.services.qualification_import.columns import BY_ATTRIBUTE
from app.services.qualification_import.rows import LIBRARY_FIELDS, Entry, Rules

_AT_ONCE = 1_000
_ATTRIBUTES = {"id_number_index": "id_number", "province_code": "province"}


def known_rows(session: Session, entries: Sequence[Entry], rules: Rules) -> set[int]:
    """The numbers of the sound rows that the library holds already.

    A row that contradicts the library is found, and no longer sound.
    """
    known: set[int] = set()
    for start in range(0, len(entries), _AT_ONCE):
        chunk = entries[start : start + _AT_ONCE]
        by_certificate = _by_certificate(session, chunk)
        by_person = _by_person(session, chunk)
        for entry in chunk:
            present = by_certificate.get(entry.certificate_number or "")
            if present is None:
                faults = list(_against_person(entry, by_person.get(entry.id_number_index or "", ())))
            else:
                faults = list(_against_certificate(entry, present))
                if entry.sound and not faults:
                    known.add(entry.row)
            for attribute, code, params in faults:
                rules.find(entry.row, attribute, code, **params)
                entry.sound = False
    return known


def _by_certificate(session: Session, chunk: Sequence[Entry]) -> dict[str, Any]:
    numbers = {entry.certificate_number for entry in chunk if entry.certificate_number}
    columns = [getattr(Qualification, name) for name in LIBRARY_FIELDS]
    rows = session.execute(select(*columns).where(Qualification.certificate_number.in_(numbers)))
    return {row.certificate_number: row for row in rows}


def _by_person(session: Session, chunk: Sequence[Entry]) -> dict[str, list[Any]]:
    indexes = {entry.id_number_index for entry in chunk if entry.id_number_index}
    rows = session.execute(
        select(Qualification.id_number_index, Qualification.name, Qualification.specialty).where(
            Qualification.id_number_index.in_(indexes)
        )
    )
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(str(row.id_number_index), []).append(row)
    return found


def _against_certificate(entry: Entry, present: Any) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Names the headings that differ, never what the library holds. A blank cell contradicts nothing."""
    different = [
        BY_ATTRIBUTE[_ATTRIBUTES.get(name, name)].heading
        for name in LIBRARY_FIELDS
        if getattr(entry, name) is not None and getattr(entry, name) != getattr(present, name)
    ]
    if different:
        yield "certificate_number", "library_differs", {"headings": "、".join(different)}


def _against_person(entry: Entry, present: Sequence[Any]) -> Iterator[tuple[str, str, dict[str, str]]]:
    if entry.specialty and any(row.specialty == entry.specialty for row in present):
        yield "specialty", "library_specialty", {}
    if entry.name and any(row.name != entry.name for row in present):
        yield "name", "library_name", {}
