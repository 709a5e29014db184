"""Whose move it is: an authority's by its role, a party's by which party of this very declaration it is."""

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from app.declarations.initial_registration import InitialRegistration
from app.models import Declaration, Party, PolicyValue, State
from app.security.access.roles import Actor, Role
from app.workflow.call import Opinion
from app.workflow.guards import may_move
from app.workflow.moves import Mover, move
from app.workflow.perform import perform
from tests.cast import assemble, file_draft, take

CLERK = Actor(1, "李娟", frozenset({Role.ENTERPRISE}), enterprise_id=10)
FORMER_CLERK = Actor(2, "刘洋", frozenset({Role.ENTERPRISE}), enterprise_id=20)
PERSON = Actor(3, "张伟", frozenset({Role.INDIVIDUAL}), person_id=30)
STRANGER = Actor(4, "方圆", frozenset({Role.ENTERPRISE}), enterprise_id=40)
OFFICER = Actor(5, "王强", frozenset({Role.MUNICIPAL}), region_code="430100")

CONFIRM = move(
    "confirm",
    State.AWAITING_CONFIRMATION,
    to=State.COMPLETED,
    by=Mover.COUNTERPARTY,
    label="确认",
    done="确认",
)
PARTIES = {Party.ENTERPRISE: CLERK, Party.PERSON: PERSON, Party.FORMER_EMPLOYER: FORMER_CLERK}


def between(initiator: Party, counterparty: Party | None) -> Declaration:
    return InitialRegistration(
        initiator=initiator,
        counterparty=counterparty,
        enterprise_id=10,
        former_enterprise_id=20,
        person_id=30,
    )


@pytest.mark.parametrize(
    ("initiator", "counterparty"),
    [
        (Party.ENTERPRISE, Party.PERSON),
        (Party.PERSON, Party.ENTERPRISE),
        (Party.ENTERPRISE, Party.FORMER_EMPLOYER),
    ],
)
def test_the_counterparty_alone_confirms_and_never_the_initiator(initiator, counterparty):
    row = between(initiator, counterparty)
    may = {
        actor.name
        for actor in (CLERK, FORMER_CLERK, PERSON, STRANGER, OFFICER)
        if may_move(CONFIRM, row, actor)
    }
    assert may == {PARTIES[counterparty].name}


def test_nobody_confirms_what_has_no_counterparty():
    row = between(Party.ENTERPRISE, None)
    assert not any(may_move(CONFIRM, row, actor) for actor in (CLERK, FORMER_CLERK, PERSON, OFFICER))


@pytest.mark.both_engines
def test_the_database_refuses_a_counterparty_that_is_the_initiator(app, session):

    with app.app_context():
        cast = assemble(session)
        row = session.get_one(Declaration, file_draft(session, cast.li_juan, cast.zhang_wei))
        row.counterparty = row.initiator
        with pytest.raises(IntegrityError):
            session.flush()


def _decided(session, cast, key, action) -> str:
    """`done`, or the sentence that says why 陈静 may not decide now."""
    outcome = perform(
        session, action, {key: None}, cast.chen_jing.actor, opinion=Opinion("不符合要求。", ground="employer")
    )
    return "done" if outcome.done else str(outcome.skipped[0].reason)


def _not_on_the_same_day(session) -> None:
    session.add(PolicyValue(key="same_day_decision", value="0", valid_from=date(2026, 1, 1), source="测试"))
    session.commit()


@pytest.mark.both_engines
@pytest.mark.parametrize("action", ["approve", "refuse"])
def test_where_the_policy_says_so_nothing_is_decided_on_the_day_of_its_submission(
    app, session, clock, action
):
    """参照北京: the comparisons of the night come first."""
    with app.app_context():
        cast = assemble(session)
        key = file_draft(session, cast.li_juan, cast.zhang_wei)
        _not_on_the_same_day(session)
        take(session, cast, key, "submit", "accept", "endorse")
        told = _decided(session, cast, key, action)
        assert told == "上报当日的申报不能作出决定。"
        clock.shift(timedelta(days=1))
        assert _decided(session, cast, key, action) == "done"


@pytest.mark.both_engines
@pytest.mark.parametrize("action", ["approve", "refuse"])
def test_without_such_a_policy_a_case_may_be_decided_on_the_day_of_its_submission(app, session, action):
    with app.app_context():
        cast = assemble(session)
        key = file_draft(session, cast.li_juan, cast.zhang_wei)
        take(session, cast, key, "submit", "accept", "endorse")
        assert _decided(session, cast, key, action) == "done"


@pytest.mark.both_engines
def test_a_case_that_was_returned_and_handed_in_again_is_of_that_day(app, session, clock):
    with app.app_context():
        cast = assemble(session)
        key = file_draft(session, cast.li_juan, cast.zhang_wei)
        _not_on_the_same_day(session)
        take(session, cast, key, "submit", "accept", "return")
        clock.shift(timedelta(days=2))
        take(session, cast, key, "submit", "accept", "endorse")
        assert "上报当日" in _decided(session, cast, key, "approve")
