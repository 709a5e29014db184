"""What ends by the calendar alone: the day after its end, unless a case is open, and told to both."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.cli.demo.filing import file_declaration
from app.cli.demo.makers import id_number
from app.extensions.clock import today
from app.models import (
    AuditEntry,
    Certificate,
    Ending,
    Notice,
    Person,
    PolicyValue,
    Registration,
    RegistrationEvent,
)
from app.services.lapsing import AT_ONCE, strike_off_ended
from app.services.verification import Verdict, look_up
from app.workflow.types import registry
from tests.cast import Member, add_constructor, take
from tests.registered import drafted, registered

pytestmark = pytest.mark.both_engines
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def context(app):
    with app.app_context():
        yield


def of(session, row: Registration) -> Registration:
    session.rollback()
    return session.get_one(Registration, row.id, populate_existing=True)


def left(row: Registration) -> list[str]:
    return [one.specialty for one in row.specialties if one.removed_on is None]


def told(session, member: Member) -> list[str]:
    actor = member.actor
    mine = (
        Notice.enterprise_id == actor.enterprise_id
        if actor.enterprise_id
        else Notice.person_id == actor.person_id
    )
    return list(session.scalars(select(Notice.kind).where(mine)))


def born(session, member: Member, day: date) -> None:
    session.get_one(Person, member.actor.person_id).birth_date = day
    session.commit()


def test_a_term_is_good_on_its_last_day_and_ends_the_day_after(session, cast):
    held = registered(session, cast.li_juan, cast.zhang_wei, ends={"building": today()})
    assert strike_off_ended(session, today()) == 0
    assert of(session, held).status == "valid"
    assert strike_off_ended(session, today() + DAY) == 1
    row = of(session, held)
    assert (row.status, row.cancelled_on, row.cancelled_reason) == ("cancelled", today() + DAY, "expired")
    assert left(row) == []
    assert row.specialties[0].removed_on == today() + DAY
    # What was printed stays as it was printed.
    assert row.ends_on == row.specialties[0].ends_on == today()
    assert strike_off_ended(session, today() + DAY) == 0


def test_the_public_reads_that_the_certificate_ended_with_its_term(session, cast):
    held = registered(session, cast.li_juan, cast.zhang_wei, ends={"building": today() - DAY})
    token = session.scalar(select(Certificate.token).where(Certificate.registration_id == held.id))
    strike_off_ended(session, today())
    found = look_up(session, token)
    assert (found.verdict, found.ended_because, found.ended_on) == (Verdict.CANCELLED, Ending.EXPIRY, today())


def test_of_several_specialties_only_the_one_that_ended_goes(session, cast):
    ends = {"building": today() - DAY, "municipal": today()}
    held = registered(session, cast.li_juan, cast.zhang_wei, ends=ends)
    token = session.scalar(select(Certificate.token).where(Certificate.registration_id == held.id))
    assert strike_off_ended(session, today()) == 1
    row = of(session, held)
    assert (row.status, left(row)) == ("valid", ["municipal"])
    assert look_up(session, token).verdict is not Verdict.CANCELLED
    assert told(session, cast.zhang_wei) == told(session, cast.li_juan) == ["term_ended"]
    notice = session.scalars(select(Notice)).first()
    assert '"specialty": "building"' in notice.parameters
    assert notice.registration_id == held.id


def test_what_ended_under_a_case_goes_with_its_announcement_and_both_are_told(session, cast, clock):
    ends = {"building": today() + 31 * DAY, "municipal": today() + 600 * DAY}
    held = registered(session, cast.li_juan, cast.zhang_wei, ends=ends)
    case = drafted(session, cast, "replacement", held)
    take(session, cast, case.id, "submit", "accept", "endorse", "approve")
    clock.shift((32 * DAY).total_seconds())
    take(session, cast, case.id, "announce")
    assert left(of(session, held)) == ["municipal"]
    for member in (cast.zhang_wei, cast.li_juan):
        assert told(session, member).count("term_ended") == 1, member.name


def test_while_a_case_is_open_the_register_waits_for_its_end(session, cast):
    held = registered(session, cast.li_juan, cast.zhang_wei, ends={"building": today() + 5 * DAY})
    person = session.get_one(Person, cast.zhang_wei.actor.person_id)
    case = file_declaration(session, registry["cancellation"], cast.li_juan.actor, person, held)
    session.commit()
    take(session, cast, case.id, "submit")
    assert strike_off_ended(session, today() + 6 * DAY) == 0
    assert of(session, held).status == "valid"
    take(session, cast, case.id, "withdraw")
    assert strike_off_ended(session, today() + 6 * DAY) == 1
    assert of(session, held).cancelled_reason == "expired"


def test_the_end_is_written_into_history_and_audit_and_told_to_both(session, cast):
    held = registered(session, cast.li_juan, cast.zhang_wei, ends={"building": today() - DAY})
    strike_off_ended(session, today())
    events = session.scalars(
        select(RegistrationEvent).where(RegistrationEvent.registration_id == held.id)
    ).all()
    assert [one.action for one in events] == ["enter", "strike_off"]
    assert '"cancelled_reason": "expired"' in events[-1].content
    line = session.scalars(select(AuditEntry).where(AuditEntry.action == "registration.strike_off")).one()
    assert (line.subject_id, line.role) == (str(held.id), "System")
    assert told(session, cast.zhang_wei) == told(session, cast.li_juan) == ["registration_ended"]
    assert told(session, cast.fang_yuan) == []


@pytest.mark.parametrize(
    ("kind", "age", "reason"), [("registered", 65, "age"), ("temporary", 60, "temporary_age")]
)
def test_the_birthday_of_the_age_limit_is_the_last_day(session, cast, kind, age, reason):
    """A term that runs on beyond it, from before the limit was known, ends with it."""
    born(session, cast.zhang_wei, date(2026 - age, 6, 1))
    held = registered(session, cast.li_juan, cast.zhang_wei, kind=kind, ends={"building": date(2028, 1, 1)})
    assert strike_off_ended(session, date(2026, 6, 1)) == 0
    assert strike_off_ended(session, date(2026, 6, 2)) == 1
    row = of(session, held)
    assert (row.status, row.cancelled_reason) == ("cancelled", reason)
    ended = session.scalar(select(Certificate.ended_because).where(Certificate.registration_id == held.id))
    assert ended == Ending.AGE


@pytest.mark.parametrize(
    ("birth", "last"),
    [
        (date(1960, 2, 29), date(2025, 2, 28)),  # the 65th birthday of a leap day
        (date(1963, 2, 28), date(2028, 2, 28)),  # the day before a leap day
        (date(1963, 3, 1), date(2028, 3, 1)),
    ],
)
def test_birthdays_around_a_leap_day(session, cast, birth, last):
    born(session, cast.zhang_wei, birth)
    registered(session, cast.li_juan, cast.zhang_wei, ends={"building": date(2030, 1, 1)})
    assert strike_off_ended(session, last) == 0
    assert strike_off_ended(session, last + DAY) == 1


def test_the_age_limit_is_a_value_of_the_policy(session, cast):
    born(session, cast.zhang_wei, date(1960, 6, 1))
    registered(session, cast.li_juan, cast.zhang_wei, ends={"building": date(2030, 1, 1)})
    session.add(PolicyValue(key="age_limit", value="70", valid_from=date(2020, 1, 1), source="测试"))
    session.commit()
    assert strike_off_ended(session, today()) == 0


def test_more_than_one_commit_can_hold_are_all_struck_off(session, cast, monkeypatch):
    monkeypatch.setattr("app.services.lapsing.AT_ONCE", 2)
    assert AT_ONCE > 2
    for serial in range(5):
        person = add_constructor(
            session, cast.wang_qiang, f"演示{serial}", id_number(date(1990, 1, 1), serial)
        )
        registered(session, cast.li_juan, person, ends={"building": today() - DAY}, certified=False)
    assert strike_off_ended(session, today()) == 5


def test_after_one_specialty_has_lapsed_the_certificate_in_force_lists_the_other_alone(session, cast):
    held = registered(
        session, cast.li_juan, cast.zhang_wei,
        ends={"building": today() - DAY, "municipal": today() + timedelta(days=300)},
    )  # fmt: skip
    strike_off_ended(session, today())
    row = of(session, held)
    before, after = row.certificates
    assert (before.ended_because, after.ended_on, after.number) == (
        Ending.PARTIAL_EXPIRY,
        None,
        before.number,
    )
    assert [name for name, *_days in json.loads(after.face)["specialties"]] == ["市政公用工程"]


def test_after_one_specialty_has_lapsed_nothing_is_made_of_paper(session, cast):
    held = registered(
        session, cast.li_juan, cast.zhang_wei, certified=False,
        ends={"building": today() - DAY, "municipal": today() + timedelta(days=300)},
    )  # fmt: skip
    strike_off_ended(session, today())
    assert of(session, held).certificates == []
