"""The worker: leases one job after another, renews the lease while it works, and forgets nothing when it is killed."""

import json
import logging
import os
import secrets
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from flask import Flask
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app import tasks
from app.extensions.clock import now
from app.extensions.database import begin_writing, db
from app.extensions.refused import Refused
from app.models import Job, JobState
from app.services.jobs import Cancelled, require_wanted

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
PAUSE = 1.0
WAIT = timedelta(seconds=3)
MOST_ATTEMPTS = 40


class NotYet(Exception):
    """What the job needs is not there for now; it waits a little, or as long as said, and the try does not count."""

    def __init__(self, reason: str, wait: timedelta = WAIT) -> None:
        super().__init__(reason)
        self.wait = wait


@dataclass(frozen=True)
class Work:
    """What a job is given: the session, its own arguments, and the configuration of the platform."""

    session: Session
    payload: dict[str, Any]
    config: Any
    job_id: int

    def advance(self, done: int, total: int) -> None:
        """Show how far the work has come. Raises `Cancelled` when it is not wanted any more."""
        begin_writing(self.session)
        self.session.execute(update(Job).where(Job.id == self.job_id).values(progress=done, total=total))
        self.session.commit()
        require_wanted(self.session, self.job_id)
        self.session.rollback()


class Lane(StrEnum):
    """Which jobs a worker takes: nothing that is quick waits behind an export or a pile of prints."""

    QUICK = "JOBS"
    LONG = "LONG_JOBS"


def main(app: Flask, lease: timedelta = LEASE, lane: Lane | None = None) -> None:
    """Work until SIGTERM or SIGINT; the job in hand is finished first. Without a lane every job is taken.

    What has to be done now and then is done beside the quick jobs.
    """
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    with app.app_context():
        chores = [chore for module in _modules() for chore in getattr(module, "CHORES", ())]
        if lane is Lane.LONG:
            chores = []
        while not stop.is_set():
            busy = run_next(app, lease, lane)
            for chore in chores:
                _do(chore)
            if not busy:
                stop.wait(PAUSE)


def _do(chore: Callable[[Any], None]) -> None:
    """A chore that fails is tried again at the next round; the jobs do not wait for it."""
    try:
        chore(db.session)
    except Exception:  # the job loop: one chore must not end the worker
        log.exception("A chore failed")
        db.session.rollback()
    finally:
        db.session.remove()


def run_next(app: Flask, lease: timedelta = LEASE, lane: Lane | None = None) -> bool:
    """Do the next job that is due; False when there is none. Needs the application's context."""
    job = _take(db.session(), f"{os.getpid()}-{secrets.token_hex(4)}", lease, sorted(handlers(lane)))
    if job is None:
        return False
    job_id, kind, payload, holder = job
    done = threading.Event()
    renewer = threading.Thread(target=_renew, args=(app, job_id, holder, lease, done), daemon=True)
    renewer.start()
    try:
        work = Work(db.session(), payload, app.extensions["platform_config"], job_id)
        result = handlers()[kind](work)
    except NotYet as reason:
        log.warning("Job %s (%s) waits: %s", job_id, kind, reason)
        db.session.rollback()
        _postpone(db.session(), job_id, holder, reason.wait)
    except Cancelled as cancelled:
        db.session.rollback()
        _end(db.session(), job_id, holder, JobState.CANCELLED, cancelled.result)
    except Refused as refused:
        # It would be refused again and again: whoever asked reads why.
        db.session.rollback()
        _end(db.session(), job_id, holder, JobState.FAILED, {"refused": str(refused)})
    except Exception as error:  # the job loop: whatever went wrong is kept with the job and tried again
        log.exception("Job %s (%s) failed", job_id, kind)
        db.session.rollback()
        _give_back(db.session(), job_id, holder, error)
    else:
        _end(db.session(), job_id, holder, JobState.DONE, result)
    finally:
        done.set()
        renewer.join()
        db.session.remove()
    return True


def handlers(lane: Lane | None = None) -> dict[str, Callable[[Work], Any]]:
    """Every kind of job and the function that does it: the `JOBS` and `LONG_JOBS` of the modules of this package."""
    found: dict[str, Callable[[Work], Any]] = {}
    for module in _modules():
        for one in Lane if lane is None else (lane,):
            found |= getattr(module, one.value, {})
    return found


def _modules() -> list[Any]:
    return [import_module(f"app.tasks.{module.name}") for module in iter_modules(tasks.__path__)]


def _take(
    session: Session, holder: str, lease: timedelta, kinds: Sequence[str]
) -> tuple[int, str, dict[str, Any], str] | None:
    begin_writing(session)
    moment = now()
    job = session.scalar(
        select(Job)
        .where(
            Job.kind.in_(kinds),
            Job.run_after <= moment,
            or_(
                Job.state == JobState.QUEUED,
                (Job.state == JobState.LEASED) & (Job.leased_until < moment),
            ),
        )
        .order_by(Job.run_after, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if job is None:
        session.rollback()
        return None
    job.attempts += 1
    job.state = JobState.LEASED if job.attempts <= MOST_ATTEMPTS else JobState.FAILED
    job.leased_by, job.leased_until = holder, moment + lease
    taken = (job.id, job.kind, json.loads(job.payload), holder)
    failed = job.state == JobState.FAILED
    session.commit()
    return None if failed else taken


def _renew(app: Flask, job_id: int, holder: str, lease: timedelta, done: threading.Event) -> None:
    while not done.wait(lease.total_seconds() / 3):
        with app.app_context(), db.session() as session:
            begin_writing(session)
            session.execute(
                update(Job)
                .where(Job.id == job_id, Job.leased_by == holder)
                .values(leased_until=now() + lease)
            )
            session.commit()


def _end(session: Session, job_id: int, holder: str, state: JobState, result: Any) -> None:
    begin_writing(session)
    session.execute(
        update(Job)
        .where(Job.id == job_id, Job.leased_by == holder)
        .values(
            {
                Job.state: state,
                Job.finished_at: now(),
                Job.error: None,
                Job.result: json.dumps(result or {}, ensure_ascii=False),
            }
        )
    )
    session.commit()


def _postpone(session: Session, job_id: int, holder: str, wait: timedelta) -> None:
    begin_writing(session)
    session.execute(
        update(Job)
        .where(Job.id == job_id, Job.leased_by == holder)
        .values(state=JobState.QUEUED, run_after=now() + wait, attempts=Job.attempts - 1)
    )
    session.commit()


def _give_back(session: Session, job_id: int, holder: str, error: Exception) -> None:
    begin_writing(session)
    job = session.get(Job, job_id)
    if job is not None and job.leased_by == holder:
        job.state = JobState.QUEUED if job.attempts < MOST_ATTEMPTS else JobState.FAILED
        job.run_after = now() + timedelta(seconds=min(2**job.attempts, 600))
        # Only the kind of error: its text may hold what somebody typed.
        job.error = type(error).__name__
    session.commit()
