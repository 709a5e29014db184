"""Every row stands on one page: by the number of the page as far as rows are counted, by keys beyond."""

import base64
import json
from datetime import date
from urllib.parse import parse_qsl, unquote

import pytest
from sqlalchemy import select

from app.extensions.database import db
from app.models import Enterprise
from app.views.kit.columns import Column
from app.views.kit.filtering import Search
from app.views.kit.listing import Listing, Searched, narrowed, read_listing
from app.views.kit.paging import load, ordered
from tests.pages import page
from tests.views.kit.conftest import CHANGSHA, enterprise
from tests.views.kit.trial import TrialScreen

pytestmark = pytest.mark.both_engines

CAP, SIZE = 6, 2
ORDERS = (
    "name",
    "-name",
    "founded_on",
    "-founded_on",
    "id",
    "-id",
    "registered_capital",
    "-registered_capital",
    "",
)


@pytest.fixture
def many(people, monkeypatch):
    """Seventeen enterprises of Changsha, some without a day of foundation, some founded on one day."""
    monkeypatch.setattr(Listing, "cap", CAP)
    monkeypatch.setattr(TrialScreen, "page_size", SIZE)
    with people.app.app_context():
        for serial in range(10, 26):
            made = enterprise(f"示例{serial % 7}𫖮公司", CHANGSHA, serial)
            made.founded_on = None if serial % 3 == 0 else date(2010, 1, 1 + serial % 4)
            made.registered_capital = None if serial % 4 == 0 else f"{serial % 5}.250"
            db.session.add(made)
        db.session.commit()
        yield people


def listing(order: str, **arguments) -> Listing:
    return read_listing(
        Enterprise, {"sort": order, **arguments}, None, search=None, filters=(),
        sortable=[one.removeprefix("-") for one in ORDERS], order="id", size=SIZE,
    )  # fmt: skip


def shown(order: str, **arguments) -> Listing:
    asked = listing(order, **arguments)
    load(db.session, select(Enterprise), asked, ())
    return asked


def arguments_of(address: str) -> dict[str, str]:
    return dict(parse_qsl(address.removeprefix("?")))


@pytest.mark.parametrize("order", ORDERS)
def test_walking_on_and_back_shows_every_row_once_in_the_order_of_the_list(many, order):
    everything = [row.id for row in db.session.scalars(ordered(select(Enterprise), listing(order)))]
    assert len(everything) == 18
    seen, addresses, here = [], [], shown(order)
    while True:
        assert here.first == len(seen) + 1
        seen += [row.id for row in here.rows]
        addresses.append(here.here())
        if not here.next_address:
            break
        here = shown(order, **arguments_of(here.next_address))
    assert seen == everything
    for address in reversed(addresses[:-1]):
        here = shown(order, **arguments_of(here.previous_address))
        wanted = shown(order, **arguments_of(address))
        assert [row.id for row in here.rows] == [row.id for row in wanted.rows]
        assert here.first == wanted.first
    assert here.previous is None


@pytest.mark.parametrize("order", ["name", "-founded_on"])
def test_pages_have_numbers_as_far_as_rows_are_counted_and_not_beyond(many, order):
    last = shown(order, page="99")
    assert (last.page, last.pages, last.capped, last.ends) == (3, 3, True, False)
    assert not last.walking
    beyond = shown(order, **arguments_of(last.next_address))
    assert beyond.walking
    assert "page" not in arguments_of(beyond.here())
    assert arguments_of(beyond.previous_address)["page"] == "3"


def test_the_whole_number_is_counted_on_request_alone(many):
    assert (shown("name").total, shown("name").capped) == (CAP + 1, True)
    exact = shown("name", total="exact")
    assert (exact.total, exact.capped, exact.pages) == (18, False, 3)


@pytest.mark.parametrize("order", ["-founded_on", "-registered_capital"])
def test_a_page_by_number_reaches_into_the_rows_without_a_value(many, order, monkeypatch):
    monkeypatch.setattr(Listing, "cap", 100)
    monkeypatch.setattr("app.views.kit.paging._DEEP", 4)
    everything = [row.id for row in db.session.scalars(ordered(select(Enterprise), listing(order)))]
    found = [row.id for number in range(1, 10) for row in shown(order, page=str(number)).rows]
    assert found == everything


def token(*content) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


NONSENSE = (
    "x", "%00", "é" * 10, token(), token(1), token(1, 2), token("1", "a", 1), token(1, ["a"], 1), token(-1, "a", 1),
    token(1, "a", 10**20), token(10**20, "a", 1), token(1, "a\0", 1), token(1, "\ud800", 1), token(1, "a", True),
    token(1, "a", "1"), token(1, 7, 1), token(1, None, 1), token(1, {}, 1), "A" * 5000, token(*range(50)),
)  # fmt: skip


@pytest.mark.parametrize("way", ["after", "before"])
def test_a_token_that_no_page_gave_leads_to_the_first_page(many, way):
    first = [row.id for row in shown("name").rows]
    for one in NONSENSE:
        here = shown("name", **{way: one})
        assert [row.id for row in here.rows] == first, one
        assert not here.walking
    dates = ("2026-13-01", "9999-01-01", "", 5, "2026-01-01T00:00", "x")
    for value in dates:
        here = shown("founded_on", **{way: token(1, value, 1)})
        assert not here.walking, value
    for amount in ("NaN", "Infinity", "x", [], "1e"):
        assert not shown("registered_capital", **{way: token(1, amount, 1)}).walking, amount


def onward(client) -> str:
    """Where the last page that has a number leads on to, by the names of the rows."""
    return page(client, "/trial/?sort=name&page=3").select_one("a[rel=next]")["href"]


def test_no_address_holds_the_name_that_a_page_ends_with(many):
    client = many["wang_qiang"]
    last = shown("name", page="3").rows[-1].name
    address = onward(client)
    token = arguments_of(address)["after"]
    assert token.startswith("~")
    for held in (unquote(address), decoded(token.removeprefix("~"))):
        assert last not in held
        assert last.encode("unicode-escape").decode() not in held
    beyond = page(client, f"/trial/{address}")
    assert [cells.select("td")[1].get_text() for cells in beyond.select("tbody tr")] == ["7", "8"]


def decoded(token: str) -> str:
    return base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode(errors="replace")


def test_an_address_that_another_session_walked_to_begins_at_the_first_page(many):
    of_nobody = shown("name", page="3").next_address
    first = page(many["wang_qiang"], f"/trial/{of_nobody}")
    assert first.select_one("tbody tr").select("td")[1].get_text() == "1"


def test_a_page_beyond_the_counted_ones_is_a_page_like_the_others(many):
    client = many["wang_qiang"]
    last = shown("name", page="3")
    document = page(client, f"/trial/{onward(client)}")
    wanted = [row.name for row in shown("name", **arguments_of(last.next_address)).rows]
    names = [row.find_all("td") for row in document.select("table.rows tbody tr")]
    assert [cells[2].get_text(strip=True) for cells in names] == wanted
    assert [cells[1].get_text(strip=True) for cells in names] == ["7", "8"]


def test_nobody_walks_into_the_rows_of_another_city(many):
    client = many["zhao_min"]
    document = page(client, f"/trial/?sort=name&after={token(6, '一', 1)}")
    assert len(document.select("table.rows tbody tr")) == 1
    assert "邵阳示例路桥有限公司" in document.get_text()
    assert "𫖮" not in document.get_text()


@pytest.mark.parametrize("order", ORDERS)
def test_plain_values_are_the_same_pages_in_the_same_order(many, order):
    """A list that says what it asks of a row reads no more than that, on every page and beyond the counted ones."""
    arguments: dict[str, str] = {}
    for _ in range(6):
        whole, plain = listing(order, **arguments), listing(order, **arguments)
        load(db.session, select(Enterprise), whole, ())
        load(db.session, select(Enterprise), plain, (Column("mobile"),), beside=("name",))
        assert [(one.id, one.name, one.mobile_masked) for one in plain.rows] == [
            (one.id, one.name, one.mobile_masked) for one in whole.rows
        ]
        assert not any(hasattr(one, "business_scope") for one in plain.rows)
        assert (plain.next is None) is (whole.next is None)
        arguments = arguments_of(plain.next_address)


def test_a_search_is_walked_through_like_a_list(many, monkeypatch):
    """Its pages are found by keys first, those with a number and those beyond."""
    monkeypatch.setattr(Searched, "cap", CAP)
    for order in ORDERS:
        found, arguments = [], {}
        while arguments is not None:
            asked = read_listing(
                Enterprise, {"sort": order, "q": "示例", **arguments}, None, search=Search("name"), filters=(),
                sortable=[one.removeprefix("-") for one in ORDERS], order="id", size=SIZE,
            )  # fmt: skip
            query = narrowed(select(Enterprise), asked, Search("name"))
            load(db.session, query, asked, ())
            found += [one.id for one in asked.rows]
            arguments = None if asked.next is None else arguments_of(asked.next_address)
        every = narrowed(select(Enterprise), asked, Search("name"))
        assert found == [one.id for one in db.session.scalars(ordered(every, asked))]
