"""Dates and charts under the content policy: by keyboard, in both languages, and open to everybody while open."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.cast import take
from tests.desk import declared


@pytest.fixture
def dated(visit, cast):
    """A form with a date, on a machine with a mouse."""

    def opened(**options):
        page = visit(cast.province_admin, **options).go("/holidays/add")
        return page, page.locator("input[name=day]")

    return opened


def test_a_date_is_typed_in_any_usual_way(dated):
    _, field = dated()
    for typed in ("2026年3月5日", "2026/3/5", "20260305", "2026-03-05", "2026.3.5"):
        field.fill(typed)
        field.press("Tab")
        expect(field).to_have_value("2026-03-05")
    field.fill("2026-02-30")
    field.press("Tab")
    expect(field).to_have_value("2026-02-30")  # no such day: it stays for the server to say so


def test_a_date_is_chosen_with_the_keyboard_alone(dated):
    page, field = dated()
    field.fill("2026-03-05")
    field.press("Tab")
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog", name=re.compile("选择日期"))
    expect(panel).to_be_visible()
    day = lambda name: panel.get_by_role("button", name=name, exact=True)  # noqa: E731 - read where it is used
    expect(day("3月5日")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(day("3月12日")).to_be_focused()
    page.keyboard.press("PageDown")
    expect(day("4月12日")).to_be_focused()
    page.keyboard.press("Enter")
    expect(field).to_have_value("2026-04-12")
    expect(panel).to_be_hidden()
    expect(page.locator(".date-open")).to_be_focused()
    page.keyboard.press("Enter")
    expect(panel).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(field).to_have_value("2026-04-12")


def test_a_year_is_chosen_from_a_list(dated):
    page, field = dated(language="en")
    page.locator(".date-open").click()
    panel = page.get_by_role("dialog")
    panel.get_by_label("Year").select_option("2024")
    panel.get_by_label("Month").select_option("02")
    panel.get_by_role("button", name="29 February", exact=True).click()
    expect(field).to_have_value("2024-02-29")


@pytest.mark.parametrize("dark", [False, True])
def test_the_open_calendar_is_open_to_everybody(dated, dark):
    page, _ = dated(dark=dark)
    page.locator(".date-open").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == []


def test_a_chart_is_drawn_and_its_numbers_stand_below_it(visit, session, cast):
    row = declared(session, cast, "submit")
    page = visit(cast.wang_qiang).go("/")
    figure = page.locator("figure.chart").first
    figure.scroll_into_view_if_needed()
    expect(figure.locator("canvas")).to_be_visible()
    figure.locator("summary").click()
    expect(figure.locator("table")).to_be_visible()
    assert violations(page) == []
    take(session, cast, row.id, "accept")
