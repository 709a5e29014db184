"""Any file that is uploaded is read into rows or refused with a sentence, and costs little either way."""

import io
import resource
import subprocess
import sys
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import pytest
from openpyxl.styles import Font

from app.extensions.refused import Refused
from app.services import workbooks
from app.services.qualification_import.columns import COLUMNS
from app.services.workbooks import read
from tests.workbooks import HEADINGS, listed, part, people, repacked, workbook

GOOD = listed(people(2))
SHEET = "xl__worksheets__sheet1_dot_xml"
OLD_FORMAT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def _refused(data: bytes) -> str:
    with pytest.raises(Refused) as caught:
        read(data, COLUMNS.is_heading)
    return next(
        (code for code, text in workbooks._REASONS.items() if text is caught.value.message), ""
    ) or str(caught.value)


def _zip(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return made.getvalue()


def _sheet_with(cells: str) -> bytes:
    """A good workbook whose only sheet has these cells, as XML, instead of its own."""
    text = (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{cells}</sheetData></worksheet>"
    )
    return repacked(GOOD, **{SHEET: text.encode()})


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"", "empty", id="an empty file"),
        pytest.param("姓名,证件号码\n张伟,1\n".encode(), "not_excel", id="a text"),
        pytest.param(b"<html><table><tr><td>1</td></tr></table></html>", "not_excel", id="a page named .xls"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(99), "not_excel", id="a picture"),
        pytest.param(b"%PDF-1.7\n", "not_excel", id="a PDF"),
        pytest.param(OLD_FORMAT, "other_format", id="the old format .xls"),
        pytest.param(OLD_FORMAT + "EncryptedPackage".encode("utf-16-le"), "password", id="a password"),
        pytest.param(_zip(word__document_dot_xml=b"<a/>"), "not_excel", id="a letter of Word"),
        pytest.param(_zip(xl__workbook_dot_bin=b"x"), "other_format", id="the binary format .xlsb"),
        pytest.param(
            _zip(content_dot_xml=b"<a/>", mimetype=b"x"), "other_format", id="an OpenDocument sheet"
        ),
        pytest.param(repacked(GOOD, xl__vbaProject_dot_bin=b"x"), "macros", id="macros"),
        pytest.param(GOOD[: len(GOOD) // 2], "damaged", id="half a file"),
        pytest.param(repacked(GOOD, xl__workbook_dot_xml=b"<workbook"), "damaged", id="broken XML"),
        pytest.param(
            repacked(GOOD, xl___rels__workbook_dot_xml_dot_rels=None), "damaged", id="a part missing"
        ),
        pytest.param(repacked(GOOD, **{SHEET: b"\x00" * 99}), "damaged", id="a sheet of zeros"),
    ],
)
def test_a_file_that_is_no_such_workbook_is_refused_for_its_reason(data, reason):
    assert _refused(data) == reason


def test_packed_bytes_that_were_changed_are_damage():
    place = GOOD.index(b"xl/worksheets/sheet1.xml") + 200
    assert _refused(GOOD[:place] + bytes(80) + GOOD[place + 80 :]) == "damaged"


def test_a_package_with_a_password_of_its_own_is_refused():
    data = bytearray(_zip(xl__workbook_dot_xml=b"<a/>"))
    data[data.index(b"PK\x01\x02") + 8] |= 1  # the flag of an encrypted part, where all parts are listed
    assert _refused(bytes(data)) == "password"


def test_a_package_that_says_it_unpacks_to_gigabytes_is_not_unpacked():
    data = bytearray(_zip(xl__workbook_dot_xml=b"<a/>"))
    listed_at = data.index(b"PK\x01\x02")
    data[listed_at + 24 : listed_at + 28] = (3 * 10**9).to_bytes(4, "little")
    assert _refused(bytes(data)) == "bomb"


def test_a_cell_at_the_far_end_ends_the_reader_and_not_the_server():
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    assert _refused(_sheet_with(far)) == "bomb"
    assert read(GOOD, COLUMNS.is_heading).rows


def test_one_long_text_shown_in_many_cells_is_not_copied_into_all_of_them():
    long = f"<sst><si><t>{'长' * 32_000}</t></si></sst>"
    row = "".join(f"<c t='s' r='{letter}{{0}}'><v>0</v></c>" for letter in "ABCDEFGHIJ")
    rows = "".join(f'<row r="{number}">{row.format(number)}</row>' for number in range(1, 6_000))
    data = repacked(_sheet_with(rows), xl__sharedStrings_dot_xml=long.encode())
    assert len(data) < 200_000
    assert _refused(data) == "bomb"


def test_a_bomb_costs_this_process_nothing():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="900000"><c r="AA900000"><v>1</v></c></row>'
    assert _refused(_sheet_with(far * 2)) == "bomb"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024


def test_the_reader_has_less_time_than_somebody_waits_for_a_page():
    tell = "import resource as r, workbook_reader; workbook_reader.limit(); print(r.getrlimit(r.RLIMIT_CPU))"
    place = Path(workbooks.__file__).parent
    told = subprocess.run([sys.executable, "-c", tell], cwd=place, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "(25, 25)"


def test_a_document_type_is_refused_wherever_it_stands():
    entity = b'<!DOCTYPE a [<!ENTITY b "c">]>'
    book = part(GOOD, "xl/workbook.xml")
    assert _refused(repacked(GOOD, xl__workbook_dot_xml=entity + book)) == "damaged"


def test_more_than_fifty_megabytes_are_refused_before_anything_is_read(monkeypatch):
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: pytest.fail("the reader was started"))
    assert _refused(b"PK\x03\x04" + bytes(workbooks.MOST_BYTES)) == "too_big"


def test_more_rows_than_a_list_may_have_are_refused(monkeypatch):
    monkeypatch.setattr(workbooks, "MOST_ROWS", 3)
    assert len(read(listed(people(3)), COLUMNS.is_heading).rows) == 3
    assert _refused(listed(people(4))) == "rows"


def test_a_cell_far_to_the_right_is_refused():
    def write(book):
        book.active["DZ3"] = "x"

    assert _refused(listed(people(2), write)) == "columns"


def test_a_workbook_of_formulas_is_refused():
    def write(book):
        for number in range(10_100):
            book.active.cell(number + 2, 1, "=1+1")

    assert _refused(workbook([HEADINGS], write)) == "formulas"


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ([["姓名", "电话"], ["张伟", "1"]], "No sheet has the heading row"),
        ([[None]] * 1 + [["x"]] * 25 + [HEADINGS], "No sheet has the heading row"),
        ([[None]], "No sheet has the heading row"),
    ],
    ids=["other headings", "headings too far down", "nothing at all"],
)
def test_a_workbook_without_the_heading_row_is_refused(table, sentence):
    assert sentence in _refused(workbook(table))


def test_a_hidden_list_is_refused_and_a_hidden_note_is_told():
    def hide(book):
        book.create_sheet("封面")["A1"] = "x"
        book["资格证"].sheet_state = "hidden"

    assert "hidden" in _refused(listed(people(1), hide))

    def add(book):
        book.create_sheet("隐")["A1"] = "x"
        book["隐"].sheet_state = "veryHidden"
        book.create_sheet("别的")["A1"] = "x"
        book.create_sheet("空")

    table = read(listed(people(1), add), COLUMNS.is_heading)
    assert (table.hidden_sheets, table.other_sheets) == (1, 1)


def test_two_lists_in_one_workbook_are_refused():
    def copy(book):
        book.copy_worksheet(book.active)

    assert "Two sheets" in _refused(listed(people(1), copy))


def test_rows_keep_their_numbers_and_columns_their_letters():
    """The reader leaves out what is blank at the left; nobody would find a cell by its shifted place."""

    def write(book):
        sheet = book.active
        sheet.delete_rows(1, 99)
        for column, heading in enumerate(("姓名", "证件号码", "专业"), 3):
            sheet.cell(5, column, heading)
        sheet["C9"], sheet["E9"], sheet["C12"] = "张伟", "建筑", "孙丽"
        sheet["B14"] = " "
        sheet["C5000"].font = Font(bold=True)

    table = read(workbook([["x"]], write), COLUMNS.is_heading)
    assert table.heading.number == 5
    assert table.heading.cells == ["", "", "姓名", "证件号码", "专业"]
    assert [(row.number, row.cells) for row in table.rows] == [
        (9, ["", "", "张伟", "", "建筑"]),
        (12, ["", "", "孙丽", "", ""]),
    ]


def test_each_kind_of_cell_comes_as_what_it_is():
    moment = datetime(2019, 6, 30, 8, 15)  # noqa: DTZ001 - a cell has no zone
    cells = ["文字", 12, 12.5, 4.3e17, True, date(2019, 6, 30), moment, time(8, 15)]
    table = read(workbook([HEADINGS, cells]), COLUMNS.is_heading)
    assert table.rows[0].cells[:8] == [
        "文字",
        12,
        12.5,
        4.3e17,
        True,
        date(2019, 6, 30),
        date(2019, 6, 30),
        "08:15:00",
    ]


def test_formulas_errors_and_merged_cells_are_told_with_their_places():
    def write(book):
        sheet = book.active
        sheet["C2"], sheet["F3"] = "=A2", "#N/A"
        sheet.merge_cells("G2:H3")

    table = read(listed(people(2), write), COLUMNS.is_heading)
    assert (table.formulas, table.errors) == ({(2, 3)}, {(3, 6)})
    assert table.merged == [((2, 7), (3, 8))]


def test_formulas_without_addresses_and_with_prefixes_are_told_too():
    heading = "".join(f"<c t='inlineStr'><is><t>{name}</t></is></c>" for name in HEADINGS)
    text = (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
        + f"<row>{heading}</row><row><c><v>1</v></c><c><f>1+1</f><v>2</v></c></row>".replace("</", "</x:")
        .replace("<", "<x:")
        .replace("<x:/x:", "</x:")
        + "</x:sheetData></x:worksheet>"
    )
    assert read(repacked(GOOD, **{SHEET: text.encode()}), COLUMNS.is_heading).formulas == {(2, 2)}


def test_a_row_of_nothing_but_formulas_is_not_taken_for_blank():
    def write(book):
        book.active["A4"] = "=A3"

    table = read(listed(people(2), write), COLUMNS.is_heading)
    assert [row.number for row in table.rows] == [2, 3, 4]


def test_an_overlong_text_is_cut():
    table = read(workbook([HEADINGS, ["长" * 30_000]]), COLUMNS.is_heading)
    assert len(table.rows[0].cells[0]) == 2_000


def test_the_reader_gets_neither_environment_nor_files_of_the_server(monkeypatch):
    given = {}
    start = subprocess.Popen

    def record(command, **options):
        given.update(options)
        return start(command, **options)

    monkeypatch.setattr(subprocess, "Popen", record)
    read(GOOD, COLUMNS.is_heading)
    assert given["env"] == {}
    assert given.get("close_fds", True)


def test_a_workbook_does_not_wait_for_ever_while_others_are_read(monkeypatch):
    """Two that take all their time must not keep every page of the process waiting."""
    monkeypatch.setattr(workbooks, "PATIENCE", 0.05)
    with workbooks._AT_ONCE, workbooks._AT_ONCE:
        assert _refused(GOOD) == "busy"
    assert len(read(GOOD, COLUMNS.is_heading).rows) == 2


def test_a_refused_workbook_gives_its_turn_back():
    for _ in range(3):
        assert _refused(b"PK\x03\x04 nothing of the kind") == "damaged"
    assert len(read(GOOD, COLUMNS.is_heading).rows) == 2
