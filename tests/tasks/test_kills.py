"""kill -9 in the middle of issuing: nothing is lost, nothing is done twice, and no number is skipped."""

import multiprocessing
import os
import random
import signal
import time
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from app.cli.demo.makers import id_number
from app.extensions.database import db
from app.models import (
    Certificate,
    CertificateStatus,
    Declaration,
    Job,
    JobState,
    PolicyValue,
    Registration,
    State,
)
from app.services import certificates
from app.signing.client import SignerClient
from app.signing.software_key import software_chain
from app.signing.verify import verify
from app.tasks import worker
from app.workflow.call import Opinion
from app.workflow.perform import perform
from tests.cast import add_constructor, assemble, file_draft
from tests.signing.conftest import start, stop

ROWS, KILLS = 40, 30
LEASE = timedelta(seconds=1)
PATIENCE = 240
BORN = date(1992, 2, 2)
YES = Opinion("符合条件。", positive=True)

_fork = multiprocessing.get_context("fork")


@pytest.fixture
def signing(app, tmp_path):
    """A real signer on a socket of this test, and the platform told where it listens."""
    config = app.extensions["platform_config"]
    socket = tmp_path / "signer.sock"
    process = start(socket, "--key-file", str(config.key_file))
    app.extensions["platform_config"] = replace(config, signer_socket=socket)
    yield SignerClient(socket)
    app.extensions["platform_config"] = config
    stop(process)


@pytest.fixture
def pile(app, session, signing):
    """Cases whose publicity is over, waiting for the announcement; and who announces them."""
    with app.app_context(), app.test_request_context():
        session.add(PolicyValue(key="publicity_days", value="0", valid_from=date(2020, 1, 1), source="测试"))
        cast = assemble(session)
        keys = []
        for n in range(1, ROWS + 1):
            person = add_constructor(session, cast.wang_qiang, f"演示{n:03d}", id_number(BORN, n))
            keys.append(file_draft(session, cast.li_juan, person))
        movers = (cast.li_juan, cast.wang_qiang, cast.wang_qiang, cast.chen_jing, cast.chen_jing)
        for action, mover in zip(
            ("submit", "accept", "endorse", "approve", "publicise"), movers, strict=True
        ):
            done = perform(session, action, dict.fromkeys(keys), mover.actor, opinion=YES).done
            assert len(done) == ROWS, action
        session.rollback()
        yield keys, cast.zhou_min.actor


def announce_one_by_one(app, keys, actor):
    """What the web server does when an officer announces: one call, one commit, for each case."""
    with app.test_request_context():
        db.engine.dispose(close=False)
        for key in keys:
            perform(db.session(), "announce", {key: None}, actor)


def work(app):
    with app.app_context():
        db.engine.dispose(close=False)
    worker.main(app, LEASE)


def killed_after(seconds, *processes):
    """Start these, let them run this long, and end them as a power cut would."""
    for process in processes:
        process.start()
    time.sleep(seconds)
    for process in processes:
        if process.is_alive():
            os.kill(process.pid, signal.SIGKILL)
        process.join()


@pytest.mark.both_engines
@pytest.mark.real_time
def test_thirty_kills_leave_no_gap_no_double_and_one_verifying_file_for_each_certificate(
    app, session, pile, signing, rounds
):
    keys, officer = pile
    chance = random.Random(20260601)
    session.get_bind().dispose()
    for _ in range(rounds(KILLS)):
        server = _fork.Process(target=announce_one_by_one, args=(app, keys, officer))
        drawer = _fork.Process(target=work, args=(app,))
        killed_after(chance.uniform(0.05, 0.9), server, drawer)
    finish(app, session, keys, officer)

    # The drill has to have hit something: a job that was taken more than once was killed under way.
    assert session.scalar(select(func.count()).where(Job.attempts > 1)) > 0
    rows = session.scalars(select(Declaration).order_by(Declaration.id)).all()
    assert {row.state for row in rows} == {State.COMPLETED}
    issued = session.scalars(select(Certificate)).all()
    assert {one.status for one in issued} == {CertificateStatus.CURRENT}
    assert sorted(one.declaration_id for one in issued) == sorted(keys)
    assert sorted(int(one.number[2:]) for one in issued) == list(range(1, ROWS + 1))
    serials = sorted(int(number[-5:]) for number in session.scalars(select(Registration.number)))
    assert serials == list(range(1, ROWS + 1))
    assert session.scalar(select(func.count(func.distinct(Certificate.file_id)))) == ROWS
    roots = software_chain(app.extensions["platform_config"].key_file)[-1:]
    for one in issued:
        with app.app_context():
            assert verify(certificates.read_file(session, one), roots).valid, one.number


def finish(app, session, keys, officer):
    """Let server and worker do the rest undisturbed."""
    with app.test_request_context():
        for key in keys:
            perform(session, "announce", {key: None}, officer)
    waiting = select(func.count()).where(Job.state.in_((JobState.QUEUED, JobState.LEASED)))
    if not session.scalar(waiting):
        session.rollback()
        return  # those who were killed have done it all; a worker that is stopped at its birth dies of it
    drawer = _fork.Process(target=work, args=(app,))
    drawer.start()
    try:
        until = time.monotonic() + PATIENCE
        while session.scalar(waiting):
            assert time.monotonic() < until, "the worker did not come to an end"
            assert drawer.is_alive(), "the worker fell"
            session.rollback()
            time.sleep(0.2)
    finally:
        drawer.terminate()
        drawer.join(30)
    assert drawer.exitcode == 0
    session.rollback()
