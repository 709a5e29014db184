"""The workbench under the hands of a reviewer: by keys alone, beside a colleague, on a telephone."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.models import Attachment, Claim, Decision, Declaration, State
from app.services import files
from tests.browser.axe import violations
from tests.cast import take
from tests.desk import audited, colleague_of, declared, several, state_of
from tests.services.test_pdf_pages import document

LIST = "?list=desk%3Dwaiting%26sort%3Dnumber"


def opened(visitor, row, list_=LIST):
    """The page of a case, once its script has claimed it and shown the first paper."""
    page = visitor.page
    with page.expect_response(re.compile("/claim$")):
        visitor.go(f"/review/{row.id}{list_}")
    expect(page.locator("[data-stage] .sheet img")).to_be_visible()
    return page


def give_reason_by_keys(page):
    """The mark beside the telephone, its first ready sentence, and Enter, which closes the reason again."""
    flag = page.locator('[data-flag="phone"]')
    flag.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(flag.locator("input")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(flag.locator("input")).to_have_value(re.compile("无法接通"))
    page.keyboard.press("Enter")
    expect(flag.locator("summary")).to_be_focused()


def test_a_case_is_returned_by_keys_alone_with_ready_sentences_and_the_next_one_opens(visit, session, cast):
    first, second = several(session, cast, 2, "submit")
    page = opened(visit(cast.wang_qiang), first)
    expect(page.locator("[data-mine]")).to_be_visible()
    name = page.locator("[data-name]")
    before = name.inner_text()
    page.keyboard.press("n")
    expect(name).not_to_have_text(before)
    expect(page.locator("[data-stage] .sheet img")).to_be_visible()
    page.keyboard.press("+")
    expect(name).to_contain_text("%")
    page.keyboard.press("]")
    expect(name).to_contain_text("90")
    page.keyboard.press("c")
    expect(page.locator("[data-stage-beside] .sheet img")).to_be_visible()

    give_reason_by_keys(page)
    assert state_of(session, first.id) == State.SUBMITTED

    page.keyboard.press("r")
    text = page.locator("#text-return")
    expect(text).to_be_focused()
    page.keyboard.type("jak")
    expect(text).to_have_value("jak")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("Delete")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(text).to_have_value(re.compile("逐项意见"))
    expect(page.locator("[data-given]")).to_contain_text("无法接通")
    page.locator("#step-return [data-onward]").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert f"/review/{second.id}" in page.url
    assert state_of(session, first.id) == State.RETURNED
    decision = session.scalars(select(Decision).where(Decision.action == "return")).one()
    assert "逐项意见" in decision.opinion
    assert "无法接通" in decision.field_reasons


def test_no_key_decides_and_all_rest_when_they_are_switched_off(visit, session, cast):
    row = declared(session, cast, "submit")
    page = opened(visit(cast.wang_qiang), row)
    page.keyboard.press("a")
    expect(page.locator("#step-accept")).to_be_visible()
    assert state_of(session, row.id) == State.SUBMITTED
    page.keyboard.press("Escape")
    expect(page.locator("#step-accept")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    assert violations(page) == []
    page.locator("[data-keys-on]").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.keyboard.press("r")
    expect(page.locator("#step-accept")).to_be_hidden()
    expect(page.locator("#step-return")).to_be_hidden()
    page.reload()
    page.keyboard.press("a")
    expect(page.locator("#step-accept")).to_be_hidden()


def test_a_paper_is_read_once_however_often_one_comes_back_to_it(visit, session, cast):
    row = declared(session, cast, "submit")
    page = opened(visit(cast.wang_qiang), row)
    for key in "npnp":
        page.keyboard.press(key)
        expect(page.locator("[data-stage] .sheet img")).to_be_visible()
    page.keyboard.press("c")
    expect(page.locator("[data-stage-beside] .sheet img")).to_be_visible()
    assert len({line.subject_id for line in audited(session, "file.read")}) == 2
    assert len(audited(session, "file.read")) == 2
    expect(page.locator("[data-seen]:visible")).to_have_count(2)


def test_the_pages_of_a_long_document_follow_one_another(visit, session, cast):
    row = declared(session, cast, "submit")
    stored = files.store(session, document(8), "application/pdf")
    attachment = session.scalars(
        select(Attachment).where(Attachment.declaration_id == row.id, Attachment.kind == "education")
    ).one()
    attachment.file_id = stored.id
    session.commit()
    page = opened(visit(cast.wang_qiang), row)
    page.locator(f'[data-paper="{attachment.id}"]').click()
    expect(page.locator("[data-stage] .sheet")).to_have_count(6)
    page.locator(".stage-more").click()
    expect(page.locator("[data-stage] .sheet")).to_have_count(8)
    expect(page.locator(".stage-more")).to_have_count(0)


def test_two_officers_see_each_other_and_the_second_takes_the_case_over(visit, session, cast):
    row = declared(session, cast, "submit")
    page = opened(visit(cast.wang_qiang), row)
    other = opened(visit(colleague_of(session, cast.wang_qiang)), row)
    expect(other.locator("#holder")).to_contain_text("王强")
    expect(page.locator("#holder")).to_be_hidden()
    other.locator(".take-over summary").click()
    with other.expect_navigation():
        other.locator(".take-over button").click()
    expect(other.locator("#holder")).to_be_hidden()
    with page.expect_response(re.compile("/claim$")):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#holder")).to_contain_text("孙丽")
    expect(page.locator("[data-mine]")).to_be_hidden()


def test_a_case_that_is_left_is_given_back(visit, session, cast):
    row = declared(session, cast, "submit")
    visitor = visit(cast.wang_qiang)
    page = opened(visitor, row)
    assert session.scalars(select(Claim)).all()
    visitor.go("/review/")
    # The last word of a page arrives when it arrives; each look at the list gives it time.
    for _ in range(20):
        page.reload()
        session.rollback()
        if not session.scalars(select(Claim)).all():
            return
    pytest.fail("The case is still claimed.")


def test_only_what_changed_is_shown_when_one_asks_for_it(visit, session, cast):
    row = declared(session, cast, "submit", "return")
    live = session.get_one(Declaration, row.id)
    live.school = "改后大学"
    session.commit()
    take(session, cast, row.id, "submit")
    session.rollback()
    page = opened(visit(cast.wang_qiang), row)
    expect(page.locator("#said-phone")).to_be_visible()
    page.keyboard.press("d")
    expect(page.locator("#said-phone")).to_be_hidden()
    expect(page.locator("#said-school del")).to_be_visible()
    assert violations(page) == []


def test_reasons_at_fields_are_not_lost_without_a_word(visit, session, cast):
    row = declared(session, cast, "submit")
    page = opened(visit(cast.wang_qiang), row)
    page.locator('[data-flag="phone"] summary').click()
    page.locator('[data-flag="phone"] input').fill("无法接通")
    page.locator('[data-flag="phone"] input').press("Enter")
    page.keyboard.press("a")
    expect(page.locator("#step-accept [data-unsent]")).to_contain_text("1")


@pytest.mark.parametrize("dark", [False, True])
def test_the_workbench_reads_well_in_both_modes_and_languages(visit, session, cast, dark):
    row = declared(session, cast, "submit")
    page = opened(visit(cast.wang_qiang, dark=dark, language="en" if dark else "zh"), row)
    assert violations(page) == []
    page.keyboard.press("r")
    assert violations(page) == []


def test_the_workbench_works_on_a_telephone(visit, session, cast):
    row = declared(session, cast, "submit")
    visitor = visit(cast.wang_qiang, width=360)
    page = opened(visitor, row)
    assert visitor.overflow() <= 0
    page.locator("[data-step=return] summary").click()
    expect(page.locator("#text-return")).to_be_in_viewport()
    page.locator("#text-return").fill("请补正材料。")
    with page.expect_navigation():
        page.locator("#step-return [data-confirm]").click()
    assert state_of(session, row.id) == State.RETURNED
