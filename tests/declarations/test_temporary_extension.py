"""临时延期申报: each check of the type is kept once and broken once; the age of 60 and the last day of all."""

from dataclasses import replace
from datetime import date

from app.declarations.temporary_extension import TYPE
from app.models.policy import Policy
from tests.declarations.kept import BUILDING, MUNICIPAL, TODAY, YESTERDAY, kept, standing, until
from tests.declarations.proving import Proof, Proved

KEPT = kept(TYPE)
TERM = next(one for one in TYPE.checks if one.rule == "temporary_term")
LAST = next(one for one in TYPE.checks if one.rule == "temporary_end")


def so_many(first: tuple[int, int | None], second: tuple[int, int | None]) -> list:
    return [
        replace(BUILDING, mandatory_hours=first[0], elective_hours=first[1]),
        replace(MUNICIPAL, mandatory_hours=second[0], elective_hours=second[1]),
    ]


class TestRules(Proved):
    proof = Proof(
        TYPE,
        KEPT,
        policy=Policy({"temporary_last_day": "2027-06-30"}),
        broken={
            "he turns 60 today": (
                "temporary_age",
                {"birth_date": date(1966, 6, 1), "registrations": [until(YESTERDAY)]},
                "birth_date",
            ),
            "his term runs to the 60th birthday already": (
                "temporary_age",
                {
                    "birth_date": date(1967, 6, 30),
                    "registrations": [standing(specialties={"building": date(2027, 6, 30)})],
                },
                "birth_date",
            ),
            "one of his terms ended yesterday": (
                "temporary_term",
                {"registrations": [until(YESTERDAY, date(2027, 1, 1))]},
                "valid_until",
            ),
            "his term runs to the last day of all": ("temporary_end", {}, "valid_until"),
            "119 hours": ("renewal_education", {"specialties": so_many((60, 59), (30, 30))}, "specialties"),
            "59 hours for the second": (
                "renewal_education", {"specialties": so_many((60, 60), (30, 29))}, "specialties",
            ),
        },
        limits={
            "he turns 60 tomorrow": (
                "temporary_age",
                {
                    "birth_date": date(1966, 6, 2),
                    "registrations": [standing(specialties={"building": date(2026, 6, 1)})],
                },
            ),
            "one of two terms may still grow": (
                "temporary_age",
                {
                    "birth_date": date(1967, 6, 30),
                    "registrations": [
                        standing(specialties={"building": date(2027, 6, 30), "municipal": date(2027, 6, 29)})
                    ],
                },
            ),
            "his term ends today": ("temporary_term", {"registrations": [until(TODAY)]}),
            "his term ended while the city examined it": (
                "temporary_term",
                {"filed_on": YESTERDAY, "registrations": [until(YESTERDAY)]},
            ),
            "there is no last day": ("temporary_end", {}),
            "120 and 60 hours": ("renewal_education", {"specialties": so_many((60, 60), (30, 30))}),
        },
    )  # fmt: skip


def test_the_last_day_of_all_is_a_value_of_the_province():
    assert LAST.findings(KEPT, Policy({"temporary_last_day": "2027-07-01"})) == []
    (found,) = LAST.findings(KEPT, Policy({"temporary_last_day": "2027-06-29"}))
    assert "2027-06-29" in str(found.message)


def test_the_province_may_extend_what_has_ended():
    ended = replace(KEPT, registrations=[until(YESTERDAY)])
    (found,) = TERM.findings(ended, Policy({}))
    assert "2026-05-31" in str(found.message)
    assert TERM.findings(ended, Policy({"temporary_extension_after_end": "1"})) == []
