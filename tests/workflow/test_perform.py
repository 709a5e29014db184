"""One call of `perform` is one commit: who may move, what is refused, what is written."""

from datetime import date

import pytest
from sqlalchemy import func, select
from werkzeug.exceptions import NotFound

from app.extensions.refused import Refused
from app.models import (
    Announcement,
    AuditEntry,
    Certificate,
    Decision,
    Declaration,
    Job,
    PolicyValue,
    Publicity,
    Registration,
    RegistrationLock,
    Revision,
    State,
)
from app.services.publicity import raise_objection
from app.workflow import answers
from app.workflow.call import Opinion
from app.workflow.perform import perform
from tests.cast import CHANGSHA, ZHANG_WEI, add_constructor, assemble, file_draft, take

pytestmark = pytest.mark.both_engines

TO_PROVINCE = ("submit", "accept", "endorse")
TO_LIST = (*TO_PROVINCE, "approve", "publicise")


@pytest.fixture
def cast(app, session):
    with app.app_context():
        session.add(PolicyValue(key="publicity_days", value="0", valid_from=date(2020, 1, 1), source="测试"))
        yield assemble(session)


@pytest.fixture
def draft(cast, session):
    return file_draft(session, cast.li_juan, cast.zhang_wei)


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


def state(session, key):
    return session.scalar(select(Declaration.state).where(Declaration.id == key))


def test_the_register_changes_at_the_announcement_and_not_before(cast, session, draft):
    for step in TO_LIST:
        take(session, cast, draft, step)
        assert count(session, Registration) == count(session, Certificate) == 0, step
    row = take(session, cast, draft, "announce")
    registration = session.scalar(select(Registration))
    certificate = session.scalar(select(Certificate))
    assert row.registration_id == registration.id
    assert registration.number == "湘243252600001"
    assert registration.id_number == ZHANG_WEI
    assert certificate.number == "4300000001"
    assert session.scalar(select(Job.key).order_by(Job.id.desc())) == f"issue_certificate:{certificate.id}"
    assert registration.ends_on == date(2029, 5, 31)


def test_every_step_leaves_a_decision_and_an_audit_line(cast, session, draft):
    take(session, cast, draft, *TO_LIST, "announce")
    actions = [*TO_LIST, "announce"]
    assert session.scalars(select(Decision.action).order_by(Decision.id)).all() == actions
    lines = session.execute(
        select(AuditEntry.action, AuditEntry.actor_name)
        .where(AuditEntry.action.startswith("declaration."))
        .order_by(AuditEntry.id)
    ).all()
    assert [line.action for line in lines] == [f"declaration.{action}" for action in actions]
    trail = select(AuditEntry.action).where(
        AuditEntry.subject == "declaration", AuditEntry.subject_id == str(draft)
    )
    assert set(actions) <= {action.removeprefix("declaration.") for action in session.scalars(trail)}
    assert [line.actor_name for line in lines] == ["李娟", "王强", "王强", "陈静", "陈静", "周敏"]


def test_the_officer_of_the_other_city_gets_404_and_changes_nothing(cast, session, draft):
    take(session, cast, draft, "submit")
    with pytest.raises(NotFound):
        perform(session, "accept", {draft: None}, cast.zhao_min.actor)
    assert state(session, draft) == State.SUBMITTED


@pytest.mark.parametrize(
    "stranger", ["fang_yuan", "liu_yang", "zhao_min", "chen_jing", "admin", "auditor", "zhang_wei"]
)
def test_nobody_but_the_initiator_submits_a_draft(cast, session, draft, stranger):
    with pytest.raises(NotFound):
        perform(session, "submit", {draft: None}, getattr(cast, stranger).actor)
    assert state(session, draft) == State.DRAFT


def test_a_provincial_officer_cannot_accept_and_a_municipal_one_cannot_approve(cast, session, draft):
    take(session, cast, draft, "submit")
    with pytest.raises(NotFound):
        perform(session, "accept", {draft: None}, cast.chen_jing.actor)
    take(session, cast, draft, "accept", "endorse")
    with pytest.raises(NotFound):
        perform(session, "approve", {draft: None}, cast.wang_qiang.actor)
    assert state(session, draft) == State.ENDORSED


def test_one_row_out_of_scope_refuses_the_whole_call(cast, session, draft):
    other = add_constructor(session, cast.zhao_min, "欧阳演示", "439900199002280025")
    foreign = file_draft(session, cast.liu_yang, other)
    take(session, cast, draft, "submit")
    take(session, cast, foreign, "submit")
    with pytest.raises(NotFound):
        perform(session, "accept", {draft: None, foreign: None}, cast.wang_qiang.actor)
    assert state(session, draft) == state(session, foreign) == State.SUBMITTED


def test_an_unknown_action_and_an_unknown_id_are_404(cast, session, draft):
    for action, key in (("nonsense", draft), ("submit", 999_999)):
        with pytest.raises(NotFound):
            perform(session, action, {key: None}, cast.li_juan.actor)


def test_a_row_that_was_changed_meanwhile_is_skipped_and_named(cast, session, draft):
    version = session.get_one(Declaration, draft).version
    session.get_one(Declaration, draft).phone = "0731-11111111"
    session.commit()
    outcome = perform(session, "submit", {draft: version}, cast.li_juan.actor)
    assert not outcome.done
    assert "张伟" in outcome.skipped[0].label
    assert state(session, draft) == State.DRAFT


def test_a_row_that_was_moved_already_is_skipped_and_the_others_pass(cast, session, draft):
    other = add_constructor(session, cast.wang_qiang, "欧阳演示", "439900199002280025")
    second = file_draft(session, cast.li_juan, other)
    take(session, cast, draft, "submit", "accept")
    take(session, cast, second, "submit")
    outcome = perform(session, "accept", {draft: None, second: None}, cast.wang_qiang.actor)
    assert list(outcome.done) == [second]
    (skipped,) = outcome.skipped
    assert skipped.id == draft
    assert "已受理" in skipped.reason


def test_a_step_is_one_version(cast, session, draft):
    """A reviewer who opened version 3 must not find version 5 after one step."""
    for action, number in (("submit", 1), ("accept", 1), ("endorse", 1), ("approve", 1)):
        before = session.get_one(Declaration, draft).version
        take(session, cast, draft, action)
        assert session.get_one(Declaration, draft).version == before + number, action


def test_the_same_key_gives_the_first_answer_and_acts_once(cast, session, draft):
    first = perform(session, "submit", {draft: None}, cast.li_juan.actor, key="k1")
    again = perform(session, "submit", {draft: None}, cast.li_juan.actor, key="k1")
    assert again == first
    assert count(session, Decision) == 1


def test_a_key_that_was_used_for_another_step_is_refused_and_does_nothing(cast, session, draft):
    perform(session, "submit", {draft: None}, cast.li_juan.actor, key="k1")
    with pytest.raises(Refused):
        perform(session, "recall", {draft: None}, cast.li_juan.actor, key="k1")
    session.rollback()
    assert session.get_one(Declaration, draft).state == State.SUBMITTED


def test_a_key_that_was_used_for_a_step_on_something_else_is_refused_in_words(cast, session, draft):
    """The change of an enterprise takes keys from the same book, and keeps its answers in other words."""
    answers.claim(session, "k1", cast.li_juan.actor)
    answers.remember(session, "k1", "endorse:5")
    session.commit()
    with pytest.raises(Refused, match="已办理过其他操作"):
        perform(session, "submit", {draft: None}, cast.li_juan.actor, key="k1")
    session.rollback()
    assert session.get_one(Declaration, draft).state == State.DRAFT


def test_somebody_elses_key_is_no_key_of_mine(cast, session, draft):
    perform(session, "submit", {draft: None}, cast.li_juan.actor, key="k1")
    with pytest.raises(NotFound):
        perform(session, "accept", {draft: None}, cast.wang_qiang.actor, key="k1")


@pytest.mark.parametrize("action", ["return", "decline"])
def test_taking_something_from_the_applicant_needs_a_reason(cast, session, draft, action):
    take(session, cast, draft, "submit")
    outcome = perform(session, action, {draft: None}, cast.wang_qiang.actor, opinion=Opinion("  "))
    assert not outcome.done
    take(session, cast, draft, action)


def test_an_endorsement_says_yes_or_no_and_no_needs_a_reason(cast, session, draft):
    take(session, cast, draft, "submit", "accept")
    for opinion in (Opinion("好"), Opinion("", positive=False)):
        assert not perform(session, "endorse", {draft: None}, cast.wang_qiang.actor, opinion=opinion).done
    perform(session, "endorse", {draft: None}, cast.wang_qiang.actor, opinion=Opinion("不符", positive=False))
    row = session.get_one(Declaration, draft)
    assert (row.state, row.endorsement) == (State.ENDORSED, "negative")


def test_who_approved_does_not_announce(cast, session, draft):
    take(session, cast, draft, *TO_LIST)
    outcome = perform(session, "announce", {draft: None}, cast.chen_jing.actor)
    assert not outcome.done
    assert count(session, Announcement) == count(session, Registration) == 0
    session.add(PolicyValue(key="two_person_rule", value="0", valid_from=date(2020, 1, 1), source="测试"))
    session.commit()
    assert perform(session, "announce", {draft: None}, cast.chen_jing.actor).done


def test_an_approval_that_cannot_stand_is_taken_back_or_refused_before_the_register_changes(
    cast, session, draft
):
    row = take(session, cast, draft, *TO_PROVINCE, "approve")
    assert row.decided_by_id == cast.chen_jing.actor.account_id
    row = take(session, cast, draft, "send_back")
    assert (row.state, row.decided_by_id, row.decided_on) == (State.ACCEPTED, None, None)
    take(session, cast, draft, "endorse", "approve", "publicise")
    for wrong in (Opinion(), Opinion("  ")):
        assert not perform(session, "refuse", {draft: None}, cast.chen_jing.actor, opinion=wrong).done
    row = take(session, cast, draft, "refuse")
    assert (row.state, count(session, Registration)) == (State.REFUSED, 0)


def test_what_somebody_objects_to_is_not_refused_over_the_objection(cast, session, draft):
    take(session, cast, draft, *TO_LIST)
    raise_objection(session, draft, objector="邻居", contact="13900000000", content="聘用关系不实")
    session.commit()
    reason = Opinion("锁定未解除")
    outcome = perform(session, "refuse", {draft: None}, cast.chen_jing.actor, opinion=reason)
    assert not outcome.done
    assert not perform(session, "uphold", {draft: None}, cast.chen_jing.actor, opinion=reason).done
    named = Opinion("聘用关系不实", ground="employer")
    assert perform(session, "uphold", {draft: None}, cast.chen_jing.actor, opinion=named).done


def test_nothing_is_announced_while_the_publicity_runs(cast, session, draft, clock):
    session.add(PolicyValue(key="publicity_days", value="7", valid_from=date(2020, 1, 2), source="测试"))
    session.commit()
    take(session, cast, draft, *TO_LIST)
    # Monday 1 June and seven working days: the last one is Wednesday 10 June, and it belongs to the public.
    assert session.scalar(select(Publicity.closes_on)) == date(2026, 6, 10)
    clock.shift(9 * 86400)
    assert not perform(session, "announce", {draft: None}, cast.zhou_min.actor).done
    clock.shift(86400)
    assert perform(session, "announce", {draft: None}, cast.zhou_min.actor).done


def test_a_locked_person_stops_every_step_that_goes_on(cast, session, draft):
    take(session, cast, draft, "submit")
    person_id = cast.zhang_wei.actor.person_id
    session.add(RegistrationLock(person_id=person_id, reason="挂证核查", locked_on=date(2026, 5, 1)))
    session.commit()
    outcome = perform(session, "accept", {draft: None}, cast.wang_qiang.actor)
    (told,) = outcome.skipped[0].findings
    assert "2026-05-01" in told
    assert "挂证核查" not in told
    take(session, cast, draft, "return")


def test_a_person_has_one_declaration_under_way_among_all_enterprises(cast, session, draft):
    rival = file_draft(session, cast.fang_yuan, cast.zhang_wei)
    take(session, cast, draft, "submit")
    outcome = perform(session, "submit", {rival: None}, cast.fang_yuan.actor)
    (finding,) = outcome.skipped[0].findings
    assert "长沙示例" not in finding
    take(session, cast, draft, "withdraw")
    take(session, cast, rival, "submit")


def test_a_refused_row_gives_its_numbers_back(cast, session, draft):
    """The effect of one row fails; the row beside it gets the first number, with no gap."""
    other = add_constructor(session, cast.wang_qiang, "欧阳演示", "439900199002280025")
    second = file_draft(session, cast.li_juan, other)
    for key in (draft, second):
        take(session, cast, key, *TO_LIST)
    session.add(
        Registration(
            person_id=cast.zhang_wei.actor.person_id, kind="temporary", number="湘243130000001", name="张伟",
            birth_date=date(1985, 6, 15), enterprise_id=cast.li_juan.actor.enterprise_id, enterprise_name="示例",
            region_code=CHANGSHA, registered_on=date(2013, 1, 1), ends_on=date(2027, 1, 1), status="valid",
        )
    )  # fmt: skip
    session.query(Registration).update({"kind": "registered"})
    session.commit()
    outcome = perform(session, "announce", {draft: None, second: None}, cast.zhou_min.actor)
    assert list(outcome.done) == [second]
    numbers = session.scalars(select(Registration.number).order_by(Registration.number)).all()
    assert numbers == ["湘243130000001", "湘243252600001"]
    assert session.scalars(select(Certificate.number)).all() == ["4300000001"]


def test_each_submission_is_kept_as_a_revision(cast, session, draft):
    take(session, cast, draft, "submit", "return")
    session.get_one(Declaration, draft).phone = "0731-22222222"
    session.commit()
    take(session, cast, draft, "submit")
    assert session.scalars(select(Revision.number).order_by(Revision.number)).all() == [1, 2]


def test_the_term_of_the_review_is_extended_once(cast, session, draft):
    row = take(session, cast, draft, "submit", "accept")
    assert row.due_on == date(2026, 6, 30)
    assert take(session, cast, draft, "extend").due_on > date(2026, 6, 30)
    assert not perform(session, "extend", {draft: None}, cast.wang_qiang.actor, opinion=Opinion("再延")).done


def test_more_rows_than_a_call_takes_are_refused_at_once(cast, session):
    with pytest.raises(Refused):
        perform(session, "accept", dict.fromkeys(range(1, 102)), cast.wang_qiang.actor)
