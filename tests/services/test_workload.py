"""Workload: how urgent what is under way is, and who has how much in hand."""

from datetime import timedelta

import pytest

from app.extensions.clock import now, today
from app.models import Claim, Declaration
from app.security.access.roles import Role
from app.services.workload import claimed_by, handled_by, loads, under_way
from tests.desk import declared, several

pytestmark = pytest.mark.both_engines


def left():
    return {"overdue": Declaration.due_on < today(), "later": Declaration.due_on >= today()}


def numbers(found):
    return {(one.state, one.left): one.number for one in found}


def claim(session, row, member, minutes=30):
    session.add(
        Claim(declaration_id=row.id, account_id=member.actor.account_id,
              until=now() + timedelta(minutes=minutes))
    )  # fmt: skip
    session.commit()


def week():
    return now() - timedelta(days=3)


def test_the_officer_of_another_city_sees_no_work_of_ours(session, cast):
    row = declared(session, cast, "submit")
    claim(session, row, cast.wang_qiang)
    assert under_way(session, cast.zhao_min.actor, left()) == []
    found = loads(session, cast.zhao_min.actor, Role.MUNICIPAL, week())
    assert [(one.name, one.claimed, one.handled) for one in found] == [("赵敏", 0, 0)]


def test_the_work_is_told_by_state_and_by_the_time_left(session, cast):
    rows = several(session, cast, 2, "submit")
    declared(session, cast, "submit", "accept", serial=4)
    declared(session, cast, "submit", "decline", serial=5)
    session.get_one(Declaration, rows[0].id).due_on = today() - timedelta(days=1)
    session.commit()
    found = numbers(under_way(session, cast.wang_qiang.actor, left()))
    assert found == {("submitted", "overdue"): 1, ("submitted", "later"): 1, ("accepted", "later"): 1}


def test_a_case_without_a_clock_is_in_no_hurry(session, cast):
    row = declared(session, cast, "submit", "return")
    assert row.due_on is None
    assert numbers(under_way(session, cast.chen_jing.actor, left())) == {("returned", "none"): 1}


def test_an_officer_has_what_he_claimed_and_what_he_moved_this_week(session, cast):
    first, second = several(session, cast, 2, "submit", "accept")
    claim(session, first, cast.wang_qiang)
    claim(session, second, cast.wang_qiang, minutes=-1)
    (found,) = loads(session, cast.wang_qiang.actor, Role.MUNICIPAL, week())
    assert (found.name, found.claimed, found.handled) == ("王强", 1, 2)
    session.rollback()
    assert loads(session, cast.wang_qiang.actor, Role.MUNICIPAL, now())[0].handled == 0


def test_the_province_counts_its_own_officers_alone(session, cast):
    declared(session, cast, "submit", "accept", "endorse", "approve")
    found = loads(session, cast.chen_jing.actor, Role.PROVINCIAL, week())
    assert {one.name: one.handled for one in found} == {"陈静": 1, "周敏": 0}


def test_a_case_with_two_steps_counts_once(session, cast):
    declared(session, cast, "submit", "accept", "endorse")
    (found,) = loads(session, cast.wang_qiang.actor, Role.MUNICIPAL, week())
    assert found.handled == 1


def test_the_conditions_find_the_rows_that_were_counted(session, cast):
    row = declared(session, cast, "submit", "accept")
    other = declared(session, cast, "submit", serial=2)
    claim(session, other, cast.wang_qiang)
    key = cast.wang_qiang.actor.account_id
    find = session.query(Declaration.id).filter
    assert [one.id for one in find(claimed_by(key))] == [other.id]
    assert [one.id for one in find(handled_by(key, Role.MUNICIPAL.value, week()))] == [row.id]
    assert find(claimed_by(cast.zhao_min.actor.account_id)).all() == []
