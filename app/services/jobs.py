"""Asking for work that runs later: a row in the commit of the change that needs it."""

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Job
from app.security.access.roles import Actor


def ask(session: Session, actor: Actor, kind: str, key: str, payload: dict[str, Any]) -> Job:
    """The job with this key: a new one, or the one that was asked for before. The caller commits."""
    known: Job | None = session.scalar(select(Job).where(Job.key == key))
    if known is not None:
        return known
    job = Job(
        kind=kind,
        key=key,
        payload=json.dumps(payload, ensure_ascii=False),
        created_by_id=actor.account_id,
    )
    session.add(job)
    session.flush()
    return job
