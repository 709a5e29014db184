"""Identities: putting a wrong ID number right wherever a person stands under it."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.extensions.refused import Refused
from app.models import Person, Qualification
from app.models.identity import birth_date_of, gender_of
from app.security.access.audit import record
from app.security.access.roles import Actor
from app.services.register_changes import Identity


def correct(session: Session, person_id: int, number: str, actor: Actor) -> Identity:
    """Give the person this number, with the birth date and gender that it says; the caller commits.

    The log-in and the real-name check hang on the person and move with him; the rows of the 资格证 library that stood
    under the wrong number and his name follow. Raises `Refused` when somebody else has the number.
    """
    person = session.get_one(Person, person_id, with_for_update=True)
    former, birth_date = person.id_number_index, birth_date_of(number)
    if birth_date is None:
        raise Refused(_l("The right ID number says no date of birth."))
    taken = session.scalar(
        select(Person.id).where(Person.id_number.equals(Person, number), Person.id != person.id)
    )
    if taken is not None:
        raise Refused(_l("Another person stands under this number. Please ask the province to look into it."))
    person.id_number = number
    person.birth_date, person.gender = birth_date, gender_of(number)
    session.execute(
        update(Qualification)
        .where(Qualification.id_number_index == former, Qualification.name == person.name)
        .values(Qualification.id_number.columns(number)),
        execution_options={"synchronize_session": False},
    )
    record(session, actor, "person.correct_id_number", "person", person.id)
    return Identity(person.id_number or "", birth_date, person.gender)
