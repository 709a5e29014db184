"""Two officers, one pile: each row is decided once, and whoever came second is told so."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.cli.demo.makers import id_number
from app.declarations.initial_registration import TYPE as INITIAL
from app.extensions.database import begin_writing
from app.models import (
    Attachment,
    Decision,
    Declaration,
    DeclaredSpecialty,
    Person,
    PolicyValue,
    Registration,
    State,
)
from app.services import filing
from app.workflow.call import Opinion
from app.workflow.perform import perform
from tests.cast import add_constructor, assemble, file_draft, take

ROWS = 50
BORN = date(1990, 1, 1)


@pytest.fixture
def cast(app, session):
    with app.app_context():
        session.add(PolicyValue(key="publicity_days", value="0", valid_from=date(2020, 1, 1), source="测试"))
        yield assemble(session)


@pytest.fixture
def at_once(app, stages, engine):
    return lambda *acts: _at_once(app, stages(engine).database, acts)


def _at_once(app, engine, acts):
    """Run these with a session each, as close together as threads can; what each of them gave, errors included."""
    gate = threading.Barrier(len(acts))

    def run(act):
        with app.app_context(), app.test_request_context(), Session(engine) as own:
            gate.wait()
            return act(own)

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.on_postgresql
def test_two_officers_on_the_same_rows_decide_each_row_once(cast, session, at_once, rounds):
    clerk = cast.li_juan
    people = [
        add_constructor(session, cast.wang_qiang, f"演示{n:03d}", id_number(BORN, n))
        for n in range(1, ROWS + 1)
    ]
    pile = dict.fromkeys(file_draft(session, clerk, person) for person in people)
    for _ in range(rounds(20)):
        assert len(perform(session, "submit", pile, clerk.actor).done) == ROWS
        before = session.scalar(select(func.count()).select_from(Decision))
        answers = at_once(
            lambda own: perform(own, "accept", pile, cast.wang_qiang.actor),
            lambda own: perform(own, "accept", dict(reversed(pile.items())), cast.wang_qiang.actor),
        )
        done = [key for answer in answers for key in answer.done]
        skipped = [one.id for answer in answers for one in answer.skipped]
        assert sorted(done) == sorted(pile) == sorted(skipped)
        assert session.scalar(select(func.count()).select_from(Decision)) == before + ROWS
        take_back(session, cast, pile)


def take_back(session, cast, pile):
    """Put the pile where the round began, by legal steps."""
    sorry = Opinion("再来一次")
    assert len(perform(session, "return", pile, cast.wang_qiang.actor, opinion=sorry).done) == ROWS
    assert session.scalars(select(Declaration.state).distinct()).all() == [State.RETURNED]


@pytest.mark.both_engines
def test_two_enterprises_that_submit_one_person_at_once_do_not_both_succeed(cast, session, at_once, rounds):
    mine = file_draft(session, cast.li_juan, cast.zhang_wei)
    theirs = file_draft(session, cast.fang_yuan, cast.zhang_wei)
    for _ in range(rounds(5)):
        answers = at_once(
            lambda own: perform(own, "submit", {mine: None}, cast.li_juan.actor),
            lambda own: perform(own, "submit", {theirs: None}, cast.fang_yuan.actor),
        )
        (done,) = [key for answer in answers for key in answer.done]
        owner = cast.li_juan if done == mine else cast.fang_yuan
        session.expire_all()
        assert perform(session, "withdraw", {done: None}, owner.actor).done


@pytest.mark.both_engines
def test_two_announcements_at_once_give_numbers_without_gap_or_double(cast, session, at_once):
    people = [
        add_constructor(session, cast.wang_qiang, f"演示{n:03d}", id_number(BORN, n)) for n in range(1, 13)
    ]
    keys = [file_draft(session, cast.li_juan, person) for person in people]
    for key in keys:
        take(session, cast, key, "submit", "accept", "endorse", "approve", "publicise")
    piles = [dict.fromkeys(keys[::2]), dict.fromkeys(keys[1::2]), dict.fromkeys(keys)]
    announce = [lambda own, pile=pile: perform(own, "announce", pile, cast.zhou_min.actor) for pile in piles]
    at_once(*announce)
    session.rollback()
    numbers = sorted(session.scalars(select(Registration.number)))
    assert [int(number[-5:]) for number in numbers] == list(range(1, 13))


@pytest.mark.both_engines
def test_a_draft_that_is_begun_twice_at_one_moment_is_one_draft(cast, session, at_once, rounds):
    """In the browser and from a workbook, say: whoever comes second gets the draft of the first one."""

    def begin(own):
        begin_writing(own)
        person = own.get_one(Person, cast.zhang_wei.actor.person_id)
        begun = filing.start(own, INITIAL, cast.li_juan.actor, person)
        time.sleep(0.05)
        own.commit()
        return begun.row.id, begun.known

    for _ in range(rounds(5)):
        answers = at_once(begin, begin, begin)
        (key,) = {key for key, _known in answers}
        assert sorted(known for _key, known in answers) == [False, True, True]
        assert session.scalars(select(Declaration.id)).all() == [key]
        session.execute(delete(DeclaredSpecialty))
        session.delete(session.get_one(Declaration, key))
        session.commit()


@pytest.mark.both_engines
def test_the_database_itself_holds_no_second_draft(cast, session):
    file_draft(session, cast.li_juan, cast.zhang_wei)
    person = session.get_one(Person, cast.zhang_wei.actor.person_id)
    session.add(filing.fresh(session, INITIAL, cast.li_juan.actor, person))
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()
    file_draft(session, cast.fang_yuan, cast.zhang_wei)


@pytest.mark.both_engines
def test_what_is_withdrawn_beside_another_draft_says_what_to_do(cast, session):
    first = file_draft(session, cast.li_juan, cast.zhang_wei)
    take(session, cast, first, "submit")
    second = file_draft(session, cast.li_juan, cast.zhang_wei)
    outcome = perform(session, "withdraw", {first: None}, cast.li_juan.actor)
    assert "delete it first" in outcome.skipped[0].reason
    assert session.scalar(select(Declaration.state).where(Declaration.id == first)) == State.SUBMITTED
    row = session.get_one(Declaration, second)
    session.query(Attachment).filter_by(declaration_id=second).delete()
    session.delete(row)
    session.commit()
    take(session, cast, first, "withdraw")
