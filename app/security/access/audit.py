"""The audit line of an act, added to the session that commits the act."""

import json
from typing import Any

from sqlalchemy.orm import Session

from app.models import AuditEntry
from app.security.access.roles import Actor


def record(
    session: Session, actor: Actor, action: str, subject: str = "", subject_id: object = "", **detail: Any
) -> None:
    """Write who did what to which row. `detail` must hold no personal data; nothing is committed here."""
    outcome = str(detail.pop("outcome", "done"))
    session.add(
        AuditEntry(
            actor_id=actor.account_id,
            actor_name=actor.name,
            role=actor.role,
            action=action,
            subject=subject,
            subject_id=str(subject_id),
            outcome=outcome,
            address=actor.address,
            request_id=actor.request_id,
            detail=json.dumps(detail, ensure_ascii=False, default=str),
        )
    )
