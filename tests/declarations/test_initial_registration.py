"""初始申报: each check of the type is kept once and broken once, under its clause; and 公告 enters the register."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from app.declarations.initial_registration import TYPE
from app.models import Certificate, Publicity, Registration
from app.models.policy import Policy
from app.workflow.checks import SpecialtyFacts
from tests.cast import ZHANG_WEI, file_draft, take
from tests.declarations.kept import POLICY, TODAY, TOMORROW, aged, kept, standing, values
from tests.declarations.proving import Proof, Proved

KEPT = kept(TYPE)
CHECKS = {one.rule: one for one in TYPE.checks}


def qualified(issued_on: date, mandatory: int | None = None, elective: int | None = None) -> SpecialtyFacts:
    """Building works, on a qualification of this day."""
    return SpecialtyFacts("building", "", 1, issued_on, mandatory, elective)


class TestRules(Proved):
    proof = Proof(
        TYPE,
        KEPT,
        broken={
            "a child of 13 graduates": (
                "graduation", values(KEPT, graduation_date=date(1999, 6, 14)), "graduation_date",
            ),
            "the person is registered": ("never_registered", {"registrations": [standing()]}, "name"),
            "the person was registered": (
                "never_registered", {"registrations": [standing(status="cancelled")]}, "name",
            ),
            "three years with too few hours": (
                "continuing_education", {"specialties": [qualified(date(2023, 5, 31), 60, 59)]}, "specialties",
            ),
            "a last day although open-ended": (
                "contract", values(KEPT, employed_to=date(2030, 1, 1)), "employed_to",
            ),
            "the employment begins tomorrow": ("contract", values(KEPT, employed_from=TOMORROW), "employed_from"),
            "the employment ends before it begins": (
                "contract", values(KEPT, employed_open_ended=False, employed_to=date(2023, 1, 1)), "employed_to",
            ),
            "the enterprise has no qualification": (
                "employer",
                {"enterprise": replace(KEPT.enterprise, has_qualification=False, qualified=False)},
                "enterprise_name",
            ),
            "the enterprise is switched off": (
                "employer", {"enterprise": replace(KEPT.enterprise, active=False)}, "enterprise_name",
            ),
            "the proof of education is missing": (
                "attachments",
                {
                    "specialties": [qualified(date(2023, 5, 31), 60, 60)],
                    "attachments": {**KEPT.attachments, "education_proof": 0},
                },
                "attachment_education_proof",
            ),
        },
        limits={
            "the graduation is today": ("graduation", values(KEPT, graduation_date=TODAY)),
            "the graduate is 14 to the day": ("graduation", values(KEPT, graduation_date=date(1999, 6, 15))),
            "a temporary registration is another kind": (
                "never_registered", {"registrations": [standing(kind="temporary")]},
            ),
            "hours for the first specialty and for a further one": (
                "continuing_education",
                {"specialties": [qualified(date(2020, 1, 1), 60, 60), aged(date(2020, 1, 1), 30, 30)]},
            ),
        },
    )  # fmt: skip


def test_the_limits_are_policy_values_and_no_constants():
    older = Policy({"age_limit": "60", "education_after_years": "0", "specialty_cap": "0"})
    case = replace(KEPT, birth_date=date(1966, 7, 1), specialties=[qualified(date(2025, 9, 1))])
    for rule in ("age", "continuing_education", "specialties"):
        assert CHECKS[rule].findings(case, POLICY) == []
        assert CHECKS[rule].findings(case, older), rule


@pytest.mark.both_engines
def test_the_announcement_enters_the_register_once_and_allots_the_certificate(session, cast):
    key = file_draft(session, cast.li_juan, cast.zhang_wei)
    take(session, cast, key, "submit", "accept", "endorse", "approve", "publicise")
    for one in session.scalars(select(Publicity)):
        one.closes_on = one.opens_on
    session.commit()
    assert session.scalars(select(Registration)).all() == []
    row = take(session, cast, key, "announce")
    registration = session.scalars(select(Registration)).one()
    assert row.registration_id == registration.id
    assert registration.number == "湘2432526" + "00001"
    assert (registration.id_number, registration.enterprise_id) == (ZHANG_WEI, row.enterprise_id)
    terms = {(one.specialty, one.begins_on, one.ends_on) for one in registration.specialties}
    assert terms == {(name, TODAY, date(2029, 5, 31)) for name in ("building", "municipal")}
    certificate = session.scalars(select(Certificate)).one()
    assert (certificate.number, certificate.version, certificate.declaration_id) == ("4300000001", 1, key)
