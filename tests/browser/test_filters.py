"""Every kind of filter on one list: set by hand, together, taken off one by one, and opened again by its address."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.cast import take
from tests.desk import declared, several

TICKS = ".rows tbody input[name=ids]"


@pytest.fixture
def rows(session, cast):
    """Four that wait at 长沙, two of them accepted; the last one is of another enterprise."""
    found = several(session, cast, 3, "submit")
    found.append(declared(session, cast, "submit", clerk=cast.fang_yuan, serial=4))
    for row in (found[0], found[3]):
        take(session, cast, row.id, "accept")
    session.rollback()
    return found


class Bar:
    """The filters of a list under somebody's hands."""

    def __init__(self, page):
        self.page = page

    def open(self, label):
        self.page.locator(".chip summary", has_text=label).first.click()
        return self.page.locator(".chip details[open]")

    def apply(self):
        with self.page.expect_navigation():
            self.page.locator(".chip details[open] button[type=submit]").click()

    def tick(self, label, *values):
        editor = self.open(label)
        for value in values:
            editor.get_by_label(value, exact=True).check()
        self.apply()

    def search(self, text):
        self.page.fill("#q", text)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def finds(self, count):
        expect(self.page.locator(TICKS)).to_have_count(count)

    @property
    def on(self):
        return self.page.locator(".chip-on")


@pytest.mark.parametrize("width", [1440, 360])
def test_all_kinds_together_off_one_by_one_and_again_by_their_address(visit, cast, rows, width):
    visitor = visit(cast.wang_qiang, width=width)
    bar = Bar(visitor.go("/review/?all=1"))
    bar.finds(4)

    def unfold():
        if width == 360:
            bar.page.locator("[data-more]").click()

    unfold()
    bar.tick("状态", "已上报", "已受理")  # several values of one filter
    bar.finds(4)
    unfold()
    bar.tick("业务范围", "待本单位办理")
    unfold()
    bar.tick("申报类型", "初始申报")
    unfold()
    bar.tick("办理时限", "时限充足")
    unfold()
    bar.tick("注册专业", "建筑工程")
    bar.finds(4)
    unfold()
    bar.open("上报时间")
    bar.page.locator("input[name=submitted_at_from]").fill("2026-05-30")
    bar.page.locator("input[name=submitted_at_to]").fill("2026-06-02")
    bar.apply()
    bar.finds(4)
    unfold()
    bar.open("企业")
    bar.page.locator("input[name=enterprise_id_like]").press_sequentially(rows[3].enterprise_name[:4])
    bar.page.locator("[data-offered=enterprise_id] label", has_text=rows[3].enterprise_name).click()
    bar.apply()
    bar.finds(1)
    bar.search(rows[3].name[0])  # one character is enough
    bar.finds(1)
    expect(bar.on).to_have_count(8)
    assert violations(bar.page) == []
    assert visitor.overflow() <= 0
    taken_off(Bar(visit(cast.wang_qiang).go(bar.page.url.removeprefix(visitor.site.address))), 8)


def taken_off(bar, count):
    """The same list by its address: as many chips, and each of them can be taken off until all rows are back."""
    expect(bar.on).to_have_count(count)
    bar.finds(1)
    for left in range(count - 1, -1, -1):
        with bar.page.expect_navigation():
            bar.on.last.locator(".chip-drop").click()
        expect(bar.on).to_have_count(left)
    bar.finds(4)
    assert bar.page.url.endswith("all=1")


def test_text_of_one_to_many_characters_and_the_exact_number(visit, cast, rows):
    wanted = rows[0]
    bar = Bar(visit(cast.wang_qiang).go("/review/?all=1"))
    for typed in (wanted.name[0], wanted.name[1:], wanted.name, wanted.number, wanted.id_number):
        bar.search(typed)
        bar.finds(1)
        expect(bar.page.locator(".rows tbody")).to_contain_text(wanted.name)
        assert wanted.id_number not in bar.page.url
    bar.search(wanted.id_number[:-1])  # a part of a number finds nobody
    bar.finds(0)


@pytest.mark.parametrize(("choice", "count"), [("时限充足", 4), ("已超期", 0)])
def test_the_days_that_are_left_are_a_filter(visit, cast, rows, choice, count):
    bar = Bar(visit(cast.wang_qiang).go("/review/?all=1"))
    bar.tick("办理时限", choice)
    bar.finds(count)
    assert re.search("due=", bar.page.url)
