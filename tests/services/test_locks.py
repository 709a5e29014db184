"""Locks and the steps that they hold up: of one registration or of everything, on their days, for either policy."""

from datetime import date, timedelta

import pytest

from app.cli.demo.filing import file_declaration
from app.extensions.clock import today
from app.extensions.refused import Refused
from app.models import Person, PolicyValue, RegistrationLock, State
from app.services import filing, locks
from app.services.locks import Target
from app.tasks.deadlines import keep_deadlines
from app.workflow.call import Opinion, call_today
from app.workflow.perform import perform
from app.workflow.types import registry
from app.workflow.verdicts import judge
from tests.cast import mover, take
from tests.registered import drafted, registered

pytestmark = pytest.mark.both_engines

DAY = timedelta(days=1)
SAID = {"text": "经核查。", "positive": True, "ground": "employer"}


@pytest.fixture
def at_once(session):
    """A publicity that closes on the day on which it opens."""
    session.add(PolicyValue(key="publicity_days", value="0", valid_from=date(2026, 1, 1), source="测试"))
    session.commit()


@pytest.fixture
def held(session, cast):
    return registered(session, cast.li_juan, cast.zhang_wei)


def locked(session, cast, registration=None, *, first=None, until=None, person_id=None) -> RegistrationLock:
    """A lock by 陈静 from today on, of this registration or of everything about the person; committed."""
    person = session.get_one(Person, person_id or registration.person_id)
    row = RegistrationLock(reason="涉嫌挂证", locked_on=first or today(), until=until)
    locks.lock(session, cast.chen_jing.actor, row, Target(person, registration))
    session.commit()
    return row


def tried(session, row, action, actor, **opinion) -> str:
    """`done`, or the first finding that stops the step."""
    session.refresh(row)
    outcome = perform(session, action, {row.id: None}, actor, opinion=Opinion(**opinion))
    session.refresh(row)
    return "done" if outcome.done else str((*outcome.skipped[0].findings, outcome.skipped[0].reason)[0])


STEPS = {
    "addition": ("submit", "accept", "endorse", "approve", "publicise", "announce"),
    "replacement": ("submit", "accept", "endorse", "approve", "announce"),
    "temporary_extension": ("submit", "accept", "endorse", "approve", "announce"),
    "temporary_transfer": ("submit", "consent", "approve", "announce"),
}
"""The way of a case to the register: with publicity, without it, and by the province alone."""

STOPPED = {"submit", "accept", "deem_accepted", "endorse", "approve", "publicise", "announce", "consent"}
"""What a lock refuses. The other steps give a case back, end it or give its reviewers time."""


@pytest.mark.parametrize(("key", "steps"), STEPS.items())
def test_a_lock_refuses_every_step_to_the_register(session, cast, at_once, key, steps):
    kind = registry[key]
    held = registered(session, cast.li_juan, cast.zhang_wei, kind=kind.registration_kind)
    lock = locked(session, cast, held)
    row = drafted(session, cast, key, held)
    for action in steps:
        session.refresh(row)
        onward = [move for move in kind.flow.from_state(row.state) if move.action in STOPPED]
        assert action in {move.action for move in onward}
        for move in onward:
            told = tried(session, row, move.action, mover(session, cast, row, move.action), **SAID)
            assert "locked" in told, move.action
        lock.unlocked_on, lock.unlock_reason = today(), "已澄清"
        session.commit()
        assert tried(session, row, action, mover(session, cast, row, action), **SAID) == "done", action
        lock.unlocked_on = None
        session.commit()


@pytest.mark.parametrize(("key", "steps"), STEPS.items())
def test_a_lock_holds_nobody_in_a_case(session, cast, at_once, key, steps):
    """Every step that is no way to the register is open under a lock: each is tried where it begins, and undone."""
    kind = registry[key]
    held = registered(session, cast.li_juan, cast.zhang_wei, kind=kind.registration_kind)
    row = drafted(session, cast, key, held)
    tested = set()
    for action in ("", *steps):
        if action:
            take(session, cast, row.id, action)
        session.refresh(row)
        for move in kind.flow.from_state(row.state):
            if move.action not in STOPPED | {"uphold"}:  # which needs an objection
                lock = RegistrationLock(person_id=held.person_id, reason="核查", locked_on=today())
                session.add(lock)
                session.flush()
                call = call_today(
                    session, move.action, mover(session, cast, row, move.action), Opinion(**SAID)
                )
                (verdict,) = judge(call, [row], {row.id: row.version})
                assert verdict.cause is None, (move.action, str(verdict.reason))
                tested.add(move.action)
                session.rollback()
    assert {"withdraw", "lapse", "refuse", "return_to_applicant", "complete"} <= tested


def test_what_the_city_left_unanswered_is_deemed_accepted_when_the_lock_has_ended(session, cast, held, clock):
    row = drafted(session, cast, "replacement", held)
    take(session, cast, row.id, "submit")
    lock = locked(session, cast, held)
    clock.shift(14 * DAY)
    assert keep_deadlines(session) == 0
    session.refresh(row)
    assert row.state == State.SUBMITTED
    locks.unlock(session, cast.zhou_min.actor, lock.id, reason="核查期满")
    session.commit()
    assert keep_deadlines(session) == 1
    session.refresh(row)
    assert row.state == State.ACCEPTED


def test_a_lock_of_one_registration_leaves_the_other_one_alone(session, cast, held):
    temporary = registered(session, cast.li_juan, cast.zhang_wei, kind="temporary")
    locked(session, cast, temporary)
    row = drafted(session, cast, "replacement", held)
    assert tried(session, row, "submit", cast.li_juan.actor) == "done"
    take(session, cast, row.id, "withdraw")
    session.refresh(row)
    session.add(RegistrationLock(person_id=held.person_id, reason="全部", locked_on=today()))
    session.commit()
    assert "The person" in tried(session, row, "submit", cast.li_juan.actor)


def test_a_lock_is_not_escaped_by_a_cancellation_and_a_re_registration(session, cast, held):
    row = drafted(session, cast, "cancellation", held)
    locked(session, cast, held)
    take(session, cast, row.id, "submit", "agree")
    session.refresh(held)
    assert held.status == "cancelled"
    person = session.get_one(Person, held.person_id)
    again = file_declaration(session, registry["re_registration"], cast.fang_yuan.actor, person)
    session.commit()
    outcome = perform(session, "submit", {again.id: None}, cast.fang_yuan.actor)
    assert any("locked" in one for one in outcome.skipped[0].findings)


@pytest.mark.parametrize("value", ["0", "1"])
def test_the_policy_says_whether_a_lock_holds_up_cancellations(session, cast, held, value):
    session.add(
        PolicyValue(
            key="lock_stops_cancellation", value=value, valid_from=date(2026, 1, 1), source="演示文件"
        )
    )
    session.commit()
    locked(session, cast, held)
    row = drafted(session, cast, "cancellation", held)
    told = tried(session, row, "submit", cast.li_juan.actor)
    assert (told == "done") is (value == "0")
    if value == "1":
        assert "locked" in told
        assert row.state == State.DRAFT


@pytest.mark.parametrize(
    ("first", "until", "holds"),
    [(0, None, True), (1, None, False), (1, 5, False), (0, 0, True), (-3, 0, True), (-3, -1, False)],
)
def test_a_lock_holds_from_its_first_to_its_last_day(session, cast, held, first, until, holds):
    session.add(
        RegistrationLock(
            person_id=held.person_id, registration_id=held.id, reason="核查", locked_on=today() + first * DAY,
            until=None if until is None else today() + until * DAY,
        )
    )  # fmt: skip
    session.commit()
    row = drafted(session, cast, "replacement", held)
    assert (tried(session, row, "submit", cast.li_juan.actor) != "done") is holds
    assert bool(locks.holding(session, [held])[held.id]) is holds


def test_an_unlocking_of_a_later_day_holds_until_the_day_before(session, cast, held, clock):
    lock = locked(session, cast, held)
    locks.unlock(session, cast.zhou_min.actor, lock.id, reason="核查期满", on=today() + 2 * DAY)
    session.commit()
    row = drafted(session, cast, "replacement", held)
    clock.shift(DAY)
    assert "locked" in tried(session, row, "submit", cast.li_juan.actor)
    clock.shift(DAY)
    assert tried(session, row, "submit", cast.li_juan.actor) == "done"
    with pytest.raises(Refused):
        locks.unlock(session, cast.zhou_min.actor, lock.id, reason="再次")


def test_an_unlocking_of_a_later_day_may_be_brought_forward(session, cast, held):
    lock = locked(session, cast, held)
    locks.unlock(session, cast.zhou_min.actor, lock.id, reason="核查期满", on=today() + 9 * DAY)
    session.commit()
    for later in (9, 10):
        with pytest.raises(Refused) as refused:
            locks.unlock(session, cast.zhou_min.actor, lock.id, reason="再次", on=today() + later * DAY)
        assert "2026-06-10" in str(refused.value.message)
    session.rollback()
    locks.unlock(session, cast.zhou_min.actor, lock.id, reason="提前查清", on=today() + DAY)
    session.commit()
    assert (lock.unlocked_on, lock.unlock_reason) == (today() + DAY, "提前查清")


def test_a_lock_that_was_ended_before_it_began_stands_in_nobodys_way(session, cast, held):
    coming = locked(session, cast, held, first=today() + 5 * DAY)
    with pytest.raises(Refused):
        locked(session, cast, held, first=today() + DAY)
    session.rollback()
    locks.unlock(session, cast.zhou_min.actor, coming.id, reason="已澄清", on=today() + 3 * DAY)
    session.commit()
    locked(session, cast, held, first=today() + DAY)
    assert bool(locks.holding(session, [held])[held.id]) is False


def test_what_is_over_is_not_ended_once_more(session, cast, held, clock):
    lock = locked(session, cast, held, until=today() + DAY)
    clock.shift(2 * DAY)
    with pytest.raises(Refused):
        locks.unlock(session, cast.zhou_min.actor, lock.id, reason="核查期满")


def test_the_form_of_a_locked_registration_can_be_filled_in(session, cast, held):
    """Typing is no step; the check list says already what will stop the submission."""
    locked(session, cast, held)
    person = session.get_one(Person, held.person_id)
    begun = filing.start(session, registry["replacement"], cast.li_juan.actor, person, held)
    assert begun.row.state == State.DRAFT
