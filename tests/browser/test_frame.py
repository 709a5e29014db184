"""The frame around every page: the drawer of a phone, the narrow column, the colours, the other language."""

from playwright.sync_api import expect


def outside(page, selector):
    """Whether the focus is on something else of the page. The browser's own bar comes in turn, as `body`."""
    return page.evaluate(
        "selector => document.activeElement !== document.body && !document.activeElement.closest(selector)",
        selector,
    )


def background(page):
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


def test_the_drawer_of_a_phone_keeps_the_focus_until_it_is_shut(visit, cast):
    page = visit(cast.zhang_wei, width=360).go("/")
    toggle = page.locator("#nav-toggle")
    expect(page.locator("#nav")).to_be_hidden()
    toggle.press("Enter")
    expect(page.locator("#nav")).to_be_visible()
    expect(toggle).to_have_attribute("aria-expanded", "true")
    for _ in range(30):
        page.keyboard.press("Tab")
        assert not outside(page, "#nav"), "the focus has left the drawer"
    page.keyboard.press("Escape")
    expect(page.locator("#nav")).to_be_hidden()
    expect(toggle).to_be_focused()
    toggle.click()
    page.locator(".side-shade").click(position={"x": 350, "y": 600})
    expect(page.locator("#nav")).to_be_hidden()


def test_the_drawer_leads_to_everything_that_the_bar_does_not_show_on_a_phone(visit, cast):
    page = visit(cast.zhang_wei, width=360).go("/")
    page.locator("#nav-toggle").click()
    drawer = page.locator("#nav")
    expect(drawer).to_contain_text(cast.zhang_wei.name)
    for name in ("修改密码", "注销退出", "English", "深色"):
        expect(drawer.get_by_text(name, exact=True)).to_be_visible()
    drawer.get_by_text("修改密码").click()
    page.wait_for_url("**/account/password")
    expect(page.locator("#nav")).to_be_hidden()


def test_a_visitor_finds_the_public_pages_in_the_drawer(visit):
    page = visit(width=360).go("/")
    page.locator("#nav-toggle").click()
    page.locator("#nav").get_by_text("证书查验").click()
    page.wait_for_url("**/verify")


def test_a_group_stays_folded_and_the_one_of_the_page_open(visit, cast):
    visitor = visit(cast.li_juan)
    page = visitor.go("/")
    basics = page.locator("details[data-group=basics]")
    basics.locator("summary").click()
    expect(basics).not_to_have_attribute("open", "")
    visitor.go("/")
    expect(basics).not_to_have_attribute("open", "")
    visitor.go("/enterprise/")
    expect(page.locator("details[data-group=basics]")).to_have_attribute("open", "")


def test_the_menu_can_be_narrow_and_its_groups_open_beside_it(visit, cast):
    visitor = visit(cast.li_juan)
    page = visitor.go("/")
    wide = page.locator("#nav").bounding_box()["width"]
    page.locator("[data-nav-narrow]").click()
    assert page.locator("#nav").bounding_box()["width"] < wide / 2
    visitor.go("/")
    assert page.locator("#nav").bounding_box()["width"] < wide / 2
    group = page.locator("details[data-group=declaring]")
    group.locator("summary").press("Enter")
    entry = group.locator("a").first
    expect(entry).to_be_visible()
    page.keyboard.press("Escape")
    expect(entry).to_be_hidden()
    expect(group.locator("summary")).to_be_focused()
    group.locator("summary").press("Enter")
    entry.click()
    page.wait_for_url("**/declarations/**")


def test_the_colours_are_kept_and_can_follow_the_system(visit, cast):
    visitor = visit(cast.li_juan)
    page = visitor.go("/")
    light = background(page)
    menu = page.locator(".bar details:has([data-colours])")
    menu.locator("summary").click()
    menu.locator("[data-colours=dark]").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert background(page) != light
    visitor.go("/enterprise/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    menu.locator("summary").click()
    expect(menu.locator("[data-colours=dark]")).to_have_attribute("aria-pressed", "true")
    menu.locator("[data-colours=system]").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_the_page_is_coloured_before_it_is_painted(visit, cast):
    page = visit(cast.li_juan, dark=True).go("/")
    scripts = page.eval_on_selector_all("head > *", "all => all.map(one => one.outerHTML)")
    first_style = next(place for place, one in enumerate(scripts) if "stylesheet" in one)
    theme = next(place for place, one in enumerate(scripts) if "theme.js" in one)
    assert theme < first_style
    assert "defer" not in scripts[theme]
    assert "module" not in scripts[theme]


def test_the_other_language_keeps_the_page_and_its_filters(visit):
    page = visit().go("/objections/?receipt=Y202611220001")
    page.locator(".bar a[hreflang=en]").click()
    page.wait_for_url("**/objections/?receipt=Y202611220001&_l_=en")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#receipt")).to_have_value("Y202611220001")


def test_without_scripts_the_menu_and_the_pages_are_there(chromium, site):
    context = chromium.new_context(
        base_url=site.address,
        locale="zh-CN",
        java_script_enabled=False,
        viewport={"width": 360, "height": 740},
    )
    page = context.new_page()
    page.goto("/")
    expect(page.locator("#nav").get_by_text("公示", exact=True)).to_be_visible()
    expect(page.locator("a.entrance")).to_have_count(3)
    context.close()


def test_a_printed_page_has_no_frame(visit):
    page = visit().go("/help/")
    page.emulate_media(media="print")
    for selector in (".bar", ".foot", "#nav"):
        expect(page.locator(selector)).to_be_hidden()
    expect(page.locator("#questions")).to_be_visible()


def test_the_head_stays_in_sight_at_the_end_of_a_long_page(visit):
    visitor = visit()
    page = visitor.go("/help/enterprise")
    page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    screens = page.evaluate("window.scrollY / window.innerHeight")
    assert screens > 1.5
    assert page.locator("header.bar").bounding_box()["y"] == 0
