"""申报表: what the printed application form of a declaration says, in Chinese or as a reference translation."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions.clock import now
from app.models import Attachment, Declaration, Enterprise, StoredFile
from app.printing.documents import (
    ApplicationForm,
    EnterpriseDetails,
    Language,
    PersonDetails,
    Translate,
)
from app.services import files, form_promises, form_sections
from app.services.form_words import FormWords
from app.workflow.types import registry


def application_form(
    session: Session, row: Declaration, language: Language, translate: Translate
) -> ApplicationForm:
    """The form with the full ID number: the caller writes the print into the audit.

    `translate` is gettext in the language of the form; labels of the columns follow it by themselves.
    """
    kind = registry[row.type_key]
    words = FormWords(session, language, translate)
    signature = _picture(session, "signature", Attachment.person_id == row.person_id)
    parties = form_promises.parties(kind, row, translate)
    return ApplicationForm(
        language=language,
        number=row.number or "",
        printed_at=now(),
        declaration_type=str(kind.label),
        registration_kind=words.choice("registration_kind", row.registration_kind),
        authority=words.region(row.region_code),
        person=_person(words, row),
        enterprise=_enterprise(session, words, row),
        photo=_picture(session, "photo", Attachment.declaration_id == row.id),
        sections=(
            *form_sections.of_type(session, words, kind, row),
            *((parties,) if parties else ()),
        ),
        promises=tuple(form_promises.promised(kind, row, signature, translate)),
    )


def _person(words: FormWords, row: Declaration) -> PersonDetails:
    return PersonDetails(
        name=row.name,
        gender=words.choice("gender", row.gender),
        birth_date=row.birth_date,
        ethnicity=words.choice("ethnicity", row.ethnicity),
        id_type=words.choice("id_type", row.id_type),
        id_number=row.id_number or "",
        mobile=row.mobile or "",
        phone=row.phone or "",
    )


def _enterprise(session: Session, words: FormWords, row: Declaration) -> EnterpriseDetails:
    enterprise = session.get_one(Enterprise, row.enterprise_id)
    return EnterpriseDetails(
        name=row.enterprise_name,
        uscc=row.enterprise_uscc or "",
        legal_representative=row.legal_representative or "",
        registered_place=words.place(row.county_code),
        enterprise_type=words.choice("enterprise_type", row.enterprise_type),
        address=row.enterprise_address or "",
        contact=enterprise.contact_name or "",
        contact_phone=enterprise.office_phone or "",
        qualification_kind=words.choice("qualification_kind", enterprise.qualification_kind),
        qualification_grade=words.grades(row.qualification_grade),
        qualification_number=row.qualification_certificate_number or "",
    )


def _picture(session: Session, kind: str, owner: Any) -> bytes | None:
    stored = session.scalar(
        select(StoredFile)
        .join(Attachment, Attachment.file_id == StoredFile.id)
        .where(owner, Attachment.kind == kind, StoredFile.media_type.startswith("image/"))
        .order_by(Attachment.id.desc())
        .limit(1)
    )
    return files.read(stored) if stored else None
