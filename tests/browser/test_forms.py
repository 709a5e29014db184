"""Forms in a real browser: faults are found, input survives closing and time-outs, and nobody is warned for nothing."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.cli.demo import PASSWORD
from app.models import Enterprise, FormDraft
from tests.browser import axe
from tests.cast import file_draft
from tests.logins import code

LUNCH = timedelta(hours=3)


@pytest.fixture
def url(cast):
    return f"/enterprise/{cast.li_juan.actor.enterprise_id}/edit"


@pytest.fixture
def contact(session, cast):
    """The contact person of 李娟's enterprise as it is stored now."""

    def read():
        session.rollback()
        query = select(Enterprise.contact_name).where(Enterprise.id == cast.li_juan.actor.enterprise_id)
        return session.scalar(query)

    return read


def test_a_wrong_value_in_each_section_is_found_from_the_summary(visit, cast, url):
    visitor = visit(cast.li_juan)
    page = visitor.go(url)
    page.fill("#f-email", "nobody")
    page.fill("#f-insurance_user", "user")
    page.get_by_role("button", name="保存").click()
    summary = page.locator("#problems")
    expect(summary).to_be_focused()
    expect(summary.locator("li")).to_have_count(2)
    assert page.locator("[data-sections] .section-faults").count() == 1
    summary.get_by_role("link").first.click()
    expect(page.locator("#f-email")).to_be_focused()
    expect(page.locator("#f-email")).to_have_value("nobody")
    summary.get_by_role("link").nth(1).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#f-agreed")).to_be_focused()
    assert axe.violations(page) == []


@pytest.mark.parametrize("who", ["li_juan", "zhang_wei"])
def test_a_wrong_value_in_each_section_is_counted_named_and_reached(visit, cast, session, who):
    """A declaration, and what a person tells of himself: every section that asks something gets something wrong."""
    address = f"/real-name/{cast.zhang_wei.actor.person_id}/edit"
    if who == "li_juan":
        address = (
            f"/declarations/initial-registration/{file_draft(session, cast.li_juan, cast.zhang_wei)}/edit"
        )
    page = visit(getattr(cast, who)).go(address)
    wrong = {}
    for section in page.locator("fieldset.section").all():
        fields = section.locator("input[data-datepicker], input[inputmode]")
        if fields.count():
            fields.first.fill("？")
            wrong[section.get_attribute("id")] = fields.first.get_attribute("id")
    assert len(wrong) > 1
    page.get_by_role("button", name="保存").first.click()
    summary = page.locator("#problems")
    expect(summary).to_be_focused()
    for section, field in wrong.items():
        expect(page.locator(f'[data-sections] a[href="#{section}"] .section-faults')).to_be_visible()
        summary.locator(f'a[href="#{field}"]').first.click()
        expect(page.locator(f"#{field}")).to_be_focused()
        expect(page.locator(f"#{field}")).to_have_value("？")
        expect(page.locator(f"#{field}-error")).to_be_visible()
    page.evaluate(
        "scrollTo(0, 0)"
    )  # a field that has half gone under the bar of the sections is none to be hit
    assert axe.violations(page) == []


def test_a_fault_is_said_once_and_not_any_more_when_it_was_put_right(visit, cast, session):
    page = visit(cast.li_juan).go(
        f"/declarations/initial-registration/{file_draft(session, cast.li_juan, cast.zhang_wei)}/edit"
    )
    page.fill("#f-phone", "abc")
    page.get_by_role("button", name="保存", exact=True).click()
    at_field = page.locator("#said-phone")
    expect(page.locator("#problems li")).to_have_count(1)
    expect(page.locator("[data-sum]")).not_to_be_empty()
    with page.expect_response("**/precheck"):
        page.fill("#f-phone", "abcd")
    expect(at_field.get_by_text("电话号码格式不正确").locator("visible=true")).to_have_count(1)
    page.fill("#f-phone", "0731-12340000")
    expect(at_field.get_by_text("电话号码格式不正确").locator("visible=true")).to_have_count(0)
    expect(page.locator("#f-phone")).to_have_attribute("aria-invalid", "false")


def test_input_survives_a_closed_browser(visit, cast, url, contact, session):
    page = visit(cast.li_juan).go(url)
    page.clock.install()
    before = contact()
    page.fill("#f-contact_name", "方圆")
    page.fill("#f-insurance_password", "geheim-2026")
    with page.expect_response("**/keep"):
        page.clock.fast_forward(11_000)
    expect(page.locator("[data-kept]")).to_contain_text("自动暂存")
    assert contact() == before
    again = visit(cast.li_juan).go(url)
    expect(again.locator("#f-contact_name")).to_have_value(before)
    again.get_by_role("link", name="恢复").click()
    expect(again.locator("#f-contact_name")).to_have_value("方圆")
    expect(again.locator("#f-insurance_password")).to_have_value("")
    assert axe.violations(again) == []
    again.get_by_role("button", name="保存").click()
    again.wait_for_url("**/enterprise/*")
    assert contact() == "方圆"
    assert session.scalars(select(FormDraft)).all() == []


def test_who_goes_on_after_a_time_out_logs_in_in_place(visit, cast, url, contact, clock):
    page = visit(cast.li_juan).go(url)
    page.fill("#f-contact_name", "方圆")
    clock.shift(LUNCH)
    page.get_by_role("button", name="保存").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("李娟")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert").first).to_have_text("密码不正确。")
    assert axe.violations(page) == []
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/enterprise/*")
    assert contact() == "方圆"


def test_an_officer_shows_the_second_factor_in_place(visit, cast, clock):
    page = visit(cast.province_admin).go("/holidays/add")
    page.fill("#f-name", "补班")
    clock.shift(LUNCH)
    page.get_by_role("button", name="保存").click()
    page.locator("#again-password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("#again-code").fill(code())
    page.keyboard.press("Enter")
    expect(page.locator("#problems")).to_be_focused()  # a holiday needs a day
    expect(page.locator("#f-name")).to_have_value("补班")


def test_who_declines_keeps_the_page_as_it_is(visit, cast, url, contact, clock):
    page = visit(cast.li_juan).go(url)
    before = contact()
    page.fill("#f-contact_name", "方圆")
    clock.shift(LUNCH)
    page.get_by_role("button", name="保存").click()
    page.get_by_role("dialog").get_by_role("button", name="暂不登录").first.click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("#f-contact_name")).to_have_value("方圆")
    assert contact() == before


def test_leaving_is_asked_about_only_when_something_is_unsaved(visit, cast, url):
    page = visit(cast.li_juan).go(url)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.fill("#f-contact_name", "方圆")
    page.fill("#f-contact_name", page.locator("#f-contact_name").get_attribute("value"))
    page.reload()
    assert asked == []
    page.fill("#f-contact_name", "方圆")
    page.reload()
    assert asked == ["beforeunload"]
    page.fill("#f-contact_name", "方圆")
    page.get_by_role("button", name="保存").click()
    page.wait_for_url("**/enterprise/*")
    assert asked == ["beforeunload"]


@pytest.mark.parametrize("dark", [False, True])
def test_a_form_fits_a_telephone(visit, cast, url, dark):
    visitor = visit(cast.li_juan, width=360, language="en", dark=dark)
    page = visitor.go(url)
    page.fill("#f-email", "nobody")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#problems")).to_be_focused()
    assert visitor.overflow() <= 0
    assert axe.violations(page) == []


def test_what_stands_beside_a_field_is_read_with_it(visit, cast, url):
    page = visit(cast.li_juan).go(url)
    page.fill("#f-mobile", "123")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#problems")).to_be_focused()
    field = page.locator("#f-mobile")
    expect(field).to_have_accessible_description(re.compile("已保存：.*手机号", re.DOTALL))
