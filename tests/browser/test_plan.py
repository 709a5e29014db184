"""A bulk decision in the browser: all that match, the plan, the yes, the result."""

from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.desk import several


def test_all_that_match_are_planned_confirmed_and_told(visit, cast, session):
    rows = several(session, cast, 3, "submit")
    visitor = visit(cast.wang_qiang)
    visitor.go("/review/?state=submitted")
    page = visitor.page
    page.locator("[data-matching]").check()
    page.locator("#bulk button[value=accept]").click()
    expect(page.locator(".plan-pass dd")).to_have_text("3")
    assert violations(page) == []
    page.locator(".plan-pass summary").click()
    expect(page.get_by_text(str(rows[0].number))).to_be_visible()
    page.locator(".form-buttons button[type=submit]").click()
    page.locator("#result a").first.click()
    expect(page.locator("tbody tr")).to_have_count(3)
    assert violations(page) == []


def test_the_plan_fits_a_phone_and_reads_in_english_and_in_the_dark(visit, cast, session):
    several(session, cast, 2, "submit", "accept")
    visitor = visit(cast.wang_qiang, width=360, language="en", dark=True)
    visitor.go("/review/?state=accepted")
    page = visitor.page
    page.locator("[data-matching]").check()
    page.locator("#bulk button[value=endorse]").click()
    expect(page.locator(".plan-pass dd")).to_have_text("2")
    assert not visitor.overflow()
    assert violations(page) == []
