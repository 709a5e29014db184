"""One call of `perform`: who asks for which step, with which words, on which day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from app.models.policy import Policy
from app.security.access.roles import Actor


@dataclass(frozen=True)
class Opinion:
    """What the mover says: words, yes or no where the move asks for it, and reasons at the fields they concern."""

    text: str = ""
    positive: bool | None = None
    field_reasons: Mapping[str, str] = field(default_factory=dict)

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
    onto: Sequence[str] = ()
    """Numbers of lists that earlier calls of the same act have opened."""
