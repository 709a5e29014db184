"""Asking for an export: what it may hold, how often, the line in the audit, and the job that makes a large one."""

import hashlib
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.extensions.clock import today
from app.extensions.refused import Refused
from app.models import Job, JobState
from app.security.access.audit import record, record_selected
from app.security.access.limits import attempts, count_attempt
from app.security.access.policies import policy_on
from app.security.access.roles import Actor
from app.services.exports.lists import Wanted, exportable
from app.services.exports.plan import Export
from app.services.jobs import ask

JOB = "export"
IN_FULL = "export_in_full"
"""The act of exporting personal data without masks: it has a permission of its own, and a line for each row."""
STREAMED = 20_000
"""Rows that are sent at once; what is longer is made by a job, and nobody's browser waits for it."""

SHORTEST_REASON = 5
_MOST_OPEN = 3
_DAY = timedelta(days=1)


def require_reason(wanted: Wanted) -> None:
    """Raises `Refused` when personal data is wanted in full and nobody says what for."""
    if wanted.unmasked and len(wanted.reason.strip()) < SHORTEST_REASON:
        raise Refused(_l("Say what the personal data is needed for, in a few words."))


def count_unmasked(session: Session, actor: Actor, wanted: Wanted) -> None:
    """Count one more export in full of this account today; the caller commits. Raises `Refused` past the limit."""
    if not wanted.unmasked:
        return
    day = today()
    subject = f"exports in full of {actor.account_id} on {day}"
    limit = policy_on(session, day).number("unmasked_exports_per_day")
    if attempts(session, subject, _DAY) >= limit:
        raise Refused(
            _l(
                "You have exported personal data in full %(limit)s times today, and no account may do so more often.",
                limit=limit,
            )
        )
    count_attempt(session, subject)


def write_down(
    session: Session, actor: Actor, wanted: Wanted, export: Export, rows: int, **more: Any
) -> None:
    """The line in the audit: who took which list, by which filters, how many rows, and why in full."""
    detail: dict[str, Any] = {
        "list": wanted.list,
        "format": wanted.format,
        "rows": rows,
        "filters": list(export.filters),
        "searched": export.searched,
        "columns": [column.label for column in export.columns],
    }
    if wanted.unmasked:
        detail |= {"unmasked": True, "reason": wanted.reason}
    subject = exportable(wanted.list).subject
    record(session, actor, "export", subject, **detail, **more)
    if wanted.unmasked and export.keys is not None:
        # Each person may see later that his data was taken out (app/security/access/readings.py).
        record_selected(session, actor, IN_FULL, subject, export.keys)


def plan(session: Session, actor: Actor, wanted: Wanted, key: str) -> Job:
    """Ask for the export as a job; the caller commits. The same key gives the same job."""
    waiting = session.scalar(
        select(func.count()).where(
            Job.kind == JOB,
            Job.created_by_id == actor.account_id,
            Job.state.in_((JobState.QUEUED, JobState.LEASED)),
        )
    )
    if (waiting or 0) >= _MOST_OPEN:
        raise Refused(
            _l("%(count)s exports of yours are still under way. Please wait for them.", count=_MOST_OPEN)
        )
    # One page of a list asks for several files with the one key that it was given.
    what = hashlib.sha256(repr(wanted).encode()).hexdigest()[:16]
    job = ask(session, actor, JOB, f"{JOB}:{actor.account_id}:{key}:{what}", wanted.kept())
    record(
        session, actor, "export.plan", exportable(wanted.list).subject, list=wanted.list, format=wanted.format,
        job=job.id, unmasked=wanted.unmasked,
    )  # fmt: skip
    return job
