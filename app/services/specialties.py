"""The specialties of a declaration: which it may ask for, and which it does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions.clock import now
from app.extensions.refused import Refused
from app.models import (
    Declaration,
    DeclaredSpecialty,
    Person,
    Qualification,
    RegisteredSpecialty,
    Registration,
    RegistrationStatus,
)
from app.services.chinese import in_words, joined
from app.workflow.types import Asked, DeclarationType

_LISTED = 120
"""Characters of the specialties that a list shows."""


@dataclass(frozen=True)
class Offer:
    """One specialty that may be asked for: a qualification of the person, or a registered one of the registration."""

    id: int
    specialty: str
    qualification_id: int | None
    certificate_number: str | None
    issued_on: date | None
    registered_until: date | None = None


@dataclass(frozen=True)
class Wanted:
    """A specialty that the form asks for, by the id of its offer, and the hours where they are due."""

    offer_id: int
    mandatory_hours: int | None = None
    elective_hours: int | None = None


def offers(session: Session, kind: DeclarationType, row: Declaration) -> list[Offer]:
    """What this declaration may ask for, as the library and the register stand now."""
    if kind.specialties is Asked.QUALIFIED:
        return _qualified(session, kind, session.get_one(Person, row.person_id))
    return _registered(session, row.registration_id)


def _qualified(session: Session, kind: DeclarationType, person: Person) -> list[Offer]:
    """The person's qualifications in specialties that he is not registered for; of several in one the first."""
    if not person.id_number_index:
        return []
    registered = (
        select(RegisteredSpecialty.specialty)
        .join(Registration, Registration.id == RegisteredSpecialty.registration_id)
        .where(
            Registration.person_id == person.id,
            Registration.kind == kind.registration_kind,
            Registration.status == RegistrationStatus.VALID,
            RegisteredSpecialty.removed_on.is_(None),
        )
    )
    rows = session.scalars(
        select(Qualification)
        .where(
            Qualification.id_number_index == person.id_number_index,
            Qualification.name == person.name,
            Qualification.specialty.not_in(registered),
        )
        .order_by(Qualification.issued_on, Qualification.id)
    )
    first: dict[str, Offer] = {}
    for row in rows:
        first.setdefault(
            row.specialty, Offer(row.id, row.specialty, row.id, row.certificate_number, row.issued_on)
        )
    return list(first.values())


def _registered(session: Session, registration_id: int | None) -> list[Offer]:
    rows = session.execute(
        select(RegisteredSpecialty, Qualification.certificate_number, Qualification.issued_on)
        .outerjoin(Qualification, Qualification.id == RegisteredSpecialty.qualification_id)
        .where(
            RegisteredSpecialty.registration_id == registration_id, RegisteredSpecialty.removed_on.is_(None)
        )
        .order_by(RegisteredSpecialty.id)
    )
    return [
        Offer(one.id, one.specialty, one.qualification_id, number, issued_on, one.ends_on)
        for one, number, issued_on in rows
    ]


def set_asked(session: Session, kind: DeclarationType, row: Declaration, wanted: Sequence[Wanted]) -> None:
    """Make the declaration ask for exactly these; one that is not offered is refused."""
    offered = {one.id: one for one in offers(session, kind, row)}
    if any(one.offer_id not in offered for one in wanted):
        raise Refused(
            _l("The person holds no qualification for this specialty.")
            if kind.specialties is Asked.QUALIFIED
            else _l("A specialty that was chosen is not registered any more.")
        )
    asked = {offered[one.offer_id].specialty: one for one in wanted}
    for known in list(row.specialties):
        if known.specialty not in asked:
            row.specialties.remove(known)
    standing = {one.specialty: one for one in row.specialties}
    for specialty, one in asked.items():
        entry = standing.get(specialty)
        if entry is None:
            entry = DeclaredSpecialty(specialty=specialty)
            row.specialties.append(entry)
        offer = offered[one.offer_id]
        entry.qualification_id = offer.qualification_id
        entry.certificate_number = offer.certificate_number
        entry.issued_on = offer.issued_on
        entry.registered_until = offer.registered_until
        entry.mandatory_hours = one.mandatory_hours
        entry.elective_hours = one.elective_hours
    if row.submitted_at is None:
        # Of what was filed once, lists show what was filed until it is filed again (workflow/revisions.py).
        words = in_words(session, "specialty")
        row.specialties_text = joined((words.get(("specialty", one), one) for one in asked), _LISTED)
    row.changed_at = now()


def set_first(session: Session, kind: DeclarationType, row: Declaration) -> None:
    """What a new draft asks for: everything where there is no choice, else nothing unless there is only one."""
    offered = offers(session, kind, row)
    if kind.specialties is Asked.ALL or len(offered) == 1:
        set_asked(session, kind, row, [Wanted(one.id) for one in offered])
