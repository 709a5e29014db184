"""What each announcement writes into the register, as the table of the notes (2.13) has it, on both engines."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.cli.demo.filing import file_declaration
from app.extensions.clock import SHANGHAI, today
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
from app.tasks.worker import run_next
from app.workflow.perform import perform
from app.workflow.types import registry
from tests.cast import add_constructor, login, take
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
    Effect("transfer", CONSENT, new_employer=True),
    Effect("temporary_transfer", CONSENT, register="temporary", new_employer=True),
    Effect("temporary_extension", UNPUBLICISED, register="temporary", ends="+36m"),
    Effect("temporary_cancellation", UNPUBLICISED, register="temporary", cancelled=True, specialties=()),
]


@pytest.fixture(autouse=True)
def publicity_is_over_at_once(session):
    for key, value in (("publicity_days", "0"), ("transfer_open", "1")):
        session.add(PolicyValue(key=key, value=value, valid_from=date(2026, 1, 1), source="演示文件"))
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
    """By the right number he is 65 in 2028, and has been too old for a temporary registration for three years."""
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
    before, after = row.certificates
    assert (before.ended_because, after.number) == ("identity", before.number)
    assert "1963-01-15" in after.face
    assert row.specialties[0].ends_on == date(2028, 1, 15)
    assert (other.status, other.cancelled_reason, other.cancelled_on) == (
        "cancelled",
        "temporary_age",
        today(),
    )
    assert other.specialties[0].ends_on == date(2027, 3, 1), "what was printed stays as it was printed"
    assert [one.ended_because for one in other.certificates] == ["age"]


@pytest.mark.both_engines
def test_who_is_too_old_by_the_right_number_lapses_at_once_and_the_case_is_closed(session, cast, app):
    row = registered(session, cast.li_juan, cast.zhang_wei, ends={"building": date(2028, 3, 1)})
    declaration = drafted(session, cast, "id_correction", row, new_id_number="439900196105310019")
    take(session, cast, declaration.id, *UNPUBLICISED)
    session.refresh(row)
    assert (row.status, row.cancelled_reason, row.birth_date) == ("cancelled", "age", date(1961, 5, 31))
    assert [one.ended_because for one in row.certificates] == ["age"]
    session.rollback()
    with app.app_context():
        while run_next(app):
            pass
    session.expire_all()
    assert session.get_one(Declaration, declaration.id).state == "completed"


@pytest.mark.both_engines
def test_who_was_cut_at_a_wrong_65th_birthday_gets_back_what_was_cut(session, cast):
    row = registered(session, cast.li_juan, cast.zhang_wei, ends={"building": date(2027, 1, 15)})
    row.birth_date = date(1962, 1, 15)
    session.commit()
    declaration = drafted(session, cast, "id_correction", row, new_id_number=RIGHT_NUMBER)
    take(session, cast, declaration.id, *UNPUBLICISED)
    session.refresh(row)
    whole = birthday_at(row.registered_on, 3) - timedelta(days=1)
    assert row.specialties[0].ends_on == row.ends_on == whole
    assert whole.isoformat() in row.certificates[-1].face


@pytest.mark.both_engines
def test_the_database_lets_no_term_end_before_it_begins(session, cast):
    row = registered(session, cast.li_juan, cast.zhang_wei)
    row.specialties[0].ends_on = row.specialties[0].begins_on - timedelta(days=1)
    with pytest.raises(IntegrityError):
        session.commit()
    session.rollback()


FIRST_TERMS = [
    ("439900199203150016", date(2026, 6, 1), date(2029, 5, 31)),
    ("439900199203150016", date(2028, 2, 29), date(2031, 2, 27)),
    ("439900196402290018", date(2026, 6, 1), date(2029, 2, 28)),
]
"""Who, announced on which day, until when: an ordinary day, a leap day, and a 65th birthday that has no 29 February."""


@pytest.mark.both_engines
@pytest.mark.parametrize("again", [False, True], ids=["初始", "重新"])
@pytest.mark.parametrize(("number", "on", "ends_on"), FIRST_TERMS)
def test_a_first_registration_and_one_after_a_refusal_enter_everything_anew(
    session, cast, clock, number, on, ends_on, again
):
    """The number, the certificate, the employer, and every specialty with one term from the day of the announcement."""
    clock.move_to(datetime(on.year, on.month, on.day, 10, tzinfo=SHANGHAI))
    newcomer = add_constructor(
        session, cast.wang_qiang, "苏文博", number, ("building", "municipal"), issued_on=date(2026, 5, 1)
    )
    session.commit()
    person = session.get_one(Person, newcomer.actor.person_id)
    filed = file_declaration(session, registry["initial_registration"], cast.li_juan.actor, person)
    session.commit()
    if again:
        take(session, cast, filed.id, "submit", "accept", "endorse", "refuse")
        filed = file_declaration(session, registry["re_registration"], cast.fang_yuan.actor, person)
        session.commit()
        assert (filed.original_number, filed.refused_on, filed.refusal_ground) == (None, on, "employer")
    take(session, cast, filed.id, *REVIEWED)
    session.refresh(filed)
    row = session.get_one(Registration, filed.registration_id)
    assert row.number.startswith(f"湘24326{on:%y}")
    assert (row.status, row.enterprise_id, row.region_code) == ("valid", filed.enterprise_id, "430100")
    assert {one.specialty: (one.begins_on, one.ends_on) for one in row.specialties} == dict.fromkeys(
        ("building", "municipal"), (on, ends_on)
    )
    assert [one.declaration_id for one in row.certificates] == [filed.id]


@pytest.mark.both_engines
def test_a_renewal_cuts_each_specialty_where_it_would_run_past_the_65th_birthday(session, cast):
    """Born on 20 July 1964: building works run their three years, municipal works until the birthday."""
    ends = {"building": date(2026, 7, 10), "municipal": date(2026, 8, 20)}
    row = registered(session, cast.li_juan, cast.zhang_wei, ends=ends)
    row.birth_date = date(1964, 7, 20)
    session.commit()
    declaration = drafted(session, cast, "renewal", row)
    take(session, cast, declaration.id, *REVIEWED)
    session.refresh(row)
    assert {one.specialty: one.ends_on for one in row.specialties} == {
        "building": date(2029, 7, 10),
        "municipal": date(2029, 7, 20),
    }
    assert row.ends_on == date(2029, 7, 20)


@pytest.mark.both_engines
@pytest.mark.parametrize("key", ["transfer", "temporary_transfer"])
def test_what_ended_under_a_transfer_does_not_move_on(session, cast, clock, key):
    """Nobody takes an ended registration with him; of two terms the ended one is left behind."""
    kind = registry[key].registration_kind
    for ends, moves in (({"building": 40}, False), ({"building": 40, "municipal": 400}, True)):
        row = registered(
            session, cast.li_juan, cast.zhang_wei, kind=kind,
            ends={name: today() + timedelta(days=days) for name, days in ends.items()},
        )  # fmt: skip
        declaration = drafted(session, cast, key, row)
        take(session, cast, declaration.id, "submit", "consent", "approve")
        clock.shift(41 * 86_400)
        version = session.get_one(Declaration, declaration.id).version
        outcome = perform(session, "announce", {declaration.id: version}, cast.zhou_min.actor)
        assert outcome.done == ([declaration.id] if moves else [])
        session.refresh(row)
        assert (row.enterprise_id == cast.fang_yuan.actor.enterprise_id) is moves
        if not moves:
            assert "nothing can be entered" in outcome.skipped[0].findings[0]
            take(session, cast, declaration.id, "refuse")
            row.status = "cancelled"
            session.commit()
    assert [one.specialty for one in row.specialties if one.removed_on is None] == ["municipal"]
    assert "建筑" not in row.certificates[-1].face


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
