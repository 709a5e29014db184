"""Reminders: at each step once, to those who can do something about it."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select

from app.cli.demo.filing import file_declaration
from app.extensions.clock import today
from app.models import Declaration, Notice, Person, PolicyValue
from app.services.reminders import remind_of_terms, remind_to_confirm
from app.workflow.types import registry
from tests.cast import take
from tests.registered import drafted, registered

pytestmark = pytest.mark.both_engines
END = date(2026, 12, 31)


@pytest.fixture(autouse=True)
def context(app):
    with app.app_context():
        yield


def on(days_before: int) -> date:
    return END - timedelta(days=days_before)


def told(session) -> list[tuple[str, str]]:
    session.rollback()
    rows = session.scalars(select(Notice).order_by(Notice.id))
    return [("enterprise" if row.enterprise_id else "person", row.kind) for row in rows]


def test_employer_and_person_are_told_at_each_step_once(session, cast):
    registered(session, cast.li_juan, cast.zhang_wei, ends={"building": END})
    made = {days: remind_of_terms(session, on(days)) for days in (91, 90, 89, 61, 60, 31, 30, 29, 8, 7, 6, 0)}
    assert {days: number for days, number in made.items() if number} == {90: 2, 60: 2, 30: 2, 7: 2}
    assert told(session) == [
        *[("enterprise", "term_ends"), ("person", "term_ends")] * 3,
        *[("enterprise", "term_ends_closed"), ("person", "term_ends_closed")],
    ]


def test_a_worker_that_was_away_tells_the_last_step_and_not_all_that_it_missed(session, cast):
    registered(session, cast.li_juan, cast.zhang_wei, ends={"building": END})
    assert remind_of_terms(session, on(20)) == 2
    assert remind_of_terms(session, on(20)) == 0
    (notice, _other) = session.scalars(select(Notice).order_by(Notice.id))
    assert notice.key.endswith(f":{END}:30:e")


def test_each_specialty_has_its_own_end(session, cast):
    registered(session, cast.li_juan, cast.zhang_wei, ends={"building": END, "municipal": on(-40)})
    assert remind_of_terms(session, on(60)) == 2
    said = json.loads(session.scalars(select(Notice.parameters)).first())
    assert said == {
        "specialty": "building",
        "date": "2026-12-31",
        "opens": "2026-10-02",
        "closes": "2026-12-01",
    }


def test_a_renewed_term_is_reminded_of_again(session, cast):
    held = registered(session, cast.li_juan, cast.zhang_wei, ends={"building": END})
    remind_of_terms(session, on(7))
    held.specialties[0].ends_on = held.ends_on = END.replace(year=2029)
    session.commit()
    assert remind_of_terms(session, date(2029, 12, 30)) == 2


def test_of_a_temporary_registration_no_renewal_is_spoken(session, cast):
    registered(session, cast.li_juan, cast.zhang_wei, kind="temporary", ends={"building": END})
    remind_of_terms(session, on(30))
    assert {kind for _who, kind in told(session)} == {"temporary_term_ends"}


@pytest.mark.parametrize(
    ("key", "kind", "silent"),
    [
        ("renewal", "registered", True),
        ("cancellation", "registered", True),
        ("replacement", "registered", False),
        ("addition", "registered", False),
        ("temporary_extension", "temporary", True),
        ("temporary_cancellation", "temporary", True),
        ("temporary_transfer", "temporary", False),
    ],
)
def test_only_a_case_that_renews_the_term_or_gives_it_up_silences_the_reminder(
    session, cast, key, kind, silent
):
    ends = {"building": today() + timedelta(days=60)}
    held = registered(session, cast.li_juan, cast.zhang_wei, kind=kind, ends=ends)
    row = drafted(session, cast, key, held)
    assert remind_of_terms(session, today()) == 2  # a draft says nothing yet
    session.execute(delete(Notice))
    session.commit()
    take(session, cast, row.id, "submit")
    session.execute(delete(Notice))
    session.commit()
    assert remind_of_terms(session, today()) == (0 if silent else 2)


def test_a_renewal_of_one_specialty_leaves_the_other_one_to_be_reminded_of(session, cast):
    day = today() + timedelta(days=60)
    held = registered(session, cast.li_juan, cast.zhang_wei, ends={"building": day, "municipal": day})
    row = drafted(session, cast, "renewal", held)
    row.specialties = [one for one in row.specialties if one.specialty == "building"]
    session.commit()
    take(session, cast, row.id, "submit")
    session.execute(delete(Notice))
    session.commit()
    remind_of_terms(session, today())
    assert {json.loads(one)["specialty"] for one in session.scalars(select(Notice.parameters))} == {
        "municipal"
    }


def test_a_case_about_the_temporary_registration_says_nothing_of_the_other_one(session, cast):
    registered(session, cast.li_juan, cast.zhang_wei, ends={"building": today() + timedelta(days=60)})
    other = registered(session, cast.li_juan, cast.zhang_wei, kind="temporary")
    row = drafted(session, cast, "temporary_cancellation", other)
    take(session, cast, row.id, "submit")
    session.execute(delete(Notice))
    session.commit()
    assert remind_of_terms(session, today()) == 2


def born(session, held, day: date) -> None:
    held.birth_date = day
    session.commit()


@pytest.mark.parametrize(
    ("birthday", "days", "kind", "closes"),
    [
        # Filing ends 90 days before the 65th birthday; the window is from 2 October to 1 December.
        (date(1962, 1, 31), 60, "term_ends", "2026-11-01"),  # it ends on 2 November, within the window
        (date(1962, 1, 31), 59, "term_ends_of_age", None),
        (date(1961, 12, 31), 90, "term_ends_of_age", None),  # on the day on which the window opens
        (date(1962, 4, 1), 60, "term_ends", "2026-12-01"),  # after the window
    ],
)
def test_near_the_age_limit_nobody_is_told_that_a_renewal_may_be_filed(
    session, cast, birthday, days, kind, closes
):
    held = registered(session, cast.li_juan, cast.zhang_wei, ends={"building": END})
    born(session, held, birthday)
    remind_of_terms(session, on(days))
    assert {one for _who, one in told(session)} == {kind}
    said = json.loads(session.scalars(select(Notice.parameters)).first())
    assert said.get("closes") == closes
    if kind == "term_ends_of_age":
        assert (said["age"], said["gate"]) == (
            65,
            (birthday.replace(year=birthday.year + 65) - timedelta(days=90)).isoformat(),
        )


@pytest.mark.parametrize(
    ("birthday", "last", "kind"),
    [
        (date(1966, 12, 31), "", "temporary_term_ends_of_age"),
        (date(1967, 1, 1), "", "temporary_term_ends"),
        (date(1980, 1, 1), "2026-12-31", "temporary_term_ends_for_good"),
        (date(1980, 1, 1), "2027-12-31", "temporary_term_ends"),
    ],
)
def test_of_an_extension_is_spoken_only_where_there_can_be_one(session, cast, birthday, last, kind):
    held = registered(session, cast.li_juan, cast.zhang_wei, kind="temporary", ends={"building": END})
    born(session, held, birthday)
    if last:
        session.add(
            PolicyValue(key="temporary_last_day", value=last, valid_from=date(2020, 1, 1), source="测试")
        )
        session.commit()
    remind_of_terms(session, on(30))
    assert {one for _who, one in told(session)} == {kind}


def test_whose_case_is_open_is_left_in_peace_until_it_ends(session, cast):
    held = registered(session, cast.li_juan, cast.zhang_wei, ends={"building": END})
    person = session.get_one(Person, cast.zhang_wei.actor.person_id)
    case = file_declaration(session, registry["cancellation"], cast.li_juan.actor, person, held)
    session.commit()
    take(session, cast, case.id, "submit")
    before = len(told(session))
    assert remind_of_terms(session, on(30)) == 0
    take(session, cast, case.id, "withdraw")
    assert remind_of_terms(session, on(30)) == 2
    assert len(told(session)) == before + 3  # and that it was withdrawn


def test_the_steps_are_a_value_of_the_policy(session, cast):
    registered(session, cast.li_juan, cast.zhang_wei, ends={"building": END})
    session.add(PolicyValue(key="reminder_days", value="120,10", valid_from=date(2020, 1, 1), source="测试"))
    session.commit()
    assert [remind_of_terms(session, on(days)) for days in (121, 120, 60, 10)] == [0, 2, 0, 2]


def test_the_silent_party_is_reminded_three_days_and_one_day_before_its_time_is_up(session, cast):
    held = registered(session, cast.li_juan, cast.zhang_wei)
    person = session.get_one(Person, cast.zhang_wei.actor.person_id)
    case = file_declaration(session, registry["cancellation"], cast.li_juan.actor, person, held)
    session.commit()
    # Asked on Monday 1 June; five working days end on Monday 8 June.
    row = take(session, cast, case.id, "submit")
    assert row.due_on == date(2026, 6, 8)
    made = [remind_to_confirm(session, today() + timedelta(days=days)) for days in range(9)]
    #        Mon Tue Wed Thu Fri Sat Sun Mon Tue
    assert made == [0, 0, 1, 0, 1, 0, 0, 0, 0]
    assert told(session) == [("person", "asked_to_confirm"), *[("person", "still_to_confirm")] * 2]


def test_who_has_answered_is_not_reminded(session, cast):
    held = registered(session, cast.li_juan, cast.zhang_wei)
    person = session.get_one(Person, cast.zhang_wei.actor.person_id)
    case = file_declaration(session, registry["cancellation"], cast.li_juan.actor, person, held)
    session.commit()
    take(session, cast, case.id, "submit", "disagree")
    assert remind_to_confirm(session, today() + timedelta(days=4)) == 0
    assert session.get_one(Declaration, case.id).state == "returned"
