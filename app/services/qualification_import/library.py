"""A list beside the library: which rows are known already, which contradict it, and how the others come in."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from app.models import Qualification, WorkbookImport
from app.security.access.roles import Actor
from app.services.imports.reading import Reading
from app.services.qualification_import.columns import COLUMNS
from app.services.qualification_import.rows import LIBRARY_FIELDS, QualificationEntry

_AT_ONCE = 1_000
_INSERTED_AT_ONCE = 2_000
_ATTRIBUTES = {"id_number_index": "id_number", "province_code": "province"}


def compare(
    session: Session,
    entries: Sequence[QualificationEntry],
    reading: Reading[QualificationEntry],
    _actor: Actor,
) -> set[int]:
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
                reading.spoil(entry, attribute, code, **params)
    return known


def lock(session: Session, _actor: Actor) -> None:
    """Two lists that share rows are loaded one after the other. SQLite has only one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE qualification IN SHARE ROW EXCLUSIVE MODE"))


def write(session: Session, good: Sequence[QualificationEntry], kept: WorkbookImport, _actor: Actor) -> None:
    # The table takes many rows twice as fast as the model, which would look for defaults and keys.
    table = insert(Qualification.__table__)
    plain = [name for name in LIBRARY_FIELDS if name != "id_number_index"]
    for start in range(0, len(good), _INSERTED_AT_ONCE):
        rows = [
            {name: getattr(entry, name) for name in plain}
            | Qualification.id_number.columns(entry.id_number)
            | {"import_id": kept.id}
            for entry in good[start : start + _INSERTED_AT_ONCE]
        ]
        session.execute(table, rows)


def _by_certificate(session: Session, chunk: Sequence[QualificationEntry]) -> dict[str, Any]:
    numbers = {entry.certificate_number for entry in chunk if entry.certificate_number}
    columns = [getattr(Qualification, name) for name in LIBRARY_FIELDS]
    rows = session.execute(select(*columns).where(Qualification.certificate_number.in_(numbers)))
    return {row.certificate_number: row for row in rows}


def _by_person(session: Session, chunk: Sequence[QualificationEntry]) -> dict[str, list[Any]]:
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


def _against_certificate(
    entry: QualificationEntry, present: Any
) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Names the headings that differ, never what the library holds. A blank cell contradicts nothing."""
    different = [
        COLUMNS.by_attribute[_ATTRIBUTES.get(name, name)].heading
        for name in LIBRARY_FIELDS
        if getattr(entry, name) is not None and getattr(entry, name) != getattr(present, name)
    ]
    if different:
        yield "certificate_number", "library_differs", {"headings": "、".join(different)}


def _against_person(
    entry: QualificationEntry, present: Sequence[Any]
) -> Iterator[tuple[str, str, dict[str, str]]]:
    if entry.specialty and any(row.specialty == entry.specialty for row in present):
        yield "specialty", "library_specialty", {}
    if entry.name and any(row.name != entry.name for row in present):
        yield "name", "library_name", {}
