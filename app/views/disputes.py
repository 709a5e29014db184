"""Disputes: whether whoever is held up by a case that the other party gave back may end it, and from which day."""

from datetime import date

from flask_babel import gettext as _

from app.extensions.clock import local, today
from app.models import Declaration
from app.security.access.roles import Actor
from app.views import time_left
from app.views.kit.policies import policy_today
from app.workflow import deadlines
from app.workflow.guards import GIVEN_BACK
from app.workflow.moves import Move
from app.workflow.perform import legal_moves


def opens_on(row: Declaration, move: Move) -> date | None:
    """The first day of a step that has to wait; None where the other party did not give the case back."""
    back = next((one for one in reversed(row.decisions) if one.from_state != one.to_state), None)
    if back is None or back.action not in GIVEN_BACK:
        return None
    return deadlines.open_from(policy_today(), time_left.calendar(), move.waits, local(back.at).date())


def can_be_taken(row: Declaration, move: Move) -> bool:
    """Whether a step has not to wait, or has waited long enough; `perform` asks again."""
    if not move.waits:
        return True
    first = opens_on(row, move)
    return first is not None and first <= today()


def told(row: Declaration, actor: Actor) -> str:
    """One line for whoever is held up, while it is too early; empty for everybody else."""
    waiting = (opens_on(row, move) for move in legal_moves(row, actor) if move.waits)
    first = next((day for day in waiting if day is not None and day > today()), None)
    if first is None:
        return ""
    return str(
        _(
            "Whoever began it may go on with it until then: from %(date)s on you can end the dispute here.",
            date=first.isoformat(),
        )
    )
