"""Every fault of every row is found, at its row and column, and nothing else is found."""

from functools import cache

import pytest

from app.services.imports.findings import Findings, RowFinding, restored, stored
from app.services.imports.reading import Reading
from app.services.qualification_import.columns import COLUMNS
from app.services.qualification_import.kind import QUALIFICATIONS
from app.services.qualification_import.rows import find_conflicts
from app.services.workbooks import read
from samples.make_qualifications import FAULTS, HEADING_ROW, lines
from tests.workbooks import listed, part, people, repacked, sample

WORDING = QUALIFICATIONS.wording


@pytest.fixture(scope="module")
def read_rules(context, module_vault):
    """The findings of a list, and its rows as far as they could be read."""

    def rules_of(data: bytes):
        table = read(data, COLUMNS.is_heading)
        rules = Reading(QUALIFICATIONS, table, context)
        entries = rules.entries()
        find_conflicts(entries, rules)
        return rules, entries

    return rules_of


@pytest.fixture(scope="module")
def found(read_rules):
    """What is found in the sample, by row."""
    rules, _entries = read_rules(sample())
    by_row: dict[int, set] = {}
    for one in rules.findings:
        by_row.setdefault(one.row, set()).add((one.attribute, one.code))
    return by_row


@cache
def sample_lines():
    return dict(enumerate(lines(), HEADING_ROW + 1))


@pytest.mark.parametrize("title", [title for title, _ in FAULTS])
def test_each_wrong_row_of_the_sample_is_found_for_its_reason(found, title):
    wrong = {number: line for number, line in sample_lines().items() if line.title == title}
    assert wrong
    assert {number: found.get(number, set()) for number in wrong} == {
        number: line.codes for number, line in wrong.items()
    }


def test_nothing_is_found_in_the_good_rows_of_the_sample(found):
    good = [number for number, line in sample_lines().items() if not line.codes]
    assert len(good) >= 2_000
    assert [number for number in good if number in found] == []


def test_the_sample_is_wrong_in_more_than_a_dozen_ways():
    codes = {code for line in sample_lines().values() for _, code in line.codes}
    assert len(codes) >= 12
    # Only the library itself can show the others.
    assert set(WORDING.messages) - codes == {
        "library_differs", "library_name", "library_specialty", "id_number_area",
    }  # fmt: skip


def test_a_finding_names_the_column_that_the_workbook_has(read_rules):
    row = people(1)[0] | {"name": ""}
    (finding,) = read_rules(listed([row]))[0].findings
    assert (finding.row, finding.column, finding.letter, finding.heading) == (2, 3, "C", "姓名")


def test_a_row_with_faults_still_counts_as_a_repetition(read_rules):
    first, second = people(2)
    bad = second | {"certificate_number": first["certificate_number"], "issued_on": "去年"}
    rules, _ = read_rules(listed([first, bad]))
    assert {(one.row, one.code) for one in rules.findings} == {
        (2, "same_certificate"), (3, "same_certificate"), (3, "date"),
    }  # fmt: skip


def test_three_rows_with_one_certificate_number_are_all_found(read_rules):
    rows = [row | {"certificate_number": "1"} for row in people(3)]
    rules, _ = read_rules(listed(rows))
    assert [(one.row, one.params["other"]) for one in rules.findings] == [(2, 3), (3, 2), (4, 2)]


def test_a_person_may_hold_several_specialties(read_rules):
    first, second = people(2)
    second |= {name: first[name] for name in ("name", "id_number", "gender", "birth_date")}
    second |= {
        "specialty": "公路工程",
        "year_obtained": "2024",
        "issued_on": "2024-12-01",
        "graduation_date": "",
    }
    rules, entries = read_rules(listed([first | {"specialty": "矿业工程"}, second]))
    assert rules.findings == []
    assert len({entry.id_number_index for entry in entries}) == 1


def test_an_area_that_no_table_knows_is_no_fault(read_rules):
    assert all(row["id_number"].startswith("439900") for row in people(20))
    assert read_rules(listed(people(20)))[0].findings == []


def test_another_document_than_an_id_card_has_no_check_digit(read_rules):
    row = people(1)[0] | {"id_type": "护照", "id_number": "E12345678", "birth_date": "", "gender": "女"}
    rules, (entry,) = read_rules(listed([row]))
    assert rules.findings == []
    assert (entry.id_type, entry.id_number, entry.gender) == ("3", "E12345678", "2")


def test_the_eighteenth_birthday_is_early_enough_in_its_year(read_rules):
    row = people(1)[0]
    year = int(row["birth_date"][:4]) + 18
    fine = row | {"year_obtained": year, "issued_on": f"{max(year, 2002)}-12-31", "graduation_date": ""}
    rules, _ = read_rules(listed([fine | {"year_obtained": max(year, 2002)}]))
    assert rules.findings == []


def test_merged_titles_above_the_headings_are_no_fault(read_rules):
    def lower(book):
        book.active.insert_rows(1, 2)
        book.active["A1"] = "标题"
        book.active.merge_cells("A1:N2")

    assert read_rules(listed(people(2), lower))[0].findings == []


def test_a_merged_area_down_to_the_end_of_the_sheet_costs_nothing(read_rules):
    data = listed(people(2))
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="B2:C1048576"/></mergeCells>'
    sheet = part(data, "xl/worksheets/sheet1.xml").replace(b"</sheetData>", merged)
    rules, _ = read_rules(repacked(data, xl__worksheets__sheet1_dot_xml=sheet))
    assert {(one.row, one.letter, one.code) for one in rules.findings} == {
        (row, letter, "merged") for row in (2, 3) for letter in "BC"
    }


def test_findings_come_back_as_they_were_stored():
    finding = RowFinding(5, 4, "id_number", "too_long", {"length": 9, "limit": 5}, WORDING)
    assert restored(stored(Findings([finding])), WORDING) == Findings([finding])
    assert finding.message


def test_every_message_can_be_said():
    params = dict.fromkeys(
        ("sign", "length", "limit", "allowed", "first", "last", "age", "other", "headings"), "?"
    )
    for code in WORDING.messages:
        assert RowFinding(1, 1, "name", code, params, WORDING).message
