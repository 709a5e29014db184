"""From when to when: leap days, the 65th birthday and the 60th, and the last day of all temporary registrations."""

from datetime import date

import pytest

from app.extensions.refused import Refused
from app.models.policy import Policy
from app.services.terms import extended, first_term, last_day, recapped, renewed

POLICY = Policy({})
YOUNG = date(1990, 1, 1)
LEAP = date(1964, 2, 29)
"""Turns 60 on 29 February 2024, and 65 on 28 February 2029, because that year has no 29 February."""


@pytest.mark.parametrize(
    ("issued_on", "born", "ends_on"),
    [
        (date(2026, 6, 1), YOUNG, date(2029, 5, 31)),
        (date(2026, 1, 1), YOUNG, date(2028, 12, 31)),
        (date(2028, 2, 29), YOUNG, date(2031, 2, 27)),
        (date(2028, 3, 1), YOUNG, date(2031, 2, 28)),
        (date(2025, 3, 1), YOUNG, date(2028, 2, 29)),
        (date(2026, 6, 1), date(1964, 5, 31), date(2029, 5, 31)),
        (date(2026, 6, 1), date(1964, 5, 30), date(2029, 5, 30)),
        (date(2026, 6, 1), LEAP, date(2029, 2, 28)),
        (date(2026, 6, 1), date(1963, 2, 28), date(2028, 2, 28)),
    ],
)
def test_a_first_term_ends_three_years_later_less_one_day_or_on_the_65th_birthday(issued_on, born, ends_on):
    assert first_term(issued_on, born, POLICY) == (issued_on, ends_on)


@pytest.mark.parametrize(
    ("old_end", "born", "ends_on"),
    [
        (date(2026, 7, 31), YOUNG, date(2029, 7, 31)),
        (date(2028, 2, 29), YOUNG, date(2031, 2, 28)),
        (date(2025, 2, 28), YOUNG, date(2028, 2, 28)),
        (date(2029, 2, 28), YOUNG, date(2032, 2, 28)),
        (date(2026, 7, 31), date(1964, 7, 31), date(2029, 7, 31)),
        (date(2026, 7, 31), date(1964, 7, 30), date(2029, 7, 30)),
        (date(2026, 7, 31), LEAP, date(2029, 2, 28)),
    ],
)
def test_a_renewed_term_runs_three_years_on_or_to_the_65th_birthday(old_end, born, ends_on):
    assert renewed(old_end, born, POLICY) == ends_on


@pytest.mark.parametrize(
    ("old_end", "born", "policy", "ends_on"),
    [
        (date(2026, 7, 31), YOUNG, {}, date(2029, 7, 31)),
        (date(2028, 2, 29), YOUNG, {}, date(2031, 2, 28)),
        (date(2026, 8, 31), YOUNG, {"temporary_extension_months": "6"}, date(2027, 2, 28)),
        (date(2027, 8, 31), YOUNG, {"temporary_extension_months": "6"}, date(2028, 2, 29)),
        (date(2026, 7, 31), date(1968, 3, 5), {}, date(2028, 3, 5)),
        (date(2026, 7, 31), date(1968, 2, 29), {}, date(2028, 2, 29)),
        (date(2023, 7, 31), LEAP, {}, date(2024, 2, 29)),
        (date(2026, 7, 31), YOUNG, {"temporary_last_day": "2027-12-31"}, date(2027, 12, 31)),
        (date(2026, 7, 31), YOUNG, {"temporary_last_day": "2029-08-01"}, date(2029, 7, 31)),
        (date(2026, 7, 31), YOUNG, {"temporary_age_limit": "38"}, date(2028, 1, 1)),
    ],
)
def test_a_temporary_term_stops_at_the_length_the_age_or_the_last_day_of_all(old_end, born, policy, ends_on):
    assert extended(old_end, born, Policy(policy)) == ends_on


@pytest.mark.parametrize(
    ("kind", "last"), [("registered", date(2029, 2, 28)), ("temporary", date(2024, 2, 29))]
)
def test_who_was_born_on_a_leap_day_has_a_last_day_in_every_year(kind, last):
    assert last_day(kind, LEAP, POLICY) == last


def test_the_years_of_a_term_are_a_value_of_the_province():
    assert first_term(date(2026, 6, 1), YOUNG, Policy({"term_years": "5"}))[1] == date(2031, 5, 31)
    assert renewed(date(2026, 6, 1), YOUNG, Policy({"term_years": "1"})) == date(2027, 6, 1)


def test_no_term_begins_after_the_65th_birthday():
    """On the birthday itself one of a single day begins; the day after it would end before it began."""
    assert first_term(date(2029, 2, 28), LEAP, POLICY) == (date(2029, 2, 28), date(2029, 2, 28))
    with pytest.raises(Refused, match="age limit"):
        first_term(date(2029, 3, 1), LEAP, POLICY)


@pytest.mark.parametrize(
    ("begins_on", "ends_on", "wrong", "right", "found"),
    [
        (date(2025, 3, 1), date(2028, 2, 29), YOUNG, date(1962, 5, 6), date(2027, 5, 6)),
        (date(2025, 3, 1), date(2027, 5, 6), date(1962, 5, 6), YOUNG, date(2028, 2, 29)),
        (date(2025, 3, 1), date(2027, 5, 6), date(1962, 5, 6), date(1963, 1, 2), date(2028, 1, 2)),
        (date(2022, 3, 1), date(2027, 5, 6), date(1962, 5, 6), YOUNG, date(2028, 2, 29)),
        (date(2025, 3, 1), date(2027, 5, 5), date(1962, 5, 6), YOUNG, date(2027, 5, 5)),
        (date(2025, 3, 1), date(2028, 2, 29), date(1963, 2, 28), YOUNG, date(2028, 2, 29)),
        (date(2025, 3, 1), date(2028, 2, 29), YOUNG, date(1959, 1, 1), date(2024, 1, 1)),
    ],
    ids=[
        "older by the right number",
        "younger by the right number",
        "younger, and still cut",
        "cut at a renewal",
        "another end than the birthday was decided",
        "not cut, and near the birthday",
        "too old for the whole term",
    ],
)
def test_a_right_date_of_birth_takes_and_gives_back_what_the_wrong_one_did(
    begins_on, ends_on, wrong, right, found
):
    assert recapped(begins_on, ends_on, "registered", (wrong, right), POLICY) == found


def test_a_temporary_term_is_only_ever_cut():
    births = (date(1968, 2, 29), YOUNG)
    assert recapped(date(2025, 3, 1), date(2028, 2, 29), "temporary", births, POLICY) == date(2028, 2, 29)
    assert recapped(date(2025, 3, 1), date(2029, 2, 28), "temporary", births[::-1], POLICY) == date(
        2028, 2, 29
    )
