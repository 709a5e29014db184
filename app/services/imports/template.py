"""The empty list for the offices that fill it in: headings, formats, choices, and what each column means."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from app.services.imports.columns import Column, Columns
from app.services.imports.kinds import ImportKind

# The template is a Chinese list for Chinese offices in either language of the platform.
EXPLANATION_SHEET = "填写说明"
_EXPLANATION_HEADINGS = ("列名", "是否必填", "怎样填写", "可填的值")
_LONGEST_CHOICE = 255
"""Characters that Excel takes for a list to choose from."""

_REQUIRED = PatternFill("solid", start_color="FFFCE4D6")
_OPTIONAL = PatternFill("solid", start_color="FFDDEBF7")
_THIN = Side(style="thin", color="FFBFBFBF")
_FRAME = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)
_TOP = Alignment(vertical="top", wrap_text=True)


def template(kind: ImportKind[Any], allowed: Mapping[str, str]) -> bytes:
    """The empty workbook; `allowed` has the values of each dictionary, divided by 、."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = kind.sheet
    values = {**allowed, **kind.offered}
    write_headings(sheet, kind.columns, row=1)
    for number, column in enumerate(kind.columns, 1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].number_format = "@"
        if column.dictionary and not column.several:
            _offer(sheet, f"{letter}2:{letter}{kind.most_rows + 1}", values[column.dictionary])
    _explain(book.create_sheet(EXPLANATION_SHEET), kind.columns, values)
    data = BytesIO()
    book.save(data)
    return data.getvalue()


def write_headings(sheet: Worksheet, columns: Columns, row: int) -> None:
    for number, column in enumerate(columns, 1):
        cell = sheet.cell(row, number, f"{column.heading}*" if column.required else column.heading)
        cell.font, cell.border, cell.alignment = Font(bold=True), _FRAME, _CENTRED
        cell.fill = _REQUIRED if column.required else _OPTIONAL
        if column.explanation:
            cell.comment = Comment(column.explanation, "", height=90, width=260)
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.freeze_panes = f"A{row + 1}"


def _offer(sheet: Worksheet, cells: str, values: str) -> None:
    """A list to choose from; other words may still be typed, since the import knows the usual ones."""
    if len(values) > _LONGEST_CHOICE:
        return
    choice = DataValidation(type="list", formula1=f'"{values.replace("、", ",")}"', showErrorMessage=False)
    choice.add(cells)
    sheet.add_data_validation(choice)


def _explain(sheet: Worksheet, columns: Columns, allowed: Mapping[str, str]) -> None:
    for number, (heading, width) in enumerate(zip(_EXPLANATION_HEADINGS, (16, 10, 60, 60), strict=True), 1):
        cell = sheet.cell(1, number, heading)
        cell.font, cell.fill, cell.border = Font(bold=True), _OPTIONAL, _FRAME
        sheet.column_dimensions[get_column_letter(number)].width = width
    for row, column in enumerate(columns, 2):
        for number, text in enumerate(_explanation(column, allowed), 1):
            cell = sheet.cell(row, number, text)
            cell.border, cell.alignment = _FRAME, _TOP
    sheet.freeze_panes = "A2"


def _explanation(column: Column, allowed: Mapping[str, str]) -> tuple[str, str, str, str]:
    values = allowed[column.dictionary] if column.dictionary else ""
    return column.heading, "必填" if column.required else "可不填", column.explanation, values
