"""One call of `perform`: who asks for which step, with which words, on which day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from app.extensions.clock import today
from app.models.policy import Policy
from app.security.access.policies import policy_on
from app.security.access.roles import Actor
from app.workflow.calendar import Exceptions, exceptions


@dataclass(frozen=True)
class Opinion:
    """What the mover says: words, yes or no where the move asks for it, and reasons at the fields they concern."""

    text: str = ""
    positive: bool | None = None
    field_reasons: Mapping[str, str] = field(default_factory=dict)
    ground: str = ""
    """Which ground of the law a refusal rests on (workflow/grounds.py)."""

    @property
    def given(self) -> bool:
        return bool(self.text.strip() or self.field_reasons)


@dataclass(frozen=True)
class Call:
    """Everything that is the same for all rows of one call."""

    session: Session
    action: str
    actor: Actor
    opinion: Opinion
    policy: Policy
    day: date
    holidays: Exceptions
    onto: Sequence[str] = ()
    """Numbers of lists that earlier calls of the same act have opened."""


def call_today(
    session: Session, action: str, actor: Actor, opinion: Opinion, onto: Sequence[str] = ()
) -> Call:
    """A call of this day, with the policy and the calendar of the day, read once for all its rows."""
    day = today()
    return Call(session, action, actor, opinion, policy_on(session, day), day, exceptions(session), onto)
