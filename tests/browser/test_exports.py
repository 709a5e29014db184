"""Exports as people meet them: the buttons of the list, the reason, the page of the job, and the file itself."""

import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from app.services.exports import asking
from tests.browser.axe import violations
from tests.desk import several

LIST = "/review/?state=submitted"


def name_of(button: str) -> str:
    return f"button[name=format][value={button}]"


def cells(path) -> list[list[str]]:
    book = load_workbook(io.BytesIO(Path(path).read_bytes()))
    return [["" if cell is None else cell for cell in row] for row in book.active.values]


def test_a_small_list_is_saved_at_once_and_is_what_the_database_holds(visit, session, cast):
    rows = several(session, cast, 3, "submit")
    page = visit(cast.wang_qiang).go(LIST)
    with page.expect_download() as saved:
        page.locator(name_of("xlsx")).click()
    found = cells(saved.value.path())
    assert {row.number for row in rows} == {row[0] for row in found[4:]}


@pytest.mark.parametrize(("width", "language"), [(1440, "zh"), (360, "en")])
def test_a_large_list_is_followed_on_its_page_until_its_file_can_be_fetched(
    visit, session, cast, worker, monkeypatch, width, language
):
    monkeypatch.setattr(asking, "STREAMED", -1)
    rows = several(session, cast, 2, "submit")
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


def test_a_table_of_statistics_is_saved_in_one_format_and_then_in_the_other(visit, session, cast):
    several(session, cast, 2, "submit")
    page = visit(cast.wang_qiang).go("/statistics/?rows=type")
    for format_ in ("csv", "xlsx"):
        with page.expect_download(timeout=5_000) as saved:
            page.locator(name_of(format_)).click(timeout=5_000)
        assert saved.value.suggested_filename.endswith(format_)
