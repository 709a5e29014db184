"""The audit line of an act, added to the session that commits the act."""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, insert, literal, select
from sqlalchemy.orm import Session

from app.extensions.clock import now
from app.models import AuditEntry
from app.security.access.roles import Actor


def record(
    session: Session, actor: Actor, action: str, subject: str = "", subject_id: object = "", **detail: Any
) -> None:
    """Write who did what to which row. `detail` must hold no personal data; nothing is committed here."""
    session.add(AuditEntry(**_line(actor, action, subject, subject_id, detail)))


def record_each(
    session: Session, actor: Actor, action: str, subject: str, keys: Iterable[object], **detail: Any
) -> None:
    """A line for each of these rows, in one statement; nothing is committed here."""
    lines = [_line(actor, action, subject, key, dict(detail)) for key in keys]
    if lines:
        session.execute(insert(AuditEntry), lines)


def record_selected(session: Session, actor: Actor, action: str, subject: str, keys: Select[Any]) -> None:
    """A line for each row that `keys` selects by its one column; the database writes them, however many they are."""
    line = _line(actor, action, subject, "", {}) | {"at": now()}
    table: Any = AuditEntry.__table__
    found = keys.subquery()
    (key,) = found.c
    given: dict[str, ColumnElement[Any]] = {
        name: literal(value, table.c[name].type) for name, value in line.items()
    }
    given["subject_id"] = cast(key, String)
    session.execute(insert(AuditEntry).from_select(list(given), select(*given.values()).select_from(found)))


def _line(actor: Actor, action: str, subject: str, key: object, detail: dict[str, Any]) -> dict[str, Any]:
    outcome = str(detail.pop("outcome", "done"))
    return {
        "actor_id": actor.account_id,
        "actor_name": actor.name,
        "role": actor.role,
        "action": action,
        "subject": subject,
        "subject_id": str(key),
        "outcome": outcome,
        "address": actor.address,
        "request_id": actor.request_id,
        "detail": json.dumps(detail, ensure_ascii=False, default=str),
    }
