"""Reading a list: every row as far as it could be read, and what is wrong with its cells."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from app.models.identity import id_number_findings
from app.services.imports.cells import Context, blank, require_document
from app.services.imports.columns import Columns
from app.services.imports.findings import Notice, RowFinding, Wording, Wrong
from app.services.workbooks import Place, Row, Table

Fault = tuple[str, str, Mapping[str, Any]]
"""Attribute, code and parameters of a finding."""


@dataclass(slots=True)
class Entry:
    """What could be read of one row; the fields of its kind hold nothing where a cell was blank or wrong."""

    row: int
    sound: bool = True


E = TypeVar("E", bound=Entry)
E_co = TypeVar("E_co", bound=Entry, covariant=True)


class Form(Protocol[E_co]):
    """What a kind of list says of its rows."""

    @property
    def columns(self) -> Columns: ...
    @property
    def wording(self) -> Wording: ...
    @property
    def together(self) -> Callable[[Mapping[str, Any], Context], Iterator[Fault]]: ...
    def entry(self, row: int, values: dict[str, Any]) -> E_co: ...


class Reading(Generic[E]):
    """Reads the rows of one table, and gathers what is wrong with them and what is still to do for them."""

    def __init__(self, form: Form[E], table: Table, context: Context) -> None:
        self.form = form
        self.table = table
        self.layout = form.columns.layout_of(table.heading)
        self.context = context
        self.findings: list[RowFinding] = []
        self.to_do: list[RowFinding] = []
        self.aside: list[RowFinding] = []
        self.notices: list[Notice] = []
        self._merged = _merged_places(table, set(self.layout.places.values()))
        self._suspect = bool(table.formulas or table.errors or self._merged)
        self._columns = [
            (column, self.layout.places[column.attribute])
            for column in form.columns
            if column.attribute in self.layout.places
        ]

    def entries(self) -> list[E]:
        """Every row as far as it could be read; for the rows that are not sound there are findings."""
        return [self._entry(row) for row in self.table.rows]

    def find(self, row: int, attribute: str, code: str, **params: Any) -> None:
        self.findings.append(self._at(row, attribute, code, params))

    def spoil(self, entry: E, attribute: str, code: str, **params: Any) -> None:
        """Find something wrong with an entry, which is not sound any more."""
        self.find(entry.row, attribute, code, **params)
        entry.sound = False

    def remind(self, row: int, attribute: str, code: str, params: Mapping[str, Any]) -> None:
        """Say what is still to do for a row that is good."""
        self.to_do.append(self._at(row, attribute, code, params))

    def leave_aside(self, row: int, attribute: str, code: str) -> None:
        """Say at its cell why a row that is not wrong changes nothing."""
        self.aside.append(self._at(row, attribute, code, {}))

    def _at(self, row: int, attribute: str, code: str, params: Mapping[str, Any]) -> RowFinding:
        place = self.layout.place(attribute)
        return RowFinding(row, place, attribute, code, params, self.form.wording)

    def _entry(self, row: Row) -> E:
        before = len(self.findings)
        values = self._values(row)
        for attribute, code, params in self.form.together(values, self.context):
            self.find(row.number, attribute, code, **params)
        kept = {name: value for name, value in values.items() if value is not None}
        entry = self.form.entry(row.number, kept)
        entry.sound = len(self.findings) == before
        return entry

    def _values(self, row: Row) -> dict[str, Any]:
        """What the cells mean; a cell that means nothing is left out, and one that is wrong is found."""
        values: dict[str, Any] = {}
        for column, number in self._columns:
            value = row.cells[number - 1] if number <= len(row.cells) else ""
            reason = self._unusable((row.number, number)) if self._suspect else ""
            if reason:
                self.find(row.number, column.attribute, reason)
            elif blank(value):
                if column.required:
                    self.find(row.number, column.attribute, "missing")
            else:
                try:
                    values[column.attribute] = column.meaning(value, self.context)
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


def number_faults(number: str, id_type: str, values: Mapping[str, Any]) -> Iterator[Fault]:
    """What speaks against the number of a document, alone and beside the birth date and gender of its row."""
    try:
        require_document(number, id_type)
    except Wrong as wrong:
        yield "id_number", wrong.code, wrong.params
    for one in id_number_findings(number, values.get("birth_date"), values.get("gender"), id_type):
        yield one.field, one.code, {}


def groups(entries: Sequence[E], key: Callable[[E], Any]) -> list[list[E]]:
    """The rows that share a key, where there are several of them; rows without the key are no group."""
    first: dict[Any, E] = {}
    found: dict[Any, list[E]] = {}
    for entry in entries:
        shared = key(entry)
        if shared and first.setdefault(shared, entry) is not entry:
            found.setdefault(shared, [first[shared]]).append(entry)
    return list(found.values())


def other(group: Sequence[E], entry: E) -> E:
    """Another row of the group to look at."""
    return group[1] if entry is group[0] else group[0]


def find_other_names(entries: Sequence[Any], reading: Reading[Any]) -> None:
    """Two rows with one ID number that name two people; each is found, since any may be wrong."""
    for group in groups(entries, lambda one: one.id_number_index):
        named = [one for one in group if one.name]
        for one in named:
            another = next((two for two in named if two.name != one.name), None)
            if another is not None:
                reading.spoil(one, "name", "other_name", other=another.row)
