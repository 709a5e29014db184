"""What happens by itself when nobody acts."""

from datetime import date

import pytest
from sqlalchemy import select

from app.extensions.clock import now
from app.extensions.database import begin_writing
from app.models import Decision, Declaration, EnterpriseChange, Notice, State
from app.services import enterprise_changes
from app.tasks.deadlines import keep_deadlines
from app.workflow.perform import perform
from tests.cast import assemble, file_draft, take
from tests.changing import asked, step
from tests.registered import drafted, registered

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


def test_what_was_returned_and_not_touched_for_ninety_days_lapses(session, draft, clock):
    cast, key = draft
    take(session, cast, key, "submit", "return")
    clock.shift(89 * DAY)
    assert keep_deadlines(session) == 0
    clock.shift(2 * DAY)
    assert keep_deadlines(session) == 1
    assert state(session, key) == State.LAPSED
    last = session.scalar(select(Decision).order_by(Decision.id.desc()))
    assert (last.action, last.from_state, last.role) == ("lapse", "returned", "System")
    assert session.scalar(select(Notice.kind).order_by(Notice.id.desc())) == "lapsed"


def test_what_the_other_party_leaves_unanswered_goes_back_after_its_days(session, draft, clock):
    """Asked on Monday 1 June, the person has until Monday 8 June."""
    cast, _ = draft
    ending = drafted(session, cast, "cancellation", registered(session, cast.li_juan, cast.zhang_wei))
    take(session, cast, ending.id, "submit")
    clock.shift(7 * DAY)
    assert keep_deadlines(session) == 0
    assert state(session, ending.id) == State.AWAITING_CONFIRMATION
    clock.shift(DAY)
    assert keep_deadlines(session) == 1
    assert state(session, ending.id) == State.RETURNED
    last = session.scalar(select(Decision).order_by(Decision.id.desc()))
    assert (last.action, last.role, last.actor_id) == ("go_unanswered", "System", None)
    kinds = session.scalars(select(Notice.kind).where(Notice.declaration_id == ending.id)).all()
    assert sorted(kinds) == ["asked_to_confirm", "unanswered", "unanswered"]


def test_how_long_the_city_may_be_silent_is_the_same_for_a_replacement_that_was_returned(
    session, draft, clock
):
    """Its own term has three days left, and silence counts as acceptance after five."""
    cast, _ = draft
    lost = drafted(session, cast, "replacement", registered(session, cast.li_juan, cast.zhang_wei))
    take(session, cast, lost.id, "submit")
    clock.shift(2 * DAY)
    take(session, cast, lost.id, "return")
    clock.shift(12 * DAY)  # Monday 15 June
    row = take(session, cast, lost.id, "submit")
    assert row.due_on == date(2026, 6, 18)
    clock.shift(8 * DAY)  # Tuesday 23 June: the 19th is a holiday, and the fifth working day is today
    assert keep_deadlines(session) == 0
    clock.shift(DAY)
    assert keep_deadlines(session) == 1
    row = session.get_one(Declaration, lost.id, populate_existing=True)
    assert (row.state, row.due_on) == (State.ACCEPTED, date(2026, 6, 18))


@pytest.mark.parametrize("steps", [(), ("submit", "return"), ("submit", "endorse", "return_to_applicant")])
def test_a_change_that_its_enterprise_does_not_touch_lapses_and_holds_up_nobody(session, draft, clock, steps):
    cast, _ = draft
    row = asked(session, cast.fang_yuan)
    step(session, cast, row, *steps)
    clock.shift(89 * DAY)
    keep_deadlines(session)
    session.refresh(row)
    assert row.state != State.LAPSED
    clock.shift(2 * DAY)
    keep_deadlines(session)
    session.refresh(row)
    assert (row.state, row.due_on) == (State.LAPSED, None)
    assert row.steps[-1].action == "lapse"
    assert not enterprise_changes.is_held(session, row.enterprise_id)
    assert asked(session, cast.fang_yuan).id != row.id
    last = session.scalar(select(Notice).order_by(Notice.id.desc()))
    assert (last.kind, last.enterprise_id) == ("enterprise_change_lapsed", row.enterprise_id)


def test_what_is_taken_up_at_the_last_moment_does_not_lapse(session, draft, clock, monkeypatch):
    """Between the look at what lies untouched and the step, 李娟 goes on with her draft and 方圆 with her change."""
    cast, key = draft
    change = asked(session, cast.fang_yuan).id
    clock.shift(91 * DAY)

    def gone_on_with(model, key):
        row = session.get_one(model, key)
        row.changed_at = now()
        session.commit()

    def perform_after(session, action, versions, actor):
        gone_on_with(Declaration, key)
        return perform(session, action, versions, actor)

    def begin_after(session):
        session.rollback()
        gone_on_with(EnterpriseChange, change)
        begin_writing(session)

    monkeypatch.setattr("app.tasks.deadlines.perform", perform_after)
    monkeypatch.setattr("app.services.enterprise_changes.begin_writing", begin_after)
    assert keep_deadlines(session) == 0
    assert state(session, key) == State.DRAFT
    assert session.get_one(EnterpriseChange, change).state == State.DRAFT


@pytest.mark.parametrize("steps", [("submit",), ("submit", "endorse")])
def test_a_change_that_lies_with_an_authority_does_not_lapse(session, draft, clock, steps):
    cast, _ = draft
    row = asked(session, cast.fang_yuan)
    step(session, cast, row, *steps)
    before = row.state
    clock.shift(200 * DAY)
    keep_deadlines(session)
    session.refresh(row)
    assert row.state == before
