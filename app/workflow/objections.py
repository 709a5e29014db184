"""Open objections: what holds up an announcement, and what the move that upholds them settles in its own commit."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions.clock import now
from app.models import Objection, ObjectionState
from app.security.access.audit import record
from app.security.access.roles import Actor


def open_objections(session: Session, declaration_id: int) -> Sequence[Objection]:
    """The objections to this declaration that nobody has settled yet, the oldest first."""
    return session.scalars(
        select(Objection)
        .where(Objection.declaration_id == declaration_id, Objection.state == ObjectionState.OPEN)
        .order_by(Objection.id)
    ).all()


def uphold_all(session: Session, actor: Actor, declaration_id: int, reason: str) -> None:
    """Mark every open objection to this declaration as upheld; the caller commits."""
    for objection in open_objections(session, declaration_id):
        objection.state = ObjectionState.UPHELD
        settle(objection, actor, reason)
        record(session, actor, "objection.uphold", "objection", objection.id)


def settle(objection: Objection, actor: Actor, reason: str) -> None:
    """Write down who settled it, when and why."""
    objection.reason = reason.strip()
    objection.settled_at = now()
    objection.settled_by_id = actor.account_id
