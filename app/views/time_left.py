"""Time left: how many working days remain for a case, in words and in a colour that goes with them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import g
from flask_babel import get_locale, gettext as _, lazy_gettext as _l, ngettext
from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from app.extensions.clock import today
from app.extensions.database import db
from app.models import Declaration, EnterpriseChange
from app.views.kit.remembered import remembered
from app.workflow.calendar import Exceptions, add_working_days, exceptions, working_days_between

SOON = 3
"""Working days before the last one from which a case is marked."""

CHOICES: Mapping[str, Any] = {
    "overdue": _l("Overdue"),
    "soon": _l("Within %(days)s working days", days=SOON),
    "later": _l("Later"),
    "none": _l("No clock runs"),
}


def in_words(due_on: date | None) -> str:
    if due_on is None:
        return ""
    said: dict[Any, str] = g.setdefault("time_left", {})
    key = (str(get_locale()), due_on)
    if key not in said:  # the rows of a page have few different days
        said[key] = _said(due_on)
    return said[key]


def _said(due_on: date) -> str:
    day = today()
    left = _working_days(day, due_on)
    if due_on < day:
        late = max(1, -left)
        return str(ngettext("%(num)s working day overdue", "%(num)s working days overdue", late))
    if not left:
        return str(_("Due today"))
    return str(ngettext("%(num)s working day left", "%(num)s working days left", left))


def tone(due_on: date | None) -> str:
    """Red when it is over, amber when it is near, green otherwise; nothing where no clock runs."""
    if due_on is None:
        return ""
    if due_on < today():
        return "red"
    return "orange" if due_on <= soon() else "green"


def condition(choice: str) -> ColumnElement[bool]:
    """The declarations that a choice of `CHOICES` stands for."""
    return _within(Declaration.due_on, choice)


def condition_of_change(choice: str) -> ColumnElement[bool]:
    """The changes of enterprises that a choice of `CHOICES` stands for."""
    return _within(EnterpriseChange.due_on, choice)


def _within(due_on: InstrumentedAttribute[date | None], choice: str) -> ColumnElement[bool]:
    day, last = today(), soon()
    if choice == "overdue":
        return due_on < day
    if choice == "soon":
        return due_on.between(day, last)
    return due_on > last if choice == "later" else due_on.is_(None)


def soon() -> date:
    if "soon" not in g:
        g.soon = add_working_days(today(), SOON, calendar())
    found: date = g.soon
    return found


def calendar() -> Exceptions:
    """The days that the province has set, read once for each state of them."""
    return remembered("calendar", lambda: exceptions(db.session()))


def _working_days(day: date, due_on: date) -> int:
    """Counted once for each date that a list shows: the rows of a page have few different ones."""
    known: dict[date, dict[date, int]] = remembered("working days", dict)
    if day not in known:
        known.clear()  # yesterday's
    counted = known.setdefault(day, {})
    if due_on not in counted:
        counted[due_on] = working_days_between(day, due_on, calendar())
    return counted[due_on]
