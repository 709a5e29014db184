"""The headings of a list: which column holds what, in any order, by any usual name."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from openpyxl.utils import get_column_letter

from app.extensions.refused import Refused
from app.services.imports.cells import Meaning
from app.services.workbooks import Cell, Row

_ENOUGH = 3
"""As many known headings make a row the heading row."""

# What offices add to a heading: a star for "required", a colon, a remark in brackets.
_ADDED = re.compile(r"[\s*:]|[(\[【].*?[)\]】]")


@dataclass(frozen=True)
class Column:
    """One column of a list. The first name is the template's; the others are seen in other lists."""

    attribute: str
    names: tuple[str, ...]
    meaning: Meaning
    """What a cell means, or `Wrong`."""
    required: bool = False
    explanation: str = ""
    dictionary: str = ""
    """Where the template finds the values to choose from."""
    several: bool = False
    """Whether a cell may hold several of these values."""
    width: int = 14

    @property
    def heading(self) -> str:
        return self.names[0]


@dataclass(frozen=True)
class Layout:
    """Where each attribute stands in one workbook: its column, counted from 1."""

    places: dict[str, int]
    unused: tuple[str, ...] = ()

    def place(self, attribute: str) -> int:
        """The column of the attribute; the first column of the list where the workbook does not have it."""
        return self.places.get(attribute) or min(self.places.values())


class Columns(Sequence[Column]):
    """The columns of one kind of list, in the order of its template."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = tuple(columns)
        self.by_attribute = {column.attribute: column for column in columns}
        self._by_name = {name: column for column in columns for name in column.names}

    def __len__(self) -> int:
        return len(self._columns)

    def __iter__(self) -> Iterator[Column]:
        return iter(self._columns)

    def __getitem__(self, place: Any) -> Any:
        return self._columns[place]

    @property
    def headings(self) -> dict[str, str]:
        return {column.attribute: column.heading for column in self}

    @property
    def is_heading(self) -> Callable[[Sequence[Cell]], bool]:
        """Whether enough of these cells are headings of this list."""
        return lambda cells: len({found.attribute for cell in cells if (found := self._of(cell))}) >= _ENOUGH

    def _of(self, cell: Cell) -> Column | None:
        if not isinstance(cell, str):
            return None
        return self._by_name.get(_ADDED.sub("", unicodedata.normalize("NFKC", cell)))

    def layout_of(self, heading: Row) -> Layout:
        """Read the heading row. Raises `Refused` that names every heading which is missing or doubled."""
        places: dict[str, int] = {}
        doubled, unused = [], []
        for number, cell in enumerate(heading.cells, 1):
            column = self._of(cell)
            if column is None:
                if not isinstance(cell, str) or cell.strip():
                    unused.append(get_column_letter(number))
            elif column.attribute in places:
                doubled.append(column.heading)
            else:
                places[column.attribute] = number
        missing = [one.heading for one in self if one.required and one.attribute not in places]
        faults = []
        if missing:
            faults.append(_l("These headings are missing: %(headings)s.", headings="、".join(missing)))
        if doubled:
            faults.append(_l("These headings stand twice: %(headings)s.", headings="、".join(doubled)))
        if faults:
            raise Refused(
                _l("The heading row (row %(row)s) is not the template's.", row=heading.number),
                findings=faults,
            )
        return Layout(places, tuple(unused))
