"""The clock of a case: it stands still while the applicant has it, is extended once, and is new in each hand."""

from datetime import date, timedelta

import pytest
from werkzeug.exceptions import NotFound

from app.extensions.clock import today
from app.models import Declaration, PolicyValue, Publicity
from app.workflow.call import Opinion
from app.workflow.perform import perform
from tests.cast import assemble, file_draft, take
from tests.registered import drafted, registered

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


def test_what_was_withdrawn_and_filed_anew_has_whole_terms_and_its_own_extension(session, case, clock):
    cast, key = case
    take(session, cast, key, "submit", "accept", "extend")
    clock.shift(7 * DAY)
    take(session, cast, key, "return", "withdraw")
    clock.shift(14 * DAY)
    # Monday 22 June: twenty working days end on Monday 20 July, as if nothing had been before.
    row = take(session, cast, key, "submit", "accept")
    assert (today(), row.due_on) == (date(2026, 6, 22), date(2026, 7, 20))
    assert take(session, cast, key, "extend").due_on == date(2026, 8, 3)


@pytest.mark.parametrize("other_days", [0, 7])
def test_each_organ_extends_its_own_review_once(session, case, clock, other_days):
    cast, key = case
    take(session, cast, key, "submit", "accept", "extend", "endorse")
    clock.shift(other_days * DAY)
    before = due(session, key)
    row = take(session, cast, key, "extend_at_province")
    assert (before, row.due_on) == (date(2026, 6, 30), date(2026, 7, 14))
    for officer in (cast.chen_jing, cast.zhou_min):
        outcome = perform(session, "extend_at_province", {key: None}, officer.actor, opinion=Opinion("再次"))
        assert "延长" in outcome.skipped[0].reason
    # Sent back it is still the same case, of which the city has had its extension.
    take(session, cast, key, "send_back")
    outcome = perform(session, "extend", {key: None}, cast.wang_qiang.actor, opinion=Opinion("再次"))
    assert outcome.done == []


def test_an_extension_needs_its_reason_and_the_organ_that_has_the_case(session, case):
    cast, key = case
    take(session, cast, key, "submit", "accept", "endorse")
    assert perform(session, "extend_at_province", {key: None}, cast.chen_jing.actor).done == []
    told = Opinion("需要专家评审。")
    with pytest.raises(NotFound):
        perform(session, "extend_at_province", {key: None}, cast.wang_qiang.actor, opinion=told)
    outcome = perform(session, "extend", {key: None}, cast.wang_qiang.actor, opinion=told)
    assert outcome.done == []  # it does not lie with the city any more
    assert due(session, key) == date(2026, 6, 30)


def test_who_was_not_answered_counts_as_accepted_from_the_day_of_receipt(session, case, clock):
    """逾期不告知的，自收到申请材料之日起即为受理."""
    cast, key = case
    take(session, cast, key, "submit")
    clock.shift(8 * DAY)  # Tuesday 9 June
    assert take(session, cast, key, "deem_accepted").due_on == date(2026, 6, 30)


def test_after_the_publicity_the_province_has_its_days_to_announce(session, case):
    """Seven working days from 1 June end on the 10th, and five more on the 17th; until then nobody is late."""
    cast, key = case
    row = take(session, cast, key, "submit", "accept", "endorse", "approve", "publicise")
    assert session.get_one(Publicity, row.publicity_id).closes_on == date(2026, 6, 10)
    assert row.due_on == date(2026, 6, 17)


@pytest.fixture
def lost(app, session):
    """A lost certificate of 张伟's, on Monday 1 June 2026, as a draft."""
    with app.app_context():
        cast = assemble(session)
        held = registered(session, cast.li_juan, cast.zhang_wei)
        yield cast, drafted(session, cast, "replacement", held).id


def test_a_certificate_is_replaced_within_five_days_of_all_hands_together(session, lost, clock):
    """注册建造师管理规定 第十九条: from Monday 1 June to Monday 8 June, whoever has it."""
    cast, key = lost
    dues = {action: take(session, cast, key, action).due_on for action in ("submit", "accept", "endorse")}
    clock.shift(3 * DAY)
    dues |= {
        action: take(session, cast, key, action).due_on for action in ("send_back", "endorse", "approve")
    }
    dues["announce"] = take(session, cast, key, "announce").due_on
    assert set(dues.values()) == {date(2026, 6, 8)}
    assert take(session, cast, key, "complete").due_on is None


def test_the_days_of_a_replacement_stand_still_while_the_applicant_has_it(session, lost, clock):
    cast, key = lost
    take(session, cast, key, "submit", "accept")
    clock.shift(2 * DAY)  # Wednesday 3 June: two were used, three are left
    assert take(session, cast, key, "return").due_on is None
    clock.shift(12 * DAY)  # Monday 15 June
    assert take(session, cast, key, "submit").due_on == date(2026, 6, 18)
    assert take(session, cast, key, "accept", "endorse").due_on == date(2026, 6, 18)
    assert take(session, cast, key, "return_to_applicant", "withdraw").due_on is None
    assert take(session, cast, key, "submit").due_on == date(2026, 6, 23)


def test_nobody_extends_the_days_of_a_replacement(session, lost):
    cast, key = lost
    take(session, cast, key, "submit", "accept")
    with pytest.raises(NotFound):
        perform(session, "extend", {key: None}, cast.wang_qiang.actor, opinion=Opinion("需要时间。"))
    assert due(session, key) == date(2026, 6, 8)


def test_the_days_of_a_replacement_are_a_value_of_the_policy(session, lost):
    cast, key = lost
    session.add(PolicyValue(key="replacement_days", value="3", valid_from=date(2026, 1, 1), source="测试"))
    session.commit()
    assert take(session, cast, key, "submit").due_on == date(2026, 6, 4)
