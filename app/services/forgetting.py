"""Forgetting: a draft that lapsed without ever having been handed in is deleted with its files; the audit stays."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.extensions.clock import now, today
from app.extensions.database import begin_writing
from app.models import (
    Attachment,
    Decision,
    Declaration,
    EnterpriseChange,
    EnterpriseChangeStep,
    Notice,
    State,
)
from app.security.access.audit import record
from app.security.access.policies import policy_on
from app.security.access.roles import SYSTEM

_AT_ONCE = 100

Draft = TypeVar("Draft", Declaration, EnterpriseChange)


def forget_lapsed_drafts(session: Session) -> int:
    """Delete what lapsed longer ago than the policy keeps it and no authority ever had; commits. How many they were.

    Of a draft nothing remains but its lines in the audit (个人信息保护法 第四十七条). What was once handed in stays,
    whoever withdrew it. The files go with whatever else belongs to nothing (files.discard_unused).
    """
    days = policy_on(session, today()).number("lapsed_draft_days")
    before, gone = now() - timedelta(days=days), 0
    while True:
        begin_writing(session)
        found = _declarations(session, before) + _changes(session, before)
        session.commit()
        gone += found
        if not found:
            return gone


def _lapsed(session: Session, model: type[Draft], before: datetime) -> Sequence[Draft]:
    """The next of what lapsed before then and was never handed in, locked."""
    found: Sequence[Draft] = session.scalars(
        select(model)
        .where(model.state == State.LAPSED, model.submitted_at.is_(None), model.changed_at < before)
        .order_by(model.id)
        .limit(_AT_ONCE)
        .with_for_update(of=model.__table__)
    ).all()
    return found


def _declarations(session: Session, before: datetime) -> int:
    rows = _lapsed(session, Declaration, before)
    keys = [row.id for row in rows]
    session.execute(delete(Attachment).where(Attachment.declaration_id.in_(keys)))
    session.execute(delete(Decision).where(Decision.declaration_id.in_(keys)))
    session.execute(update(Notice).where(Notice.declaration_id.in_(keys)).values(declaration_id=None))
    for row in rows:
        record(
            session, SYSTEM, "delete", "declaration", row.id,
            type=row.type_key, person=row.person_id, lapsed_at=row.changed_at,
        )  # fmt: skip
        session.delete(row)
    return len(rows)


def _changes(session: Session, before: datetime) -> int:
    rows = _lapsed(session, EnterpriseChange, before)
    keys = [row.id for row in rows]
    session.execute(delete(Attachment).where(Attachment.enterprise_change_id.in_(keys)))
    session.execute(delete(EnterpriseChangeStep).where(EnterpriseChangeStep.change_id.in_(keys)))
    session.execute(
        update(Notice).where(Notice.enterprise_change_id.in_(keys)).values(enterprise_change_id=None)
    )
    for row in rows:
        record(session, SYSTEM, "delete", "enterprise_change", row.id, lapsed_at=row.changed_at)
        session.delete(row)
    return len(rows)
