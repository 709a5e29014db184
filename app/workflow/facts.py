"""Facts: what is stored about the person, the enterprise and the register, gathered into a plain case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session, selectinload, undefer

from app.extensions.clock import local, today
from app.models import (
    UNDER_WAY,
    Attachment,
    Declaration,
    Enterprise,
    EnterpriseQualification,
    Person,
    Qualification,
    RealNameState,
    Region,
    Registration,
    RegistrationLock,
    State,
)
from app.models.enterprise import missing_labels
from app.models.identity import id_number_findings
from app.workflow.checks import (
    Case,
    EnterpriseFacts,
    QualificationFacts,
    RegistrationFacts,
    SpecialtyFacts,
)
from app.workflow.types import DeclarationType


@dataclass(frozen=True)
class Declared:
    """What is declared, as plain values: typed in a form, or read from a stored declaration."""

    enterprise_id: int
    person_id: int
    values: Mapping[str, Any]
    specialties: Sequence[SpecialtyFacts] = ()
    attachments: Mapping[str, int] = field(default_factory=dict)
    declaration_id: int | None = None
    filed_on: date | None = None


def declared(
    session: Session, kind: DeclarationType, row: Declaration, files: Mapping[str, int] | None = None
) -> Declared:
    """The values of a stored declaration: a draft would be filed anew today, any other was filed on its day.

    `files` says how many there are of each kind, when the caller has read them already.
    """
    if files is None:
        counts = session.execute(
            select(Attachment.kind, func.count().label("number"))
            .where(Attachment.declaration_id == row.id)
            .group_by(Attachment.kind)
        )
        files = {one.kind: one.number for one in counts}
    return Declared(
        enterprise_id=row.enterprise_id,
        person_id=row.person_id,
        values={name: _shown(row, name) for name in kind.fields},
        specialties=tuple(
            SpecialtyFacts(
                one.specialty,
                qualification_id=one.qualification_id,
                issued_on=one.issued_on,
                mandatory_hours=one.mandatory_hours,
                elective_hours=one.elective_hours,
            )
            for one in row.specialties
        ),
        attachments=files,
        declaration_id=row.id,
        filed_on=local(row.submitted_at).date() if row.submitted_at and row.state != State.DRAFT else None,
    )


def _shown(row: Declaration, name: str) -> Any:
    """The value; of a sealed one its masked text, since rules only ask whether it is there."""
    return getattr(row, name if name in row.__mapper__.columns else f"{name}_masked")


def gather(session: Session, kind: DeclarationType, what: Declared, on: date | None = None) -> Case:
    """The case that the type's rules are asked about; reads only, and as of now."""
    day = on or today()
    person, other, own = _person(session, what)
    return Case(
        type_key=kind.key,
        registration_kind=kind.registration_kind,
        today=day,
        filed_on=what.filed_on or day,
        values=what.values,
        required=[
            (name, info["label"])
            for name in kind.fields
            if (info := field_info(kind.model, name)).get("required")
        ],
        enterprise=employer_of(session, what.enterprise_id, day),
        person_known=person is not None,
        real_name_verified=person is not None and person.real_name_state == RealNameState.VERIFIED,
        birth_date=what.values.get("birth_date") or (person.birth_date if person else None),
        identity_findings=_identity(person, what.values),
        qualifications=_qualifications(session, person),
        specialties=what.specialties,
        registrations=_registrations(session, what.person_id),
        other_under_way=other,
        other_is_own=own,
        lock_reasons=_locks(session, what.person_id, day),
        attachments=what.attachments,
        attachment_rules=kind.attachments,
    )


def field_info(model: type[Declaration], name: str) -> dict[str, Any]:
    """What the column of this attribute says of itself; a sealed attribute speaks through its masked column."""
    column = model.__mapper__.columns.get(name)
    if column is None:
        column = model.__mapper__.columns[f"{name}_masked"]
        return {**column.info, "required": True}
    return dict(column.info)


def employer(session: Session, enterprise: Enterprise, day: date) -> EnterpriseFacts:
    """The employer as the rules see it."""
    return employer_of(session, enterprise.id, day)


def employer_of(session: Session, key: int, day: date) -> EnterpriseFacts:
    """The same by its key; a business licence is asked for like a starred field (manual 3.2.2.1)."""
    in_force = exists().where(
        Region.code == Enterprise.region_code, or_(Region.valid_to.is_(None), Region.valid_to >= day)
    )
    qualified = exists().where(EnterpriseQualification.enterprise_id == Enterprise.id)
    licensed = exists().where(
        Attachment.enterprise_id == Enterprise.id, Attachment.kind == "business_licence"
    )
    row = session.execute(select(Enterprise, in_force, qualified, licensed).where(Enterprise.id == key)).one()
    enterprise: Enterprise = row[0]
    missing = [*missing_labels(enterprise), *(() if row[3] else (_l("Business licence"),))]
    return EnterpriseFacts(enterprise.id, enterprise.active, row[1], tuple(missing), row[2])


def _identity(person: Person | None, values: Mapping[str, Any]) -> list[tuple[str, Any]]:
    if person is None:
        return []
    found = id_number_findings(
        person.id_number or "", values.get("birth_date"), values.get("gender"), person.id_type
    )
    return [(one.field, one.message) for one in found]


def _qualifications(session: Session, person: Person | None) -> tuple[QualificationFacts, ...]:
    if person is None or not person.id_number_index:
        return ()
    rows = session.scalars(
        select(Qualification)
        .where(Qualification.id_number_index == person.id_number_index, Qualification.name == person.name)
        .order_by(Qualification.id)
    )
    return tuple(
        QualificationFacts(row.id, row.specialty, row.certificate_number, row.issued_on) for row in rows
    )


def _registrations(session: Session, person_id: int) -> tuple[RegistrationFacts, ...]:
    rows = session.scalars(
        select(Registration)
        .where(Registration.person_id == person_id)
        .options(selectinload(Registration.specialties))
        .order_by(Registration.id)
    )
    return tuple(
        RegistrationFacts(
            row.id,
            row.kind,
            row.status,
            row.number,
            row.enterprise_id,
            row.ends_on,
            {one.specialty: one.ends_on for one in row.specialties if one.removed_on is None},
        )
        for row in rows
    )


def _person(session: Session, what: Declared) -> tuple[Person | None, bool, bool]:
    """The person, whether he has another declaration under way, and whether it is this same enterprise's."""
    other = (
        select(Declaration.enterprise_id)
        .where(
            Declaration.person_id == what.person_id,
            Declaration.state.in_(UNDER_WAY),
            Declaration.id != (what.declaration_id or 0),
        )
        .limit(1)
        .scalar_subquery()
    )
    # The number is deferred on every list; here it is asked about at once.
    number = undefer(Person.id_number_cipher)
    row = session.execute(
        select(Person, other).where(Person.id == what.person_id).options(number)
    ).one_or_none()
    if row is None:
        return None, False, False
    return row[0], row[1] is not None, row[1] == what.enterprise_id


def _locks(session: Session, person_id: int, day: date) -> tuple[str, ...]:
    rows = session.scalars(
        select(RegistrationLock.reason).where(
            RegistrationLock.person_id == person_id, RegistrationLock.holds_on(day)
        )
    )
    return tuple(rows)
