"""Two parties of one declaration: who asks never answers, who answers never asks, and what silence comes to."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from werkzeug.exceptions import NotFound

from app.cli.demo.makers import attach
from app.cli.demo.pictures import sheet
from app.extensions.clock import today
from app.models import (
    Attachment,
    Certificate,
    Decision,
    Declaration,
    Enterprise,
    PolicyValue,
    Registration,
    RegistrationEvent,
    State,
)
from app.services import certificates, register_changes
from app.tasks.deadlines import keep_deadlines
from app.workflow.call import Opinion
from app.workflow.guards import is_party
from app.workflow.perform import perform
from app.workflow.types import registry
from tests.cast import add_constructor, take
from tests.registered import drafted, registered

pytestmark = pytest.mark.both_engines

DAY = 86_400
KINDS = ("cancellation", "personal_cancellation", "temporary_transfer", "transfer")
TWO_PARTY = KINDS[:2]
ANSWERS = ("agree", "consent", "disagree")
WORDS = Opinion("对方拒不配合。", positive=True)


@pytest.fixture(autouse=True)
def the_province_has_opened_everything(session):
    session.add(PolicyValue(key="transfer_open", value="1", valid_from=date(2026, 1, 1), source="演示文件"))
    session.commit()


def asked(session, cast, key: str) -> Declaration:
    """A declaration of this type about 张伟 that waits for its other party."""
    row = registered(session, cast.li_juan, cast.zhang_wei, kind=registry[key].registration_kind)
    return take(session, cast, drafted(session, cast, key, row).id, "submit")


def everybody(session, cast) -> list:
    """The whole cast, and a constructor who has nothing to do with it."""
    stranger = add_constructor(session, cast.wang_qiang, "王芳", "439900199002280025")
    session.commit()
    return [*cast, stranger]


def tried(session, row, action, actor, words=WORDS) -> str:
    """What comes of it when somebody asks for this step: done, skipped or 404, of which the last two move nothing."""
    session.refresh(row)
    before, version = row.state, row.version
    try:
        outcome = perform(session, action, {row.id: None}, actor, opinion=words)
    except NotFound:
        session.rollback()
        outcome = None
    session.refresh(row)
    assert (outcome is not None and outcome.done) or (row.state, row.version) == (before, version)
    return "404" if outcome is None else "done" if outcome.done else "skipped"


def add_evidence(session, row) -> None:
    attach(session, "evidence", sheet("证据", (row.enterprise_name, row.name)), declaration_id=row.id)
    session.commit()


def without_evidence(session, row) -> None:
    session.query(Attachment).filter_by(declaration_id=row.id, kind="evidence").delete()
    session.commit()


@pytest.mark.parametrize("key", KINDS)
def test_nobody_but_the_other_party_answers_and_least_of_all_whoever_began_it(session, cast, key):
    row = asked(session, cast, key)
    for member in everybody(session, cast):
        if not is_party(row, str(row.counterparty), member.actor):
            assert {tried(session, row, action, member.actor) for action in ANSWERS} == {"404"}, member.name
    assert row.state == State.AWAITING_CONFIRMATION


@pytest.mark.parametrize("key", KINDS)
def test_the_other_party_neither_withdraws_nor_asks_the_province(session, cast, key):
    row = asked(session, cast, key)
    (other,) = [one for one in cast if is_party(row, str(row.counterparty), one.actor)]
    for step in ("submit", "withdraw", "force"):
        assert tried(session, row, step, other.actor) == "404", step
    take(session, cast, row.id, "disagree")
    for step in ("submit", "withdraw", "force", "lapse"):
        assert tried(session, row, step, other.actor) == "404", step


@pytest.mark.parametrize("key", KINDS)
def test_who_disagrees_says_why_and_who_began_it_reads_it(session, cast, key):
    row = asked(session, cast, key)
    (other,) = [one for one in cast if is_party(row, str(row.counterparty), one.actor)]
    assert tried(session, row, "disagree", other.actor, Opinion()) == "skipped"
    take(session, cast, row.id, "disagree")
    last = session.scalars(
        select(Decision).where(Decision.declaration_id == row.id).order_by(Decision.id)
    ).all()[-1]
    assert (last.to_state, last.opinion, last.actor_id) == (
        State.RETURNED, "合同尚未到期。", other.actor.account_id,
    )  # fmt: skip
    assert session.scalar(select(Registration.status)) == "valid"


@pytest.mark.parametrize("key", KINDS)
def test_silence_gives_the_case_back_when_the_days_of_the_policy_are_over(session, cast, clock, key):
    """Asked on Monday 1 June with five working days: until Monday 8 June; on the 9th the case is back."""
    row = asked(session, cast, key)
    assert row.due_on == date(2026, 6, 8)
    clock.shift(7 * DAY)
    assert keep_deadlines(session) == 0
    clock.shift(DAY)
    assert keep_deadlines(session) == 1
    session.refresh(row)
    assert (row.state, row.due_on) == (State.RETURNED, None)
    (other,) = [one for one in cast if is_party(row, str(row.counterparty), one.actor)]
    for action in ANSWERS:
        assert tried(session, row, action, other.actor) in {"skipped", "404"}, action
    assert row.state == State.RETURNED


@pytest.mark.parametrize("key", TWO_PARTY)
def test_how_long_silence_may_last_is_a_value_of_the_province(session, cast, clock, key):
    session.add(
        PolicyValue(key="confirmation_days", value="2", valid_from=date(2026, 1, 1), source="演示文件")
    )
    session.commit()
    assert asked(session, cast, key).due_on == date(2026, 6, 3)
    clock.shift(3 * DAY)
    assert keep_deadlines(session) == 1


@pytest.mark.parametrize("key", TWO_PARTY)
@pytest.mark.parametrize("before", ["disagree", "go_unanswered"])
def test_the_province_decides_after_a_refusal_or_silence_and_on_evidence(session, cast, key, before):
    row = asked(session, cast, key)
    filer = next(one.actor for one in cast if is_party(row, row.initiator, one.actor))
    assert tried(session, row, "force", filer) == "skipped"
    take(session, cast, row.id, before)
    without_evidence(session, row)
    assert tried(session, row, "force", filer) == "skipped"
    add_evidence(session, row)
    assert tried(session, row, "force", filer, Opinion()) == "skipped"
    take(session, cast, row.id, "force")
    assert (row.state, row.filed_on) == (State.REFERRED, today())
    for member in everybody(session, cast):
        for action in ("agree", "disagree", "withdraw"):
            assert tried(session, row, action, member.actor) != "done", (member.name, action)
    take(session, cast, row.id, "approve", "announce")
    assert session.scalar(select(Registration.status)) == "cancelled"
    steps = session.scalars(
        select(Decision.action).where(Decision.declaration_id == row.id).order_by(Decision.id)
    )
    assert list(steps) == ["submit", before, "force", "approve", "announce"]


@pytest.mark.parametrize("key", KINDS[2:])
def test_nobody_forces_a_transfer(session, cast, key):
    row = asked(session, cast, key)
    take(session, cast, row.id, "disagree")
    assert tried(session, row, "force", cast.fang_yuan.actor) == "404"


@pytest.mark.parametrize("key", TWO_PARTY)
def test_no_authority_has_a_part_in_what_two_parties_agree_on(session, cast, key):
    row = asked(session, cast, key)
    officers = (cast.wang_qiang, cast.zhao_min, cast.chen_jing, cast.zhou_min)
    actions = [move.action for move in registry[key].flow.moves]
    for member in officers:
        assert {tried(session, row, action, member.actor) for action in actions} == {"404"}
    take(session, cast, row.id, "agree")
    assert (row.state, row.decided_by_id) == (State.COMPLETED, None)
    assert session.scalar(select(Registration.status)) == "cancelled"


def test_a_case_that_was_filed_in_time_is_in_time_when_it_was_corrected(session, cast, clock):
    """Filed on the last day of the window, returned, corrected two days after it: the city may still accept it."""
    ends_on = today() + timedelta(days=30)
    row = registered(session, cast.li_juan, cast.zhang_wei, ends={"building": ends_on})
    key = drafted(session, cast, "renewal", row).id
    take(session, cast, key, "submit", "return")
    clock.shift(2 * DAY)
    declaration = take(session, cast, key, "submit", "accept", "endorse", "approve")
    assert (declaration.filed_on, declaration.state) == (date(2026, 6, 1), State.APPROVED)


def test_what_was_taken_back_is_filed_anew_on_its_own_day(session, cast, clock):
    row = registered(session, cast.li_juan, cast.zhang_wei, ends={"building": today() + timedelta(days=30)})
    declaration = drafted(session, cast, "renewal", row)
    take(session, cast, declaration.id, "submit", "withdraw")
    clock.shift(2 * DAY)
    assert tried(session, declaration, "submit", cast.li_juan.actor) == "skipped"


def counted(session) -> tuple[int, ...]:
    """How much the register holds: certificates, changes of the register, steps that were taken."""
    session.rollback()
    return tuple(
        session.scalar(select(func.count()).select_from(model))
        for model in (Certificate, RegistrationEvent, Decision)
    )


@pytest.mark.parametrize("breaking", ["allot", "keep_history"])
def test_an_effect_that_fails_half_way_leaves_nothing(session, cast, monkeypatch, breaking):
    row = registered(session, cast.li_juan, cast.zhang_wei, ends={"building": today() + timedelta(days=60)})
    key = drafted(session, cast, "replacement", row).id
    declaration = take(session, cast, key, "submit", "accept", "endorse", "approve")
    before = counted(session)

    def fail(*_args, **_kwargs):
        raise RuntimeError("half-way")

    where = certificates if breaking == "allot" else register_changes
    monkeypatch.setattr(where, breaking, fail)
    with pytest.raises(RuntimeError, match="half-way"):
        perform(session, "announce", {key: None}, cast.zhou_min.actor)
    assert counted(session) == before
    session.refresh(row)
    session.refresh(declaration)
    assert (row.seal_check_code, declaration.state) == (0, State.APPROVED)
    assert [one.ended_on for one in row.certificates] == [None]


def test_one_that_cannot_be_entered_leaves_nothing_and_holds_up_nobody(session, cast):
    """The seal of 张伟 has no check code left; 王芳 gets her certificate all the same, and no number is skipped."""
    other = add_constructor(session, cast.wang_qiang, "王芳", "439900199002280025")
    keys = []
    for person, code in ((cast.zhang_wei, 99), (other, 0)):
        row = registered(session, cast.li_juan, person)
        row.seal_check_code = code
        session.commit()
        keys.append(drafted(session, cast, "replacement", row).id)
        take(session, cast, keys[-1], "submit", "accept", "endorse", "approve")
    outcome = perform(session, "announce", dict.fromkeys(keys), cast.zhou_min.actor)
    assert outcome.done == [keys[1]]
    assert [one.id for one in outcome.skipped] == [keys[0]]
    assert "check codes" in outcome.skipped[0].reason
    numbers = session.scalars(select(Certificate.number).order_by(Certificate.number)).all()
    assert numbers == [f"43{serial:08d}" for serial in range(1, 4)]
    assert session.get_one(Declaration, keys[0]).state == State.APPROVED


@pytest.mark.parametrize("key", KINDS[2:])
def test_the_other_party_answers_whatever_the_filer_has_left_open_since(session, cast, key):
    """What 方圆's enterprise lacks is for 方圆 to mend and for the province to find, not for 李娟 to read of."""
    row = asked(session, cast, key)
    session.get_one(Enterprise, row.enterprise_id).office_phone = None
    session.commit()
    take(session, cast, row.id, "consent")
    outcome = perform(session, "approve", {row.id: None}, cast.chen_jing.actor)
    assert "Office telephone" in outcome.skipped[0].findings[0]


@pytest.mark.parametrize("key", KINDS[2:])
def test_what_the_register_says_still_stops_the_other_party(session, cast, key):
    row = asked(session, cast, key)
    register_changes.cancel(
        session, session.get_one(Registration, row.registration_id), ["building"],
        reason="employment_ended", declaration_id=None, on=today(),
    )  # fmt: skip
    session.commit()
    (other,) = [one for one in cast if is_party(row, str(row.counterparty), one.actor)]
    assert tried(session, row, "consent", other.actor) == "skipped"


@pytest.mark.parametrize("key", KINDS)
def test_a_dispute_is_ended_by_whom_it_holds_up_after_the_days_of_the_policy(session, cast, clock, key):
    row = asked(session, cast, key)
    take(session, cast, row.id, "disagree")
    session.refresh(row)
    outsiders = [
        one
        for one in everybody(session, cast)
        if is_party(row, row.initiator, one.actor)
        or not (is_party(row, str(row.counterparty), one.actor) or one.actor.person_id == row.person_id)
    ]
    for member in outsiders:
        assert tried(session, row, "end_dispute", member.actor) == "404", member.name
    (other,) = [one for one in cast if is_party(row, str(row.counterparty), one.actor)]
    assert tried(session, row, "end_dispute", other.actor) == "skipped"
    outcome = perform(session, "end_dispute", {row.id: None}, other.actor, opinion=WORDS)
    assert "2026-06-24" in outcome.skipped[0].reason
    clock.shift(23 * DAY)
    assert tried(session, row, "end_dispute", other.actor, Opinion()) == "skipped", "a reason is given"
    assert tried(session, row, "end_dispute", other.actor) == "done"
    assert row.state == State.LAPSED


@pytest.mark.parametrize("key", KINDS)
def test_what_the_province_sends_back_for_correction_is_no_dispute(session, cast, clock, key):
    """Whoever refused a cancellation does not escape the forced one so, nor who consented the transfer."""
    row = asked(session, cast, key)
    if key in TWO_PARTY:
        take(session, cast, row.id, "disagree")
        add_evidence(session, row)
        session.commit()
        take(session, cast, row.id, "force")
    else:
        take(session, cast, row.id, "consent")
    take(session, cast, row.id, "return_to_applicant")
    clock.shift(200 * DAY)
    (other,) = [one for one in cast if is_party(row, str(row.counterparty), one.actor)]
    assert tried(session, row, "end_dispute", other.actor) == "skipped"
    outcome = perform(session, "end_dispute", {row.id: None}, other.actor, opinion=WORDS)
    assert "no dispute" in outcome.skipped[0].reason
    assert row.state == State.RETURNED


def test_what_nobody_answered_is_a_dispute_as_well(session, cast, clock):
    row = asked(session, cast, "cancellation")
    clock.shift(60 * DAY)
    keep_deadlines(session)
    session.refresh(row)
    assert row.state == State.RETURNED
    clock.shift(23 * DAY)
    assert tried(session, row, "end_dispute", cast.zhang_wei.actor) == "done"


def test_a_person_who_is_moved_between_two_enterprises_may_end_their_dispute(session, cast, clock):
    row = asked(session, cast, "temporary_transfer")
    take(session, cast, row.id, "disagree")
    clock.shift(23 * DAY)
    assert tried(session, row, "end_dispute", cast.zhang_wei.actor) == "done"


@pytest.mark.parametrize("key", TWO_PARTY)
def test_who_began_it_lifts_it_at_once_and_the_other_one_may_begin_then(session, cast, key):
    row = asked(session, cast, key)
    take(session, cast, row.id, "disagree")
    rival = "personal_cancellation" if key == "cancellation" else "cancellation"
    registration = session.get_one(Registration, row.registration_id)
    other = drafted(session, cast, rival, registration)
    starter = cast.zhang_wei if rival == "personal_cancellation" else cast.li_juan
    outcome = perform(session, "submit", {other.id: None}, starter.actor)
    (told,) = outcome.skipped[0].findings
    assert ("My declarations" in told) is (rival == "personal_cancellation")
    take(session, cast, row.id, "withdraw")
    assert row.state == State.DRAFT
    take(session, cast, other.id, "submit")
