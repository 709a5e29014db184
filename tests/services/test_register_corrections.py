"""更正 of who somebody is: the library follows where it was wrong as well, and wrong birthdays take nothing away."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.cli.demo.filing import file_declaration
from app.cli.demo.makers import id_number, make_qualification
from app.extensions.clock import today
from app.extensions.refused import Refused
from app.models import AuditEntry, Person, Qualification
from app.security.access.roles import SYSTEM
from app.services import filing
from app.services.register import keep_history
from app.services.register_history import history
from app.workflow import facts
from app.workflow.types import registry
from tests.cast import add_constructor
from tests.registered import registered
from tests.services.test_register_acts import corrected, proposed

pytestmark = pytest.mark.both_engines


@pytest.fixture
def registration(session, cast):
    return registered(session, cast.li_juan, cast.zhang_wei)


def library(session, row) -> list[Qualification]:
    session.rollback()
    return list(
        session.scalars(
            select(Qualification)
            .where(Qualification.id_number_index == row.id_number_index)
            .order_by(Qualification.id)
        )
    )


def told(session, row) -> dict[str, tuple]:
    """What the last change of the history says: of each field (or specialty) what it was and what it is."""
    return {
        one.subject or one.field: (one.before, one.after) for one in history(session, row, SYSTEM)[-1].what
    }


def test_the_library_follows_a_right_name_and_the_person_can_go_on(app, session, cast, registration):
    stranger = add_constructor(session, cast.wang_qiang, "张伟", id_number(date(1988, 8, 8), 11))
    session.commit()
    corrected(session, cast, registration, right_name="张玮", right_gender="2")
    held = library(session, registration)
    assert {(one.name, one.gender) for one in held} == {("张玮", "2")}
    assert len(held) == 2
    namesake = session.get_one(Person, stranger.actor.person_id)
    assert {one.name for one in library(session, namesake)} == {"张伟"}
    lines = session.scalars(select(AuditEntry).where(AuditEntry.action == "qualification.correct")).all()
    assert {line.subject_id for line in lines} == {str(one.id) for one in held}
    assert told(session, registration)["name"] == ("张伟", "张玮")
    assert [one.version for one in registration.certificates] == [1, 2]
    assert qualified(session, cast, registration)


def qualified(session, cast, registration) -> bool:
    """Whether an addition of the second qualification still finds the person in the library."""
    kind, person = registry["addition"], session.get_one(Person, registration.person_id)
    draft = file_declaration(session, kind, cast.li_juan.actor, person, registration)
    session.flush()
    lines = filing.precheck(session, kind, facts.declared(session, kind, draft)).lines
    (answer,) = [line.passed for line in lines if line.check.rule == "qualified"]
    session.rollback()
    return answer


def test_what_the_library_says_otherwise_was_not_wrong(app, session, cast, registration):
    person = session.get_one(Person, registration.person_id)
    other = make_qualification(session, person, "water", today() - timedelta(days=400))
    other.name = "张维"
    session.commit()
    corrected(session, cast, registration, right_name="张玮")
    assert [one.name for one in library(session, registration)] == ["张玮", "张玮", "张维"]


def test_the_library_stays_as_it_is_when_a_proposal_is_declined(app, session, cast, registration):
    proposed(session, cast, registration, "correct", right_name="张玮")
    assert {one.name for one in library(session, registration)} == {"张伟"}


def cut(session, cast, *, kind="registered"):
    """Somebody whose register has him sixty-five (or sixty) in 2027, and a term that was cut at that birthday."""
    wrong = date(1962, 1, 15) if kind == "registered" else date(1967, 1, 15)
    person = add_constructor(
        session, cast.wang_qiang, "何静", id_number(wrong, 11), ("building", "municipal")
    )
    ends = {"building": date(2027, 1, 15), "municipal": date(2026, 9, 30)}
    row = registered(session, cast.li_juan, person, kind=kind, ends=ends)
    for one in row.specialties:
        one.begins_on = date(2025, 3, 1)
    keep_history(session, row, "enter", None)
    session.commit()
    return row


def test_a_right_date_of_birth_gives_back_what_the_wrong_one_took(app, session, cast):
    row = cut(session, cast)
    corrected(session, cast, row, right_birth_date=date(1972, 1, 15))
    assert {one.specialty: one.ends_on for one in row.specialties} == {
        "building": date(2028, 2, 29), "municipal": date(2026, 9, 30),
    }  # fmt: skip
    assert row.ends_on == date(2028, 2, 29)
    assert session.get_one(Person, row.person_id).birth_date == date(1972, 1, 15)
    said = told(session, row)
    assert said["birth_date"] == ("1962-01-15", "1972-01-15")
    assert said["building"] == ("2027-01-15", "2028-02-29")
    assert "municipal" not in said
    assert [one.version for one in row.certificates] == [1, 2]
    assert '"2028-02-29"' in row.certificates[-1].face


def test_it_gives_back_no_more_than_the_right_birthday_allows(app, session, cast):
    row = cut(session, cast)
    corrected(session, cast, row, right_birth_date=date(1962, 6, 1))
    assert row.ends_on == date(2027, 6, 1)


def test_what_is_typed_beside_the_date_of_birth_stays_as_it_was_typed(app, session, cast):
    row = cut(session, cast)
    typed = {"right_specialty": "building", "right_ends_on": date(2027, 1, 15)}
    corrected(session, cast, row, right_birth_date=date(1972, 1, 15), **typed)
    assert row.ends_on == date(2027, 1, 15)
    with pytest.raises(Refused):
        proposed(session, cast, row, "correct", right_birth_date=date(1962, 1, 14), **typed)


def test_of_a_temporary_registration_nobody_knows_what_was_taken(app, session, cast):
    row = cut(session, cast, kind="temporary")
    corrected(session, cast, row, right_birth_date=date(1977, 1, 15))
    assert row.ends_on == date(2027, 1, 15)
    corrected(session, cast, row, right_birth_date=date(1966, 8, 1))
    assert {one.ends_on for one in row.specialties} == {date(2026, 8, 1)}
