"""Workbooks that are handed back: texts, numbers and days, bad cells coloured and commented, no formula."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from flask_babel import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from app.services.workbooks import Cell, Place, Row, Table

# A comment costs Excel far more than a colour; beyond this many, the second sheet still names every finding.
MOST_COMMENTS = 3_000

_BAD = PatternFill("solid", start_color="FFFFC7CE")
_ASIDE = PatternFill("solid", start_color="FFFFEB9C")
_HEADING = PatternFill("solid", start_color="FFDDEBF7")
_BOLD = Font(bold=True)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_TEXT, _DAY = "@", "yyyy-mm-dd"
_WIDTHS = (8, 8, 20, 80)
_WIDEST = 40
# What openpyxl takes for a formula or an error value when it is given as a plain text, or refuses.
_LIVELY = re.compile(rf"^[=#]|{ILLEGAL_CHARACTERS_RE.pattern}")


def text_cell(sheet: Any, value: str) -> Any:
    """A cell whose text stays a text, whatever it begins with."""
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"
    cell.number_format = _TEXT
    return cell


def _cell(sheet: Any, value: Cell) -> Any:
    if isinstance(value, str):
        return text_cell(sheet, value)
    cell: Any = WriteOnlyCell(sheet)
    cell.value = value
    if cell.is_date:
        cell.number_format = _DAY
    return cell


def _plain(sheet: Any, value: Cell) -> Any:
    """The value itself, which is written twice as fast as a cell, where openpyxl makes no more of it."""
    if isinstance(value, str):
        return text_cell(sheet, value) if _LIVELY.search(value) else value
    return _cell(sheet, value) if isinstance(value, date) else value


def marked(
    table: Table, messages: Mapping[Place, Sequence[str]], aside: Collection[Place] = frozenset()
) -> bytes:
    """The table at the rows and columns where it stood, each place of `messages` coloured and commented.

    Yellow is what stands in `aside`: nothing is wrong there.
    A second sheet lists every message, so that the list can be filtered and worked through.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(table.sheet)
    sheet.freeze_panes = f"A{table.heading.number + 1}"
    for number, cell in enumerate(table.heading.cells, 1):
        width = min(max(12, 2 * len(str(cell)) + 4), _WIDEST)
        sheet.column_dimensions[get_column_letter(number)].width = width
    columns: dict[int, list[int]] = {}
    for number, column in messages:
        columns.setdefault(number, []).append(column)
    comments = {place: "\n".join(messages[place]) for place in sorted(messages)[:MOST_COMMENTS]}
    written = 0
    for row in _all_rows(table, columns):
        for _blank in range(written + 1, row.number):
            sheet.append(())
        written = row.number
        if row is table.heading:
            sheet.append(_headings(sheet, map(str, row.cells)))
            continue
        sheet.append(_marked_row(sheet, row, columns.get(row.number, ()), comments, aside))
    _list(book.create_sheet(_("Findings")), table, messages)
    return _saved(book)


def _all_rows(table: Table, columns: Mapping[int, Sequence[int]]) -> Iterator[Row]:
    """Every row of the table, and the blank ones to which a message points, in the order of the sheet."""
    rows = [*table.above, *table.rows]
    present = {row.number for row in rows}
    rows += [Row(number, []) for number in columns if number not in present]
    return iter(sorted(rows, key=lambda row: row.number))


def _marked_row(
    sheet: Any,
    row: Row,
    bad: Sequence[int],
    comments: Mapping[Place, str],
    aside: Collection[Place],
) -> list[Any]:
    if not bad:
        return [_plain(sheet, value) for value in row.cells]
    values = [*row.cells, *[""] * (max(bad) - len(row.cells))]
    cells = [_cell(sheet, value) for value in values]
    for column in bad:
        cells[column - 1].fill = _ASIDE if (row.number, column) in aside else _BAD
        if (row.number, column) in comments:
            comment = Comment(comments[row.number, column], "")
            comment.width, comment.height = 320, 110
            cells[column - 1].comment = comment
    return cells


def _list(sheet: Any, table: Table, messages: Mapping[Place, Sequence[str]]) -> None:
    headings = dict(enumerate(table.heading.cells, 1))
    for number, width in enumerate(_WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.append(_headings(sheet, (_("Row"), _("Column"), _("Heading"), _("What is wrong"))))
    for row, column in sorted(messages):
        for message in messages[row, column]:
            texts = (get_column_letter(column), str(headings.get(column, "")), message)
            sheet.append([WriteOnlyCell(sheet, row), *(text_cell(sheet, text) for text in texts)])


def _headings(sheet: Any, texts: Iterable[str]) -> list[Any]:
    cells = [text_cell(sheet, text) for text in texts]
    for cell in cells:
        cell.font, cell.fill, cell.alignment = _BOLD, _HEADING, _WRAPPED
    return cells


def _saved(book: Workbook) -> bytes:
    data = BytesIO()
    book.save(data)
    return data.getvalue()
