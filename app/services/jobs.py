"""Asking for work that runs later, stopping it, and the file that it makes for a while."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.extensions.clock import now, today
from app.extensions.database import begin_writing
from app.models import Account, Job, JobState, StoredFile
from app.security.access.policies import policy_on
from app.security.access.roles import Actor
from app.services import large_files

_PART = "part"
_AT_ONCE = 200


class Cancelled(Exception):
    """Who asked for the work does not want it any more; `result` says what had been done by then."""

    def __init__(self, result: dict[str, Any] | None = None) -> None:
        super().__init__("cancelled")
        self.result = result or {}


def ask(session: Session, actor: Actor, kind: str, key: str, payload: dict[str, Any]) -> Job:
    """The job with this key: a new one, or the one that was asked for before. The caller commits."""
    wanted = select(Job).where(Job.key == key)
    known: Job | None = session.scalar(wanted)
    if known is not None:
        return known
    try:
        with session.begin_nested():
            return ask_all(session, actor, kind, {key: payload})[0]
    except IntegrityError:
        # The same page was sent twice, and the other one was first by a moment.
        return session.scalars(wanted).one()


def ask_once_more(session: Session, actor: Actor, kind: str, key: str, payload: dict[str, Any]) -> None:
    """The same, and one that is over or waits is to be done now. The caller commits.

    One that a worker has in hand is left to him: it was asked for a moment ago.
    """
    job = ask(session, actor, kind, key, payload)
    session.execute(
        update(Job)
        .where(Job.id == job.id, or_(Job.state != JobState.LEASED, Job.leased_until < now()))
        .values(
            {
                Job.state: JobState.QUEUED,
                Job.payload: json.dumps(payload, ensure_ascii=False),
                Job.run_after: now(),
                Job.attempts: 0,
                Job.finished_at: None,
            }
        )
        .execution_options(synchronize_session=False)
    )


def ask_all(
    session: Session, actor: Actor, kind: str, payloads: Mapping[str, Mapping[str, Any]]
) -> list[Job]:
    """A job for each of these keys, which nobody has asked for before. The caller commits."""
    jobs = [
        Job(
            kind=kind,
            key=key,
            payload=json.dumps(payload, ensure_ascii=False),
            created_by_id=actor.account_id,
        )
        for key, payload in payloads.items()
    ]
    session.add_all(jobs)
    session.flush()
    return jobs


def asker(session: Session, job_id: int) -> Actor:
    """Who asked for the job, as the account is now; one that was switched off since may do nothing."""
    account_id = session.get_one(Job, job_id).created_by_id
    account = session.get(Account, account_id) if account_id else None
    if account is None or not account.active:
        return Actor(account_id, account.display_name if account else "")
    return Actor(
        account_id=account.id,
        name=account.display_name,
        roles=frozenset(role.name for role in account.roles),
        enterprise_id=account.enterprise_id,
        person_id=account.person_id,
        region_code=account.region_code,
    )


def ask_to_cancel(job: Job) -> None:
    """A job that waits ends at once, one that runs at its next step; the caller commits."""
    if job.state == JobState.QUEUED:
        job.state = JobState.CANCELLED
        job.finished_at = now()
        return
    if job.state == JobState.LEASED:
        job.cancel_asked_at = job.cancel_asked_at or now()


def require_wanted(session: Session, job_id: int) -> None:
    """Raises `Cancelled` when the job was cancelled meanwhile."""
    asked = session.scalar(select(Job.cancel_asked_at).where(Job.id == job_id))
    if asked is not None:
        raise Cancelled


def checkpoint(session: Session, job_id: int) -> dict[str, Any]:
    """What the work noted for itself, to go on from there after it was interrupted."""
    stored: dict[str, Any] = json.loads(
        session.scalar(select(Job.checkpoint).where(Job.id == job_id)) or "{}"
    )
    return stored


def keep_checkpoint(session: Session, job_id: int, noted: dict[str, Any]) -> None:
    """Note how far the work is; the caller commits."""
    session.execute(update(Job).where(Job.id == job_id).values(checkpoint=json.dumps(noted)))


def begin_part(session: Session, job_id: int, part: large_files.Part) -> None:
    """Note which file is being written, and delete the one that an interrupted try has left; commits."""
    begin_writing(session)
    noted = checkpoint(session, job_id)
    if _PART in noted:
        large_files.discard(noted[_PART])
    keep_checkpoint(session, job_id, noted | {_PART: part.path})
    session.commit()


def keep_file(session: Session, job_id: int, part: large_files.Part, name: str) -> None:
    """The file of the job, and until when it can be fetched; the caller commits."""
    stored = part.stored(session)
    noted = checkpoint(session, job_id)
    noted.pop(_PART, None)
    hours = policy_on(session, today()).number("download_hours")
    session.execute(
        update(Job)
        .where(Job.id == job_id)
        .values(
            file_id=stored.id,
            file_name=name,
            keep_until=now() + timedelta(hours=hours),
            checkpoint=json.dumps(noted),
        )
    )


def file_of(session: Session, job: Job) -> StoredFile | None:
    """What the job made, as long as it may be fetched."""
    if job.file_id is None or (job.keep_until is not None and job.keep_until <= now()):
        return None
    return session.get(StoredFile, job.file_id)


def discard_expired(session: Session) -> int:
    """Delete the files whose time is over, first the rows and then the files; says how many."""
    begin_writing(session)
    found = session.execute(
        select(Job.id, StoredFile.id, StoredFile.path)
        .join(StoredFile, StoredFile.id == Job.file_id)
        .where(Job.keep_until <= now())
        .order_by(Job.id)
        .limit(_AT_ONCE)
    ).all()
    session.execute(update(Job).where(Job.id.in_([row[0] for row in found])).values(file_id=None))
    session.execute(delete(StoredFile).where(StoredFile.id.in_([row[1] for row in found])))
    session.commit()
    for row in found:
        large_files.discard(row[2])
    return len(found)
