"""What happens by itself when nobody acts."""

import pytest
from sqlalchemy import select

from app.models import Decision, Declaration, State
from app.tasks.deadlines import keep_deadlines
from tests.cast import assemble, file_draft, take

pytestmark = pytest.mark.both_engines
DAY = 86400


@pytest.fixture
def draft(app, session):
    with app.app_context():
        cast = assemble(session)
        yield cast, file_draft(session, cast.li_juan, cast.zhang_wei)


def state(session, key):
    session.rollback()
    return session.scalar(select(Declaration.state).where(Declaration.id == key))


def test_five_working_days_of_silence_accept_the_case(session, draft, clock):
    cast, key = draft
    # Submitted on Monday 1 June: the city has until Monday 8 June.
    take(session, cast, key, "submit")
    clock.shift(7 * DAY)
    assert keep_deadlines(session) == 0
    clock.shift(DAY)
    assert keep_deadlines(session) == 1
    assert state(session, key) == State.ACCEPTED
    last = session.scalar(select(Decision).order_by(Decision.id.desc()))
    assert (last.action, last.role, last.actor_id) == ("deem_accepted", "System", None)


def test_a_draft_that_nobody_touched_for_ninety_days_lapses(session, draft, clock):
    _, key = draft
    clock.shift(89 * DAY)
    assert keep_deadlines(session) == 0
    clock.shift(2 * DAY)
    assert keep_deadlines(session) == 1
    assert state(session, key) == State.LAPSED


def test_a_case_that_was_answered_is_left_alone(session, draft, clock):
    cast, key = draft
    take(session, cast, key, "submit", "accept")
    clock.shift(60 * DAY)
    assert keep_deadlines(session) == 0
    assert state(session, key) == State.ACCEPTED
