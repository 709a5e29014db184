"""The place of a case: found by key in any order, with empty values last, also when it has left the list."""

from datetime import date

import pytest
from sqlalchemy import select, update
from werkzeug.datastructures import MultiDict

from app.models import Declaration
from app.views import places
from app.views.kit.listing import read_listing
from app.views.kit.paging import ordered
from app.views.kit.words import Words
from app.views.places import place_of
from app.views.review import ReviewScreen
from tests.desk import several

pytestmark = pytest.mark.both_engines


def listing_of(session, sort):
    return read_listing(
        Declaration,
        MultiDict({"sort": sort} if sort else {}),
        Words(session, "zh"),
        search=None,
        filters=(),
        sortable=ReviewScreen.sortable,
        order="due_on" if sort is None else "",
        size=30,
    )


@pytest.fixture
def rows(session, cast):
    """Seven cases: two are due on the same day, and two have no day at all."""
    found = several(session, cast, 7, "submit")
    days = [
        date(2026, 6, 5),
        date(2026, 6, 3),
        date(2026, 6, 3),
        None,
        date(2026, 6, 1),
        None,
        date(2026, 6, 9),
    ]
    for row, day in zip(found, days, strict=True):
        session.execute(update(Declaration.__table__).where(Declaration.id == row.id).values(due_on=day))
    session.commit()
    return found


@pytest.mark.parametrize("sort", [None, "", "due_on", "-due_on", "name", "-name", "number", "-submitted_at"])
def test_the_neighbours_and_the_number_are_those_of_the_list(session, rows, sort):
    listing = listing_of(session, sort)
    keys = session.scalars(ordered(select(Declaration), listing).with_only_columns(Declaration.id)).all()
    assert len(keys) == len(rows)
    for number, key in enumerate(keys):
        place = place_of(session, select(Declaration), session.get_one(Declaration, key), listing)
        assert place.number == number + 1
        assert place.total == len(rows)
        assert place.before == (keys[number - 1] if number else None)
        assert place.after == (keys[number + 1] if number + 1 < len(keys) else None)


def test_a_case_that_has_left_the_list_still_has_its_place(session, rows):
    listing = listing_of(session, "due_on")
    keys = session.scalars(ordered(select(Declaration), listing).with_only_columns(Declaration.id)).all()
    for gone in (0, 3, len(keys) - 1):
        row = session.get_one(Declaration, keys[gone])
        place = place_of(session, select(Declaration).where(Declaration.id != row.id), row, listing)
        assert place.number == 0
        assert place.before == (keys[gone - 1] if gone else None)
        assert place.after == (keys[gone + 1] if gone + 1 < len(keys) else None)


def test_skipped_cases_are_no_neighbours_and_are_counted_all_the_same(session, rows):
    listing = listing_of(session, "number")
    skipped = Declaration.id.in_([rows[1].id, rows[2].id])
    place = place_of(session, select(Declaration), session.get_one(Declaration, rows[0].id), listing, skipped)
    assert (place.after, place.total) == (rows[3].id, 7)


def test_a_place_further_down_than_is_counted_says_so(session, rows, monkeypatch):
    monkeypatch.setattr(places, "MOST", 3)
    listing = listing_of(session, "number")
    last = session.get_one(Declaration, rows[6].id)
    place = place_of(session, select(Declaration), last, listing)
    assert place.beyond
    assert place.capped
    assert place.before == rows[5].id


def test_at_the_end_of_the_list_a_decision_leads_to_the_case_before(session, rows):
    listing = listing_of(session, "number")
    last = place_of(session, select(Declaration), session.get_one(Declaration, rows[6].id), listing)
    assert last.onward == rows[5].id
