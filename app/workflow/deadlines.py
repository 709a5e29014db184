"""Deadlines: until when the one who holds a case has to act, in working days (行政许可法 第三十二、四十二、四十四条)."""

from datetime import date

from app.models.declaration import State
from app.models.policy import Policy
from app.workflow.calendar import Exceptions, add_working_days

_TERMS: dict[str, str] = {
    State.AWAITING_CONFIRMATION: "confirmation_days",
    State.SUBMITTED: "acceptance_days",
    State.REFERRED: "review_days",
    State.ACCEPTED: "review_days",
    State.ENDORSED: "review_days",
    State.APPROVED: "issue_days",
    State.ANNOUNCED: "issue_days",
}


def due_after(policy: Policy, holidays: Exceptions, state: str, day: date) -> date | None:
    """The last day to act on a case that came into `state` on `day`; None where no authority's clock runs."""
    term = _TERMS.get(state)
    return add_working_days(day, policy.number(term), holidays) if term else None


def extended(policy: Policy, holidays: Exceptions, due_on: date) -> date:
    """The one-time extension of the review, counted from the day on which it would have ended."""
    return add_working_days(due_on, policy.number("extension_days"), holidays)
