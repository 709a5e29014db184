"""The clock of a case: it stands still while the applicant has it, is extended once, and is new in each hand."""

from datetime import date, timedelta

import pytest

from app.extensions.clock import today
from app.models import Declaration
from app.workflow.call import Opinion
from app.workflow.perform import perform
from tests.cast import assemble, file_draft, take

pytestmark = pytest.mark.both_engines
DAY = 86400


@pytest.fixture
def case(app, session):
    """张伟's first registration, on Monday 1 June 2026, as a draft."""
    with app.app_context():
        cast = assemble(session)
        yield cast, file_draft(session, cast.li_juan, cast.zhang_wei)


def due(session, key) -> date | None:
    session.rollback()
    return session.get_one(Declaration, key).due_on


def test_the_review_of_the_city_goes_on_where_it_was_stopped(session, case, clock):
    cast, key = case
    # 20 working days from 1 June, over the Dragon Boat Festival on the 19th, end on the 30th.
    row = take(session, cast, key, "submit", "accept")
    assert row.due_on == date(2026, 6, 30)
    clock.shift(7 * DAY)  # Monday 8 June: five were used, fifteen are left
    assert take(session, cast, key, "return").due_on is None
    clock.shift(28 * DAY)  # four weeks at the applicant cost nothing
    assert today() == date(2026, 7, 6)
    row = take(session, cast, key, "submit")
    assert row.due_on == date(2026, 7, 13)  # whether to accept is a new question, with five days of its own
    row = take(session, cast, key, "accept")
    assert row.due_on == date(2026, 7, 27)


def test_what_was_late_at_the_return_is_late_again(session, case, clock):
    cast, key = case
    take(session, cast, key, "submit", "accept")
    clock.shift(60 * DAY)
    take(session, cast, key, "return")
    clock.shift(7 * DAY)
    row = take(session, cast, key, "submit", "accept")
    assert row.due_on == today()


def test_the_review_of_the_province_goes_on_too_and_the_city_gets_its_own_anew(session, case, clock):
    cast, key = case
    take(session, cast, key, "submit", "accept", "endorse")
    clock.shift(14 * DAY)  # Monday 15 June: ten used, ten left
    take(session, cast, key, "return_to_applicant")
    clock.shift(21 * DAY)  # Monday 6 July
    row = take(session, cast, key, "submit", "accept")
    assert row.due_on == date(2026, 8, 3)
    clock.shift(7 * DAY)  # the city returns it once more, and endorses it after
    row = take(session, cast, key, "return", "submit", "accept")
    assert row.due_on == date(2026, 8, 3)
    row = take(session, cast, key, "endorse")
    assert row.due_on == date(2026, 7, 27)


def test_a_case_that_the_province_sends_back_to_the_city_has_a_new_term(session, case, clock):
    """It was never with the applicant."""
    cast, key = case
    take(session, cast, key, "submit", "accept", "endorse")
    clock.shift(14 * DAY)
    assert take(session, cast, key, "send_back").due_on == date(2026, 7, 14)


def test_the_term_is_extended_once_and_never_again(session, case):
    cast, key = case
    before = take(session, cast, key, "submit", "accept").due_on
    row = take(session, cast, key, "extend")
    assert (before, row.due_on) == (date(2026, 6, 30), date(2026, 7, 14))
    outcome = perform(session, "extend", {key: None}, cast.wang_qiang.actor, opinion=Opinion("还需要时间。"))
    assert outcome.done == []
    assert due(session, key) == date(2026, 7, 14)
    # A return does not buy another extension, and what was left of the extended term goes on.
    row = take(session, cast, key, "return", "submit", "accept")
    assert row.due_on == date(2026, 7, 14)
    assert perform(session, "extend", {key: None}, cast.wang_qiang.actor, opinion=Opinion("再次")).done == []


def test_on_the_way_back_and_forth_no_day_is_lost_or_won(session, case, clock):
    """Returned and handed in again on one day, the term is what it was."""
    cast, key = case
    before = take(session, cast, key, "submit", "accept").due_on
    clock.shift(timedelta(days=3))
    for _ in range(3):
        assert take(session, cast, key, "return", "submit", "accept").due_on == before


def test_days_that_were_left_are_used_once(session, case, clock):
    """What the province sends back later has a whole new term, and not the rest of an earlier return."""
    cast, key = case
    take(session, cast, key, "submit", "accept")
    clock.shift(7 * DAY)
    take(session, cast, key, "return", "submit", "accept", "endorse")
    assert take(session, cast, key, "send_back").due_on == date(2026, 7, 7)
