"""Registrations that stand already: who is in the register, where, for what and until when."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.cli.demo.filing import file_declaration
from app.extensions.clock import today
from app.models import (
    Declaration,
    Enterprise,
    Party,
    Person,
    Qualification,
    RegisteredSpecialty,
    Registration,
)
from app.models.policy import Policy
from app.security.access.roles import SYSTEM
from app.services import certificates, register
from app.workflow.types import DeclarationType, registry
from tests.cast import Cast, Member

NUMBERS = iter(range(90_001, 99_999))


def registered(
    session: Session,
    clerk: Member,
    person: Member,
    *,
    kind: str = "registered",
    ends: dict[str, date] | None = None,
    certified: bool = True,
) -> Registration:
    """This person stands in the register with the clerk's enterprise; each specialty ends on its own day; committed."""
    who = session.get_one(Person, person.actor.person_id)
    where = session.get_one(Enterprise, clerk.actor.enterprise_id)
    terms = ends or {"building": today() + timedelta(days=600)}
    row = Registration(
        person_id=who.id,
        kind=kind,
        number=f"湘24325{today():%y}{next(NUMBERS)}",
        name=who.name,
        gender=who.gender,
        birth_date=who.birth_date,
        enterprise_id=where.id,
        enterprise_name=where.name,
        region_code=where.region_code,
        registered_on=today() - timedelta(days=500),
        employed_since=today() - timedelta(days=500),
        ends_on=max(terms.values()),
    )
    row.id_number = who.id_number
    row.specialties = [
        RegisteredSpecialty(
            specialty=name,
            begins_on=row.registered_on,
            ends_on=ends_on,
            qualification_id=_qualification(session, who, name),
        )
        for name, ends_on in terms.items()
    ]
    session.add(row)
    session.flush()
    register.keep_history(session, row, "enter", None)
    if certified:
        certificates.allot(session, [(row, None)], actor=SYSTEM, policy=Policy({}), on=row.registered_on)
    session.commit()
    return row


def filer(cast: Cast, kind: DeclarationType) -> Member:
    """Who begins a declaration of this type about 张伟, whom 李娟's enterprise employs."""
    if kind.initiator == Party.PERSON:
        return cast.zhang_wei
    return cast.fang_yuan if kind.counterparty == Party.FORMER_EMPLOYER else cast.li_juan


def drafted(session: Session, cast: Cast, key: str, row: Registration, **values: Any) -> Declaration:
    """A draft of this type about this registration of 张伟's, by whoever begins it, that keeps every rule; committed."""
    kind = registry[key]
    person = session.get_one(Person, row.person_id)
    declaration = file_declaration(session, kind, filer(cast, kind).actor, person, row, **values)
    session.commit()
    return declaration


def _qualification(session: Session, who: Person, specialty: str) -> int | None:
    rows = session.query(Qualification.id).filter(
        Qualification.id_number_index == who.id_number_index, Qualification.specialty == specialty
    )
    return rows.scalar()
