"""The rules of a row of 资格证, of all its cells together, and of a row among the others of its list."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from app.models import Qualification
from app.models.identity import RESIDENT_CARD, YOUNGEST_GRADUATE, birth_date_of, birthday_at, gender_of
from app.services.imports.cells import Context
from app.services.imports.reading import (
    Entry,
    Fault,
    Reading,
    find_other_names,
    groups,
    number_faults,
    other,
)

OF_AGE = 18
_BY_EXAMINATION = "1"

MESSAGES: dict[str, Any] = {
    "certificate_form": _l(
        "A certificate number has only letters, digits, Chinese characters, brackets and “-”."
    ),
    "management_form": _l("A management number has only letters and digits."),
    "province": _l("This is not the name of a province, an autonomous region or a municipality."),
    "under_age": _l("According to the ID number, this person was not yet %(age)s in the year obtained."),
    "graduated_early": _l("According to the ID number, this person was not yet %(age)s at the graduation."),
    "issued_early": _l("The certificate was issued before the year obtained."),
    "same_certificate": _l("Row %(other)s has the same certificate number with other data."),
    "same_specialty": _l("Row %(other)s has the same ID number and the same specialty."),
    "library_differs": _l(
        "The library already holds this certificate number with other data. What differs: %(headings)s."
    ),
    "library_specialty": _l(
        "The library already holds another certificate for this ID number and specialty."
    ),
    "library_name": _l("The library already holds this ID number with another name."),
}


@dataclass(slots=True)
class QualificationEntry(Entry):
    """What could be read of one row, in the form of the library; the blind index stands for the ID number."""

    certificate_number: str | None = None
    management_number: str | None = None
    name: str | None = None
    id_type: str = RESIDENT_CARD
    id_number: str | None = None
    id_number_index: str | None = None
    gender: str | None = None
    province_code: str | None = None
    specialty: str | None = None
    year_obtained: int | None = None
    method: str = _BY_EXAMINATION
    issued_on: date | None = None
    school: str | None = None
    graduation_date: date | None = None
    major: str | None = None
    education: str | None = None
    employer: str | None = None


LIBRARY_FIELDS = tuple(
    field.name for field in fields(QualificationEntry) if field.name not in {"row", "sound", "id_number"}
)
"""What a row says about a certificate: two rows that agree in it say the same."""


def entry(row: int, values: dict[str, Any]) -> QualificationEntry:
    if "province" in values:
        values["province_code"] = values.pop("province")
    values.pop("birth_date", None)
    if number := values.get("id_number"):
        values["id_number_index"] = Qualification.id_number.columns(number)["id_number_index"]
        values["gender"] = values.get("gender") or gender_of(number)
    return QualificationEntry(row, **values)


def together(values: Mapping[str, Any], _context: Context) -> Iterator[Fault]:
    """What contradicts itself within one row, as far as its cells could be read."""
    number = values.get("id_number")
    born = None
    if number is not None:
        found = list(number_faults(number, values.get("id_type") or RESIDENT_CARD, values))
        yield from found
        if not found:
            born = values.get("birth_date") or birth_date_of(number)
    yield from _time_faults(born, values)


def _time_faults(born: date | None, values: Mapping[str, Any]) -> Iterator[Fault]:
    obtained, issued, graduated = (
        values.get(name) for name in ("year_obtained", "issued_on", "graduation_date")
    )
    if obtained and issued and issued.year < obtained:
        yield "issued_on", "issued_early", {}
    if born and obtained and obtained < born.year + OF_AGE:
        yield "year_obtained", "under_age", {"age": OF_AGE}
    if born and graduated and graduated < birthday_at(born, YOUNGEST_GRADUATE):
        yield "graduation_date", "graduated_early", {"age": YOUNGEST_GRADUATE}


def find_conflicts(entries: Sequence[QualificationEntry], reading: Reading[QualificationEntry]) -> None:
    """Rows of one list that cannot be true together; each of them is found, since any may be wrong."""
    for group in groups(entries, lambda one: one.certificate_number):
        _find_in_certificate(group, reading)
    for group in groups(entries, _person_and_specialty):
        if len({one.certificate_number for one in group}) > 1:
            for one in group:
                reading.spoil(one, "specialty", "same_specialty", other=other(group, one).row)
    find_other_names(entries, reading)


def _find_in_certificate(group: Sequence[QualificationEntry], reading: Reading[QualificationEntry]) -> None:
    if all(_same(one, group[0]) for one in group):
        for one in group[1:]:
            reading.spoil(one, "certificate_number", "repeated", other=group[0].row)
        return
    for one in group:
        reading.spoil(one, "certificate_number", "same_certificate", other=other(group, one).row)


def _person_and_specialty(one: QualificationEntry) -> tuple[str, str] | None:
    return (one.id_number_index, one.specialty) if one.id_number_index and one.specialty else None


def _same(one: QualificationEntry, two: QualificationEntry) -> bool:
    return all(getattr(one, name) == getattr(two, name) for name in LIBRARY_FIELDS)
