"""A case is in one officer's hands for minutes: it is renewed, given back, taken over, and ends by itself."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from werkzeug.exceptions import NotFound

from app.extensions.clock import today
from app.extensions.refused import Refused
from app.models import Claim, Declaration, PolicyValue
from app.security.access.scope import rows_of
from app.services import claims
from tests.cast import take
from tests.desk import audited, colleague_of, declared, several

pytestmark = pytest.mark.both_engines


@pytest.fixture
def case(session, cast):
    return declared(session, cast, "submit")


@pytest.fixture
def colleague(session, cast):
    return colleague_of(session, cast.wang_qiang)


def taken(session, member, key):
    held = claims.take(session, member.actor, key)
    session.commit()
    return held


def test_the_officer_of_another_city_finds_no_case_to_claim_release_or_take_over(session, cast, case):
    taken(session, cast.wang_qiang, case.id)
    for act in (claims.take, claims.take_over, claims.release):
        with pytest.raises(NotFound):
            act(session, cast.zhao_min.actor, case.id)
        session.rollback()
    assert not claims.holdings(session, [case.id], cast.zhao_min.actor)
    assert claims.holdings(session, [case.id], cast.wang_qiang.actor)


def test_whoever_is_no_reviewing_officer_sees_no_claim_and_makes_none(session, cast, case):
    taken(session, cast.wang_qiang, case.id)
    for member in (cast.li_juan, cast.zhang_wei, cast.admin, cast.auditor, cast.province_admin):
        assert not claims.holdings(session, [case.id], member.actor), member.name
        assert not session.scalars(rows_of(Claim, member.actor)).all(), member.name
        for act in (claims.take, claims.take_over, claims.release):
            with pytest.raises(NotFound):
                act(session, member.actor, case.id)
            session.rollback()


def test_of_two_officers_the_first_has_the_case(session, cast, case, colleague):
    assert taken(session, cast.wang_qiang, case.id).by(cast.wang_qiang.actor)
    held = taken(session, colleague, case.id)
    assert held.name == cast.wang_qiang.name
    assert not held.by(colleague.actor)


def test_a_claim_ends_by_itself_after_the_minutes_of_the_policy(session, cast, case, colleague, clock):
    taken(session, cast.wang_qiang, case.id)
    clock.shift(timedelta(minutes=14))
    assert not taken(session, colleague, case.id).by(colleague.actor)
    clock.shift(timedelta(minutes=2))
    assert not claims.holdings(session, [case.id], colleague.actor)
    assert taken(session, colleague, case.id).by(colleague.actor)


def test_the_province_sets_the_minutes(session, cast, case, clock):
    session.add(PolicyValue(key="claim_minutes", value="3", valid_from=today(), source="试行"))
    session.commit()
    taken(session, cast.wang_qiang, case.id)
    clock.shift(timedelta(minutes=4))
    assert not claims.holdings(session, [case.id], cast.wang_qiang.actor)


def test_a_claim_that_is_renewed_goes_on_and_keeps_its_beginning(session, cast, case, colleague, clock):
    first = taken(session, cast.wang_qiang, case.id)
    clock.shift(timedelta(minutes=10))
    again = taken(session, cast.wang_qiang, case.id)
    assert again.since == first.since
    assert again.until > first.until
    clock.shift(timedelta(minutes=10))
    assert not taken(session, colleague, case.id).by(colleague.actor)


def test_only_the_holder_gives_a_case_back(session, cast, case, colleague):
    taken(session, cast.wang_qiang, case.id)
    claims.release(session, colleague.actor, case.id)
    session.commit()
    assert claims.holdings(session, [case.id], colleague.actor)
    claims.release(session, cast.wang_qiang.actor, case.id)
    session.commit()
    assert taken(session, colleague, case.id).by(colleague.actor)


def test_a_case_that_is_taken_over_is_written_into_the_audit(session, cast, case, colleague):
    taken(session, cast.wang_qiang, case.id)
    assert claims.take_over(session, colleague.actor, case.id).by(colleague.actor)
    session.commit()
    (line,) = audited(session, "claim.take_over")
    assert (line.actor_name, line.subject_id) == ("孙丽", str(case.id))
    assert str(cast.wang_qiang.actor.account_id) in line.detail
    assert not taken(session, cast.wang_qiang, case.id).by(cast.wang_qiang.actor)


def test_one_s_own_case_is_not_taken_over(session, cast, case):
    taken(session, cast.wang_qiang, case.id)
    claims.take_over(session, cast.wang_qiang.actor, case.id)
    session.commit()
    assert not audited(session, "claim.take_over")


def test_a_claim_from_before_the_last_step_holds_nobody_up(session, cast, case, colleague, clock):
    taken(session, cast.wang_qiang, case.id)
    clock.shift(timedelta(minutes=1))
    take(session, cast, case.id, "accept")
    assert not claims.holdings(session, [case.id], colleague.actor)
    assert taken(session, colleague, case.id).by(colleague.actor)


def test_a_case_that_only_lies_before_an_officer_to_be_read_is_not_claimed(session, cast, case):
    assert taken(session, cast.chen_jing, case.id) is None
    assert not session.scalars(select(Claim)).all()


def test_a_step_on_another_s_case_is_refused_by_name_until_one_says_anyway(session, cast, case, colleague):
    taken(session, cast.wang_qiang, case.id)
    row = session.get_one(Declaration, case.id)
    with pytest.raises(Refused, match=cast.wang_qiang.name):
        claims.settle(session, colleague.actor, row, anyway=False)
    claims.settle(session, colleague.actor, row, anyway=True)
    session.commit()
    assert not session.scalars(select(Claim)).all()
    assert audited(session, "claim.take_over")


def test_a_page_of_a_list_learns_its_holders_in_one_statement(session, cast, colleague):
    rows = several(session, cast, 3, "submit")
    taken(session, cast.wang_qiang, rows[0].id)
    taken(session, colleague, rows[1].id)
    found = claims.holdings(session, [row.id for row in rows], colleague.actor)
    assert {key: one.name for key, one in found.items()} == {rows[0].id: "王强", rows[1].id: "孙丽"}
    session.execute(update(Claim).values(until=Claim.since))
    assert not claims.holdings(session, [row.id for row in rows], colleague.actor)
