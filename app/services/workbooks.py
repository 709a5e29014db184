"""Excel workbooks of strangers, read safely into rows of plain cells."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, TypeAlias

from flask_babel import lazy_gettext as _l

from app.extensions.refused import Refused

MOST_MEGABYTES = 50
MOST_BYTES = MOST_MEGABYTES * 1024 * 1024
MOST_ROWS = 100_000
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

PATIENCE = 5.0
"""Seconds that a workbook waits for its turn; whoever holds the page longer keeps others from theirs."""

_AT_ONCE = BoundedSemaphore(2)
"""Workbooks that this process lets be read at one time: a hostile one takes all that a reader may have."""

_READER = Path(__file__).with_name("workbook_reader.py")
_HEADER_WITHIN = 20
_OLD_FORMAT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

Cell: TypeAlias = str | int | float | bool | date
Place: TypeAlias = tuple[int, int]
"""Row and column, both counted from 1 as Excel shows them."""

_REASONS: dict[str, Any] = {
    "empty": _l("The file is empty."),
    "too_big": _l(
        "The file is larger than %(megabytes)s MB. Divide it into several workbooks.",
        megabytes=MOST_MEGABYTES,
    ),
    "not_excel": _l("This file is not an Excel workbook. Save it as “Excel workbook (.xlsx)” and try again."),
    "other_format": _l(
        "This is a workbook in another format. Open it and save it as “Excel workbook (.xlsx)”."
    ),
    "password": _l("The workbook is protected by a password. Remove the password and try again."),
    "macros": _l("The workbook contains macros. Save it as “Excel workbook (.xlsx)”, which has none."),
    "damaged": _l(
        "The workbook is damaged and cannot be read. Open it, save it again as .xlsx and try again."
    ),
    "bomb": _l(
        "The workbook takes far more memory or time to read than a list may. "
        "Copy the rows into the template and try again."
    ),
    "rows": _l(
        "The workbook has more than %(rows)s rows. Divide it into several workbooks.", rows=f"{MOST_ROWS:,}"
    ),
    "busy": _l("Other workbooks are just being read. Please send yours again in a moment."),
    "columns": _l("The workbook has cells far to the right of the list. Delete them and try again."),
    "formulas": _l("The workbook is made of formulas. Copy everything, paste it as values and try again."),
    "merged": _l("The workbook is full of merged cells. Unmerge them and try again."),
}


def refusal(reason: str) -> Refused:
    return Refused(_REASONS[reason])


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not blank; the first cell is column A, an empty cell is an empty text."""

    number: int
    cells: list[Cell]


@dataclass
class Table:
    """The one sheet that carries the heading row, and what was left aside."""

    sheet: str
    above: list[Row] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    merged: list[tuple[Place, Place]] = field(default_factory=list)
    formulas: set[Place] = field(default_factory=set)
    errors: set[Place] = field(default_factory=set)
    hidden_sheets: int = 0
    other_sheets: int = 0

    @property
    def heading(self) -> Row:
        return self.above[-1]

    @property
    def last_row(self) -> int:
        return self.rows[-1].number if self.rows else self.heading.number


def read(data: bytes, is_heading: Callable[[Sequence[Cell]], bool]) -> Table:
    """The table under the heading row. Raises `Refused` with a sentence for whatever is no such workbook."""
    _require_excel(data)
    if not _AT_ONCE.acquire(timeout=PATIENCE):
        raise refusal("busy")
    try:
        return _table(data, is_heading)
    finally:
        _AT_ONCE.release()


def _table(data: bytes, is_heading: Callable[[Sequence[Cell]], bool]) -> Table:
    table: Table | None = None
    hidden = other = 0
    hidden_with_heading = False
    for sheet, visible, rows in _sheets(data):
        found = _under_heading(sheet, rows, is_heading)
        if not visible:
            hidden += 1
            hidden_with_heading |= found is not None
        elif found is None:
            other += bool(sheet.above)
        elif table is not None:
            raise Refused(
                _l(
                    "Two sheets of the workbook have the heading row. "
                    "Put all rows on one sheet and try again."
                )
            )
        else:
            table = found
    if table is None:
        raise _no_heading(hidden_with_heading=hidden_with_heading)
    table.hidden_sheets, table.other_sheets = hidden, other
    _add_unread_rows(table)
    return table


def _add_unread_rows(table: Table) -> None:
    """A row that holds only formulas or errors looks blank to the reader, and must not be passed over."""
    present = {row.number for row in table.rows}
    marked = {row for row, _ in table.formulas | table.errors if row > table.heading.number}
    table.rows += [Row(number, []) for number in marked - present]
    table.rows.sort(key=lambda row: row.number)


def _no_heading(*, hidden_with_heading: bool) -> Refused:
    if hidden_with_heading:
        return Refused(_l("The sheet with the list is hidden. Unhide it and try again."))
    return Refused(
        _l(
            "No sheet has the heading row of the template in its first %(rows)s rows. "
            "Use the headings of the template.",
            rows=_HEADER_WITHIN,
        )
    )


def _require_excel(data: bytes) -> None:
    if not data:
        raise refusal("empty")
    if len(data) > MOST_BYTES:
        raise refusal("too_big")
    if data.startswith(_OLD_FORMAT):
        # An encrypted .xlsx wears the coat of the old format, and names its contents in UTF-16.
        encrypted = "EncryptedPackage".encode("utf-16-le") in data
        raise refusal("password" if encrypted else "other_format")
    if not data.startswith(b"PK\x03\x04"):
        raise refusal("not_excel")


def _under_heading(
    sheet: Table, rows: Iterable[Row], is_heading: Callable[[Sequence[Cell]], bool]
) -> Table | None:
    """Fill the table from its rows; None when the sheet has no heading row near its top."""
    started = False
    for row in rows:
        if started:
            if len(sheet.rows) == MOST_ROWS:
                raise refusal("rows")
            sheet.rows.append(row)
        elif row.number <= _HEADER_WITHIN:
            sheet.above.append(row)
            started = is_heading(row.cells)
    return sheet if started else None


def _sheets(data: bytes) -> Iterator[tuple[Table, bool, Iterator[Row]]]:
    """Each sheet and whether it is visible; its rows must be consumed before the next one is asked for."""
    lines = _told(data)
    line = next(lines)
    while line[0] == "sheet":
        _kind, name, visible, merged, formulas, errors = line
        areas = [((top + 1, left + 1), (bottom + 1, right + 1)) for (top, left), (bottom, right) in merged]
        table = Table(name, [], [], areas, {(r, c) for r, c in formulas}, {(r, c) for r, c in errors})
        after: list[list[Any]] = []
        yield table, visible, _rows_until(lines, after)
        line = after[0]


def _rows_until(lines: Iterator[list[Any]], after: list[list[Any]]) -> Iterator[Row]:
    """The rows up to the next line of another kind, which is put into `after`."""
    for line in lines:
        if line[0] != "row":
            after.append(line)
            return
        yield Row(line[1], line[2])


def _told(data: bytes) -> Iterator[list[Any]]:
    """What the reader tells, line by line, with its "end". Raises `Refused` where it gives up or dies."""
    # Only the interpreter and the one file: no environment, no inherited file, no path of the application.
    command = [sys.executable, "-I", str(_READER), str(2 * MOST_ROWS)]
    # The workbook is handed over in memory, since personal data must not touch the disk in plain text.
    with os.fdopen(os.memfd_create("workbook"), "wb") as handed:
        handed.write(data)
        handed.flush()
        handed.seek(0)
        with subprocess.Popen(  # noqa: S603 - a fixed program of ours; no shell, and no argument from outside
            command, stdin=handed, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, cwd="/"
        ) as reader:
            try:
                yield from _lines(reader.stdout or ())
            finally:
                reader.kill()


def _lines(lines: Iterable[bytes]) -> Iterator[list[Any]]:
    for line in lines:
        told: list[Any] = json.loads(line, object_hook=_day)
        if told[0] == "refused":
            raise refusal(told[1])
        yield told
        if told[0] == "end":
            return
    raise refusal("bomb")


def _day(told: dict[str, str]) -> date:
    return date.fromisoformat(told["date"])
