"""Deadlines: what the law says happens by itself when nobody acts."""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, scoped_session

from app.extensions.clock import local, now, today
from app.models import Declaration, State
from app.models.policy import Policy
from app.security.access.policies import policy_on
from app.security.access.roles import SYSTEM
from app.services import enterprise_changes
from app.workflow.calendar import add_working_days, exceptions
from app.workflow.perform import MOST_ROWS, perform
from app.workflow.states import EDITABLE
from app.workflow.types import registry

PAUSE = timedelta(minutes=30)

_WAITING = Declaration.state == State.SUBMITTED
_UNANSWERED = Declaration.state == State.AWAITING_CONFIRMATION
_IN_HAND = Declaration.state.in_(EDITABLE)


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

    The number of cases that moved, changes of enterprises among them. Silence of the city counts as acceptance
    (行政许可法 第三十二条); how long the other party may be silent and how long a draft lives are policy values.
    """
    day = on or today()
    policy = policy_on(session, day)
    oldest = now() - timedelta(days=policy.number("draft_days"))
    return (
        _move(session, "deem_accepted", _silent(session, policy, day))
        + _move(session, "go_unanswered", _versions(session, _UNANSWERED, Declaration.due_on < day))
        + _move(session, "lapse", _versions(session, _IN_HAND, Declaration.changed_at < oldest))
        + enterprise_changes.lapse_untouched(session, oldest)
    )


def _silent(session: Session, policy: Policy, day: date) -> dict[int, int]:
    """What the city has neither accepted nor given back in time.

    Where one term runs through every hand, its last day says nothing of how long the city may be silent.
    """
    in_all = [kind.key for kind in registry if kind.term]
    found = _versions(session, _WAITING, Declaration.type_key.not_in(in_all), Declaration.due_on < day)
    holidays, days = exceptions(session), policy.number("acceptance_days")
    rows = session.execute(
        select(Declaration.id, Declaration.version, Declaration.submitted_at).where(
            _WAITING, Declaration.type_key.in_(in_all)
        )
    )
    return found | {
        key: version
        for key, version, at in rows
        if at is not None and add_working_days(local(at).date(), days, holidays) < day
    }


def _versions(session: Session, *conditions: ColumnElement[bool]) -> dict[int, int]:
    """The cases as they stand now: what somebody takes up before it is moved is not moved."""
    rows = session.execute(
        select(Declaration.id, Declaration.version).where(*conditions).order_by(Declaration.id)
    )
    return dict(rows.all())


def _move(session: Session, action: str, versions: Mapping[int, int]) -> int:
    found, moved = list(versions.items()), 0
    for start in range(0, len(found), MOST_ROWS):
        moved += len(perform(session, action, dict(found[start : start + MOST_ROWS]), SYSTEM).done)
    return moved


CHORES = (DeadlineKeeper(),)
