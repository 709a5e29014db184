"""Open objections: what holds up an announcement, and what the move that upholds them settles in its own commit."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.extensions.clock import now
from app.models import Objection, ObjectionState
from app.security.access.audit import record
from app.security.access.roles import Actor


def objected(session: Session, keys: Sequence[int]) -> frozenset[int]:
    """Those of the declarations to which there is an objection that nobody has settled yet."""
    return frozenset(session.scalars(_open(keys).with_only_columns(Objection.declaration_id)))


def _open(keys: Sequence[int]) -> Select[Any]:
    open_ones = Objection.state == ObjectionState.OPEN
    return select(Objection).where(Objection.declaration_id.in_(keys), open_ones).order_by(Objection.id)


def uphold_all(session: Session, actor: Actor, keys: Sequence[int], reason: str) -> None:
    """Mark every open objection to these declarations as upheld; the caller commits."""
    for objection in session.scalars(_open(keys)):
        objection.state = ObjectionState.UPHELD
        settle(objection, actor, reason)
        record(session, actor, "objection.uphold", "objection", objection.id)


def settle(objection: Objection, actor: Actor, reason: str) -> None:
    """Write down who settled it, when and why."""
    objection.reason = reason.strip()
    objection.settled_at = now()
    objection.settled_by_id = actor.account_id
