"""A submission and what changes the register at the same moment: one of them waits, and sees what the other one did."""

import re
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.extensions.clock import today
from app.extensions.database import begin_writing
from app.extensions.refused import Refused
from app.models import UNDER_WAY, Declaration, Enterprise, Registration, RegistrationStatus
from app.services import enterprise_changes, register_changes
from app.services.lapsing import strike_off_ended
from app.services.register_changes import Employer
from app.workflow import holding, perform
from tests.cast import file_draft
from tests.changing import asked, step
from tests.registered import drafted, registered

pytestmark = pytest.mark.both_engines
A_MOMENT = 0.7


class Elsewhere:
    """What other processes do meanwhile, one after the other, each in a transaction of its own."""

    def __init__(self, app, engine) -> None:
        self.app, self.engine = app, engine
        self.others = ThreadPoolExecutor(1)

    def begin(self, act) -> Future:
        """Begin it now, and give it a moment; it may have to wait for whoever asks."""
        begun = self.others.submit(self._run, act)
        wait([begun], timeout=A_MOMENT)
        return begun

    def _run(self, act):
        with self.app.app_context(), self.app.test_request_context(), Session(self.engine) as own:
            begin_writing(own)
            told = act(own)
            own.commit()
            return told


@pytest.fixture
def elsewhere(app, engine, stages, session):
    with app.app_context(), app.test_request_context():
        made = Elsewhere(app, stages(engine).database)
        yield made
        session.rollback()  # or whoever waits for a test that failed would wait for ever
        made.others.shutdown()


def between(monkeypatch, module, name, then) -> None:
    """Call `then` as soon as this step of the submission has been taken for the first time."""
    real = getattr(module, name)

    def interrupted(*args, **more):
        found = real(*args, **more)
        monkeypatch.setattr(module, name, real)
        then()
        return found

    monkeypatch.setattr(module, name, interrupted)


def moves(held, clerk):
    """A transfer of this registration to the clerk's enterprise; how many cases were under way when it could begin."""
    key, person_id, employer = held.id, held.person_id, clerk.actor.enterprise_id

    def act(own):
        row = register_changes.standing(own, [key])[key]
        under_way = own.scalar(
            select(func.count()).where(Declaration.person_id == person_id, Declaration.state.in_(UNDER_WAY))
        )
        to = own.get_one(Enterprise, employer)
        there = Employer(to.id, to.name, to.region_code)
        register_changes.transfer(own, row, there, declaration_id=None, on=today())
        return under_way

    return act


def approves(cast, row):
    """The province approves this change; "approved", or the rules that stop it."""
    key, version = row.id, row.version

    def act(own):
        try:
            enterprise_changes.take(own, cast.chen_jing.actor, "approve", key, version)
        except Refused as refused:
            own.rollback()
            return [one.rule for one in refused.findings]
        return "approved"

    return act


def submitted(session, member, declaration):
    """Whether it could be submitted, and else the rules' sentences."""
    ask = {declaration.id: declaration.version}
    session.rollback()
    outcome = perform.perform(session, "submit", ask, member.actor)
    return bool(outcome.done) or list(outcome.skipped[0].findings)


def test_the_employer_to_whom_a_person_moved_during_the_submission_is_held_too(
    session, cast, elsewhere, monkeypatch
):
    """Or his change would be carried out beside a case of one of his own, unseen by its rules."""
    held = registered(session, cast.li_juan, cast.zhang_wei, kind="temporary")
    draft = session.get_one(Declaration, file_draft(session, cast.fang_yuan, cast.zhang_wei))
    change = asked(session, cast.liu_yang, new_name="邵阳示例路桥集团有限公司（演示）")
    step(session, cast, change, "submit", "endorse")
    seen = []
    transfer, approval = moves(held, cast.liu_yang), approves(cast, change)
    between(monkeypatch, holding, "_employers", lambda: seen.append(elsewhere.begin(transfer)))
    between(monkeypatch, perform, "judge", lambda: seen.append(elsewhere.begin(approval)))
    assert submitted(session, cast.fang_yuan, draft) is True
    assert seen[0].result() in (0, 1)
    assert seen[1].result() == ["no_open_case"]


def test_an_employer_who_is_being_changed_at_that_very_moment_asks_for_another_try(
    session, cast, elsewhere, monkeypatch, engine
):
    """Waiting would be for ever, since the change waits for the registration; on SQLite nothing comes between."""
    held = registered(session, cast.li_juan, cast.zhang_wei, kind="temporary")
    draft = session.get_one(Declaration, file_draft(session, cast.fang_yuan, cast.zhang_wei))
    ask, employer = {draft.id: draft.version}, cast.liu_yang.actor.enterprise_id
    transfer = moves(held, cast.liu_yang)
    session.rollback()
    with Session(session.get_bind()) as changing:

        def moved_and_locked() -> None:
            elsewhere.begin(transfer)
            if engine == "postgresql":
                changing.get_one(Enterprise, employer, with_for_update=True)

        between(monkeypatch, holding, "_employers", moved_and_locked)
        if engine == "postgresql":
            with pytest.raises(Refused, match=r"try again|重试"):
                perform.perform(session, "submit", ask, cast.fang_yuan.actor)
            session.rollback()
            changing.rollback()
        assert perform.perform(session, "submit", ask, cast.fang_yuan.actor).done


def test_a_person_is_not_moved_while_the_employer_submits_for_him(session, cast, elsewhere, monkeypatch):
    held = registered(session, cast.li_juan, cast.zhang_wei)
    draft = drafted(session, cast, "replacement", held)
    seen, transfer = [], moves(held, cast.fang_yuan)
    between(monkeypatch, perform, "judge", lambda: seen.append(elsewhere.begin(transfer)))
    assert submitted(session, cast.li_juan, draft) is True
    assert seen[0].result() == 1


def test_who_submits_for_a_person_who_is_just_being_moved_waits_and_is_told(session, cast, elsewhere):
    held = registered(session, cast.li_juan, cast.zhang_wei)
    draft = drafted(session, cast, "replacement", held)
    transfer = moves(held, cast.fang_yuan)

    def transfer_slowly(own) -> None:
        transfer(own)
        own.flush()
        time.sleep(2 * A_MOMENT)

    session.rollback()
    moved = elsewhere.begin(transfer_slowly)
    assert not moved.done()
    told = submitted(session, cast.li_juan, draft)
    assert any(re.search("another enterprise by now|现已注册在其他企业", one) for one in told), told
    moved.result()


def test_a_term_is_not_struck_off_under_a_case_that_is_being_submitted(session, cast, elsewhere, monkeypatch):
    held = registered(session, cast.li_juan, cast.zhang_wei, ends={"building": today()})
    draft = drafted(session, cast, "cancellation", held)
    key, seen = held.id, []
    after = today().replace(day=today().day + 1)
    lapsing = lambda own: strike_off_ended(own, after)  # noqa: E731
    between(monkeypatch, perform, "judge", lambda: seen.append(elsewhere.begin(lapsing)))
    assert submitted(session, cast.li_juan, draft) is True
    assert seen[0].result() == 0
    session.rollback()
    assert session.scalar(select(Registration.status).where(Registration.id == key)) == (
        RegistrationStatus.VALID
    )
