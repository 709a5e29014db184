"""A workbook is handed back with its bad cells marked, and nothing in it can be run."""

import io
import re
import zipfile

import pytest
from openpyxl import load_workbook

from app.services import marked_workbooks
from app.services.marked_workbooks import marked
from app.services.qualification_import.columns import COLUMNS
from app.services.workbooks import read
from tests.workbooks import HEADINGS, listed, people, workbook

LIVELY = (
    '=HYPERLINK("http://example.invalid")',
    "+1",
    "-1",
    "@SUM(A1)",
    "=cmd|' /C calc'!A1",
    "#N/A",
    "\t=1",
)


@pytest.fixture(autouse=True)
def _words(app):
    with app.test_request_context():
        yield


def _again(data: bytes):
    return load_workbook(io.BytesIO(data))


def test_bad_cells_are_coloured_and_commented_where_they_stood():
    def lower(book):
        book.active.insert_rows(1, 3)
        book.active["A1"] = "标题"

    table = read(listed(people(3), lower), COLUMNS.is_heading)
    sheet = _again(marked(table, {(6, 3): ["first", "second"], (9, 4): ["beyond the last row"]}))["资格证"]
    assert sheet["C6"].comment.text == "first\nsecond"
    assert sheet["C6"].fill.start_color.rgb == "FFFFC7CE"
    assert sheet["D9"].comment.text == "beyond the last row"
    assert [cell.coordinate for row in sheet for cell in row if cell.comment] == ["C6", "D9"]
    assert sheet["A1"].value == "标题"
    assert [cell.value for cell in sheet[4]] == HEADINGS


def test_every_message_stands_on_the_second_sheet_with_row_column_and_heading():
    table = read(listed(people(2)), COLUMNS.is_heading)
    book = _again(marked(table, {(3, 4): ["b"], (2, 1): ["a", "c"]}))
    rows = list(book.worksheets[1].iter_rows(min_row=2, values_only=True))
    assert rows == [(2, "A", "资格证号", "a"), (2, "A", "资格证号", "c"), (3, "D", "证件号码", "b")]


@pytest.mark.parametrize("bad", [True, False], ids=["in a bad row", "in a good row"])
@pytest.mark.parametrize("text", LIVELY)
def test_no_formula_survives(text, bad):
    def write(book):
        for column in range(1, 6):
            book.active.cell(2, column).value = text
            book.active.cell(2, column).data_type = "s"
        book.active["F2"] = text
        book.active["G2"] = "=1+1"

    table = read(listed(people(1), write), COLUMNS.is_heading)
    data = marked(table, {(2, 1): [text]} if bad else {})
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            assert not re.search(rb"<f[\s/>]|<hyperlink|<definedName\s", package.read(name)), name
    sheet = _again(data)["资格证"]
    assert {cell.data_type for cell in sheet[2]} <= {"s", "inlineStr", "n"}
    assert sheet["A2"].value.strip() == text.strip()


def test_a_marked_list_can_be_corrected_and_uploaded_again():
    first = read(listed(people(3)), COLUMNS.is_heading)
    again = read(marked(first, {(2, 2): ["x"]}), COLUMNS.is_heading)
    assert [row.cells for row in again.rows] == [row.cells for row in first.rows]
    assert again.other_sheets == 1


def test_signs_that_a_workbook_cannot_hold_are_left_out():
    table = read(listed(people(1)), COLUMNS.is_heading)
    table.rows[0].cells[5] = "a\x07b"
    assert _again(marked(table, {}))["资格证"]["F2"].value == "ab"


def test_beyond_a_few_thousand_comments_the_colour_and_the_list_remain(monkeypatch):
    monkeypatch.setattr(marked_workbooks, "MOST_COMMENTS", 2)
    table = read(listed(people(4)), COLUMNS.is_heading)
    book = _again(marked(table, {(row, 1): ["x"] for row in range(2, 6)}))
    cells = [book["资格证"].cell(row, 1) for row in range(2, 6)]
    assert [bool(cell.comment) for cell in cells] == [True, True, False, False]
    assert {cell.fill.start_color.rgb for cell in cells} == {"FFFFC7CE"}
    assert book.worksheets[1].max_row == 5


def test_the_styles_and_scripts_of_the_upload_do_not_come_back():
    def write(book):
        book.create_sheet("隐").sheet_state = "hidden"
        book.active["A2"].hyperlink = "http://example.invalid"

    table = read(workbook([HEADINGS, ["x"] * 5], write), COLUMNS.is_heading)
    data = marked(table, {})
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert b"example.invalid" not in b"".join(map(package.read, package.namelist()))
    assert _again(data).sheetnames[0] == "资格证"
    assert len(_again(data).sheetnames) == 2
