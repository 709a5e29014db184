"""Sealing: the worker chains the audit lines, so that nobody who writes one has to wait for the chain's head."""

import hashlib
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions.clock import now
from app.extensions.database import begin_writing
from app.models import AuditEntry, AuditSeal

_SETTLED = timedelta(seconds=10)
_MOST = 5000


def seal_audit(session: Session) -> None:
    """Chain the lines that are older than any transaction that could still add one before them."""
    last = session.scalar(select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1))
    lines = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.id > (last.last_entry_id if last else 0), AuditEntry.at < now() - _SETTLED)
        .order_by(AuditEntry.id)
        .limit(_MOST)
    ).all()
    if not lines:
        session.rollback()
        return
    sealed = chain(last.hash if last else "", lines)
    first_id, last_id, count = lines[0].id, lines[-1].id, len(lines)
    begin_writing(session)
    session.add(AuditSeal(first_entry_id=first_id, last_entry_id=last_id, entry_count=count, hash=sealed))
    session.commit()


def chain(before: str, lines: Iterable[AuditEntry]) -> str:
    """The hash over the seal before and every word of these lines."""
    digest = hashlib.sha256(before.encode())
    for line in lines:
        words = (
            line.id, line.at.isoformat(), line.actor_id, line.actor_name, line.role, line.action, line.subject,
            line.subject_id, line.outcome, line.address, line.request_id, line.detail,
        )  # fmt: skip
        digest.update(repr(words).encode())
    return digest.hexdigest()


CHORES = (seal_audit,)
