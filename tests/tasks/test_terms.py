"""The worker looks after terms every half hour, and reminds once a day."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.extensions.clock import today
from app.models import Notice, Registration
from app.tasks.terms import CHORES, PAUSE, TermKeeper
from tests.registered import registered

pytestmark = pytest.mark.both_engines


def count(session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Notice))


def test_terms_are_kept_and_people_reminded_without_anybody_asking(app, session, cast, clock):
    with app.app_context():
        keep = TermKeeper()
        soon = registered(
            session, cast.li_juan, cast.zhang_wei, ends={"building": today() + timedelta(days=7)}
        )
        keep(session)
        assert count(session) == 2
        keep(session)
        clock.shift(PAUSE + timedelta(seconds=1))
        keep(session)
        assert count(session) == 2
        clock.shift(timedelta(days=8))
        keep(session)
        session.rollback()
        assert session.get_one(Registration, soon.id).status == "cancelled"


def test_between_two_looks_nothing_is_asked(app, session, cast, clock):
    with app.app_context():
        keep = TermKeeper()
        keep(session)
        held = registered(
            session, cast.li_juan, cast.zhang_wei, ends={"building": today() - timedelta(days=1)}
        )
        clock.shift(PAUSE - timedelta(minutes=1))
        keep(session)
        session.rollback()
        assert session.get_one(Registration, held.id).status == "valid"
        clock.shift(timedelta(minutes=2))
        keep(session)
        session.rollback()
        assert session.get_one(Registration, held.id).status == "cancelled"


def test_the_worker_does_it():
    assert any(isinstance(chore, TermKeeper) for chore in CHORES)
