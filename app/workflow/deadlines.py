"""Deadlines: until when the one who holds a case has to act, in working days (行政许可法 第三十二、四十二、四十四条)."""

from datetime import date, timedelta

from app.models.declaration import Declaration, State
from app.models.policy import Policy
from app.workflow.calendar import Exceptions, add_working_days, working_days_between

_TERMS: dict[str, str] = {
    State.AWAITING_CONFIRMATION: "confirmation_days",
    State.SUBMITTED: "acceptance_days",
    State.REFERRED: "review_days",
    State.ACCEPTED: "review_days",
    State.ENDORSED: "review_days",
    State.APPROVED: "issue_days",
    State.ANNOUNCED: "issue_days",
}

_PAUSED = frozenset({State.ACCEPTED, State.ENDORSED, State.REFERRED})
"""The reviews whose clock stands still while the applicant corrects the case.

The time in which the city says whether it accepts a case begins anew with every submission (行政许可法 第三十二条).
"""


def due_after(policy: Policy, holidays: Exceptions, state: str, day: date) -> date | None:
    """The last day to act on a case that came into `state` on `day`; None where no authority's clock runs."""
    term = _TERMS.get(state)
    return add_working_days(day, policy.number(term), holidays) if term else None


def extended(policy: Policy, holidays: Exceptions, due_on: date) -> date:
    """The one-time extension of the review, counted from the day on which it would have ended."""
    return add_working_days(due_on, policy.number("extension_days"), holidays)


def left_when_returned(holidays: Exceptions, row: Declaration, to: State, day: date) -> int | None:
    """The working days that a review has left when its case goes back to the applicant; None for every other step.

    The day of the return is the authority's own. A review that was late is late again at once.
    """
    if to is not State.RETURNED or row.state not in _PAUSED or row.due_on is None:
        return None
    return max(0, working_days_between(day, row.due_on, holidays))


def going_on(holidays: Exceptions, left: int, day: date) -> date:
    """The last day of a review that goes on with so many working days."""
    return add_working_days(day, left, holidays)


def open_from(policy: Policy, holidays: Exceptions, term: str, since: date) -> date:
    """The first day after so many working days of a case's standing in its state."""
    return add_working_days(since, policy.number(term), holidays) + timedelta(days=1)
