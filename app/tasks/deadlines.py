"""Deadlines: what the law says happens by itself when nobody acts."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, scoped_session

from app.extensions.clock import now, today
from app.models import Declaration, State
from app.models.policy import Policy
from app.security.access.policies import policy_on
from app.security.access.roles import SYSTEM
from app.workflow.perform import MOST_ROWS, perform
from app.workflow.states import EDITABLE

PAUSE = timedelta(minutes=30)


class DeadlineKeeper:
    """Makes the moves that are due, but does not look again before the pause is over."""

    def __init__(self) -> None:
        self._due = now()

    def __call__(self, session: Session | scoped_session[Session]) -> None:
        if now() < self._due:
            return
        self._due = now() + PAUSE
        own = session() if isinstance(session, scoped_session) else session
        keep_deadlines(own)


def keep_deadlines(session: Session, on: date | None = None) -> int:
    """Accept what the city left unanswered, give back what the other party left so, and let untouched drafts lapse.

    The number of cases that moved. Silence of the city counts as acceptance (行政许可法 第三十二条); how long the other
    party may be silent and how long a draft lives are policy values (notes: 3).
    """
    day = on or today()
    policy = policy_on(session, day)
    silent = _keys(session, Declaration.state == State.SUBMITTED, Declaration.due_on < day)
    untouched = _keys(session, Declaration.state.in_(EDITABLE), Declaration.changed_at < _oldest(policy))
    unanswered = _keys(session, Declaration.state == State.AWAITING_CONFIRMATION, Declaration.due_on < day)
    return (
        _move(session, "deem_accepted", silent)
        + _move(session, "go_unanswered", unanswered)
        + _move(session, "lapse", untouched)
    )


def _oldest(policy: Policy) -> datetime:
    return now() - timedelta(days=policy.number("draft_days"))


def _keys(session: Session, *conditions: ColumnElement[bool]) -> Sequence[int]:
    return session.scalars(select(Declaration.id).where(*conditions).order_by(Declaration.id)).all()


def _move(session: Session, action: str, keys: Sequence[int]) -> int:
    moved = 0
    for start in range(0, len(keys), MOST_ROWS):
        moved += len(perform(session, action, dict.fromkeys(keys[start : start + MOST_ROWS]), SYSTEM).done)
    return moved


CHORES = (DeadlineKeeper(),)
