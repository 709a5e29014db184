"""What a kind of list is: one value that reads, checks, compares and loads the workbooks of that kind."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic

from sqlalchemy.orm import Session

from app.models import WorkbookImport
from app.security.access.roles import Actor, Role
from app.services.imports.cells import Context
from app.services.imports.columns import Columns
from app.services.imports.findings import MESSAGES, Wording
from app.services.imports.reading import E, Fault, Reading
from app.services.workbooks import MOST_ROWS


@dataclass(frozen=True)
class ImportKind(Generic[E]):
    """Everything in which one kind of list differs from the others; the life of its workbooks is the same."""

    key: str
    """Never changed: open workbooks are sealed with it, and the audit calls them after it."""
    sheet: str
    """What the template calls its sheet."""
    importers: frozenset[Role]
    columns: Columns
    messages: Mapping[str, Any]
    """The sentences of what may be wrong in this kind alone."""
    entry: Callable[[int, dict[str, Any]], E]
    """What a row says, from the number of the row and the meanings of its cells."""
    among: Callable[[Sequence[E], Reading[E]], None]
    """Finds rows of one list that cannot be true together."""
    against: Callable[[Session, Sequence[E], Reading[E], Actor], set[int]]
    """Finds rows that what is stored stands against; the numbers of the sound rows that are stored already."""
    lock: Callable[[Session, Actor], None]
    """Keeps others from loading the same until the commit."""
    write: Callable[[Session, Sequence[E], WorkbookImport, Actor], None]
    """Loads good rows; the caller commits."""
    together: Callable[[Mapping[str, Any], Context], Iterator[Fault]] = lambda _values, _context: iter(())
    """What contradicts itself within one row, as far as its cells could be read."""
    most_rows: int = MOST_ROWS
    of_enterprise: bool = False
    """Whether a workbook belongs to the enterprise that uploads it; else it is the province's."""
    offered: Mapping[str, str] = field(default_factory=dict)
    """Values to choose from that stand in no dictionary: the name that a column calls them by, and the values."""

    @cached_property
    def wording(self) -> Wording:
        return Wording(self.columns.headings, {**MESSAGES, **self.messages})

    @property
    def subject(self) -> str:
        return f"{self.key}_import"
