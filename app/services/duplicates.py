"""重复注册: what our own register and the open cases say of the same person at another enterprise."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.extensions.clock import local
from app.models import UNDER_WAY, Declaration, Registration, RegistrationStatus


@dataclass(frozen=True)
class Elsewhere:
    """A live registration, or a case under way, of the person at another enterprise; `number` of a registration."""

    kind: str
    enterprise: str
    since: date
    number: str = ""
    type_key: str = ""
    """The kind of the declaration; empty: a registration."""


def elsewhere(session: Session, row: Declaration) -> list[Elsewhere]:
    """Everything of this person that binds him to another enterprise, of both kinds of registration.

    The registration that the declaration is about is no second one: it moves. Whoever is one person in two rows is
    found by the ID number.
    """
    return [*_registrations(session, row), *_cases(session, row)]


def _same_person(model: type[Declaration | Registration], row: Declaration) -> ColumnElement[bool]:
    same = model.person_id == row.person_id
    return or_(same, model.id_number_index == row.id_number_index) if row.id_number_index else same


def _registrations(session: Session, row: Declaration) -> list[Elsewhere]:
    found = session.scalars(
        select(Registration)
        .where(
            _same_person(Registration, row),
            Registration.status == RegistrationStatus.VALID,
            Registration.enterprise_id != row.enterprise_id,
            Registration.id != (row.registration_id or 0),
        )
        .order_by(Registration.id)
    )
    return [
        Elsewhere(one.kind, one.enterprise_name, one.employed_since or one.registered_on, one.number)
        for one in found
    ]


def _cases(session: Session, row: Declaration) -> list[Elsewhere]:
    columns = (
        Declaration.registration_kind,
        Declaration.enterprise_name,
        Declaration.submitted_at,
        Declaration.type_key,
    )
    found = session.execute(
        select(*columns)
        .where(
            _same_person(Declaration, row),
            Declaration.state.in_(UNDER_WAY),
            Declaration.enterprise_id != row.enterprise_id,
            Declaration.id != row.id,
        )
        .order_by(Declaration.id)
    )
    return [
        Elsewhere(kind, enterprise, local(at).date(), type_key=type_key)
        for kind, enterprise, at, type_key in found
        if at is not None  # a check of the table says so of every case under way
    ]
