"""Deadlines: until when the one who holds a case has to act, in working days (行政许可法 第三十二、四十二、四十四条)."""

import json
from datetime import date, timedelta

from app.extensions.clock import local
from app.models.declaration import Declaration, State
from app.models.policy import Policy
from app.workflow.calendar import Exceptions, add_working_days, working_days_between
from app.workflow.call import Call
from app.workflow.moves import Clock, Move, Stamp

_TERMS: dict[str, str] = {
    State.AWAITING_CONFIRMATION: "confirmation_days",
    State.SUBMITTED: "acceptance_days",
    State.REFERRED: "review_days",
    State.ACCEPTED: "review_days",
    State.ENDORSED: "review_days",
    State.APPROVED: "issue_days",
    State.PUBLICISED: "announcement_days",
    State.ANNOUNCED: "issue_days",
}

_PAUSED = frozenset({State.ACCEPTED, State.ENDORSED, State.REFERRED})
"""The reviews whose clock stands still while the applicant corrects the case.

The time in which the city says whether it accepts a case begins anew with every submission (行政许可法 第三十二条).
"""

_WHOLE = "whole"
"""Under this name is kept what was left of a term that runs through every hand."""


def publicity_closes(policy: Policy, holidays: Exceptions, day: date) -> date:
    """The last day of a publicity that opens on `day`."""
    return add_working_days(day, policy.number("publicity_days"), holidays)


def due_after(policy: Policy, holidays: Exceptions, state: str, day: date) -> date | None:
    """The last day to act on a case that came into `state` on `day`; None where no authority's clock runs.

    While the public may object nobody is late: the time to announce begins when the publicity has closed.
    """
    term = _TERMS.get(state)
    if term is None:
        return None
    begun = publicity_closes(policy, holidays, day) if state == State.PUBLICISED else day
    return add_working_days(begun, policy.number(term), holidays)


def set_clock(call: Call, term: str, move: Move, row: Declaration, anew: date | None) -> None:
    """Until when whoever holds the case after this step has to act; the row stands as it did before the step.

    `term` is the policy value of a term that runs through every hand (empty: each has its own), `anew` what
    `due_after` says of this day. What is withdrawn begins as another case, with nothing left of the one before.
    """
    if move.clock is Clock.EXTENDED:
        row.due_on = row.due_on and extended(call.policy, call.holidays, row.due_on)
        return
    left: dict[str, int] = {} if move.to is State.DRAFT else json.loads(row.paused)
    if term:
        row.due_on = _in_all(call, term, move, row, left)
    else:
        row.due_on = _of_one_hand(call, move, row, left, anew)
    row.paused = json.dumps(left)


def _of_one_hand(
    call: Call, move: Move, row: Declaration, left: dict[str, int], anew: date | None
) -> date | None:
    """A review that was stopped for the applicant goes on with the days that were left; every other term is new."""
    if move.to is State.RETURNED and row.state in _PAUSED and row.due_on is not None:
        left[row.state] = _left(call, row.due_on)
    begun = call.day
    if move.clock is Clock.RECEIVED and row.submitted_at is not None:
        begun = local(row.submitted_at).date()
        anew = due_after(call.policy, call.holidays, move.to, begun)
    going_on = left.pop(move.to, None)
    return anew if going_on is None else add_working_days(begun, going_on, call.holidays)


def _in_all(call: Call, term: str, move: Move, row: Declaration, left: dict[str, int]) -> date | None:
    """One term from the submission to the announcement, that stands still while the applicant has the case."""
    if move.stamps is Stamp.SUBMITTED:
        return add_working_days(call.day, left.pop(_WHOLE, call.policy.number(term)), call.holidays)
    if move.to is State.RETURNED and row.due_on is not None:
        left[_WHOLE] = _left(call, row.due_on)
    return row.due_on if move.to in _TERMS else None


def _left(call: Call, due_on: date) -> int:
    """The working days that are left when a case goes back to the applicant.

    The day of the return is the authority's own. A review that was late is late again at once.
    """
    return max(0, working_days_between(call.day, due_on, call.holidays))


def extended(policy: Policy, holidays: Exceptions, due_on: date) -> date:
    """The one-time extension of the review, counted from the day on which it would have ended."""
    return add_working_days(due_on, policy.number("extension_days"), holidays)


def open_from(policy: Policy, holidays: Exceptions, term: str, since: date) -> date:
    """The first day after so many working days of a case's standing in its state."""
    return add_working_days(since, policy.number(term), holidays) + timedelta(days=1)
