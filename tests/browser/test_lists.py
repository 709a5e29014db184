"""A list under the hands of an officer: ticks that stay, filters as chips, columns and views, on a telephone too."""

from urllib.parse import parse_qs, unquote

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.desk import declared, several

TICKS = ".rows tbody input[name=ids]"


@pytest.fixture
def desk(visit, session, cast):
    """王强 before his work list, twenty of its twenty-three cases on the page, by their numbers."""
    several(session, cast, 23, "submit")
    visitor = visit(cast.wang_qiang)
    visitor.go("/review/?desk=waiting&size=20&sort=number")
    return visitor


def selected(page) -> str:
    return page.locator("[data-count]").inner_text()


def sent_by(page, action: str) -> dict[str, list[str]]:
    """What the list sends when this button is pressed."""
    with page.expect_request("**/review/act") as asked:
        page.locator(f"#bulk button[value={action}]").click()
    return parse_qs(asked.value.post_data, keep_blank_values=True)


def test_ticks_stay_while_one_turns_sorts_and_refreshes(desk):
    page = desk.page
    page.locator(TICKS).nth(0).click()
    page.locator(TICKS).nth(3).click()
    chosen = {page.locator(TICKS).nth(place).get_attribute("value") for place in (0, 3)}
    page.locator("a[rel=next]").click()
    expect(page.locator(TICKS)).to_have_count(3)
    page.locator(TICKS).nth(1).click()
    chosen.add(page.locator(TICKS).nth(1).get_attribute("value"))
    expect(page.locator("[data-count]")).to_contain_text("3")
    page.locator("[data-refresh]").click()
    expect(page.locator(TICKS).nth(1)).to_be_checked()
    page.locator("a.sorter").first.click()
    expect(page.locator("[data-count]")).to_contain_text("3")
    assert set(sent_by(page, "accept")["ids"]) == chosen


def test_all_that_match_but_the_exceptions_are_sent_as_a_filter(desk):
    page = desk.page
    page.locator("[data-matching]").check()
    expect(page.locator("[data-count]")).to_contain_text("23")
    expect(page.locator(f"{TICKS}:checked")).to_have_count(20)
    page.locator(TICKS).nth(2).click()
    left_out = page.locator(TICKS).nth(2).get_attribute("value").partition(":")[0]
    page.locator("a[rel=next]").click()
    expect(page.locator("[data-count]")).to_contain_text("22")
    expect(page.locator(f"{TICKS}:checked")).to_have_count(3)
    sent = sent_by(page, "accept")
    assert sent["select"] == ["matching"]
    assert sent["except"] == [left_out]
    assert "desk=waiting" in sent["list"][0]


def test_a_range_is_ticked_with_the_shift_key_and_a_page_with_one_click(desk):
    page = desk.page
    page.locator(TICKS).nth(2).click()
    page.locator(TICKS).nth(6).click(modifiers=["Shift"])
    expect(page.locator(f"{TICKS}:checked")).to_have_count(5)
    page.locator("[data-tick-all]").click()
    expect(page.locator("[data-count]")).to_contain_text("20")
    page.locator("[data-unselect]").click()
    expect(page.locator("[data-count]")).to_be_hidden()
    expect(page.locator("#bulk button[value=accept]")).to_be_disabled()


def test_whoever_logs_out_leaves_no_ticks_behind(desk):
    page = desk.page
    page.locator(TICKS).first.click()
    assert page.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('ticks')).length") == 1
    page.evaluate("document.querySelector('form[data-logout]').requestSubmit()")
    page.wait_for_url(lambda url: "/review" not in url)
    assert page.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('ticks')).length") == 0


def test_the_number_of_a_person_is_in_no_address(visit, session, cast):
    row = declared(session, cast, "submit")
    visitor = visit(cast.wang_qiang)
    page = visitor.go("/review/")
    asked = []
    page.on("request", lambda request: asked.append(unquote(request.url)))
    page.fill("#q", row.id_number)
    page.keyboard.press("Enter")
    expect(page.locator(".chip-on").first).to_contain_text("****")
    expect(page.locator(TICKS)).to_have_count(1)
    page.locator("a.sorter").first.click()
    expect(page.locator(".chip-on").first).to_contain_text("****")
    page.locator(".rows tbody tr td.acts a").first.click()
    page.wait_for_url(f"**/review/{row.id}?**")
    assert asked
    assert not [address for address in asked if row.id_number in address]


@pytest.mark.parametrize("width", [1440, 360])
def test_filters_are_set_by_keys_alone(visit, session, cast, width):
    several(session, cast, 2, "submit")
    declared(session, cast, "submit", "accept", serial=5)
    visitor = visit(cast.wang_qiang, width=width)
    page = visitor.go("/review/?all=1")
    expect(page.locator(TICKS)).to_have_count(3)
    if width == 360:
        expect(page.locator(".chip-off").first).to_be_hidden()
        page.locator("[data-more]").focus()
        page.keyboard.press("Enter")
    page.locator(".chip summary", has_text="状态").focus()
    page.keyboard.press("Enter")
    expect(page.locator("input[name=state][value=draft]")).to_be_focused()
    assert violations(page) == []
    assert visitor.overflow() <= 0
    page.locator("input[name=state][value=accepted]").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator(".chip-on")).to_contain_text("已受理")
    expect(page.locator(TICKS)).to_have_count(1)
    assert "state=accepted" in page.url
    page.locator(".chip-drop").focus()
    page.keyboard.press("Enter")
    expect(page.locator(TICKS)).to_have_count(3)


def test_an_enterprise_is_found_by_a_part_of_its_name_in_the_own_city(visit, session, cast):
    declared(session, cast, "submit")
    other = declared(session, cast, "submit", clerk=cast.fang_yuan, serial=1)
    elsewhere = declared(session, cast, "submit", clerk=cast.liu_yang, serial=2)
    page = visit(cast.wang_qiang).go("/review/?all=1")
    page.locator(".chip summary", has_text="企业").click()
    offered = page.locator("[data-offered=enterprise_id]")
    page.locator("input[name=enterprise_id_like]").press_sequentially(other.enterprise_name[:4])
    expect(offered).to_contain_text(other.enterprise_name)
    assert elsewhere.enterprise_name not in offered.inner_text()
    offered.locator("label", has_text=other.enterprise_name).locator("input").check()
    page.locator(".chip details[open] button[type=submit]").click()
    expect(page.locator(".chip-on")).to_contain_text(other.enterprise_name)
    expect(page.locator(TICKS)).to_have_count(1)


def test_columns_are_moved_by_keys_and_dropped_and_come_back(desk):
    page = desk.page
    heads = page.locator("thead th")
    first = heads.nth(2).inner_text()
    page.locator(".list-tools .drop summary").click()
    down = page.locator(".columns li", has_text="申报编号").locator("[data-move=down]")
    down.focus()
    page.keyboard.press("Enter")
    expect(down).to_be_focused()
    page.locator(".columns input[value=state]").uncheck()
    assert violations(page) == []
    page.locator("#columns .btn-primary").click()
    expect(heads.nth(3)).to_have_text(first)
    expect(page.locator("thead")).not_to_contain_text("状态")
    page.locator(".list-tools .drop summary").click()
    page.locator("#columns button[name=reset]").click()
    expect(heads.nth(2)).to_have_text(first)
    expect(page.locator("thead")).to_contain_text("状态")


def test_a_view_is_saved_opened_and_deleted(desk):
    page = desk.page
    page.locator(".views summary").first.click()
    page.fill("#view-name", "待受理")
    page.keyboard.press("Enter")
    tab = page.locator(".view-tab", has_text="待受理")
    expect(tab).to_have_attribute("aria-current", "page")
    desk.go("/review/?all=1")
    tab.click()
    expect(page.locator(".chip-on")).to_contain_text("待本单位办理")
    assert violations(page) == []
    page.locator(".views summary", has_text="管理此视图").click()
    page.locator("button[name=do][value=delete]").click()
    expect(tab).to_have_count(0)
