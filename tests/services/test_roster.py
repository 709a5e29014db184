"""人员花名册: what can be filed today is what the rules would let pass, the filter is the radar, and who is on it."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st
from sqlalchemy import select

from app.cli.demo.filing import file_declaration
from app.cli.demo.makers import id_number
from app.extensions.anniversary import anniversary
from app.extensions.clock import now, today
from app.extensions.refused import Refused
from app.models import Decision, Person, PolicyValue, RealNameState, Registration, RegistrationLock
from app.models.identity import birthday_at
from app.models.policy import Policy
from app.security.access.policies import policy_on
from app.services import filing, roster
from app.workflow import facts
from app.workflow.radar import Stage
from app.workflow.types import Asked, registry
from tests.cast import add_constructor, take
from tests.registered import registered

pytestmark = pytest.mark.both_engines


@dataclass(frozen=True)
class Someone:
    """One of the crafted cast: born so that the limit is so many days ahead, with terms of so many days."""

    ends: dict[str, int]
    stage: str
    kind: str = "registered"
    limit_in: int | None = None
    """In how many days the age limit is reached; None: in decades."""
    held: tuple[str, ...] = ("building", "municipal")
    policy: dict[str, str] = field(default_factory=dict)
    verified: bool = True
    locked: bool = False
    busy: bool = False
    falsified: bool = False
    """A declaration about the person was turned down half a year ago because of false material."""
    cancelled: str = ""
    """The reason for which the registration was cancelled entirely."""

    def born(self) -> date:
        if self.limit_in is None:
            return date(1990, 3, 4)
        last = today() + timedelta(days=self.limit_in)
        return last.replace(year=last.year - (60 if self.kind == "temporary" else 65))


PEOPLE = {
    "window open": Someone({"building": 60}, "open"),
    "window open on its last day": Someone({"building": 30}, "open"),
    "window closed": Someone({"building": 29}, "closed"),
    "window not open": Someone({"building": 91}, "soon"),
    "far from the window": Someone({"building": 600}, "later"),
    "one open, one far": Someone({"building": 60, "municipal": 600}, "open"),
    "term over": Someone({"building": -2}, "expired"),
    "gate today": Someone({"building": 60}, "age", limit_in=90),
    "gate tomorrow": Someone({"building": 60}, "open", limit_in=91),
    "term ends with the birthday": Someone({"building": 300}, "age", limit_in=300),
    "opens soon, and too late": Someone({"building": 110}, "age", limit_in=110),
    "opens soon, just in time": Someone({"building": 110}, "soon", limit_in=111),
    "no real name": Someone({"building": 60}, "open", verified=False),
    "locked": Someone({"building": 60}, "open", locked=True),
    "another case": Someone({"building": 60}, "open", busy=True),
    "false material": Someone({"building": 60}, "open", falsified=True),
    "lapsed, false material": Someone({"building": -40}, "cancelled", cancelled="expired", falsified=True),
    "nothing to add": Someone({"building": 600}, "later", held=("building",)),
    "temporary": Someone({"building": 60}, "any_time", kind="temporary"),
    "temporary, over": Someone({"building": -1}, "expired", kind="temporary"),
    "temporary, over but extended": Someone(
        {"building": -1}, "any_time", kind="temporary", policy={"temporary_extension_after_end": "1"}
    ),
    "temporary, one over": Someone({"building": -1, "municipal": 60}, "expired", kind="temporary"),
    "temporary, sixty today": Someone({"building": 0}, "age", kind="temporary", limit_in=0),
    "temporary, until sixty": Someone({"building": 60}, "age", kind="temporary", limit_in=60),
    "temporary, before sixty": Someone({"building": 60}, "any_time", kind="temporary", limit_in=61),
    "temporary, to the last day": Someone(
        {"building": 60}, "last_day", kind="temporary", policy={"temporary_last_day": "60"}
    ),
    "temporary, before the last day": Someone(
        {"building": 60}, "any_time", kind="temporary", policy={"temporary_last_day": "61"}
    ),
    "lapsed": Someone({"building": -40}, "cancelled", cancelled="expired"),
    "lapsed and too old": Someone({"building": -40}, "age", cancelled="expired", limit_in=90),
    "lapsed and locked": Someone({"building": -40}, "cancelled", cancelled="expired", locked=True),
    "lapsed, without a real name": Someone(
        {"building": -40}, "cancelled", cancelled="expired", verified=False
    ),
}


def put(session, cast, one: Someone) -> Registration:
    """Whom the test is about, in the register of 李娟's enterprise; committed."""
    for key, value in one.policy.items():
        day = (today() + timedelta(days=int(value))).isoformat() if key == "temporary_last_day" else value
        session.add(PolicyValue(key=key, value=day, valid_from=date(2020, 1, 1), source="测试"))
    person = add_constructor(session, cast.wang_qiang, "何静", id_number(one.born(), 11), one.held)
    ends = {name: today() + timedelta(days=days) for name, days in one.ends.items()}
    row = registered(session, cast.li_juan, person, kind=one.kind, ends=ends, certified=False)
    if one.busy:
        key = file_declaration(
            session, registry["cancellation"], cast.li_juan.actor, session.get_one(Person, row.person_id), row
        ).id
        session.commit()
        take(session, cast, key, "submit")
    if one.falsified:
        turn_down(session, cast, row)
    if one.cancelled:
        cancel(session, row, one.cancelled)
    if not one.verified:
        session.get_one(Person, row.person_id).real_name_state = RealNameState.REJECTED
    if one.locked:
        session.add(
            RegistrationLock(
                person_id=row.person_id,
                locked_on=today(),
                reason="测试",
                locked_by_id=cast.chen_jing.actor.account_id,
            )
        )
    session.commit()
    return row


def turn_down(session, cast, row) -> None:
    """Another enterprise has handed in something false about the person, and the city has turned it down."""
    person = session.get_one(Person, row.person_id)
    refused = file_declaration(session, registry["initial_registration"], cast.fang_yuan.actor, person)
    refused.state, refused.number, refused.submitted_at = "not_accepted", "4300000000001", now()
    refused.filed_on = today()
    session.flush()
    session.add(
        Decision(
            declaration_id=refused.id, action="decline", from_state="submitted", to_state="not_accepted",
            actor_name="王强", role="Municipal", opinion="劳动合同系伪造。", ground="false_material",
            declaration_version=1, at=now() - timedelta(days=180),
        )
    )  # fmt: skip
    session.commit()


def cancel(session, row, reason: str) -> None:
    row.status, row.cancelled_reason, row.cancelled_on = "cancelled", reason, today()
    for held in row.specialties:
        held.removed_on = today()
    session.commit()


def passes(session, cast, row: Registration, kind) -> bool:
    """Whether a draft of this type, filled in as well as can be, would be let through for some specialty."""
    person = session.get_one(Person, row.person_id)
    right = {"new_id_number": id_number(row.birth_date, 13)} if kind.key == "id_correction" else {}
    try:
        draft = file_declaration(
            session, kind, cast.li_juan.actor, person, row if kind.of_registration else None, **right
        )
        session.flush()
        what = facts.declared(session, kind, draft)
        choices = (
            [what.specialties] if kind.specialties is Asked.ALL else [(one,) for one in what.specialties]
        )
        return any(filing.precheck(session, kind, replace(what, specialties=one)).ready for one in choices)
    except Refused:
        return False
    finally:
        session.rollback()


@pytest.mark.parametrize("who", PEOPLE)
def test_what_the_roster_says_can_be_filed_is_what_the_rules_let_pass(app, session, cast, who):
    row = put(session, cast, PEOPLE[who])
    session.refresh(row)
    reading = roster.read(session, [row])[row.id]
    assert len(reading.possibilities) == (1 if PEOPLE[who].cancelled else 2 if row.kind == "temporary" else 5)
    said = {one.kind.key: one.open for one in reading.possibilities}
    assert said == {key: passes(session, cast, row, registry[key]) for key in said}
    renewing = {"registered": "renewal", "temporary": "temporary_extension"}[row.kind]
    if (
        not (PEOPLE[who].busy or PEOPLE[who].locked or PEOPLE[who].cancelled or PEOPLE[who].falsified)
        and PEOPLE[who].verified
    ):
        assert said[renewing] == (reading.stage in {Stage.OPEN, Stage.ANY_TIME})


@pytest.mark.parametrize("who", PEOPLE)
def test_the_stage_is_the_same_for_the_badge_the_filter_and_the_count(app, session, cast, who):
    row = put(session, cast, PEOPLE[who])
    actor, policy = cast.li_juan.actor, policy_on(session, today())
    assert roster.stage_of(row, policy, today()) == PEOPLE[who].stage
    found = [
        stage
        for stage in Stage
        if session.scalars(roster.on_the_roster(actor).where(roster.at_stage(stage, policy, today()))).all()
    ]
    assert found == [PEOPLE[who].stage]
    assert {stage: number for stage, number in roster.numbers(session, actor).items() if number} == {
        PEOPLE[who].stage: 1
    }


def test_radar_and_filter_agree_whatever_the_dates_and_the_policy_are(app, session, cast):
    person = add_constructor(session, cast.wang_qiang, "何静", id_number(date(1990, 3, 4), 11))
    rows = {
        kind: registered(session, cast.li_juan, person, kind=kind, certified=False)
        for kind in ("registered", "temporary")
    }

    @given(
        kind=st.sampled_from(list(rows)),
        limit_in=st.integers(-40, 200),
        ends_in=st.integers(-20, 220),
        days=st.tuples(st.integers(0, 120), st.integers(0, 60), st.integers(0, 120)),
        last_in=st.one_of(st.none(), st.integers(-10, 220)),
        after_end=st.booleans(),
        cancelled=st.booleans(),
    )
    def holds(kind, limit_in, ends_in, days, last_in, after_end, cancelled):
        day, row = today(), rows[kind]
        policy = Policy(
            {
                "renewal_opens_days": str(days[0]),
                "renewal_closes_days": str(days[1]),
                "age_gate_days": str(days[2]),
                "temporary_last_day": "" if last_in is None else (day + timedelta(days=last_in)).isoformat(),
                "temporary_extension_after_end": str(int(after_end)),
            }
        )
        years = policy.number("temporary_age_limit" if kind == "temporary" else "age_limit")
        row.birth_date = birthday_at(day + timedelta(days=limit_in), -years)
        row.status = "cancelled" if cancelled and kind == "registered" else "valid"
        row.cancelled_reason = "expired"
        (term,) = row.specialties
        term.ends_on = row.ends_on = day + timedelta(days=ends_in)
        term.begins_on = term.ends_on - timedelta(days=30)
        session.flush()
        wanted = roster.stage_of(row, policy, day)
        found = [
            stage
            for stage in Stage
            if session.scalar(
                select(Registration.id).where(Registration.id == row.id, roster.at_stage(stage, policy, day))
            )
        ]
        assert found == [wanted]

    holds()


@pytest.mark.parametrize("years", [60, 61, 64, 65])
def test_the_database_counts_birthdays_as_the_law_does(app, session, cast, years):
    row = put(session, cast, PEOPLE["window open"])
    for born in (date(1960, 2, 29), date(1961, 2, 28), date(1959, 12, 31), date(1964, 3, 1)):
        row.birth_date = born
        session.flush()
        for days in (-90, 0, 1):
            found = session.scalar(select(anniversary(Registration.birth_date, years, days)))
            assert found == birthday_at(born, years) + timedelta(days=days)


@pytest.mark.parametrize(
    ("reason", "on_it"),
    [
        ("expired", True), ("term_under_30_days", True), ("qualification_lost", True), ("lapsed_otherwise", True),
        ("employment_ended", False), ("died", False), ("age", False),
    ],
)  # fmt: skip
def test_who_was_cancelled_is_on_the_roster_as_long_as_nothing_says_that_he_left(
    app, session, cast, reason, on_it
):
    row = put(session, cast, Someone({"building": -40}, "cancelled", cancelled=reason))
    assert bool(session.scalars(roster.on_the_roster(cast.li_juan.actor)).all()) == on_it
    assert session.scalars(roster.on_the_roster(cast.fang_yuan.actor)).all() == []
    row.status = "annulled"
    session.commit()
    assert session.scalars(roster.on_the_roster(cast.li_juan.actor)).all() == []


def test_whom_another_enterprise_asks_for_has_left_the_roster_and_it_does_not_say_why(app, session, cast):
    row = put(session, cast, PEOPLE["lapsed"])
    person = session.get_one(Person, row.person_id)
    kind = registry["re_registration"]
    draft = file_declaration(session, kind, cast.fang_yuan.actor, person)
    session.commit()
    assert session.scalars(roster.on_the_roster(cast.li_juan.actor)).all() == [row]
    assert take(session, cast, draft.id, "submit").state == "submitted"
    assert session.scalars(roster.on_the_roster(cast.li_juan.actor)).all() == []


def test_who_stands_under_another_number_elsewhere_has_left_the_roster(app, session, cast):
    row = put(session, cast, PEOPLE["lapsed"])
    person = replace(cast.zhang_wei, actor=replace(cast.zhang_wei.actor, person_id=row.person_id))
    registered(session, cast.liu_yang, person, certified=False)
    assert session.scalars(roster.on_the_roster(cast.li_juan.actor)).all() == []


@pytest.mark.parametrize(
    "who", ["lapsed and locked", "lapsed, without a real name", "lapsed, false material"]
)
def test_of_somebody_who_was_here_it_is_not_told_what_others_have_to_do_with_him(app, session, cast, who):
    row = put(session, cast, PEOPLE[who])
    (one,) = roster.read(session, [row])[row.id].possibilities
    assert [str(said) for said in one.hindrances] == [
        "Something stands against it that the check of the declaration will name."
    ]
