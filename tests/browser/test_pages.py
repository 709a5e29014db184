"""Every page of every role: nobody is shut out of it, nothing is asked of another machine, no script fails."""

import pytest

from app.security.access.roles import Role
from tests.browser.axe import violations
from tests.browser.crawl import addresses
from tests.conftest import LONG
from tests.house.tree import nothing
from tests.house.world import build

ROLES = {
    "visitor": Role.PUBLIC,
    "zhang_wei": Role.INDIVIDUAL,
    "li_juan": Role.ENTERPRISE,
    "wang_qiang": Role.MUNICIPAL,
    "chen_jing": Role.PROVINCIAL,
    "province_admin": Role.PROVINCIAL_ADMINISTRATOR,
    "admin": Role.ADMINISTRATOR,
    "auditor": Role.AUDITOR,
}
ON_A_PHONE = ("visitor", "zhang_wei")
"""Whose every page must fit a screen of 360 pixels."""
FEWEST = 4
"""A crawl that finds fewer pages than this has lost its way."""


@pytest.fixture
def member(app, session):
    with app.app_context(), app.test_request_context():
        world = build(session)
    return lambda name: None if name == "visitor" else getattr(world, name)


def walk(visitor, role, *, quick):
    """What is wrong with the pages of this visitor, and how many there are."""
    found, count = [], 0
    for address in addresses(visitor, role):
        count += 1
        found += [f"{address}: {one}" for one in violations(visitor.page, quick=quick)]
    assert count >= FEWEST
    return found


@pytest.mark.parametrize("name", ROLES)
def test_every_page_is_open_to_everybody(visit, member, name):
    nothing(walk(visit(member(name)), ROLES[name], quick=False))


@pytest.mark.parametrize("name", ROLES)
def test_words_and_contrast_hold_in_the_dark_and_in_english(visit, member, name):
    visitor = visit(member(name), language="en", dark=True)
    nothing(walk(visitor, ROLES[name], quick=not LONG))


@pytest.mark.parametrize("name", ON_A_PHONE)
def test_every_page_fits_a_phone(visit, member, name):
    visitor = visit(member(name), width=360)
    wide = [
        f"{address}: {visitor.overflow()} pixels too wide"
        for address in addresses(visitor, ROLES[name])
        if visitor.overflow() > 0
    ]
    nothing(wide)
