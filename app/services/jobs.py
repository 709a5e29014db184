"""Asking for work that runs later: a row in the commit of the change that needs it."""

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Account, Job
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
