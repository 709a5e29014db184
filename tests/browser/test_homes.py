"""Home pages and statistics before a real browser: charts are drawn, in light and dark, and nothing is too wide."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.house.world import build

WITH_A_HOME = ("li_juan", "zhang_wei", "wang_qiang", "chen_jing", "province_admin", "admin", "auditor")

SIZES = ((1440, 900), (768, 1024), (360, 740))
CLIPPED = "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.textContent.trim())"
"""Numbers and titles whose words do not fit where they stand."""


@pytest.fixture
def world(app, session):
    with app.app_context(), app.test_request_context():
        return build(session)


def drawn(visitor) -> int:
    """How many charts of the page have a canvas with something on it, once they were seen."""
    boxes = visitor.page.locator("[data-chart]")
    for place in range(boxes.count()):
        boxes.nth(place).scroll_into_view_if_needed()
        expect(boxes.nth(place).locator("canvas")).to_be_visible()
    return visitor.page.evaluate(
        """() => [...document.querySelectorAll("[data-chart] canvas")].filter((canvas) => {
            const { width, height } = canvas;
            return canvas.getContext("2d").getImageData(0, 0, width, height).data.some((value) => value > 0);
        }).length"""
    )


@pytest.mark.parametrize("name", WITH_A_HOME)
def test_a_home_is_open_to_everybody_and_fits_every_screen(visit, world, name):
    visitor = visit(getattr(world, name))
    page = visitor.go("/")
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        expect(page.locator("h1")).to_be_visible()
        assert violations(page) == [], width
        assert visitor.overflow() <= 0, width
        hidden = page.locator("main a.count, main .card-title").evaluate_all(CLIPPED)
        assert hidden == [], width


@pytest.mark.parametrize(("name", "charts"), [("wang_qiang", 2), ("chen_jing", 3)])
@pytest.mark.parametrize("dark", [False, True])
def test_the_charts_of_officers_are_drawn(visit, world, name, charts, dark):
    visitor = visit(getattr(world, name), dark=dark)
    visitor.go("/")
    assert drawn(visitor) == charts
    assert violations(visitor.page, quick=dark) == []


def test_a_number_of_the_home_leads_to_its_rows(visit, world):
    visitor = visit(world.wang_qiang, language="en")
    visitor.go("/")
    figure = visitor.page.locator("a.count").filter(has_text="Waiting for us")
    number = figure.locator(".count-number").inner_text()
    figure.click()
    expect(visitor.page.locator(".pager-count")).to_contain_text(number)


@pytest.mark.parametrize("dark", [False, True])
def test_statistics_are_chosen_drawn_and_taken_away(visit, world, dark):
    visitor = visit(world.chen_jing, language="en", dark=dark)
    page = visitor.page
    visitor.go("/statistics/")
    page.get_by_label("Counted by", exact=True).select_option("state")
    page.get_by_label("And by", exact=True).select_option("region")
    page.get_by_role("button", name="Count", exact=True).click()
    expect(page.locator(".counted thead")).to_contain_text("Shaoyang")
    assert "rows=state" in page.url
    assert drawn(visitor) == 1
    assert violations(page) == []
    with page.expect_download() as download:
        page.get_by_role("button", name="Export XLSX").click()
    assert download.value.suggested_filename.endswith(".xlsx")


def test_the_table_of_statistics_is_sorted_by_its_heads(visit, world):
    visitor = visit(world.chen_jing, language="en")
    visitor.go("/statistics/?rows=region")
    visitor.page.locator("th .sorter").filter(has_text="In all").click()
    expect(visitor.page.locator("th[aria-sort=descending]")).to_contain_text("In all")
    expect(visitor.page.locator(".counted tbody tr").first).to_contain_text("Changsha")


def test_statistics_fit_a_phone(visit, world):
    visitor = visit(world.wang_qiang, width=360)
    visitor.go("/statistics/?rows=state&columns=specialty")
    assert visitor.overflow() <= 0
