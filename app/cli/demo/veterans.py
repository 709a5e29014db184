"""Temporary constructors of the paper era: they stand in the register and hold no electronic certificate."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.cli.demo.changes import Veteran
from app.cli.demo.makers import Credentials
from app.cli.demo.people import account_named, add_constructor
from app.extensions.clock import today
from app.models import Enterprise, Person, RegisteredSpecialty, Registration, RegistrationKind
from app.services.register import keep_history

_SINCE = timedelta(days=2_400)


def enter_veteran(session: Session, veteran: Veteran, credentials: Credentials) -> None:
    """The person with account and registration, unless an earlier start has entered him; not committed."""
    number = veteran.constructor.id_number
    if session.scalar(select(Person.id).where(Person.id_number.equals(Person, number))) is not None:
        return
    person = add_constructor(session, veteran.constructor, credentials)
    where = session.get_one(Enterprise, account_named(session, veteran.enterprise).enterprise_id)
    serial = session.scalar(select(func.count()).select_from(Registration)) or 0
    row = Registration(
        person_id=person.id,
        kind=RegistrationKind.TEMPORARY,
        number=f"湘2430909{serial + 1:05d}",
        name=person.name,
        gender=person.gender,
        birth_date=person.birth_date,
        enterprise_id=where.id,
        enterprise_name=where.name,
        region_code=where.region_code,
        employed_since=today() - _SINCE,
        registered_on=today() - _SINCE,
        ends_on=today() + timedelta(days=veteran.left),
    )
    row.id_number = person.id_number
    row.specialties = [
        RegisteredSpecialty(specialty=veteran.specialty, begins_on=row.registered_on, ends_on=row.ends_on)
    ]
    session.add(row)
    session.flush()
    keep_history(session, row, "enter", None)
