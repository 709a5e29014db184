"""Periods are counted in working days, with the State Council's days off and the province's own."""

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.extensions.database import db
from app.models import Counter, Holiday
from app.workflow import calendar
from app.workflow.calendar import add_working_days, is_working_day, working_days_between

DAYS = strategies.dates(date(2019, 1, 1), date(2030, 12, 31))


def test_the_day_of_the_event_is_not_counted():
    monday = date(2024, 6, 3)
    assert add_working_days(monday, 1) == date(2024, 6, 4)
    assert add_working_days(monday, 4) == date(2024, 6, 7)


def test_a_period_that_begins_on_a_free_day_ends_as_if_the_next_working_day_were_its_first():
    saturday = date(2024, 6, 1)
    assert not is_working_day(saturday)
    assert add_working_days(saturday, 1) == date(2024, 6, 3)


def test_a_period_of_no_days_ends_on_the_day_of_the_event():
    assert add_working_days(date(2024, 2, 11), 0) == date(2024, 2, 11)


def test_spring_festival_is_free_and_its_make_up_weekend_is_worked():
    # 2024: free from 10 to 17 February; Sunday the 4th and Sunday the 18th are worked.
    assert is_working_day(date(2024, 2, 4))
    assert not any(is_working_day(date(2024, 2, day)) for day in range(10, 18))
    assert is_working_day(date(2024, 2, 18))
    assert add_working_days(date(2024, 2, 9), 1) == date(2024, 2, 18)
    assert add_working_days(date(2024, 2, 9), 5) == date(2024, 2, 22)


def test_a_make_up_saturday_counts():
    # 2024: Saturday the 12th of October is worked for National Day.
    saturday = date(2024, 10, 12)
    assert saturday.weekday() == 5
    assert is_working_day(saturday)
    assert add_working_days(date(2024, 9, 30), 5) == saturday


def test_the_long_holiday_of_spring_2020_is_known():
    # The State Council prolonged it: the first working day after the 23rd of January was the 3rd of February.
    assert add_working_days(date(2020, 1, 23), 1) == date(2020, 2, 3)


def test_the_turn_of_the_year_is_passed():
    assert not is_working_day(date(2025, 1, 1))
    assert add_working_days(date(2024, 12, 30), 2) == date(2025, 1, 2)


@pytest.mark.parametrize("year", [2003, 2035])
def test_beyond_the_years_of_the_library_weekdays_are_worked(year):
    start = date(year, 10, 1)
    for day in (start + timedelta(number) for number in range(14)):
        assert is_working_day(day) is (day.weekday() < 5)


def test_an_exception_goes_over_the_national_calendar_and_over_the_week():
    free, worked = date(2024, 6, 4), date(2035, 10, 6)
    assert is_working_day(free)
    assert not is_working_day(free, {free: False})
    assert is_working_day(worked, {worked: True})
    assert add_working_days(date(2024, 6, 3), 1, {free: False}) == date(2024, 6, 5)


def test_a_negative_period_is_an_error():
    with pytest.raises(ValueError, match="not negative"):
        add_working_days(date(2024, 6, 3), -1)


def test_what_is_left_is_negative_after_the_last_day():
    due = date(2024, 6, 7)
    assert working_days_between(date(2024, 6, 3), due) == 4
    assert working_days_between(due, due) == 0
    assert working_days_between(date(2024, 6, 13), due) == -3  # the 10th is the Dragon Boat Festival


@given(start=DAYS, count=strategies.integers(0, 40))
def test_counting_a_period_gives_its_length_back(start, count):
    assert working_days_between(start, add_working_days(start, count)) == count


@given(start=DAYS, count=strategies.integers(1, 40))
def test_a_period_ends_on_a_working_day(start, count):
    assert is_working_day(add_working_days(start, count))


def test_the_exceptions_come_from_the_table():
    engine = create_engine("sqlite://")
    db.metadata.create_all(engine, tables=[Counter.__table__, Holiday.__table__])
    with Session(engine) as session:
        session.add(Holiday(day=date(2026, 3, 3), working=False, name="全省停电检修"))
        session.add(Holiday(day=date(2026, 3, 7), working=True, name="调休上班"))
        session.commit()
        found = calendar.exceptions(session)
    engine.dispose()
    assert found == {date(2026, 3, 3): False, date(2026, 3, 7): True}
    assert add_working_days(date(2026, 3, 2), 4, found) == date(2026, 3, 7)
