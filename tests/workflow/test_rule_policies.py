"""What the province may set otherwise: each value of a rule, set once to another one, moves the day or the hours."""

from dataclasses import replace
from datetime import date

import pytest

from app.declarations import addition, cancellation, initial_registration, re_registration, renewal, transfer
from app.models.policy import Policy
from tests.declarations.kept import OTHER, TODAY, aged, kept, standing, until, values

CEASED = date(2024, 1, 1)
FIRST = kept(initial_registration.TYPE)
AGAIN = kept(re_registration.TYPE)
RENEWED = kept(renewal.TYPE)
ENDED = kept(cancellation.TYPE, cancellation_reason="term_under_30_days")


def came_back(status: str):
    return replace(AGAIN, registrations=[standing(status=status, cancelled_on=CEASED)])


def hours(case, *given):
    """Building and municipal works, on old qualifications, with (mandatory, elective) hours of each."""
    names = ("building", "municipal")
    asked = [
        replace(aged(date(2020, 1, 1), *pair), specialty=name)
        for name, pair in zip(names, given, strict=False)
    ]
    return replace(case, specialties=asked)


def left(case, days):
    return replace(case, registrations=[until(date.fromordinal(TODAY.toordinal() + days))])


VALUES = [
    ("annulment_bar_years", "1", "barred", came_back("annulled"), "3"),
    ("revocation_bar_years", "3", "barred", came_back("revoked"), "2"),
    ("false_material_bar_years", "2", "false_material", replace(FIRST, false_material_on=date(2025, 1, 1)), "1"),
    ("expiry_gate_days", "10", "in_force", left(kept(addition.TYPE), 20), "30"),
    ("expiry_gate_days", "10", "ground", replace(ENDED, registrations=[until(date(2026, 6, 21))]), "30"),
    ("education_hours_first", "90", "renewal_education", hours(RENEWED, (60, 30)), "120"),
    ("education_hours_first", "90", "continuing_education", hours(FIRST, (60, 30)), "120"),
    ("education_hours_further", "40", "renewal_education", hours(RENEWED, (60, 60), (30, 10)), "60"),
    ("education_mandatory_first", "70", "renewal_education", hours(RENEWED, (60, 60)), "60"),
    ("education_mandatory_further", "20", "continuing_education", hours(FIRST, (60, 60), (20, 40)), "30"),
    ("education_after_years", "7", "continuing_education", hours(FIRST, (0, 0)), "3"),
    ("age_gate_days", "30", "age", replace(FIRST, birth_date=date(1961, 8, 1)), "90"),
    ("age_limit", "70", "age", replace(FIRST, birth_date=date(1961, 8, 1)), "65"),
    (
        "transfer_pause_months", "6", "pause",
        replace(kept(transfer.TYPE), registrations=[standing(enterprise_id=OTHER, moved_on=date(2025, 11, 1))]), "12",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("key", "other", "rule", "case", "default"), VALUES, ids=[f"{one[0]}-{one[2]}" for one in VALUES]
)
def test_a_value_that_the_province_sets_decides_where_the_rule_stops(key, other, rule, case, default):
    """The same case under the two values: it keeps the rule under the one alone, and the default is the law's."""
    assert Policy({}).text(key) == default
    types = (addition, cancellation, initial_registration, re_registration, renewal, transfer)
    (kind,) = [one.TYPE for one in types if one.TYPE.key == case.type_key]
    (check,) = [one for one in kind.checks if one.rule == rule]
    stopped = [bool(check.findings(case, Policy(set_))) for set_ in ({}, {key: other})]
    assert sorted(stopped) == [False, True], stopped


@pytest.mark.parametrize(("months", "new"), [("12", True), ("5", False), ("0", False)])
def test_for_how_long_an_enterprise_counts_as_new_is_a_value_too(months, new):
    founded = replace(FIRST.enterprise, has_qualification=False, qualified=False, founded_on=date(2026, 1, 1))
    case = replace(FIRST, enterprise=founded)
    (employer,) = [one for one in initial_registration.TYPE.checks if one.rule == "employer"]
    assert bool(employer.findings(case, Policy({"new_enterprise_months": months}))) is not new


def test_an_older_enterprise_has_no_commitment_to_give():
    """With the paper and without it, an enterprise founded long ago has to be qualified."""
    founded = replace(FIRST.enterprise, has_qualification=False, qualified=False, founded_on=date(2012, 1, 1))
    (employer,) = [one for one in initial_registration.TYPE.checks if one.rule == "employer"]
    assert employer.findings(replace(FIRST, enterprise=founded), Policy({}))
    assert values(FIRST)["values"] == FIRST.values
