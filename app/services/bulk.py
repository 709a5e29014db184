"""Bulk decisions: planned over many declarations, shown, confirmed once, and performed a hundred at a time."""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, delete, update
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.extensions.clock import now
from app.extensions.database import begin_writing
from app.extensions.refused import Refused
from app.models import ComparisonKind, ComparisonResult, Declaration, Job, JobState
from app.security.access.audit import record
from app.security.access.roles import Actor
from app.security.access.scope import find, rows_of
from app.services import comparisons
from app.services.bulk_run import RowResult, moves_of, run
from app.services.jobs import ask
from app.workflow.call import Opinion
from app.workflow.foresight import Foreseen, foresee
from app.workflow.guards import negative, wanting
from app.workflow.moves import Move
from app.workflow.verdicts import Cause

JOB = "bulk_decision"
MOST = 5000
"""Rows of one bulk decision; a list that is longer is narrowed first."""
AT_ONCE = 200
"""So many rows are dealt with while the officer waits; more of them are a job."""
KEPT = timedelta(days=1)
"""How long a plan waits to be confirmed."""

_LEASE = timedelta(seconds=60)


@dataclass(frozen=True)
class Plan:
    """What an act would come to, row by row, as it was foreseen; `about` is what the door wants to remember.

    `flags` names the comparisons that spoke against a row when the plan was made.
    """

    job: Job
    move: Move
    rows: Sequence[Foreseen]
    about: Mapping[str, Any]
    flags: Mapping[int, Sequence[str]]

    @property
    def passing(self) -> list[Foreseen]:
        return [one for one in self.rows if one.cause is None and not one.changed]

    @property
    def changed(self) -> list[Foreseen]:
        """Those that are not as they were when they were ticked; the step could be taken with them as they are."""
        return [one for one in self.rows if one.changed]

    @property
    def stopped(self) -> list[Foreseen]:
        return [one for one in self.rows if one.cause is not None]

    @property
    def marks(self) -> Mapping[str, int]:
        """Of the rows that the step can be taken with: how many of them each comparison result has."""
        return Counter(one.comparison for one in self.rows if one.cause is None and one.comparison)

    def flagged_by(self, kind: str) -> list[Foreseen]:
        """Of the rows that the step can be taken with: those that this comparison speaks against."""
        return [one for one in self.rows if one.cause is None and kind in self.flags.get(one.id, ())]

    @property
    def confirmed(self) -> bool:
        return self.job.state != JobState.PLANNED

    def meant(self, opinion: Opinion, *, with_changed: bool) -> list[Foreseen]:
        """The rows that are sent on: a negative opinion is also given on what a rule stops."""
        against = negative(self.move, opinion)
        return [
            one
            for one in self.rows
            if (one.cause is None or (against and one.cause is Cause.RULES))
            and (with_changed or not one.changed)
        ]


def move_of(actor: Actor, action: str) -> Move:
    """The move that this actor may make with many rows, or 404."""
    move = next((one for one in moves_of(actor) if one.action == action and one.bulk), None)
    if move is None:
        raise NotFound
    return move


def keys_of(session: Session, rows: Select[Any]) -> Sequence[int]:
    """The ids of these rows, a SELECT that is in scope already; `Refused` when they are more than one act takes."""
    narrowed = rows.with_only_columns(Declaration.id).order_by(None).order_by(Declaration.id)
    found = session.scalars(narrowed.limit(MOST + 1)).all()
    _require_room(found)
    return found


def _require_room(rows: Collection[int]) -> None:
    if len(rows) > MOST:
        raise Refused(_l("More than %(most)s declarations: please narrow the list first.", most=MOST))


def plan(
    session: Session,
    actor: Actor,
    action: str,
    versions: Mapping[int, int | None],
    *,
    key: str,
    about: Mapping[str, Any],
) -> Job:
    """Foresee the act and keep what was foreseen; the caller commits. The same key gives the same plan.

    404 when the action is not the actor's or a row is out of scope: then nothing is planned at all.
    """
    move_of(actor, action)
    known: Job | None = session.scalar(rows_of(Job, actor).where(Job.key == _key(actor, key)))
    if known is not None:
        return known
    _require_room(versions)
    rows = foresee(session, action, versions, actor)
    payload = {
        "action": action,
        "about": dict(about),
        "foreseen": [asdict(one) for one in rows],
        "flags": _flags(session, actor, rows),
    }
    begin_writing(session)
    job = ask(session, actor, JOB, _key(actor, key), payload)
    if not job.total:  # else the same page was sent twice, and what came of the first may be under way
        job.state = JobState.PLANNED
        job.total = len(rows)
    return job


def _flags(session: Session, actor: Actor, rows: Sequence[Foreseen]) -> dict[int, list[ComparisonKind]]:
    """Asked where a flag is known of: most plans have none."""
    flagged = [one.id for one in rows if one.comparison == ComparisonResult.FLAGGED]
    return comparisons.flags(session, actor, flagged) if flagged else {}


def _key(actor: Actor, key: str) -> str:
    """The key of the job: nobody gets at another's job by sending his key."""
    return f"{JOB}:{actor.account_id}:{key}"


def find_plan(session: Session, actor: Actor, job_id: object) -> Plan:
    """The actor's own plan, confirmed or not; 404 for another's, and when the step is not his any more."""
    job = find(session, Job, job_id, actor)
    payload = json.loads(job.payload)
    if job.kind != JOB or "foreseen" not in payload:
        raise NotFound
    rows = [_foreseen(one) for one in payload["foreseen"]]
    flags = {int(key): kinds for key, kinds in payload.get("flags", {}).items()}
    return Plan(job, move_of(actor, payload["action"]), rows, payload["about"], flags)


def _foreseen(stored: Mapping[str, Any]) -> Foreseen:
    cause = stored["cause"]
    return Foreseen(**{**stored, "cause": Cause(cause) if cause else None})


def confirm(
    session: Session, actor: Actor, plan: Plan, opinion: Opinion, *, with_changed: bool, language: str
) -> None:
    """Let the plan be done: at once when it is small, otherwise by a job. A plan is confirmed once; commits.

    What was foreseen is what is sent: rows that were said to be left out stay out, whatever has become of them.
    """
    begin_writing(session)
    job = session.get_one(Job, plan.job.id, with_for_update=True, populate_existing=True)
    if job.state != JobState.PLANNED:
        session.rollback()
        return
    missing = wanting(plan.move, opinion)
    meant = plan.meant(opinion, with_changed=with_changed)
    if missing or not meant:
        raise Refused(missing or _l("There is no row with which this step could be taken."))
    kept = {one.id for one in meant}
    payload = json.loads(job.payload) | {
        "rows": [[one.id, one.version] for one in meant],
        "left": [asdict(_left(one)) for one in plan.rows if one.id not in kept],
        "opinion": asdict(opinion),
        "language": language,
    }
    job.payload = json.dumps(payload, ensure_ascii=False)
    job.total = len(meant)
    job.state = JobState.QUEUED
    record(session, actor, "declaration.plan", "job", job.id, act=plan.move.action, rows=len(meant))
    if len(meant) > AT_ONCE:
        session.commit()
    else:
        _run_now(session, job, payload)


def _left(one: Foreseen) -> RowResult:
    reason = one.reason or str(_l("It was changed after it was ticked, and was left out."))
    return RowResult(one.id, reason, one.findings)


def _run_now(session: Session, job: Job, payload: Mapping[str, Any]) -> None:
    """As the worker does it, holding the same lease: if this process falls, a worker takes it up and goes on."""
    holder, job_id = f"request-{job.id}", job.id
    job.state = JobState.LEASED
    job.attempts = 1
    job.leased_by, job.leased_until = holder, now() + _LEASE
    session.commit()

    def advance(done: int, total: int) -> None:
        """Nobody watches: the officer waits for the page."""

    result = run(session, job_id, payload, advance)
    begin_writing(session)
    values = {
        Job.state: JobState.DONE,
        Job.finished_at: now(),
        Job.progress: Job.total,
        Job.result: json.dumps(result, ensure_ascii=False),
    }
    session.execute(update(Job).where(Job.id == job_id, Job.leased_by == holder).values(values))
    session.commit()


def discard_plans(session: Session) -> None:
    """Delete the plans that nobody confirmed in time; the caller commits."""
    session.execute(
        delete(Job).where(Job.kind == JOB, Job.state == JobState.PLANNED, Job.created_at < now() - KEPT)
    )
