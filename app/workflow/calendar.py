"""Working days: the national calendar, with the province's own exceptions over it."""

from collections.abc import Mapping
from datetime import date, timedelta

import chinese_calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Holiday

Exceptions = Mapping[date, bool]
"""Days that go over the national calendar: True is worked, False is free."""

NONE: Exceptions = {}

_DAY = timedelta(days=1)
_SATURDAY = 5


def exceptions(session: Session) -> Exceptions:
    """The days that the province has set by hand."""
    return {row.day: row.working for row in session.execute(select(Holiday.day, Holiday.working))}


def is_working_day(day: date, exceptions: Exceptions = NONE) -> bool:
    """Whether offices are open.

    The State Council orders each year's days off in the autumn before. A year that the library does not know
    yet is counted Monday to Friday, until the library is renewed or the days are entered as exceptions.
    """
    if day in exceptions:
        return exceptions[day]
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < _SATURDAY


def is_known(day: date) -> bool:
    """Whether the library knows the days off that the State Council has ordered for this year."""
    try:
        chinese_calendar.is_workday(day)
    except NotImplementedError:
        return False
    return True


def add_working_days(day: date, count: int, exceptions: Exceptions = NONE) -> date:
    """The last day of a period of `count` working days that an event on `day` sets off.

    The day of the event is not counted (民法典 第二百零一条), and only working days are (行政许可法 第八十二条).
    A period of 0 days ends on the day of the event.
    """
    if count < 0:
        raise ValueError("A period is not negative.")
    while count:
        day += _DAY
        count -= is_working_day(day, exceptions)
    return day


def working_days_between(start: date, end: date, exceptions: Exceptions = NONE) -> int:
    """Working days after `start` up to and including `end`; negative when `end` lies before `start`.

    From the event to today it is what was used of a period; from today to its last day, what is left.
    """
    if end < start:
        return -working_days_between(end, start, exceptions)
    days = ((start + _DAY * number) for number in range(1, (end - start).days + 1))
    return sum(is_working_day(day, exceptions) for day in days)
