"""中央库下载 in a real browser: on a telephone without scripts, in both languages, and open to everybody."""

import pytest
from playwright.sync_api import expect

from app.models import Enterprise
from simulators.central_registry import CentralRegistry
from simulators.server import running
from tests.browser.axe import violations
from tests.outside import KEY_ID, SECRET, connect


@pytest.fixture
def own(app, cast, monkeypatch):
    """The page of 李娟's enterprise on a platform that is connected with the registry."""
    with running(CentralRegistry(KEY_ID, SECRET)) as place:
        connect(app, monkeypatch, "central_registry", place)
        yield f"/enterprise/{cast.li_juan.actor.enterprise_id}"


@pytest.mark.parametrize("width", [1440, 360])
def test_without_scripts_the_clerk_takes_one_field(visit, session, cast, own, width):
    visitor = visit(cast.li_juan, width=width, scripts=False)
    page = visitor.go(own)
    page.get_by_role("button", name="中央库下载").click()
    page.locator("input[value=fax]").check()
    page.get_by_role("button", name="采用所选数据").click()
    expect(page.locator("body")).to_contain_text("已从中央库采用 1 项")
    row = session.get_one(Enterprise, cast.li_juan.actor.enterprise_id)
    assert (row.fax, row.business_address) == ("0731-00000102", "演示路1号")


@pytest.mark.parametrize(
    ("width", "language", "dark"), [(360, "zh", False), (360, "en", True), (1440, "en", False)]
)
def test_the_differences_fit_and_are_open_to_everybody(visit, cast, own, width, language, dark):
    visitor = visit(cast.li_juan, width=width, language=language, dark=dark)
    page = visitor.go(own)
    page.locator("form[action^='/central-registry/'] button").click()
    expect(page.locator("input[name=take]")).to_have_count(7)
    assert visitor.overflow() <= 0
    assert violations(page) == []
    page.locator("label.form-check", has=page.locator("input[value=fax]")).click()
    expect(page.locator("input[value=fax]")).to_be_checked()
