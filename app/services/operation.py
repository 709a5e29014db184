"""The state of the machine for its administrator: sessions, jobs, the audit's seal, room on the disk; no case."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from app.extensions.clock import now
from app.models import AuditEntry, AuditSeal, Job, JobState, LoginSession
from app.services.statistics import AnySession

_LATEST = 10


@dataclass(frozen=True)
class Jobs:
    """How many jobs stand how, since when the oldest due one waits, and the latest that failed."""

    numbers: Mapping[str, int]
    waiting_since: datetime | None
    failed: Sequence[Job]


@dataclass(frozen=True)
class Sealed:
    """When the audit was sealed last, and how many of its lines came after."""

    at: datetime | None
    unsealed: int


@dataclass(frozen=True)
class Disk:
    """Room where the data are, in bytes."""

    total: int
    free: int

    @property
    def used_percent(self) -> int:
        return round(100 * (self.total - self.free) / self.total) if self.total else 0


# Nothing here goes through the scope of an actor: what is read are facts of operation that name no person and no case.


def open_sessions(session: AnySession) -> int:
    """Browsers that are logged in."""
    query = select(func.count(LoginSession.id)).where(
        LoginSession.stage == "open", LoginSession.ended_at.is_(None), LoginSession.expires_at > now()
    )
    return session.scalar(query) or 0


def jobs(session: AnySession) -> Jobs:
    rows = session.execute(
        select(Job.state, func.count(), func.min(Job.run_after))
        .where(Job.state.in_((JobState.QUEUED, JobState.LEASED, JobState.FAILED)))
        .group_by(Job.state)
    ).all()
    since = next((row[2] for row in rows if row[0] == JobState.QUEUED), None)
    numbers = {row[0]: row[1] for row in rows}
    latest = select(Job).where(Job.state == JobState.FAILED).order_by(Job.id.desc()).limit(_LATEST)
    failed = session.scalars(latest).all() if JobState.FAILED in numbers else ()
    return Jobs(numbers, since if since and since <= now() else None, failed)


def sealed(session: AnySession) -> Sealed:
    last = select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1)
    at = last.with_only_columns(AuditSeal.at).scalar_subquery()
    sealed_to = func.coalesce(last.with_only_columns(AuditSeal.last_entry_id).scalar_subquery(), 0)
    unsealed = select(func.count(AuditEntry.id)).where(AuditEntry.id > sealed_to).scalar_subquery()
    return Sealed(*session.execute(select(at, unsealed)).one())


def disk(folder: Path) -> Disk:
    usage = shutil.disk_usage(folder)
    return Disk(usage.total, usage.free)
