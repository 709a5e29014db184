"""What a printed form says between its head and its promises: the type's own fields, specialties and papers."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Attachment, Declaration, DeclaredSpecialty, Qualification
from app.models.details import HeldSpecialties
from app.printing import sections
from app.printing.documents import Field, Section
from app.printing.sections import QualificationRow, RegisteredRow
from app.services.form_words import FormWords
from app.workflow.facts import field_info
from app.workflow.types import Asked, DeclarationType, Hours

_HEAD = frozenset({"name", "gender", "id_type", "id_number", "birth_date", "ethnicity", "mobile", "phone"})
"""What the common head of the form shows already."""

_HALF_A_LINE = 40
"""Characters that fit beside another field."""


def of_type(session: Session, words: FormWords, kind: DeclarationType, row: Declaration) -> Iterator[Section]:
    """Everything that the form of this type says of its own."""
    yield from _specialties(session, words, kind, row)
    for title, names in kind.fieldsets:
        section = _section(kind, words, row, str(title), names)
        if section.fields or section.table:
            yield section
    papers = tuple(_papers(session, kind, row))
    if papers:
        yield sections.papers_section(papers, words.translate)


def _section(kind: DeclarationType, words: FormWords, row: Declaration, title: str, names: Any) -> Section:
    """A fieldset. What puts another field right stands beside it in a table; specialties have a table of their own."""
    wrong = {right: name for name, right in kind.puts_right.items()}
    fields, pairs = [], []
    for name in names:
        info = field_info(kind.model, name)
        if name in _HEAD or info.get("terms"):
            continue
        text = words.value(info, getattr(row, name))
        if name in wrong:
            before = field_info(kind.model, wrong[name])
            # From before the form said it, nothing stands there; the right number itself does say it.
            pairs.append((str(before["label"]), words.value(before, getattr(row, wrong[name])), text or "—"))
        else:
            fields.append(Field(str(info["label"]), text, wide="\n" in text or len(text) > _HALF_A_LINE))
    return Section(title, tuple(fields), sections.compared(tuple(pairs), words.translate) if pairs else None)


def _specialties(
    session: Session, words: FormWords, kind: DeclarationType, row: Declaration
) -> Iterator[Section]:
    asked = tuple(_asked(words, one) for one in row.specialties)
    held = _held(words, row)
    if kind.specialties is Asked.QUALIFIED:
        if held:
            yield sections.held_section(held, words.translate)
        rows = tuple(_qualified(session, words, one) for one in row.specialties)
        yield sections.qualification_section(rows, words.translate)
    elif kind.gives_up:
        yield sections.cancelled_section(asked, words.translate)
    elif kind.specialties is Asked.REGISTERED:
        chosen = {one.specialty for one in asked}
        left = tuple(one for one in held if one.specialty not in chosen)
        yield sections.renewed_section((*asked, *left), words.translate)
    elif kind.hours is Hours.NEVER:
        yield sections.registered_section(asked, words.translate)
    else:
        yield sections.extended_section(asked, words.translate)


def _held(words: FormWords, row: Declaration) -> tuple[RegisteredRow, ...]:
    if not isinstance(row, HeldSpecialties):
        return ()
    return tuple(
        RegisteredRow(specialty=name, ends_on=ends_on, asked=False)
        for name, ends_on in words.terms(row.held_specialties)
    )


def _asked(words: FormWords, one: DeclaredSpecialty) -> RegisteredRow:
    return RegisteredRow(
        specialty=words.choice("specialty", one.specialty),
        ends_on=one.registered_until,
        required_hours=_hours(one.mandatory_hours),
        elective_hours=_hours(one.elective_hours),
    )


def _qualified(session: Session, words: FormWords, one: DeclaredSpecialty) -> QualificationRow:
    qualification = session.get(Qualification, one.qualification_id) if one.qualification_id else None
    return QualificationRow(
        number=one.certificate_number or "",
        management_number=(qualification.management_number if qualification else None) or "",
        specialty=words.choice("specialty", one.specialty),
        issued_on=one.issued_on,
        required_hours=_hours(one.mandatory_hours),
        elective_hours=_hours(one.elective_hours),
    )


def _hours(hours: int | None) -> str:
    return "" if hours is None else str(hours)


def _papers(session: Session, kind: DeclarationType, row: Declaration) -> Iterator[tuple[str, int]]:
    """The papers of the type that are there, in the order of the type."""
    counted = dict(
        session.execute(
            select(Attachment.kind, func.count())
            .where(Attachment.declaration_id == row.id)
            .group_by(Attachment.kind)
        ).all()
    )
    for one in kind.attachments:
        if one.key in counted:
            yield str(one.label), counted[one.key]
