"""Facts: what is stored about the person, the enterprise and the register, gathered into a plain case."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session, aliased, selectinload, undefer

from app.extensions.clock import local, today
from app.models import (
    UNDER_WAY,
    Attachment,
    Decision,
    Declaration,
    Enterprise,
    EnterpriseChange,
    EnterpriseQualification,
    Party,
    Person,
    Qualification,
    RealNameState,
    Region,
    Registration,
    RegistrationKind,
    RegistrationLock,
    State,
)
from app.models.enterprise import BUILDING_CATEGORIES, OF_THE_PROVINCE, missing_labels
from app.models.enterprise_change import HELD
from app.models.identity import id_number_findings
from app.workflow.checks import (
    Case,
    EnterpriseFacts,
    LockFacts,
    QualificationFacts,
    RegistrationFacts,
    SpecialtyFacts,
)
from app.workflow.grounds import FALSE_MATERIAL
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
    registration_id: int | None = None
    filed_on: date | None = None


def declared(
    session: Session, kind: DeclarationType, row: Declaration, files: Mapping[str, int] | None = None
) -> Declared:
    """The values of a stored declaration: a draft would be filed anew today, any other was filed on its day.

    `files` says how many there are of each kind, when the caller has read them already.
    """
    return declared_of(session, [(kind, row)])[0] if files is None else _declared(kind, row, files)


def declared_of(session: Session, rows: Sequence[tuple[DeclarationType, Declaration]]) -> list[Declared]:
    """The same of many declarations, with one statement for the attachments of all."""
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for one in session.execute(
        select(Attachment.declaration_id, Attachment.kind, func.count().label("number"))
        .where(Attachment.declaration_id.in_([row.id for _kind, row in rows]))
        .group_by(Attachment.declaration_id, Attachment.kind)
    ):
        counts[one.declaration_id][one.kind] = one.number
    return [_declared(kind, row, counts.get(row.id, {})) for kind, row in rows]


def _declared(kind: DeclarationType, row: Declaration, attachments: Mapping[str, int]) -> Declared:
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
                registered_until=one.registered_until,
            )
            for one in row.specialties
        ),
        attachments=attachments,
        declaration_id=row.id,
        registration_id=row.registration_id,
        filed_on=None if row.state == State.DRAFT else row.filed_on,
    )


def _shown(row: Declaration, name: str) -> Any:
    """The value. Of what is sealed in the head its masked text, since rules only ask whether it is there.

    What a type seals in a table of its own is what it is about, and its rules ask for all of it.
    """
    if name in row.__mapper__.columns:
        return getattr(row, name)
    sealed_in_head = f"{name}_masked" in Declaration.__table__.columns
    return getattr(row, f"{name}_masked" if sealed_in_head else name)


def gather(session: Session, kind: DeclarationType, what: Declared, on: date | None = None) -> Case:
    """The case that the type's rules are asked about; reads only, and as of now."""
    return gather_all(session, [(kind, what)], on or today())[0]


def gather_all(
    session: Session, wanted: Sequence[tuple[DeclarationType, Declared]], day: date, *, further: bool = True
) -> list[Case]:
    """A case for each, in this order; what all types ask about is read for all of them at once.

    What only one type asks about (`DeclarationType.further`) is read for each of its cases, and left out by whoever
    asks no rule about it.
    """
    known = _Known(session, [what for _kind, what in wanted], day, further=further)
    return [known.case(kind, what) for kind, what in wanted]


def field_info(model: type[Declaration], name: str) -> dict[str, Any]:
    """What the column of this attribute says of itself; a sealed attribute speaks through its masked column."""
    column = model.__mapper__.columns.get(name)
    if column is None:
        column = model.__mapper__.columns[f"{name}_masked"]
        return {**column.info, "required": True}
    return dict(column.info)


def employers(session: Session, keys: Iterable[int], day: date) -> dict[int, EnterpriseFacts]:
    """The employers as the rules see them: a business licence is asked for like a starred field (manual 3.2.2.1)."""
    in_force = exists().where(
        Region.code == Enterprise.region_code, or_(Region.valid_to.is_(None), Region.valid_to >= day)
    )
    own = EnterpriseQualification.enterprise_id == Enterprise.id
    runs = or_(EnterpriseQualification.valid_until.is_(None), EnterpriseQualification.valid_until >= day)
    held, qualified = exists().where(own), exists().where(own, runs)
    builds = exists().where(own, runs, EnterpriseQualification.category.in_(BUILDING_CATEGORIES))
    licensed = exists().where(
        Attachment.enterprise_id == Enterprise.id, Attachment.kind == "business_licence"
    )
    changing = exists().where(
        EnterpriseChange.enterprise_id == Enterprise.id, EnterpriseChange.state.in_(HELD)
    )
    rows = session.execute(
        select(Enterprise, in_force, held, qualified, builds, licensed, changing).where(
            Enterprise.id.in_(set(keys))
        )
    )
    found = {}
    for enterprise, has_region, has_any, is_qualified, may_build, has_licence, is_changing in rows:
        missing = [*missing_labels(enterprise), *(() if has_licence else (_l("Business licence"),))]
        found[enterprise.id] = EnterpriseFacts(
            enterprise.id,
            enterprise.active,
            has_region,
            tuple(missing),
            has_qualification=has_any,
            qualified=is_qualified,
            builds=may_build,
            local=enterprise.enterprise_type == OF_THE_PROVINCE,
            name=enterprise.name,
            founded_on=enterprise.founded_on,
            changing=is_changing,
        )
    return found


class _Known:
    """What is stored about all persons and enterprises of some declarations, read once for all of them."""

    def __init__(self, session: Session, wanted: Sequence[Declared], day: date, *, further: bool) -> None:
        self.further = further
        keys = {what.person_id for what in wanted}
        self.day = day
        self.session = session
        self.persons, self.under_way, self.refused, self.false_material = _persons(session, keys)
        self.qualifications = _qualifications(session, self.persons.values())
        self.registrations = _registrations(session, keys)
        former = {key for what in wanted if (key := self._former_employer(what)) is not None}
        self.employers = employers(session, former | {what.enterprise_id for what in wanted}, day)
        self.locks = _locks(session, keys, day)

    def case(self, kind: DeclarationType, what: Declared) -> Case:
        person = self.persons.get(what.person_id)
        former = self._former_employer(what)
        others = [
            enterprise_id
            for declaration_id, enterprise_id in self.under_way[what.person_id]
            if declaration_id != what.declaration_id
        ]
        return Case(
            type_key=kind.key,
            registration_kind=kind.registration_kind,
            today=self.day,
            filed_on=what.filed_on or self.day,
            values=what.values,
            required=_required(kind),
            enterprise=self.employers[what.enterprise_id],
            former_enterprise=None if former is None else self.employers[former],
            person_known=person is not None,
            real_name_verified=person is not None and person.real_name_state == RealNameState.VERIFIED,
            verified_how=(person.verified_how or "") if person else "",
            verified_at=person.verified_at if person else None,
            birth_date=what.values.get("birth_date") or (person.birth_date if person else None),
            identity_findings=_identity(person, what.values),
            qualifications=self.qualifications[person.id_number_index, person.name] if person else (),
            specialties=what.specialties,
            registrations=self.registrations[what.person_id],
            registration_id=what.registration_id,
            refused_before=(what.person_id, kind.registration_kind) in self.refused,
            false_material_on=self.false_material.get(what.person_id),
            further=kind.further(self.session, what) if self.further else {},
            of_person=kind.initiator == Party.PERSON,
            other_under_way=bool(others),
            other_is_own=bool(others) and others[0] == what.enterprise_id,
            locks=self._locks_of(kind, what),
            attachments=what.attachments,
            attachment_rules=kind.attachments,
        )

    def _former_employer(self, what: Declared) -> int | None:
        """Whom the person leaves, when the registration that it is about stands with another enterprise."""
        about = (one for one in self.registrations[what.person_id] if one.id == what.registration_id)
        return next(
            (one.enterprise_id for one in about if one.live and one.enterprise_id != what.enterprise_id), None
        )

    def _locks_of(self, kind: DeclarationType, what: Declared) -> tuple[LockFacts, ...]:
        """Those of the person, and those of the registration that it is about or would stand again under its number."""
        about = (
            {what.registration_id}
            if what.registration_id is not None
            else {one.id for one in self.registrations[what.person_id] if one.kind == kind.registration_kind}
        )
        return tuple(
            one
            for one in self.locks[what.person_id]
            if one.registration_id is None or one.registration_id in about
        )


def _required(kind: DeclarationType) -> list[tuple[str, Any]]:
    return [
        (name, info["label"])
        for name in kind.fields
        if (info := field_info(kind.model, name)).get("required")
    ]


def _persons(
    session: Session, keys: Iterable[int]
) -> tuple[
    Mapping[int, Person],
    Mapping[int, list[tuple[int, int]]],
    frozenset[tuple[int, str]],
    Mapping[int, date],
]:
    """The persons; of each what is under way and with whom, which kinds were refused, and when false material came."""
    earlier = aliased(Declaration)
    refused_before = [
        exists().where(
            earlier.person_id == Person.id, earlier.state == State.REFUSED, earlier.registration_kind == kind
        )
        for kind in RegistrationKind
    ]
    falsified = (
        select(func.max(Decision.at))
        .join(earlier, earlier.id == Decision.declaration_id)
        .where(earlier.person_id == Person.id, Decision.ground == FALSE_MATERIAL)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Person, Declaration.id, Declaration.enterprise_id, falsified, *refused_before)
        .outerjoin(Declaration, (Declaration.person_id == Person.id) & Declaration.state.in_(UNDER_WAY))
        .where(Person.id.in_(keys))
        .options(undefer(Person.id_number_cipher))
    )
    persons: dict[int, Person] = {}
    under_way: dict[int, list[tuple[int, int]]] = defaultdict(list)
    refused: set[tuple[int, str]] = set()
    false_material: dict[int, date] = {}
    for person, declaration_id, enterprise_id, falsified_at, *was_refused in rows:
        persons[person.id] = person
        if falsified_at is not None:
            false_material[person.id] = local(falsified_at).date()
        refused.update(
            (person.id, str(kind)) for kind, was in zip(RegistrationKind, was_refused, strict=True) if was
        )
        if declaration_id is not None:
            under_way[person.id].append((declaration_id, enterprise_id))
    return persons, under_way, frozenset(refused), false_material


def _identity(person: Person | None, values: Mapping[str, Any]) -> list[tuple[str, Any]]:
    if person is None:
        return []
    found = id_number_findings(
        person.id_number or "", values.get("birth_date"), values.get("gender"), person.id_type
    )
    return [(one.field, one.message) for one in found]


def _qualifications(
    session: Session, persons: Iterable[Person]
) -> Mapping[tuple[str | None, str], tuple[QualificationFacts, ...]]:
    """By blind index and name, since the library knows no person but who an ID number says."""
    indexes = {person.id_number_index for person in persons if person.id_number_index}
    columns = (
        Qualification.id,
        Qualification.specialty,
        Qualification.certificate_number,
        Qualification.issued_on,
        Qualification.id_number_index,
        Qualification.name,
    )
    rows = session.execute(
        select(*columns).where(Qualification.id_number_index.in_(indexes)).order_by(Qualification.id)
    )
    found: dict[tuple[str | None, str], tuple[QualificationFacts, ...]] = defaultdict(tuple)
    for key, specialty, number, issued_on, index, name in rows:
        found[index, name] += (QualificationFacts(key, specialty, number, issued_on),)
    return found


def _registrations(session: Session, persons: Iterable[int]) -> Mapping[int, tuple[RegistrationFacts, ...]]:
    rows = session.scalars(
        select(Registration)
        .where(Registration.person_id.in_(persons))
        .options(selectinload(Registration.specialties))
        .order_by(Registration.id)
    )
    found: dict[int, tuple[RegistrationFacts, ...]] = defaultdict(tuple)
    for row in rows:
        found[row.person_id] += (
            RegistrationFacts(
                row.id,
                row.kind,
                row.status,
                row.number,
                row.enterprise_id or 0,  # an employer whom the platform does not know employs nobody here
                row.ends_on,
                {one.specialty: one.ends_on for one in row.specialties if one.removed_on is None},
                row.registered_on,
                row.cancelled_on,
                row.employed_since,
                row.seal_check_code,
            ),
        )
    return found


def _locks(session: Session, persons: Iterable[int], day: date) -> Mapping[int, tuple[LockFacts, ...]]:
    rows = session.execute(
        select(
            RegistrationLock.person_id,
            RegistrationLock.locked_on,
            RegistrationLock.until,
            RegistrationLock.registration_id,
        )
        .where(RegistrationLock.person_id.in_(persons), RegistrationLock.holds_on(day))
        .order_by(RegistrationLock.id)
    )
    found: dict[int, tuple[LockFacts, ...]] = defaultdict(tuple)
    for person_id, first, last, registration_id in rows:
        found[person_id] += (LockFacts(first, last, registration_id),)
    return found
