"""Whoever was away too long goes on in place, wherever he typed something: nothing is lost, nothing sent twice."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.cli.demo import PASSWORD
from app.models import Account, Decision, Declaration, Person, RegistrationLock, State
from tests.browser.axe import violations
from tests.cast import file_draft
from tests.desk import declared, several, state_of
from tests.logins import code

LUNCH = timedelta(hours=3)


def returning(visit, cast, row):
    """王强 has the case before him, and has typed why he returns it."""
    page = visit(cast.wang_qiang).go(f"/review/{row.id}")
    page.locator("[data-step=return] summary").click()
    page.locator("#text-return").fill("请补正材料。")
    return page


def go_to_lunch(page, clock):
    """Leave when nothing is under way: a request that ends after lunch would have kept the session alive."""
    page.wait_for_load_state("networkidle")
    clock.shift(LUNCH)


def come_back(page, *, officer=False):
    """Type the password, and what an authenticator shows, into the question that stands over the page."""
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    page.locator("#again-password").fill(PASSWORD)
    page.keyboard.press("Enter")
    if officer:
        page.locator("#again-code").fill(code())
        page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)


def test_an_officer_decides_after_lunch_with_the_words_from_before(visit, session, cast, clock):
    row = declared(session, cast, "submit")
    page = returning(visit, cast, row)
    page.locator('[data-flag="phone"] summary').click()
    page.locator('[data-flag="phone"] input').fill("无法接通")
    go_to_lunch(page, clock)
    page.locator("#step-return [data-confirm]").click()
    expect(page.get_by_role("dialog")).to_contain_text("王强")
    assert violations(page) == []
    with page.expect_navigation():
        come_back(page, officer=True)
    assert state_of(session, row.id) == State.RETURNED
    decision = session.scalars(select(Decision).where(Decision.action == "return")).one()
    assert (decision.opinion, "无法接通" in decision.field_reasons) == ("请补正材料。", True)


def test_whoever_declines_keeps_the_case_and_his_words(visit, session, cast, clock):
    row = declared(session, cast, "submit")
    page = returning(visit, cast, row)
    go_to_lunch(page, clock)
    page.locator("#step-return [data-confirm]").click()
    page.get_by_role("dialog").get_by_role("button", name="暂不登录").first.click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("#text-return")).to_have_value("请补正材料。")
    expect(page.locator("#toasts")).to_be_empty()
    assert state_of(session, row.id) == State.SUBMITTED


def test_a_cookie_that_was_replaced_meanwhile_costs_no_second_password(visit, session, cast, clock):
    row = declared(session, cast, "submit")
    page = returning(visit, cast, row)
    go_to_lunch(page, clock)
    page.locator("#step-return [data-confirm]").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.context.clear_cookies(name="visitor")  # as a page in another tab does that was given one of its own
    with page.expect_navigation():
        come_back(page, officer=True)
    assert state_of(session, row.id) == State.RETURNED


def test_without_a_line_nothing_is_sent_and_that_is_said(visit, session, cast):
    row = declared(session, cast, "submit")
    page = returning(visit, cast, row)
    page.route("**/login/again/**", lambda route: route.abort())
    page.locator("#step-return [data-confirm]").click()
    expect(page.locator("#toasts")).to_contain_text("无法连接")
    expect(page.locator("#text-return")).to_have_value("请补正材料。")
    assert state_of(session, row.id) == State.SUBMITTED


def test_a_plan_is_confirmed_after_lunch(visit, session, cast, clock):
    rows = several(session, cast, 2, "submit", "accept")
    page = visit(cast.wang_qiang).go("/review/?state=accepted")
    page.locator("[data-matching]").check()
    page.locator("#bulk button[value=endorse]").click()
    page.locator("#answer-text").fill("符合条件。")
    go_to_lunch(page, clock)
    page.locator(".form-buttons button[type=submit]").click()
    with page.expect_navigation():
        come_back(page, officer=True)
    page.wait_for_url("**/jobs/*")
    assert {state_of(session, row.id) for row in rows} == {State.ENDORSED}


def test_a_person_is_locked_after_lunch(visit, session, cast, clock):
    number = session.get_one(Person, cast.zhang_wei.actor.person_id).id_number
    session.rollback()
    page = visit(cast.chen_jing).go("/locks/add")
    page.fill("#f-name", cast.zhang_wei.name)
    page.fill("#f-id_number", number)
    page.check("#f-everything")
    page.fill("#f-reason", "公安机关协查。")
    go_to_lunch(page, clock)
    page.locator(".form-foot button[type=submit]").click()
    with page.expect_navigation():
        come_back(page, officer=True)
    assert session.scalars(select(RegistrationLock.reason)).all() == ["公安机关协查。"]


def test_a_rejection_at_the_counter_is_sent_after_lunch(visit, session, cast, clock):
    person = session.get_one(Person, cast.zhang_wei.actor.person_id)
    person.real_name_state = "waiting"
    session.commit()
    page = visit(cast.wang_qiang).go(f"/real-name-counter/{person.id}")
    page.get_by_role("button", name="核验不通过").click()
    page.locator("#answer-reason").fill("照片与本人不符。")
    go_to_lunch(page, clock)
    page.locator(".form-buttons button[type=submit]").click()
    with page.expect_navigation():
        come_back(page, officer=True)
    session.rollback()
    assert (person.real_name_state, person.rejected_reason) == ("rejected", "照片与本人不符。")


def test_an_account_is_opened_after_lunch(visit, session, cast, clock):
    page = visit(cast.admin).go("/accounts/open/Provincial")
    page.locator("[name=login_name]").fill("province-9")
    page.locator("[name=display_name]").fill("孙丽")
    go_to_lunch(page, clock)
    page.locator(".form-foot button[type=submit]").click()
    with page.expect_navigation():
        come_back(page, officer=True)
    expect(page.locator("main")).to_contain_text("province-9")
    assert session.scalars(select(Account.id).where(Account.login_name == "province-9")).one()


def test_a_clerk_finds_her_person_after_lunch(visit, session, cast, clock):
    number = session.get_one(Person, cast.zhang_wei.actor.person_id).id_number
    session.rollback()
    page = visit(cast.li_juan).go("/declarations/initial-registration/add")
    page.fill("#person-name", cast.zhang_wei.name)
    page.fill("#person-number", number)
    go_to_lunch(page, clock)
    page.get_by_role("button", name="查询").click()
    with page.expect_navigation():
        come_back(page)
    expect(page.locator("[data-row]")).to_have_count(1)


def test_a_reason_for_an_export_is_not_typed_twice(visit, session, cast, clock):
    several(session, cast, 1, "submit")
    page = visit(cast.chen_jing).go("/review/?state=submitted")
    page.locator("input[name=unmasked]").check()
    page.locator("button[name=format][value=csv]").click()
    page.fill("#reason", "年度数据核对")
    go_to_lunch(page, clock)
    with page.expect_download() as saved:
        page.locator(".form-buttons button[type=submit]").click()
        come_back(page, officer=True)
    assert re.search(r"\.csv$", saved.value.suggested_filename)


@pytest.mark.parametrize("who", ["zhang_wei", "li_juan"])
def test_a_declaration_and_one_s_own_data_go_on_after_lunch(visit, session, cast, clock, who):
    member, model = getattr(cast, who), Declaration if who == "li_juan" else Person
    if who == "li_juan":
        url = f"/declarations/initial-registration/{file_draft(session, member, cast.zhang_wei)}/edit"
    else:
        url = f"/real-name/{member.actor.person_id}/edit"
    page = visit(member).go(url)
    field = page.locator("#f-school")
    field.fill("湖南示例大学")
    go_to_lunch(page, clock)
    page.get_by_role("button", name="保存").first.click()
    expect(page.get_by_role("dialog")).to_contain_text(member.name)
    with page.expect_navigation():
        come_back(page)
    session.rollback()
    assert session.scalars(select(model.school)).one() == "湖南示例大学"
