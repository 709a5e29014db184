"""申报表: what the printed application form of a declaration says, in Chinese or as a reference translation."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions.clock import now
from app.models import (
    Attachment,
    Declaration,
    DictionaryEntry,
    Enterprise,
    Party,
    Qualification,
    Region,
    StoredFile,
)
from app.printing.documents import (
    ApplicationForm,
    EnterpriseDetails,
    Field,
    Language,
    PersonDetails,
    QualificationRow,
    Section,
    Translate,
    applicant_promise,
    enterprise_promise,
    former_employer_promise,
    qualification_section,
    registered_section,
)
from app.services import files
from app.workflow.facts import field_info
from app.workflow.types import Asked, DeclarationType, registry

_HEAD = frozenset({"name", "gender", "id_type", "id_number", "birth_date", "ethnicity", "mobile", "phone"})
"""What the common head of the form shows already."""

_HALF_A_LINE = 40
"""Characters that fit beside another field."""


class FormWords:
    """Codes as the form prints them: every dictionary and region once for each form."""

    def __init__(self, session: Session, language: Language, translate: Translate) -> None:
        rows = session.scalars(select(DictionaryEntry))
        chinese = language == "zh"
        self._entries = {
            (one.dictionary, one.code): one.label_zh if chinese else one.label_en for one in rows
        }
        self._session, self._chinese, self._translate = session, chinese, translate

    def choice(self, dictionary: str, code: str | None) -> str:
        return self._entries.get((dictionary, code or ""), code or "")

    def region(self, code: str | None) -> str:
        found = self._session.get(Region, code) if code else None
        if found is None:
            return code or ""
        return found.name if self._chinese else found.name_en

    def flag(self, value: bool) -> str:  # noqa: FBT001 - it is the value that is put into words
        return str(self._translate("Yes")) if value else str(self._translate("No"))

    def value(self, info: dict[str, Any], value: Any) -> str:
        if value is None or value == "":
            return ""
        if isinstance(value, bool):
            return self.flag(value)
        if isinstance(value, date):
            return value.isoformat()
        if info.get("dictionary"):
            return self.choice(info["dictionary"], value)
        return self.region(value) if info.get("region") else str(value)


def application_form(
    session: Session, row: Declaration, language: Language, translate: Translate
) -> ApplicationForm:
    """The form with the full ID number: the caller writes the print into the audit.

    `translate` is gettext in the language of the form; labels of the columns follow it by themselves.
    """
    kind = registry[row.type_key]
    words = FormWords(session, language, translate)
    moving = kind.counterparty is Party.FORMER_EMPLOYER
    sections = [_section(kind, words, row, title, names) for title, names in kind.fieldsets]
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
            *_specialties(session, words, kind, row, translate),
            *(section for section in sections if section.fields),
        ),
        promises=(
            applicant_promise(
                translate,
                _picture(session, "signature", Attachment.person_id == row.person_id),
                gives_up=kind.gives_up,
            ),
            *([former_employer_promise(translate)] if moving else []),
            enterprise_promise(translate, gives_up=kind.gives_up),
        ),
    )


def _section(kind: DeclarationType, words: FormWords, row: Declaration, title: Any, names: Any) -> Section:
    fields = []
    for name in names:
        if name in _HEAD:
            continue
        info = field_info(kind.model, name)
        text = words.value(info, getattr(row, name))
        fields.append(Field(str(info["label"]), text, wide="\n" in text or len(text) > _HALF_A_LINE))
    return Section(str(title), tuple(fields))


def _specialties(
    session: Session, words: FormWords, kind: DeclarationType, row: Declaration, translate: Translate
) -> list[Section]:
    if kind.specialties is not Asked.QUALIFIED:
        registered = tuple(
            (
                words.choice("specialty", one.specialty),
                one.registered_until,
                _hours(one.mandatory_hours),
                _hours(one.elective_hours),
            )
            for one in row.specialties
        )
        return [registered_section(registered, translate)]
    rows = []
    for one in row.specialties:
        qualification = session.get(Qualification, one.qualification_id) if one.qualification_id else None
        rows.append(
            QualificationRow(
                number=one.certificate_number or "",
                management_number=(qualification.management_number if qualification else None) or "",
                specialty=words.choice("specialty", one.specialty),
                issued_on=one.issued_on,
                required_hours=_hours(one.mandatory_hours),
                elective_hours=_hours(one.elective_hours),
            )
        )
    return [qualification_section(tuple(rows), translate)]


def _hours(hours: int | None) -> str:
    return "" if hours is None else str(hours)


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
        registered_place=words.region(row.county_code),
        enterprise_type=words.choice("enterprise_type", row.enterprise_type),
        address=row.enterprise_address or "",
        contact=enterprise.contact_name or "",
        contact_phone=enterprise.office_phone or "",
        qualification_category=words.choice("qualification_kind", enterprise.qualification_kind),
        qualification_grade=row.qualification_grade or "",
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
