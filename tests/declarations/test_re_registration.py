"""重新申报: each check of the type is kept once and broken once, under its clause."""

from dataclasses import replace
from datetime import date

from app.declarations.re_registration import TYPE
from tests.declarations.kept import OTHER, TODAY, aged, kept, standing, values
from tests.declarations.proving import Proof, Proved

CEASED = date(2026, 3, 1)
BEFORE = {
    "original_number": "湘2432526000001",
    "original_certificate_number": "4300000001",
    "ceased_on": CEASED,
    "ceased_because": "employment_ended",
}
KEPT = replace(
    kept(TYPE, **BEFORE),
    registrations=[standing(status="cancelled", cancelled_on=CEASED, enterprise_id=OTHER)],
    further=BEFORE,
)
REFUSED = {"refused_on": CEASED, "refusal_ground": "employer"}


class TestRules(Proved):
    proof = Proof(
        TYPE,
        KEPT,
        broken={
            "the registration stands still": ("cancelled_before", {"registrations": [standing()]}, "name"),
            "only one of two specialties was cancelled": (
                "cancelled_before",
                {"registrations": [standing(specialties={"municipal": date(2027, 6, 30)})]},
                "name",
            ),
            "he was never registered and never refused": ("cancelled_before", {"registrations": []}, "name"),
            "only a temporary registration was cancelled": (
                "cancelled_before",
                {"registrations": [standing(kind="temporary", status="cancelled")]},
                "name",
            ),
            "the register has another number": (
                "as_registered_before", values(KEPT, original_number="湘2432526000002"), "original_number",
            ),
            "the register has another certificate": (
                "as_registered_before",
                values(KEPT, original_certificate_number="4300000002"),
                "original_certificate_number",
            ),
            "the register has another day": (
                "as_registered_before", values(KEPT, ceased_on=date(2026, 3, 2)), "ceased_on",
            ),
            "the register has another ground": (
                "as_registered_before", values(KEPT, ceased_because="bankrupt"), "ceased_because",
            ),
            "it was refused on another day": (
                "as_registered_before",
                {**values(KEPT, **REFUSED, **dict.fromkeys(BEFORE)), "further": {**REFUSED, "refused_on": TODAY}},
                "refused_on",
            ),
            "the proof of education is missing": (
                "attachments",
                {
                    "specialties": [aged(date(2023, 5, 31), 60, 60)],
                    "attachments": {**KEPT.attachments, "education_proof": 0},
                },
                "attachment_education_proof",
            ),
        },
        limits={
            "he was refused and never registered": (
                "cancelled_before", {"registrations": [], "refused_before": True},
            ),
            "a temporary registration stands still": (
                "cancelled_before",
                {"registrations": [*KEPT.registrations, standing(id=2, kind="temporary")]},
            ),
            "it was handed in before anybody asked for the certificate": (
                "as_registered_before", values(KEPT, original_certificate_number=None),
            ),
            "who was refused has no number": (
                "as_registered_before", {**values(KEPT, **REFUSED, **dict.fromkeys(BEFORE)), "further": REFUSED},
            ),
        },
    )  # fmt: skip
