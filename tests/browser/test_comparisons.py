"""Compare again: the page says that it runs and shows the answers by itself; without scripts it is opened anew."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.conftest import working
from tests.neighbours import OTHER, OTHER_NAME, OWN, work

RUNNING = "#comparisons[data-running]"


@pytest.fixture
def flagged(app, neighbours, submitted, clock):
    """Somebody else had the person insured; by now it is the applicant alone."""
    neighbours.insure(submitted.id_number, OTHER)
    work(app)
    neighbours.insure(submitted.id_number, OWN)
    clock.shift(timedelta(minutes=1))
    return submitted


@pytest.mark.parametrize("width", [1440, 360])
def test_the_panel_says_that_the_comparison_runs_and_shows_the_answers_by_itself(
    app, visit, cast, flagged, width
):
    visitor = visit(cast.wang_qiang, width=width)
    page = visitor.go(f"/review/{flagged.id}")
    expect(page.locator("[data-worst]")).to_have_text("有异常")
    page.locator("#step-accept").evaluate("one => one.dataset.untouched = 'yes'")
    page.get_by_role("button", name="重新比对").click()
    expect(page.locator(f"{RUNNING} [role=status]")).to_be_focused()
    expect(page.locator(RUNNING)).to_contain_text("结果将自动显示在此处")
    expect(page.locator(RUNNING)).to_contain_text(OTHER_NAME)
    assert violations(page) == []
    assert visitor.overflow() == 0
    with working(app):
        expect(page.locator(RUNNING)).to_have_count(0)
        expect(page.locator("[data-comparison=insurance]")).to_contain_text("无异常")
    expect(page.locator("[data-worst]")).to_have_text("无异常")
    expect(page.locator("#toasts")).to_contain_text("比对已完成")
    expect(page.get_by_role("button", name="重新比对")).to_be_focused()
    assert page.locator("[data-untouched]").count() == 1, "the page was not opened anew"


def test_a_page_that_is_opened_while_the_comparison_runs_follows_it(app, visit, cast, flagged):
    first = visit(cast.wang_qiang).go(f"/review/{flagged.id}")
    first.get_by_role("button", name="重新比对").click()
    expect(first.locator(RUNNING)).to_be_visible()
    page = visit(cast.chen_jing).go(f"/review/{flagged.id}")
    expect(page.locator(RUNNING)).to_contain_text("结果将自动显示在此处")
    with working(app):
        expect(page.locator("[data-comparison=insurance]")).to_contain_text("无异常")


def test_without_scripts_a_link_opens_the_case_anew(app, visit, cast, flagged):
    page = visit(cast.wang_qiang, scripts=False).go(f"/review/{flagged.id}?list=desk%3Dwaiting")
    page.get_by_role("button", name="重新比对").click()
    expect(page.locator(f"{RUNNING} [role=status]")).to_contain_text("正在比对。")
    work(app)
    page.get_by_role("link", name="请重新打开本件查看结果").click()
    expect(page.locator(RUNNING)).to_have_count(0)
    expect(page.locator("[data-comparison=insurance]")).to_contain_text("无异常")
    assert page.url.endswith(f"/review/{flagged.id}?list=desk%3Dwaiting")
