"""What each announcement writes into the register, as the table of the notes (2.13) has it, on both engines."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.cli.demo.filing import file_declaration
from app.extensions.clock import today
from app.models import (
    Certificate,
    Declaration,
    Person,
    PolicyValue,
    Qualification,
    Registration,
    RegistrationEvent,
)
from app.models.identity import birthday_at
from app.services import filing
from app.workflow.types import registry
from tests.cast import login, take
from tests.registered import drafted, registered

REVIEWED = ("submit", "accept", "endorse", "approve", "publicise", "announce")
UNPUBLICISED = ("submit", "accept", "endorse", "approve", "announce")
TWO_PARTY = ("submit", "agree")
CONSENT = ("submit", "consent", "approve", "announce")
RIGHT_NUMBER = "439900198506150035"


@dataclass(frozen=True)
class Effect:
    """One line of the table: what stays and what changes."""

    type: str
    steps: tuple[str, ...]
    register: str = "registered"
    left: int = 600
    """Days that are left of the term."""
    new_certificate: bool = False
    new_employer: bool = False
    seal: int = 0
    ends: str = "same"
    specialties: tuple[str, ...] = ("building",)
    cancelled: bool = False
    typed: tuple[tuple[str, str], ...] = ()


EFFECTS = [
    Effect("addition", REVIEWED, specialties=("building", "municipal")),
    Effect("renewal", REVIEWED, left=60, ends="+3y"),
    Effect("replacement", UNPUBLICISED, new_certificate=True, seal=1),
    Effect("replacement", UNPUBLICISED, new_certificate=True, typed=(("replacement_reason", "damage"),)),
    Effect("cancellation", TWO_PARTY, cancelled=True, specialties=()),
    Effect("personal_cancellation", TWO_PARTY, cancelled=True, specialties=()),
    Effect("id_correction", UNPUBLICISED, typed=(("new_id_number", RIGHT_NUMBER),)),
    Effect("temporary_transfer", CONSENT, register="temporary", new_employer=True),
    Effect("temporary_extension", UNPUBLICISED, register="temporary", ends="+36m"),
    Effect("temporary_cancellation", UNPUBLICISED, register="temporary", cancelled=True, specialties=()),
]


@pytest.fixture(autouse=True)
def publicity_is_over_at_once(session):
    session.add(PolicyValue(key="publicity_days", value="0", valid_from=date(2026, 1, 1), source="演示文件"))
    session.commit()


@pytest.mark.both_engines
@pytest.mark.parametrize(
    "effect",
    EFFECTS,
    ids=lambda one: f"{one.type}{'-damage' if one.typed and one.typed[0][1] == 'damage' else ''}",
)
def test_an_announcement_writes_what_the_table_says(session, cast, effect):
    ends_on = today() + timedelta(days=effect.left)
    row = registered(session, cast.li_juan, cast.zhang_wei, kind=effect.register, ends={"building": ends_on})
    number, certificate = row.number, row.certificates[-1].number
    begins_on = row.specialties[0].begins_on
    declaration = drafted(session, cast, effect.type, row, **dict(effect.typed))
    take(session, cast, declaration.id, *effect.steps)
    session.refresh(row)
    newest = session.scalars(
        select(Certificate).where(Certificate.registration_id == row.id).order_by(Certificate.version.desc())
    ).first()
    live = {one.specialty: one for one in row.specialties if one.removed_on is None}
    assert row.number == number
    assert (newest.number != certificate) is effect.new_certificate
    assert row.seal_check_code == effect.seal
    assert tuple(live) == effect.specialties
    assert (row.status == "cancelled") is effect.cancelled
    assert (row.enterprise_id == cast.fang_yuan.actor.enterprise_id) is effect.new_employer
    if "building" in live:
        assert live["building"].begins_on == begins_on
        assert live["building"].ends_on == _end(effect, ends_on)
    if "municipal" in live:
        assert live["municipal"].begins_on == today()
        assert live["municipal"].ends_on == birthday_at(today(), 3) - timedelta(days=1)
    if effect.cancelled:
        assert (row.cancelled_on, row.ends_on) == (today(), ends_on)
    events = session.scalars(
        select(RegistrationEvent).where(RegistrationEvent.registration_id == row.id)
    ).all()
    assert [one.declaration_id for one in events] == [None, declaration.id]


def _end(effect: Effect, ends_on: date) -> date:
    if effect.ends == "+3y":
        return birthday_at(ends_on, 3)
    return birthday_at(ends_on, 3) if effect.ends == "+36m" else ends_on


@pytest.mark.both_engines
def test_who_was_cancelled_is_registered_again_under_the_old_number(session, cast):
    row = registered(session, cast.li_juan, cast.zhang_wei)
    number, certificate = row.number, row.certificates[-1].number
    cancelling = drafted(session, cast, "cancellation", row)
    take(session, cast, cancelling.id, *TWO_PARTY)
    again = file_declaration(
        session, registry["re_registration"], cast.fang_yuan.actor, session.get_one(Person, row.person_id)
    )
    session.commit()
    assert (again.original_number, again.original_certificate_number) == (number, certificate)
    assert (again.ceased_on, again.ceased_because) == (today(), "employment_ended")
    take(session, cast, again.id, *REVIEWED)
    session.refresh(row)
    live = {one.specialty: (one.begins_on, one.ends_on) for one in row.specialties if one.removed_on is None}
    assert (row.status, row.number) == ("valid", number)
    assert row.enterprise_id == cast.fang_yuan.actor.enterprise_id
    assert row.certificates[-1].number != certificate
    assert set(live) == {"building", "municipal"}
    assert set(live.values()) == {(today(), birthday_at(today(), 3) - timedelta(days=1))}
    assert row.cancelled_on is None


@pytest.mark.both_engines
def test_a_cancellation_of_some_leaves_a_certificate_without_them(session, cast):
    ends_on = today() + timedelta(days=600)
    row = registered(
        session,
        cast.li_juan,
        cast.zhang_wei,
        ends={"building": ends_on, "municipal": ends_on + timedelta(days=9)},
    )
    declaration = drafted(session, cast, "cancellation", row)
    declaration.specialties = [one for one in declaration.specialties if one.specialty == "municipal"]
    session.commit()
    take(session, cast, declaration.id, *TWO_PARTY)
    session.refresh(row)
    assert (row.status, row.ends_on) == ("valid", ends_on)
    assert [one.specialty for one in row.specialties if one.removed_on is None] == ["building"]
    before, after = row.certificates
    assert before.ended_because == "partial_cancellation"
    assert (after.number, after.version) == (before.number, 2)
    assert "市政" not in after.face
    assert session.get_one(Declaration, declaration.id).state == "completed"


@pytest.mark.both_engines
def test_a_right_number_moves_the_person_his_qualifications_and_his_log_in(session, cast, app):
    row = registered(session, cast.li_juan, cast.zhang_wei)
    person = session.get_one(Person, row.person_id)
    declaration = drafted(session, cast, "id_correction", row, new_id_number=RIGHT_NUMBER)
    take(session, cast, declaration.id, *UNPUBLICISED)
    session.expire_all()
    assert session.get_one(Person, row.person_id).id_number == RIGHT_NUMBER
    held = session.execute(
        select(Registration.id_number_masked, Registration.id_number_index).where(Registration.id == row.id)
    ).one()
    assert held == (person.id_number_masked, person.id_number_index)
    numbers = set(session.scalars(select(Qualification.id_number_index)))
    assert numbers == {person.id_number_index}
    moved = replace(cast.zhang_wei, login_name=RIGHT_NUMBER)
    assert login(app.test_client(), moved)


@pytest.mark.both_engines
def test_a_right_number_puts_right_whatever_the_person_holds_and_cuts_what_runs_too_long(session, cast):
    """By the right number he is 65 in 2028: both registrations stand under it, and no term runs past that day."""
    born_earlier = "439900196301150016"
    row = registered(session, cast.li_juan, cast.zhang_wei, ends={"building": date(2028, 3, 1)})
    other = registered(
        session, cast.li_juan, cast.zhang_wei, kind="temporary", ends={"building": date(2027, 3, 1)}
    )
    declaration = drafted(session, cast, "id_correction", row, new_id_number=born_earlier)
    take(session, cast, declaration.id, *UNPUBLICISED)
    session.expire_all()
    for one in (row, other):
        assert (one.id_number, one.birth_date) == (born_earlier, date(1963, 1, 15))
        before, after = one.certificates
        assert (before.ended_because, after.number) == ("identity", before.number)
        assert "1963-01-15" in after.face
    assert row.specialties[0].ends_on == date(2028, 1, 15)
    assert other.specialties[0].ends_on == date(2023, 1, 15)


@pytest.mark.both_engines
def test_a_draft_that_was_begun_under_the_wrong_number_is_filed_under_the_right_one(session, cast):
    row = registered(session, cast.li_juan, cast.zhang_wei)
    begun = drafted(session, cast, "addition", row)
    correction = drafted(session, cast, "id_correction", row, new_id_number=RIGHT_NUMBER)
    take(session, cast, correction.id, *UNPUBLICISED, "complete")
    outcome = filing.submit(session, cast.li_juan.actor, {begun.id: begun.version})
    assert outcome.done == [begun.id], outcome
    session.refresh(begun)
    assert begun.id_number == RIGHT_NUMBER


@pytest.mark.both_engines
def test_a_refusal_counts_for_the_kind_of_registration_that_was_refused(session, cast):
    """What was refused to a temporary constructor opens no way into the register of the ordinary ones."""
    row = registered(session, cast.li_juan, cast.zhang_wei, kind="temporary")
    extension = drafted(session, cast, "temporary_extension", row)
    take(session, cast, extension.id, "submit", "accept", "endorse", "refuse")
    kind = registry["re_registration"]
    person = session.get_one(Person, row.person_id)
    again = file_declaration(session, kind, cast.fang_yuan.actor, person)
    session.commit()
    outcome = filing.submit(session, cast.fang_yuan.actor, {again.id: again.version})
    assert "never registered and never refused" in " ".join(outcome.skipped[0].findings)
    first = file_declaration(session, registry["initial_registration"], cast.li_juan.actor, person)
    session.commit()
    take(session, cast, first.id, "submit", "accept", "endorse", "refuse")
    outcome = filing.submit(session, cast.fang_yuan.actor, {again.id: again.version})
    assert outcome.done == [again.id], outcome
