"""增项申报: each check of the type is kept once and broken once, under its clause."""

from dataclasses import replace

import pytest

from app.declarations.addition import TYPE
from app.models.policy import Policy
from tests.declarations.kept import BUILDING, MUNICIPAL, POLICY, aged, date, kept, standing, until
from tests.declarations.proving import Proof, Proved

KEPT = kept(TYPE)
OTHERS = ("building", "highway", "water", "mining", "mechanical", "railway")


class TestRules(Proved):
    proof = Proof(
        TYPE,
        KEPT,
        broken={
            "the specialty is registered": ("not_registered_yet", {"specialties": [BUILDING]}, "specialties"),
            "nothing is asked for": ("specialty_cap", {"specialties": []}, "specialties"),
            "a seventh specialty": (
                "specialty_cap",
                {"registrations": [standing(specialties=dict.fromkeys(OTHERS, date(2027, 6, 30)))]},
                "specialties",
            ),
            "the proof of education is missing": (
                "attachments",
                {
                    "specialties": [aged(date(2023, 5, 31), 60, 60)],
                    "attachments": {**KEPT.attachments, "education_proof": 0},
                },
                "attachment_education_proof",
            ),
            "a specialty that is not the chosen one ended": (
                "in_force", {"registrations": [until(date(2026, 5, 31), date(2029, 1, 1))]}, "valid_until",
            ),
        },
        limits={
            "a sixth specialty": (
                "specialty_cap",
                {"registrations": [standing(specialties=dict.fromkeys(OTHERS[:5], date(2027, 6, 30)))]},
            ),
            "the hours of one specialty": (
                "continuing_education", {"specialties": [aged(date(2020, 1, 1), 60, 60)]},
            ),
        },
    )  # fmt: skip


def test_the_cap_of_specialties_is_a_value_of_the_province():
    cap = next(one for one in TYPE.checks if one.rule == "specialty_cap")
    two = replace(KEPT, specialties=[MUNICIPAL])
    assert cap.findings(two, Policy({"specialty_cap": "2"})) == []
    assert "1" in str(cap.findings(two, Policy({"specialty_cap": "1"}))[0].message)


@pytest.mark.parametrize(
    ("ends_on", "said"), [(date(2026, 5, 31), "has ended"), (date(2026, 6, 1), "30 days")]
)
def test_what_has_ended_is_told_apart_from_what_is_about_to_end(ends_on, said):
    in_force = next(one for one in TYPE.checks if one.rule == "in_force")
    (found,) = in_force.findings(replace(KEPT, registrations=[until(ends_on)]), POLICY)
    assert said in str(found.message)
