"""延续申报: each check of the type is kept once and broken once; its window on its first and on its last day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.declarations.renewal import TYPE
from app.models.policy import Policy
from app.workflow.register_rules import renewal_window
from tests.declarations.kept import BUILDING, MUNICIPAL, POLICY, TODAY, kept, until
from tests.declarations.proving import Proof, Proved

SOON, LATER = TODAY + timedelta(days=60), TODAY + timedelta(days=600)
KEPT = replace(kept(TYPE), registrations=[until(SOON)])
WINDOW = next(one for one in TYPE.checks if one.rule == "renewal_window")


def hours(first: tuple[int, int | None], second: tuple[int, int | None]) -> list:
    """Both specialties, with so many hours of continuing education."""
    return [
        replace(BUILDING, mandatory_hours=first[0], elective_hours=first[1]),
        replace(MUNICIPAL, mandatory_hours=second[0], elective_hours=second[1]),
    ]


class TestRules(Proved):
    proof = Proof(
        TYPE,
        KEPT,
        broken={
            "the window opens tomorrow": (
                "renewal_window", {"registrations": [until(TODAY + timedelta(days=91))]}, "specialties",
            ),
            "the window closed yesterday": (
                "renewal_window", {"registrations": [until(TODAY + timedelta(days=29))]}, "specialties",
            ),
            "one of the two that were chosen is not due yet": (
                "renewal_window",
                {"registrations": [until(SOON, LATER)], "specialties": [BUILDING, MUNICIPAL]},
                "specialties",
            ),
            "119 hours for the first specialty": (
                "renewal_education", {"specialties": hours((60, 59), (30, 30))}, "specialties",
            ),
            "120 mandatory hours and none to choose": (
                "renewal_education", {"specialties": hours((120, 0), (30, 30))}, "specialties",
            ),
            "nothing is said of the elective hours": (
                "renewal_education", {"specialties": hours((60, 60), (60, None))}, "specialties",
            ),
            "59 hours for the second specialty": (
                "renewal_education", {"specialties": hours((60, 60), (30, 29))}, "specialties",
            ),
        },
        limits={
            "the first day of the window": (
                "renewal_window", {"registrations": [until(TODAY + timedelta(days=90))]},
            ),
            "the last day of the window": (
                "renewal_window", {"registrations": [until(TODAY + timedelta(days=30))]},
            ),
            "the one that is not due was not chosen": (
                "renewal_window", {"registrations": [until(SOON, LATER)]},
            ),
            "what was filed in time is decided after the window": (
                "renewal_window",
                {"registrations": [until(TODAY + timedelta(days=10))], "filed_on": TODAY - timedelta(days=20)},
            ),
            "120 and 60 hours": ("renewal_education", {"specialties": hours((60, 60), (30, 30))}),
        },
    )  # fmt: skip


@pytest.mark.parametrize(
    ("day", "opens_after"),
    [
        (date(2026, 5, 3), False),
        (date(2026, 5, 2), True),
        (date(2026, 7, 2), False),
        (date(2026, 7, 3), True),
    ],
)
def test_the_window_of_a_term_to_the_first_of_august(day, opens_after):
    """90 days before 1 August 2026 is 3 May, and 30 days before it 2 July; both days count."""
    case = replace(KEPT, registrations=[until(date(2026, 8, 1))], filed_on=day)
    assert bool(WINDOW.findings(case, POLICY)) is opens_after


def test_the_window_is_set_by_the_province_and_says_its_day():
    narrow = Policy({"renewal_opens_days": "50", "renewal_closes_days": "40"})
    opens, _closes = renewal_window(SOON, narrow)
    (found,) = WINDOW.findings(KEPT, narrow)
    assert opens.isoformat() in str(found.message)
    assert opens == date(2026, 6, 11)
