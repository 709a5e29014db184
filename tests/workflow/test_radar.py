"""The renewal radar: first and last day of each window, which stage presses most, and why something cannot be filed."""

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from app.declarations import addition, cancellation, renewal, replacement
from app.models.policy import Policy
from app.workflow.checks import Case, EnterpriseFacts, LockFacts, QualificationFacts, RegistrationFacts
from app.workflow.radar import Stage, ends_between, possibility, pressing, windows

ENDS = date(2026, 9, 30)
POLICY = Policy({})
BORN = date(1985, 6, 15)
TYPES = {one.TYPE.key: one.TYPE for one in (addition, cancellation, renewal, replacement)}


def case(day, ends=ENDS, **differing):
    held = RegistrationFacts(1, "registered", "valid", "湘243252690001", 7, ends, {"building": ends})
    values = {
        "type_key": "renewal", "registration_kind": "registered", "today": day, "filed_on": day, "values": {},
        "required": (), "enterprise": EnterpriseFacts(7, active=True, region_in_force=True),
        "real_name_verified": True, "birth_date": BORN, "registrations": (held,), "registration_id": 1,
        "qualifications": (QualificationFacts(5, "building", "A", date(2020, 1, 1)),),
    }  # fmt: skip
    return Case(**values | differing)


def reasons(key, asked):
    return [str(one) for one in possibility(TYPES[key], asked, POLICY).hindrances]


@pytest.mark.parametrize(
    ("day", "stage"),
    [
        (date(2026, 6, 1), Stage.LATER), (date(2026, 6, 2), Stage.SOON), (date(2026, 7, 1), Stage.SOON),
        (date(2026, 7, 2), Stage.OPEN), (date(2026, 8, 31), Stage.OPEN), (date(2026, 9, 1), Stage.CLOSED),
        (date(2026, 9, 30), Stage.CLOSED), (date(2026, 10, 1), Stage.EXPIRED), (date(2026, 5, 31), Stage.LATER),
    ],
)  # fmt: skip
def test_the_window_is_from_90_to_30_days_before_the_end(day, stage):
    (found,) = windows("registered", {"building": ENDS}, BORN, POLICY, day)
    assert (found.opens_on, found.closes_on) == (date(2026, 7, 2), date(2026, 8, 31))
    assert found.stage is stage


def test_the_province_may_set_another_window():
    policy = Policy({"renewal_opens_days": "120", "renewal_closes_days": "10"})
    (found,) = windows("registered", {"building": ENDS}, BORN, policy, date(2026, 6, 2))
    assert (found.opens_on, found.closes_on, found.stage) == (date(2026, 6, 2), date(2026, 9, 20), Stage.OPEN)


def test_a_temporary_registration_has_no_window():
    (found,) = windows("temporary", {"building": ENDS}, BORN, POLICY, ENDS)
    assert (found.stage, found.opens_on) == (Stage.ANY_TIME, None)
    (found,) = windows("temporary", {"building": ENDS}, BORN, POLICY, ENDS + timedelta(days=1))
    assert found.stage is Stage.EXPIRED


def test_of_several_specialties_the_one_that_can_be_renewed_presses_most():
    day = date(2026, 8, 1)
    ends = {"building": ENDS, "municipal": day - timedelta(days=1), "water": date(2028, 1, 1)}
    assert pressing(windows("registered", ends, BORN, POLICY, day)) is Stage.OPEN


@given(st.integers(-200, 400), st.integers(0, 120), st.integers(0, 200))
def test_the_bounds_of_a_stage_hold_exactly_the_terms_at_that_stage(days, closes, opens):
    day = date(2026, 6, 1)
    ends_on = day + timedelta(days=days)
    policy = Policy({"renewal_opens_days": str(opens), "renewal_closes_days": str(closes)})
    (found,) = windows("registered", {"building": ends_on}, BORN, policy, day)
    within = []
    for stage in (Stage.OPEN, Stage.EXPIRED, Stage.CLOSED, Stage.SOON, Stage.LATER):
        first, last = ends_between(stage, policy, day)
        if (first is None or first <= ends_on) and (last is None or ends_on <= last):
            within.append(stage)
    assert within == [found.stage]


@pytest.mark.parametrize(
    ("born", "day", "stage", "closes"),
    [
        (date(1961, 12, 30), date(2026, 8, 1), Stage.OPEN, date(2026, 8, 31)),
        (date(1961, 11, 10), date(2026, 8, 1), Stage.OPEN, date(2026, 8, 11)),
        (date(1961, 11, 10), date(2026, 8, 12), Stage.AGE, None),
        (date(1961, 9, 30), date(2026, 1, 1), Stage.AGE, None),
        (date(1961, 9, 30), date(2026, 10, 1), Stage.EXPIRED, None),
    ],
    ids=["young enough", "the gate cuts the window", "past the gate", "ends with the birthday", "over"],
)
def test_near_the_age_limit_no_renewal_opens_any_more(born, day, stage, closes):
    (found,) = windows("registered", {"building": ENDS}, born, POLICY, day)
    assert found.stage is stage
    assert closes in (None, found.closes_on)


@pytest.mark.parametrize(
    ("born", "last_day", "after_end", "day", "stage"),
    [
        (date(1966, 9, 30), "", "0", date(2026, 6, 1), Stage.AGE),
        (date(1966, 5, 31), "", "0", date(2026, 6, 1), Stage.AGE),
        (BORN, "2026-09-30", "0", date(2026, 6, 1), Stage.LAST_DAY),
        (BORN, "2026-10-01", "0", date(2026, 6, 1), Stage.ANY_TIME),
        (BORN, "", "1", date(2026, 10, 1), Stage.ANY_TIME),
        (BORN, "", "0", date(2026, 10, 1), Stage.EXPIRED),
    ],
    ids=[
        "ends with the birthday",
        "sixty",
        "the last day of all",
        "a day before it",
        "after the end",
        "over",
    ],
)
def test_a_temporary_registration_ends_with_the_age_and_with_the_last_day_of_all(
    born, last_day, after_end, day, stage
):
    policy = Policy({"temporary_last_day": last_day, "temporary_extension_after_end": after_end})
    (found,) = windows("temporary", {"building": ENDS}, born, policy, day)
    assert found.stage is stage


def test_a_renewal_can_be_filed_within_the_window_and_the_day_is_named_before_it():
    inside = possibility(TYPES["renewal"], case(date(2026, 8, 1)), POLICY)
    assert (inside.open, inside.specialties) == (True, ("building",))
    assert "2026-07-02" in reasons("renewal", case(date(2026, 6, 1)))[0]
    assert "2026-08-31" in reasons("renewal", case(date(2026, 9, 5)))[0]


def test_only_the_specialties_whose_window_is_open_can_be_renewed():
    ends = {"building": ENDS, "water": date(2028, 1, 1)}
    held = RegistrationFacts(1, "registered", "valid", "湘243252690001", 7, ENDS, ends)
    found = possibility(TYPES["renewal"], case(date(2026, 8, 1), registrations=(held,)), POLICY)
    assert found.specialties == ("building",)


@pytest.mark.parametrize(
    "differing",
    [
        {"locks": (LockFacts(date(2026, 7, 1)),)}, {"other_under_way": True}, {"birth_date": date(1961, 9, 1)},
        {"real_name_verified": False}, {"enterprise": EnterpriseFacts(7, active=False, region_in_force=True)},
    ],
    ids=["locked", "another case", "too old", "no real name", "enterprise off"],
)  # fmt: skip
def test_what_stands_against_a_renewal_is_said(differing):
    assert len(reasons("renewal", case(date(2026, 8, 1), **differing))) == 1


def test_an_addition_needs_a_qualification_that_is_not_registered():
    day = date(2026, 6, 1)
    further = QualificationFacts(6, "municipal", "B", date(2025, 1, 1))
    held = case(day).qualifications
    assert len(reasons("addition", case(day))) == 1
    asked = case(day, qualifications=(*held, further))
    assert possibility(TYPES["addition"], asked, POLICY).specialties == ("municipal",)


def test_a_cancellation_can_be_filed_when_nothing_else_can():
    expired = case(date(2026, 11, 1))
    assert [key for key in TYPES if not reasons(key, expired)] == ["cancellation"]
