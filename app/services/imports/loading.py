"""Loading a long list: a job does it, so that nobody waits at a page and a restart loses nothing."""

from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.extensions.database import begin_writing
from app.models import ImportStage, Job, JobState, WorkbookImport
from app.security.access.roles import Actor
from app.services import jobs
from app.services.history_import.kind import HISTORY
from app.services.imports import life_cycle
from app.services.imports.kinds import ImportKind
from app.services.qualification_import.kind import QUALIFICATIONS

JOB = "load_import"
AT_ONCE = 5_000
"""A page can wait for so many rows; more are left to the worker."""

_KINDS: dict[str, ImportKind[Any]] = {kind.key: kind for kind in (QUALIFICATIONS, HISTORY)}
_ENDED = (JobState.FAILED, JobState.CANCELLED)


def load_or_ask(
    session: Session, kind: ImportKind[Any], kept: WorkbookImport, actor: Actor, language: str
) -> Job | None:
    """Load a short list now; for a long one the job that will, one at a time however often it is asked. Commits.

    What the job has to say it says in `language`. Raises `Refused` when the import was discarded.
    """
    if kept.stage != ImportStage.CHECKED or kept.good_count <= AT_ONCE or kind.key not in _KINDS:
        life_cycle.load(session, kind, kept.id, actor)
        return None
    begin_writing(session)
    failed = session.scalar(select(func.count()).where(_about(kept), Job.state.in_(_ENDED))) or 0
    asked = {"kind": kind.key, "import": kept.id, "language": language}
    job = jobs.ask(session, actor, JOB, f"{JOB}:{kept.id}:{failed}", asked)
    job.total = kept.good_count
    session.commit()
    return job


def newest_job(session: Session, kept: WorkbookImport) -> Job | None:
    """The last job that was to load this import, whose screen has found the import in the asker's scope."""
    found: Job | None = session.scalar(select(Job).where(_about(kept)).order_by(Job.id.desc()).limit(1))
    return found


def run(session: Session, job_id: int, kind: str, number: int) -> int:
    """Load it as whoever asked; how many rows were loaded. Commits. A second run finds it loaded already."""
    kept = life_cycle.load(session, _KINDS[kind], number, jobs.asker(session, job_id))
    count = kept.loaded_count
    begin_writing(session)
    session.execute(update(Job).where(Job.id == job_id).values(progress=count, total=count))
    session.commit()
    return count


def _about(kept: WorkbookImport) -> Any:
    return (Job.kind == JOB) & Job.key.startswith(f"{JOB}:{kept.id}:", autoescape=True)
