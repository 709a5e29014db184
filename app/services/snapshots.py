"""Snapshots: what a declaration copies of the person, the enterprise and the register, so that it says it for good."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Certificate, Declaration, Enterprise, Person, Registration
from app.models.details import (
    HeldSpecialties,
    PersonDetails,
    RegistrationDetails,
    SealDetails,
    TransferDetails,
    written_terms,
)
from app.services.chinese import in_words, joined

_LONGEST_NUMBERS, _LONGEST_GRADES = 100, 200


def copy_person(person: Person, row: Declaration) -> None:
    """Everything that the person has said of himself; what an enterprise may change of it is the form's business."""
    for name in vars(PersonDetails):
        if not name.startswith("_"):
            setattr(row, name, getattr(person, name))
    row.id_number = person.id_number
    row.mobile = person.mobile


def copy_identity(person: Person, row: Declaration) -> None:
    """Who the person is by now, where it was corrected after the draft was begun."""
    for name in ("name", "gender", "id_type", "birth_date"):
        if getattr(row, name) != getattr(person, name):
            setattr(row, name, getattr(person, name))
    if row.id_number_index != person.id_number_index:
        row.id_number = person.id_number


def copy_enterprise(session: Session, enterprise: Enterprise, row: Declaration) -> None:
    """聘用企业情况 as it is now."""
    words = in_words(session, "qualification_category", "qualification_grade")
    grades = [
        f"{words.get(('qualification_category', one.category), one.category)} {one.specialty} "
        f"{words.get(('qualification_grade', one.grade), one.grade)}"
        for one in enterprise.qualifications
    ]
    numbers = (one.certificate_number for one in enterprise.qualifications)
    values = {
        "enterprise_name": enterprise.name,
        "enterprise_uscc": enterprise.uscc,
        "enterprise_type": enterprise.enterprise_type,
        "legal_representative": enterprise.legal_representative,
        "county_code": enterprise.county_code or enterprise.region_code,
        "enterprise_nature": enterprise.registration_type,
        "enterprise_address": enterprise.business_address,
        "qualification_certificate_number": joined(numbers, _LONGEST_NUMBERS),
        "qualification_grade": joined(grades, _LONGEST_GRADES),
    }
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)


def copy_registration(session: Session, row: Declaration) -> None:
    """The registration that the declaration is about as it is now, where its type keeps that."""
    if not isinstance(row, RegistrationDetails) or row.registration_id is None:
        return
    registration = session.get_one(Registration, row.registration_id)
    row.registration_number = registration.number
    row.valid_until = registration.ends_on
    row.certificate_number = certificate_number(session, registration)
    if isinstance(row, HeldSpecialties):
        row.held_specialties = written_terms(
            (one.specialty, one.ends_on) for one in registration.specialties if one.removed_on is None
        )
    if isinstance(row, SealDetails):
        row.seal_check_code = f"{registration.seal_check_code:02d}"
    if isinstance(row, TransferDetails):
        _copy_former_employer(session, registration, row)


def certificate_number(session: Session, registration: Registration) -> str | None:
    """The number of the newest certificate, or of the paper."""
    newest: str | None = session.scalar(
        select(Certificate.number)
        .where(Certificate.registration_id == registration.id)
        .order_by(Certificate.version.desc())
        .limit(1)
    )
    return newest or registration.paper_number


def _copy_former_employer(session: Session, registration: Registration, row: TransferDetails) -> None:
    """原聘用企业 as it is now (notes: 2.9): what is public of it, and whom to ask there."""
    former = session.get_one(Enterprise, registration.enterprise_id)
    row.former_enterprise_name = registration.enterprise_name
    row.former_legal_representative = former.legal_representative
    row.former_county_code = former.county_code or former.region_code
    row.former_contact, row.former_phone = former.contact_name, former.office_phone
