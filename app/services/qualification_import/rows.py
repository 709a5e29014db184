"""The rules of a row, of all its cells together, and of a row among the others of its list."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from app.models import Qualification
from app.models.identity import (
    RESIDENT_CARD,
    YOUNGEST_GRADUATE,
    birth_date_of,
    birthday_at,
    gender_of,
    id_number_findings,
)
from app.services.qualification_import.cells import MEANINGS, Context, blank, require_document
from app.services.qualification_import.columns import COLUMNS, Layout
from app.services.qualification_import.findings import RowFinding, Wrong
from app.services.workbooks import Place, Row, Table

OF_AGE = 18
_BY_EXAMINATION = "1"


@dataclass(slots=True)
class Entry:
    """What could be read of one row, in the form of the library; nothing where a cell was blank or wrong.

    The blind index stands for the ID number in comparisons.
    """

    row: int
    sound: bool = True
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
    field.name for field in fields(Entry) if field.name not in {"row", "sound", "id_number"}
)
"""What a row says about a certificate: two rows that agree in it say the same."""


class Rules:
    """Reads rows of one table, and gathers what is wrong with them."""

    def __init__(self, table: Table, layout: Layout, context: Context) -> None:
        self.table = table
        self.layout = layout
        self.context = context
        self.findings: list[RowFinding] = []
        self._merged = _merged_places(table, set(layout.places.values()))
        self._suspect = bool(table.formulas or table.errors or self._merged)
        self._columns = [
            (column, layout.places[column.attribute], MEANINGS[column.attribute])
            for column in COLUMNS
            if column.attribute in layout.places
        ]

    def entries(self) -> list[Entry]:
        """Every row as far as it could be read; for the rows that are not sound there are findings."""
        return [self._entry(row) for row in self.table.rows]

    def find(self, row: int, attribute: str, code: str, **params: Any) -> None:
        self.findings.append(RowFinding(row, self.layout.place(attribute), attribute, code, params))

    def _entry(self, row: Row) -> Entry:
        before = len(self.findings)
        values = self._values(row)
        for attribute, code, params in _together(values):
            self.find(row.number, attribute, code, **params)
        values["province_code"] = values.pop("province", None)
        values.pop("birth_date", None)
        if number := values.get("id_number"):
            values["id_number_index"] = Qualification.id_number.columns(number)["id_number_index"]
            values["gender"] = values.get("gender") or gender_of(number)
        kept = {name: value for name, value in values.items() if value is not None}
        return Entry(row=row.number, sound=len(self.findings) == before, **kept)

    def _values(self, row: Row) -> dict[str, Any]:
        """What the cells mean; a cell that means nothing is left out, and one that is wrong is found."""
        values: dict[str, Any] = {}
        for column, number, meaning in self._columns:
            value = row.cells[number - 1] if number <= len(row.cells) else ""
            reason = self._unusable((row.number, number)) if self._suspect else ""
            if reason:
                self.find(row.number, column.attribute, reason)
            elif blank(value):
                if column.required:
                    self.find(row.number, column.attribute, "missing")
            else:
                try:
                    values[column.attribute] = meaning(value, self.context)
                except Wrong as wrong:
                    self.find(row.number, column.attribute, wrong.code, **wrong.params)
        return values

    def _unusable(self, place: Place) -> str:
        if place in self.table.formulas:
            return "formula"
        if place in self.table.errors:
            return "cell_error"
        return "merged" if place in self._merged else ""


def _merged_places(table: Table, columns: set[int]) -> set[Place]:
    """The cells of the list that are merged with others; titles above the heading row may be."""
    return {
        (row, column)
        for (top, left), (bottom, right) in table.merged
        for row in range(max(top, table.heading.number + 1), min(bottom, table.last_row) + 1)
        for column in columns & set(range(left, right + 1))
    }


Fault = tuple[str, str, Mapping[str, Any]]
"""Attribute, code and parameters of a finding."""


def _together(values: Mapping[str, Any]) -> Iterator[Fault]:
    """What contradicts itself within one row, as far as its cells could be read."""
    number = values.get("id_number")
    born = None
    if number is not None:
        id_type = values.get("id_type") or RESIDENT_CARD
        found = list(_number_faults(number, id_type, values))
        yield from found
        if not found:
            born = values.get("birth_date") or birth_date_of(number)
    yield from _time_faults(born, values)


def _number_faults(number: str, id_type: str, values: Mapping[str, Any]) -> Iterator[Fault]:
    try:
        require_document(number, id_type)
    except Wrong as wrong:
        yield "id_number", wrong.code, wrong.params
    for one in id_number_findings(number, values.get("birth_date"), values.get("gender"), id_type):
        yield one.field, one.code, {}


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


def find_conflicts(entries: Sequence[Entry], rules: Rules) -> None:
    """Rows of one list that cannot be true together; each of them is found, since any may be wrong."""
    for group in _groups(entries, lambda one: one.certificate_number):
        _find_in_certificate(group, rules)
    for group in _groups(entries, _person_and_specialty):
        if len({one.certificate_number for one in group}) > 1:
            for one in group:
                rules.find(one.row, "specialty", "same_specialty", other=_other(group, one).row)
                one.sound = False
    for group in _groups(entries, lambda one: one.id_number_index):
        _find_other_names(group, rules)


def _find_in_certificate(group: Sequence[Entry], rules: Rules) -> None:
    if all(_same(one, group[0]) for one in group):
        for one in group[1:]:
            rules.find(one.row, "certificate_number", "repeated", other=group[0].row)
            one.sound = False
        return
    for one in group:
        rules.find(one.row, "certificate_number", "same_certificate", other=_other(group, one).row)
        one.sound = False


def _find_other_names(group: Sequence[Entry], rules: Rules) -> None:
    named = [one for one in group if one.name]
    for one in named:
        other = next((two for two in named if two.name != one.name), None)
        if other is not None:
            rules.find(one.row, "name", "other_name", other=other.row)
            one.sound = False


def _groups(entries: Sequence[Entry], key: Callable[[Entry], Any]) -> list[list[Entry]]:
    """The rows that share a key, where there are several of them; rows without the key are no group."""
    first: dict[Any, Entry] = {}
    groups: dict[Any, list[Entry]] = {}
    for entry in entries:
        shared = key(entry)
        if shared and first.setdefault(shared, entry) is not entry:
            groups.setdefault(shared, [first[shared]]).append(entry)
    return list(groups.values())


def _person_and_specialty(entry: Entry) -> tuple[str, str] | None:
    return (entry.id_number_index, entry.specialty) if entry.id_number_index and entry.specialty else None


def _other(group: Sequence[Entry], entry: Entry) -> Entry:
    """Another row of the group to look at."""
    return group[1] if entry is group[0] else group[0]


def _same(one: Entry, other: Entry) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in LIBRARY_FIELDS)
