"""Exports as people meet them: the buttons of the list, the reason, the page of the job, and the file itself."""

import csv
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from app.extensions.clock import local, today
from app.models import Declaration, Region
from app.services.exports import asking
from app.workflow.calendar import working_days_between
from tests.browser.axe import violations
from tests.desk import several

LIST = "/review/?state=submitted"


def name_of(button: str) -> str:
    return f"button[name=format][value={button}]"


def cells(path) -> list[list[str]]:
    """The sheet, of which every cell is a text and stays one when somebody edits it, as a long number has to."""
    book = load_workbook(io.BytesIO(Path(path).read_bytes()))
    kinds = {(type(cell.value), cell.number_format) for row in book.active.iter_rows() for cell in row}
    assert kinds <= {(str, "@"), (type(None), "@"), (type(None), "General")}, kinds
    return [["" if cell is None else cell for cell in row] for row in book.active.values]


def lines_of(path) -> list[list[str]]:
    return [line for line in csv.reader(io.StringIO(Path(path).read_text("utf-8-sig"))) if line]


def stored(session, row, *, in_full=False) -> dict[str, str]:
    """What the database holds of this declaration, by the heading under which the file has to show it."""
    row = session.get_one(Declaration, row.id, populate_existing=True)
    city = session.get_one(Region, row.region_code)
    return {
        "申报编号": row.number,
        "姓名": row.name,
        "证件号码": row.id_number if in_full else row.id_number_masked,
        "办理时限": f"剩余 {working_days_between(today(), row.due_on)} 个工作日",
        "状态": {"submitted": "已上报"}[row.state],
        "企业名称": row.enterprise_name,
        "注册专业": row.specialties_text,
        "申报类型": {"initial_registration": "初始申报"}[row.type_key],
        "上报时间": f"{local(row.submitted_at):%Y-%m-%d %H:%M}",
        "申报主管部门": city.name,
    }


def compare(session, rows, table, **how) -> None:
    """Every cell of the file beside what the database holds, and no row more or less."""
    heads, *lines = table[next(n for n, line in enumerate(table) if line[0] == "申报编号") :]
    found = [dict(zip(heads, line, strict=True)) for line in lines]
    expected = [stored(session, row, **how) for row in rows]
    assert found == [{head: one[head] for head in heads} for one in expected]


def test_a_small_list_holds_in_every_cell_what_the_database_holds(visit, session, cast):
    rows = several(session, cast, 3, "submit")
    page = visit(cast.wang_qiang).go(LIST)
    for format_ in ("xlsx", "csv"):
        with page.expect_download() as saved:
            page.locator(name_of(format_)).click()
        path = Path(saved.value.path())
        compare(session, rows, cells(path) if format_ == "xlsx" else lines_of(path))


@pytest.mark.parametrize(("width", "language"), [(1440, "zh"), (360, "en")])
def test_a_large_list_is_followed_on_its_page_until_its_file_can_be_fetched(
    request, visit, session, cast, monkeypatch, width, language
):
    monkeypatch.setattr(asking, "STREAMED", -1)
    rows = several(session, cast, 2, "submit")
    # Not before: it would compare the first row while the second is written.
    request.getfixturevalue("worker")
    visitor = visit(cast.chen_jing, width=width, language=language)
    page = visitor.go(LIST)
    page.locator("input[name=unmasked]").check()
    page.locator(name_of("xlsx")).click()
    page.locator("textarea[name=reason]").fill("年度数据核对")
    assert violations(page, quick=True) == []
    assert visitor.overflow() <= 0
    page.locator(".form-buttons button[type=submit]").click()
    link = page.locator("a[href$='/file']")
    link.wait_for()
    assert violations(page, quick=True) == []
    assert visitor.overflow() <= 0
    with page.expect_download() as saved:
        link.click()
    found = cells(saved.value.path())
    assert "年度数据核对" in found[3][0]
    assert {row.id_number for row in rows} <= {cell for row in found[5:] for cell in row}
    if language == "zh":
        compare(session, rows, found, in_full=True)


def test_a_table_of_statistics_is_saved_in_one_format_and_then_in_the_other(visit, session, cast):
    several(session, cast, 2, "submit")
    page = visit(cast.wang_qiang).go("/statistics/?rows=type")
    for format_ in ("csv", "xlsx"):
        with page.expect_download(timeout=5_000) as saved:
            page.locator(name_of(format_)).click(timeout=5_000)
        assert saved.value.suggested_filename.endswith(format_)
