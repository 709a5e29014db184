"""初始申报: each check of the type is kept once and broken once, under its clause; and 公告 enters the register."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from app.declarations.initial_registration import TYPE
from app.models import Certificate, Publicity, Registration
from app.models.policy import Policy
from app.workflow.checks import (
    Case,
    EnterpriseFacts,
    QualificationFacts,
    RegistrationFacts,
    Severity,
    SpecialtyFacts,
)
from tests.cast import ZHANG_WEI, file_draft, take

TODAY = date(2026, 6, 1)
YESTERDAY = date(2026, 5, 31)
POLICY = Policy({})
CHECKS = {one.rule: one for one in TYPE.checks}

KEPT = Case(
    type_key=TYPE.key,
    registration_kind=TYPE.registration_kind,
    today=TODAY,
    filed_on=TODAY,
    values={
        "name": "张伟", "phone": "0731-88880000", "employed_from": date(2024, 1, 1), "employed_to": None,
        "employed_open_ended": True, "misconduct": None,
    },
    required=[("name", "姓名"), ("phone", "联系电话"), ("employed_from", "聘用开始时间")],
    enterprise=EnterpriseFacts(1, active=True, region_in_force=True),
    real_name_verified=True,
    birth_date=date(1985, 6, 15),
    qualifications=[
        QualificationFacts(1, "building", "A1", date(2025, 9, 1)),
        QualificationFacts(2, "municipal", "A2", date(2025, 9, 1)),
    ],
    specialties=[SpecialtyFacts("building", "建筑工程", 1, date(2025, 9, 1))],
    attachments={one.key: 1 for one in TYPE.attachments},
    attachment_rules=TYPE.attachments,
)  # fmt: skip


def values(**changed):
    return {"values": {**KEPT.values, **changed}}


def without(paper: str):
    return {"attachments": {**KEPT.attachments, paper: 0}}


def specialty(issued_on: date, mandatory: int | None = None, elective: int | None = None, key: int = 1):
    return SpecialtyFacts(["building", "municipal"][key - 1], "", key, issued_on, mandatory, elective)


def registered(status: str, kind: str = "registered") -> list[RegistrationFacts]:
    return [RegistrationFacts(1, kind, status, "湘2432526000001", 9, date(2029, 5, 31))]


BROKEN = {
    "a starred field is empty": ("complete", values(phone=""), "phone"),
    "the number contradicts the birth date": ("identity", {"identity_findings": [("birth_date", "不一致")]}, "birth_date"),
    "the graduation lies ahead": ("graduation", values(graduation_date=date(2026, 6, 2)), "graduation_date"),
    "a child of 13 graduates": ("graduation", values(graduation_date=date(1999, 6, 14)), "graduation_date"),
    "the real-name check was not passed": ("real_name", {"real_name_verified": False}, "name"),
    "the person is not in the library": ("qualified", {"qualifications": []}, "name"),
    "the specialty has no qualification": (
        "qualified", {"specialties": [SpecialtyFacts("highway", "", 1, date(2025, 9, 1))]}, "specialties",
    ),
    "no specialty is asked for": ("specialties", {"specialties": []}, "specialties"),
    "the person is registered": ("never_registered", {"registrations": registered("valid")}, "name"),
    "the person was registered": ("never_registered", {"registrations": registered("cancelled")}, "name"),
    "another enterprise is faster": ("one_under_way", {"other_under_way": True}, "name"),
    "the own enterprise has one": ("one_under_way", {"other_under_way": True, "other_is_own": True}, "name"),
    "90 days before the 65th birthday": ("age", {"birth_date": date(1961, 8, 30)}, "birth_date"),
    "three years without hours": (
        "continuing_education", {"specialties": [specialty(date(2023, 5, 31))]}, "specialties",
    ),
    "three years with too few hours": (
        "continuing_education", {"specialties": [specialty(date(2023, 5, 31), 60, 59)]}, "specialties",
    ),
    "no last day and not open-ended": ("contract", values(employed_open_ended=False), "employed_to"),
    "a last day although open-ended": ("contract", values(employed_to=date(2030, 1, 1)), "employed_to"),
    "the employment begins tomorrow": ("contract", values(employed_from=date(2026, 6, 2)), "employed_from"),
    "the employment ended yesterday": (
        "contract", values(employed_open_ended=False, employed_to=YESTERDAY), "employed_to",
    ),
    "the employment ends before it begins": (
        "contract", values(employed_open_ended=False, employed_to=date(2023, 1, 1)), "employed_to",
    ),
    "the enterprise is incomplete": (
        "employer", {"enterprise": replace(KEPT.enterprise, missing=["办公电话"])}, "enterprise_name",
    ),
    "the enterprise has no qualification": (
        "employer", {"enterprise": replace(KEPT.enterprise, has_qualification=False)}, "enterprise_name",
    ),
    "the enterprise is switched off": (
        "employer", {"enterprise": replace(KEPT.enterprise, active=False)}, "enterprise_name",
    ),
    "the city is not in force any more": (
        "region", {"enterprise": replace(KEPT.enterprise, region_in_force=False)}, "region_code",
    ),
    "the person is locked": ("lock", {"lock_reasons": ["涉嫌挂证"]}, "name"),
    "the photo is missing": ("attachments", without("photo"), "attachment_photo"),
    "the proof of education is missing": (
        "attachments",
        {"specialties": [specialty(date(2023, 5, 31), 60, 60)], **without("education_proof")},
        "attachment_education_proof",
    ),
    "misconduct was declared": ("misconduct", values(misconduct="2024 年受警告"), "misconduct"),
}  # fmt: skip

STILL_KEPT = {
    "the graduation is today": ("graduation", values(graduation_date=TODAY)),
    "the graduate is 14 to the day": ("graduation", values(graduation_date=date(1999, 6, 15))),
    "a temporary registration is another kind": (
        "never_registered", {"registrations": registered("valid", "temporary")},
    ),
    "one day before the age gate": ("age", {"birth_date": date(1961, 8, 31)}),
    "three years to the day": ("continuing_education", {"specialties": [specialty(date(2023, 6, 1))]}),
    "hours for the first specialty and for a further one": (
        "continuing_education",
        {"specialties": [specialty(date(2020, 1, 1), 60, 60), specialty(date(2020, 1, 1), 30, 30, key=2)]},
    ),
    "the last day of the employment is today": (
        "contract", values(employed_open_ended=False, employed_to=TODAY),
    ),
    "the proof of education is not needed": ("attachments", without("education_proof")),
    "social insurance may be missing": ("attachments", without("social_insurance")),
}  # fmt: skip


@pytest.mark.parametrize("rule", CHECKS)
def test_each_check_is_kept_by_a_good_declaration_and_names_its_clause(rule):
    check = CHECKS[rule]
    assert check.findings(KEPT, POLICY) == []
    assert check.clause.startswith(("注册建造师管理规定 第", "操作手册 3.", "GB 11643"))


@pytest.mark.parametrize("rule", CHECKS)
def test_each_check_is_broken_somewhere_below(rule):
    assert rule in {broken for broken, _changed, _field in BROKEN.values()}


@pytest.mark.parametrize("what", BROKEN)
def test_each_check_is_broken_by_what_it_is_for(what):
    rule, changed, field = BROKEN[what]
    found = CHECKS[rule].findings(replace(KEPT, **changed), POLICY)
    assert found[0].field == field
    assert (found[0].rule, found[0].clause) == (rule, CHECKS[rule].clause)
    expected = Severity.WARNING if rule == "misconduct" else Severity.ERROR
    assert found[0].severity is expected


@pytest.mark.parametrize("what", STILL_KEPT)
def test_each_check_stops_where_its_clause_stops(what):
    rule, changed = STILL_KEPT[what]
    assert CHECKS[rule].findings(replace(KEPT, **changed), POLICY) == []


def test_the_limits_are_policy_values_and_no_constants():
    older = Policy({"age_limit": "60", "education_after_years": "0", "specialty_cap": "0"})
    case = replace(KEPT, birth_date=date(1966, 7, 1))
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
