"""Spans of days that a date filter offers by name, so that a kept filter means today whenever it is opened."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

Span = tuple[date, date]


def _month(day: date) -> Span:
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _last_month(day: date) -> Span:
    return _month(day.replace(day=1) - timedelta(days=1))


def _week(day: date) -> Span:
    first = day - timedelta(days=day.weekday())
    return first, first + timedelta(days=6)


PERIODS: Mapping[str, tuple[Any, Callable[[date], Span]]] = {
    "today": (_l("Today"), lambda day: (day, day)),
    "week": (_l("This week"), _week),
    "month": (_l("This month"), _month),
    "last_month": (_l("Last month"), _last_month),
    "year": (_l("This year"), lambda day: (date(day.year, 1, 1), date(day.year, 12, 31))),
    "next_30": (_l("The next 30 days"), lambda day: (day, day + timedelta(days=29))),
    "next_90": (_l("The next 90 days"), lambda day: (day, day + timedelta(days=89))),
}
PAST = ("today", "week", "month", "last_month", "year")
"""What is offered for a moment that something happened at; a day may also lie ahead."""
