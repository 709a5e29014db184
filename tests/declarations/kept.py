"""A declaration of each type that keeps every rule, and the ways in which rules that types share are broken."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from app.models.policy import Policy
from app.workflow.checks import (
    Case,
    EnterpriseFacts,
    LockFacts,
    QualificationFacts,
    RegistrationFacts,
    SpecialtyFacts,
)
from app.workflow.facts import field_info
from app.workflow.types import Asked, DeclarationType, Picker

TODAY = date(2026, 6, 1)
TOMORROW = date(2026, 6, 2)
YESTERDAY = date(2026, 5, 31)
POLICY = Policy({})
OWN, OTHER = 1, 2
"""The enterprise that declares, and another one."""

BUILDING = SpecialtyFacts("building", "建筑工程", 1, date(2025, 9, 1), 60, 60)
MUNICIPAL = SpecialtyFacts("municipal", "市政公用工程", 2, date(2025, 9, 1), 30, 30)
_TYPED: Mapping[str, Any] = {
    "name": "张伟",
    "gender": "1",
    "id_type": "1",
    "id_number": "4399**********0019",
    "birth_date": date(1985, 6, 15),
    "ethnicity": "01",
    "mobile": "138****0000",
    "phone": "0731-88880000",
    "school": "湘江示例大学",
    "major": "土木工程",
    "graduation_date": date(2007, 6, 30),
    "degree": "4",
    "registration_number": "湘2432526000001",
    "certificate_number": "4300000001",
    "valid_until": date(2027, 6, 30),
    "employed_from": date(2024, 1, 1),
    "employed_to": None,
    "employed_open_ended": True,
}


def standing(**changed: Any) -> RegistrationFacts:
    """The registration of 张伟 for building works with the enterprise that declares, in the middle of its term."""
    known = RegistrationFacts(
        1, "registered", "valid", "湘2432526000001", OWN, date(2027, 6, 30), {"building": date(2027, 6, 30)},
        registered_on=date(2024, 7, 1), moved_on=date(2024, 7, 1),
    )  # fmt: skip
    return replace(known, **changed)


def until(*ends: date) -> RegistrationFacts:
    """The same with these last days: of building works, then of municipal works."""
    return standing(ends_on=max(ends), specialties=dict(zip(("building", "municipal"), ends, strict=False)))


def kept(kind: DeclarationType, **typed: Any) -> Case:
    """A case of this type that keeps every rule; `typed` is what only this type asks for."""
    elsewhere = kind.picker is Picker.CERTIFICATE_ELSEWHERE
    register = standing(kind=kind.registration_kind, enterprise_id=OTHER if elsewhere else OWN)
    values = {name: value for name, value in _TYPED.items() if name in kind.fields}
    return Case(
        type_key=kind.key,
        registration_kind=kind.registration_kind,
        today=TODAY,
        filed_on=TODAY,
        values=values | typed,
        required=[
            (name, name) for name in kind.fields if field_info(kind.model, name).get("required")
        ],
        enterprise=EnterpriseFacts(OWN, active=True, region_in_force=True, name="示例建设有限公司"),
        real_name_verified=True,
        birth_date=_TYPED["birth_date"],
        qualifications=[
            QualificationFacts(1, "building", "A1", date(2025, 9, 1)),
            QualificationFacts(2, "municipal", "A2", date(2025, 9, 1)),
        ],
        specialties=[MUNICIPAL if kind.specialties is Asked.QUALIFIED else BUILDING],
        registrations=[register] if kind.of_registration else [],
        registration_id=register.id if kind.of_registration else None,
        attachments={one.key: 1 for one in kind.attachments},
        attachment_rules=kind.attachments,
    )  # fmt: skip


def values(case: Case, **changed: Any) -> dict[str, Any]:
    return {"values": {**case.values, **changed}}


def without(case: Case, paper: str) -> dict[str, Any]:
    return {"attachments": {**case.attachments, paper: 0}}


def aged(issued_on: date, mandatory: int | None = None, elective: int | None = None) -> SpecialtyFacts:
    """Municipal works, on a qualification of this day."""
    return replace(MUNICIPAL, issued_on=issued_on, mandatory_hours=mandatory, elective_hours=elective)


Broken = tuple[str, Mapping[str, Any], str]
"""The rule, what is different in the case, and the field at which the finding stands."""


def shared(case: Case) -> dict[str, Broken]:
    """How the rules are broken that several types ask; each type takes those that it asks."""
    return _of_person(case) | _of_employer(case) | _of_terms_and_grounds(case) | _of_the_register(case)


def _of_person(case: Case) -> dict[str, Broken]:
    return {
        "a starred field is empty": ("complete", values(case, phone=""), "phone"),
        "the number contradicts the birth date": (
            "identity", {"identity_findings": [("birth_date", "不一致")]}, "birth_date",
        ),
        "the graduation lies ahead": ("graduation", values(case, graduation_date=TOMORROW), "graduation_date"),
        "the real-name check was not passed": ("real_name", {"real_name_verified": False}, "name"),
        "the person is not in the library": ("qualified", {"qualifications": [], "specialties": []}, "name"),
        "the specialty has no qualification": (
            "qualified", {"specialties": [SpecialtyFacts("highway", "", 1, date(2025, 9, 1))]}, "specialties",
        ),
        "no specialty is asked for": ("specialties", {"specialties": []}, "specialties"),
        "an annulment of less than three years ago": (
            "barred",
            {"registrations": [standing(status="annulled", cancelled_on=date(2023, 6, 2))]},
            "name",
        ),
        "a revocation of less than two years ago": (
            "barred",
            {"registrations": [standing(status="revoked", cancelled_on=date(2024, 6, 2))]},
            "name",
        ),
        "another enterprise is faster": ("one_under_way", {"other_under_way": True}, "name"),
        "the own enterprise has one": (
            "one_under_way", {"other_under_way": True, "other_is_own": True}, "name",
        ),
        "90 days before the 65th birthday": ("age", {"birth_date": date(1961, 8, 30)}, "birth_date"),
        "three years without hours": (
            "continuing_education", {"specialties": [aged(date(2023, 5, 31))]}, "specialties",
        ),
        "neither kind of hours stands in for the other": (
            "continuing_education", {"specialties": [aged(date(2023, 5, 31), 120, 0)]}, "specialties",
        ),
        "one elective hour too few": (
            "continuing_education", {"specialties": [aged(date(2023, 5, 31), 61, 59)]}, "specialties",
        ),
        "false material less than a year ago": (
            "false_material", {"false_material_on": date(2025, 6, 2)}, "name",
        ),
        "no last day and not open-ended": ("contract", values(case, employed_open_ended=False), "employed_to"),
        "the employment ended yesterday": (
            "contract", values(case, employed_open_ended=False, employed_to=YESTERDAY), "employed_to",
        ),
        "the person is locked": ("lock", {"locks": [LockFacts(YESTERDAY)]}, "name"),
        "misconduct was declared": ("misconduct", values(case, misconduct="2024 年受警告"), "misconduct"),
    }  # fmt: skip


def _of_employer(case: Case) -> dict[str, Broken]:
    employer = case.enterprise
    return {
        "the enterprise is incomplete": (
            "employer", {"enterprise": replace(employer, missing=["办公电话"])}, "enterprise_name",
        ),
        "the enterprise has entered no qualification": (
            "employer",
            {"enterprise": replace(employer, has_qualification=False, qualified=False)},
            "enterprise_name",
        ),
        "its only qualification has run out": (
            "employer", {"enterprise": replace(employer, qualified=False)}, "enterprise_name",
        ),
        "it is a branch": (
            "employer", {"enterprise": replace(employer, name="示例建设有限公司岳麓分公司（演示）")}, "enterprise_name",
        ),
        "an enterprise of another province": (
            "local_builder", {"enterprise": replace(employer, local=False)}, "enterprise_name",
        ),
        "an enterprise that only supervises": (
            "local_builder", {"enterprise": replace(employer, builds=False)}, "enterprise_name",
        ),
        "the enterprise is changing its particulars": (
            "unchanging", {"enterprise": replace(employer, changing=True)}, "enterprise_name",
        ),
        "the former employer is changing its particulars": (
            "unchanging", {"former_enterprise": replace(employer, id=OTHER, changing=True)}, "name",
        ),
        "the city is not in force any more": (
            "region", {"enterprise": replace(employer, region_in_force=False)}, "region_code",
        ),
    }  # fmt: skip


def _of_terms_and_grounds(case: Case) -> dict[str, Broken]:
    return {
        "the last term ended under the case": (
            "in_force",
            {"filed_on": date(2026, 1, 1), "registrations": [until(YESTERDAY)]},
            "valid_until",
        ),
        "a term ended before the filing": ("not_ended", {"registrations": [until(YESTERDAY)]}, "valid_until"),
        "the term ended under the case": (
            "not_ended",
            {"filed_on": date(2026, 1, 1), "registrations": [until(YESTERDAY)]},
            "valid_until",
        ),
        "the term runs still": ("ground", values(case, cancellation_reason="expired"), "cancellation_reason"),
        "more than thirty days are left": (
            "ground",
            {
                **values(case, cancellation_reason="term_under_30_days"),
                "registrations": [until(TODAY + timedelta(days=30))],
            },
            "cancellation_reason",
        ),
        "he is 65 today and no older": (
            "ground",
            {**values(case, cancellation_reason="age"), "birth_date": date(1961, 6, 1)},
            "cancellation_reason",
        ),
        "he is too young for the limit of temporary constructors, or none": (
            "ground", values(case, cancellation_reason="temporary_age"), "cancellation_reason",
        ),
    }  # fmt: skip


def _of_the_register(case: Case) -> dict[str, Broken]:
    return {
        "the register knows it no more": ("registered", {"registrations": []}, "registration_number"),
        "the registration was cancelled": (
            "registered", {"registrations": [standing(status="cancelled")]}, "registration_number",
        ),
        "another enterprise employs him by now": (
            "employed", {"registrations": [standing(enterprise_id=OTHER)]}, "registration_number",
        ),
        "the term of a specialty ended yesterday": (
            "in_force", {"registrations": [until(YESTERDAY, date(2028, 1, 1))]}, "valid_until",
        ),
        "29 days are left": (
            "in_force", {"registrations": [until(TODAY + timedelta(days=29))]}, "valid_until",
        ),
        "nothing was chosen": ("still_registered", {"specialties": []}, "specialties"),
        "what was chosen is registered no more": (
            "still_registered", {"specialties": [MUNICIPAL]}, "specialties",
        ),
        "the province lets locks hold up cancellations": (
            "lock_on_cancellation", {"locks": [LockFacts(YESTERDAY)]}, "name",
        ),
        "only the authority annuls": (
            "ground", values(case, cancellation_reason="annulled"), "cancellation_reason",
        ),
        "only the authority revokes": (
            "ground", values(case, cancellation_reason="revoked"), "cancellation_reason",
        ),
        "nobody says when the employment ended": (
            "ground", values(case, cancellation_reason="employment_ended", dismissed_on=None), "dismissed_on",
        ),
        "the dismissal lies ahead": ("ground", values(case, dismissed_on=TOMORROW), "dismissed_on"),
        "he is registered here already": ("elsewhere", {"registrations": [standing()]}, "name"),
        "the release lies ahead": ("released", values(case, released_on=TOMORROW), "released_on"),
        "eleven months with the present employer": (
            "pause", {"registrations": [standing(enterprise_id=OTHER, moved_on=date(2025, 6, 2))]}, "name",
        ),
    }  # fmt: skip


def _limits_of_terms_and_grounds(case: Case) -> dict[str, tuple[str, Mapping[str, Any]]]:
    return {
        "the term ends today": ("not_ended", {"registrations": [until(TODAY)]}),
        "the first of two terms ended under the case": (
            "in_force",
            {"filed_on": date(2026, 1, 1), "registrations": [until(YESTERDAY, date(2028, 1, 1))]},
        ),
        "the term ended yesterday": (
            "ground",
            {**values(case, cancellation_reason="expired"), "registrations": [until(YESTERDAY)]},
        ),
        "29 days are left to be cancelled": (
            "ground",
            {
                **values(case, cancellation_reason="term_under_30_days"),
                "registrations": [until(TODAY + timedelta(days=29))],
            },
        ),
        "he was 65 yesterday": (
            "ground", {**values(case, cancellation_reason="age"), "birth_date": date(1961, 5, 31)},
        ),
    }  # fmt: skip


def shared_limits(case: Case) -> dict[str, tuple[str, Mapping[str, Any]]]:
    """Where the rules that several types ask stop: the last day, the last hour that keeps them."""
    return _limits_of_terms_and_grounds(case) | {
        "an annulment of three years ago": (
            "barred",
            {"registrations": [standing(status="annulled", cancelled_on=date(2023, 6, 1))]},
        ),
        "a revocation of two years ago": (
            "barred",
            {"registrations": [standing(status="revoked", cancelled_on=date(2024, 6, 1))]},
        ),
        "30 days are left": ("in_force", {"registrations": [until(TODAY + timedelta(days=30))]}),
        "false material a year ago": ("false_material", {"false_material_on": date(2025, 6, 1)}),
        "sixty hours of each kind": (
            "continuing_education", {"specialties": [aged(date(2023, 5, 31), 60, 60)]},
        ),
        "a qualification of the company in a city": (
            "employer", {"enterprise": replace(case.enterprise, name="分宜示例建设有限公司")},
        ),
        "one day before the age gate": ("age", {"birth_date": date(1961, 8, 31)}),
        "the qualification is three years old to the day": (
            "continuing_education", {"specialties": [aged(date(2023, 6, 1))]},
        ),
        "the last day of the employment is today": (
            "contract", values(case, employed_open_ended=False, employed_to=TODAY),
        ),
        "the dismissal was today": ("ground", values(case, dismissed_on=TODAY)),
        "the dismissal was after the first filing": (
            "ground", {"filed_on": YESTERDAY, **values(case, dismissed_on=TODAY)},
        ),
        "a lock holds up no cancellation by itself": ("lock_on_cancellation", {"locks": [LockFacts(YESTERDAY)]}),
        "a penalty needs no day of dismissal": (
            "ground", values(case, cancellation_reason="punished", dismissed_on=None),
        ),
        "the release was today": ("released", values(case, released_on=TODAY)),
        "twelve months with the present employer": (
            "pause", {"registrations": [standing(enterprise_id=OTHER, moved_on=date(2025, 6, 1))]},
        ),
        "nobody knows since when he is there": (
            "pause", {"registrations": [standing(enterprise_id=OTHER, moved_on=None)]},
        ),
    }  # fmt: skip
