"""A browser whose scripts are switched off: slower to the hand, and everything is there."""

import pytest
from playwright.sync_api import expect

from app.models import State
from tests.desk import audited, declared, state_of


@pytest.mark.parametrize("width", [1440, 360])
def test_a_number_is_shown_in_full_and_the_look_is_recorded(visit, session, cast, width):
    row = declared(session, cast, "submit")
    page = visit(cast.wang_qiang, width=width, scripts=False).go("/review/")
    expect(page.locator("main")).not_to_contain_text(row.id_number)
    page.locator(".rows tbody tr td.acts a").first.click()
    page.locator("#said-id_number .sealed button").click()
    expect(page.locator("main")).to_contain_text(row.id_number)
    assert [(one.subject_id, one.action) for one in audited(session, "reveal")] == [(str(row.id), "reveal")]
    page.locator(".form-buttons a").click()
    expect(page.locator("#said-id_number")).to_contain_text("****")


def test_with_scripts_the_number_appears_in_its_place(visit, session, cast):
    row = declared(session, cast, "submit")
    page = visit(cast.wang_qiang).go(f"/review/{row.id}")
    page.locator("#said-id_number .sealed button").click()
    expect(page.locator("#said-id_number")).to_contain_text(row.id_number)
    expect(page.locator("#said-id_number .sealed button")).to_have_count(0)
    assert page.url.endswith(f"/review/{row.id}")


def test_a_list_is_narrowed_and_a_case_decided(visit, session, cast):
    row = declared(session, cast, "submit")
    page = visit(cast.wang_qiang, scripts=False).go("/review/?all=1")
    page.fill("#q", row.name)
    page.keyboard.press("Enter")
    expect(page.locator(".chip-on")).to_contain_text(row.name)
    page.locator(".rows tbody tr td.acts a").first.click()
    page.locator("[data-step=accept] summary").click()
    page.locator("#step-accept [data-confirm]").click()
    assert state_of(session, row.id) == State.ACCEPTED
