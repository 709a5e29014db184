"""Comparing while the others keep silent: later and later, nothing written in vain, and nothing asked of nobody."""

import json
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import event, select, update

from app.extensions.clock import now
from app.integrations import signed_http
from app.models import Comparison, Declaration, Job, JobState
from app.services.comparing import Sources, compare
from simulators.server import Fault
from tests.cast import take
from tests.desk import audited, declared
from tests.neighbours import OWN, jobs, known, mark, minutes_until, resting, work
from tests.registered import drafted, registered

MINUTE = timedelta(minutes=1)


def waiting(session) -> list[Job]:
    return jobs(session, JobState.QUEUED)


@pytest.mark.both_engines
def test_a_case_that_finds_a_system_resting_comes_back_later_and_later(
    app, session, clock, submitted, neighbours
):
    neighbours.insure(submitted.id_number, OWN)
    waits = []
    for _turn in range(9):
        resting(session, "insurance")
        assert work(app) == 1
        (job,) = waiting(session)
        waits.append(minutes_until(job))
        clock.shift(job.run_after - now() + timedelta(seconds=1))
    assert neighbours.insurance.asked == 0
    assert all(later >= before * 0.9 for before, later in pairwise(waits))
    assert waits[4] > 5
    assert 59 < waits[-1] <= 75


@pytest.mark.both_engines
def test_two_cases_that_find_a_system_resting_do_not_come_back_at_one_moment(app, session, cast, neighbours):
    for serial in range(2):
        declared(session, cast, "submit", serial=serial)
    resting(session, "insurance")
    work(app)
    first, second = waiting(session)
    assert abs(first.run_after - second.run_after) > timedelta(milliseconds=200)


def test_where_nothing_is_asked_nothing_is_written(app, session, submitted, neighbours):
    resting(session, "insurance")
    since, written = submitted.submitted_at, []

    def heard(_connection, _cursor, statement, *_rest):
        if statement.split()[0] in {"INSERT", "UPDATE", "DELETE"}:
            written.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", heard)
    try:
        assert compare(session, submitted.id, since, Sources()) >= MINUTE
        assert written  # what our own register says is written at the first turn
        written.clear()
        assert compare(session, submitted.id, since, Sources()) >= MINUTE
    finally:
        event.remove(engine, "before_cursor_execute", heard)
    assert written == []
    assert known(session, submitted.id) == {"duplicate": ("clear", None)}


@pytest.mark.both_engines
def test_each_system_is_asked_when_its_own_time_has_come(app, session, cast, clock, neighbours, monkeypatch):
    """The register of projects refuses for long; that the insurance is slow does not have it asked each minute."""
    row = registered(session, cast.li_juan, cast.zhang_wei, kind="temporary")
    moving = drafted(session, cast, "temporary_transfer", row)
    take(session, cast, moving.id, "submit", "consent")
    neighbours.projects.fault = Fault.ERROR
    neighbours.insurance.fault = Fault.ERROR
    for _turn in range(5):
        work(app)
        (job,) = waiting(session)
        clock.shift(job.run_after - now() + timedelta(seconds=1))
    asked = neighbours.projects.asked
    monkeypatch.setattr(signed_http, "_READ_SECONDS", 0.2)
    neighbours.insurance.fault, neighbours.insurance.slow_seconds = Fault.SLOW, 0.6
    work(app)
    assert neighbours.projects.asked == asked + 1
    session.rollback()
    tries = session.scalars(select(Comparison.tries).where(Comparison.kind == "projects")).one()
    assert tries == asked + 1
    resting(session, "insurance")
    (job,) = waiting(session)
    assert minutes_until(job) > 20
    clock.shift(5 * MINUTE)
    session.execute(update(Job).where(Job.id == job.id).values(run_after=now()))
    session.commit()
    work(app)
    assert neighbours.projects.asked == asked + 1


def test_what_is_not_connected_is_not_asked_anew_while_another_one_is_silent(app, session, cast, clock):
    row = registered(session, cast.li_juan, cast.zhang_wei, kind="temporary")
    moving = drafted(session, cast, "temporary_transfer", row)
    take(session, cast, moving.id, "submit", "consent")
    work(app)
    session.rollback()
    checked = dict(session.execute(select(Comparison.kind, Comparison.checked_at)).all())
    assert known(session, moving.id)["projects"] == ("unknown", "not_connected")
    clock.shift(MINUTE)
    since = session.get_one(Declaration, moving.id).submitted_at
    assert compare(session, moving.id, max(since, min(checked.values())), Sources()) is None
    assert dict(session.execute(select(Comparison.kind, Comparison.checked_at)).all()) == checked


@pytest.mark.both_engines
def test_the_job_of_a_submission_ends_when_the_case_was_submitted_again(
    app, session, cast, clock, submitted, neighbours
):
    neighbours.silence(submitted.id_number)
    work(app)
    clock.shift(timedelta(seconds=20))
    take(session, cast, submitted.id, "return", "submit")
    clock.shift(5 * MINUTE)
    work(app)
    (left,) = waiting(session)
    assert (
        json.loads(left.payload)["since"]
        >= session.get_one(Declaration, submitted.id).submitted_at.isoformat()
    )


# -------------------------------------------------------------------------------------------------------- the audit


def lines(session) -> list[list[str]]:
    return [json.loads(one.detail)["kinds"] for one in audited(session, "declaration.compare")]


def test_the_audit_has_the_first_vain_attempt_of_a_submission_and_every_answer(
    app, session, cast, clock, submitted, neighbours
):
    neighbours.insure(submitted.id_number, OWN)
    neighbours.silence(submitted.id_number)
    for _turn in range(4):
        work(app)
        clock.shift(timedelta(hours=1))
    assert lines(session) == [["duplicate", "insurance"]]
    neighbours.speak()
    work(app)
    assert lines(session) == [["duplicate", "insurance"], ["insurance"]]


def test_what_is_not_connected_is_no_reading_of_anybodys_data(app, session, submitted):
    work(app)
    assert lines(session) == [["duplicate"]]


# ---------------------------------------------------------------------------------------------------- about nobody


@pytest.mark.both_engines
def test_a_case_without_an_id_number_is_unknown_and_nothing_is_sent(app, session, submitted, neighbours):
    row = session.get_one(Declaration, submitted.id)
    row.id_number = None
    session.commit()
    neighbours.insurance.insured[""] = [{"credit_code": OWN, "from": "2010-01"}]
    work(app)
    assert neighbours.insurance.asked == 0
    assert known(session, submitted.id)["insurance"] == ("unknown", "no_id_number")
    assert mark(session, submitted.id) == "unknown"
    assert waiting(session) == []
    assert lines(session) == [["duplicate"]]
