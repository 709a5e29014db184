"""A search over histories of one person: whatever is filed, announced, cancelled and moved, the register stays true."""

import json
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from app.cli.demo.filing import file_declaration
from app.cli.demo.makers import id_number
from app.extensions.clock import today
from app.extensions.refused import Refused
from app.models import (
    UNDER_WAY,
    Certificate,
    Decision,
    Declaration,
    DictionaryEntry,
    Ending,
    Person,
    PolicyValue,
    Registration,
    RegistrationEvent,
    State,
)
from app.models.policy import Policy
from app.services import terms
from app.workflow.perform import perform
from app.workflow.steps import way
from app.workflow.types import Picker, registry
from tests.cast import WORDS, add_constructor, assemble, mover
from tests.prepared import TEST_TIME
from tests.registered import registered
from tests.workflow.acting import Authority

KINDS = [
    "initial_registration", "re_registration", "addition", "renewal", "replacement", "cancellation",
    "personal_cancellation", "id_correction", "transfer", "temporary_transfer", "temporary_extension",
    "temporary_cancellation",
]  # fmt: skip
BORN = date(1983, 2, 28)
_IN_A_DAY = 1_000
"""So many numbers are there for one date of birth."""

HELD = (State.DRAFT, *UNDER_WAY)

pytestmark = pytest.mark.both_engines


FILINGS = st.tuples(
    st.integers(0, 1_000),
    st.sampled_from(["li_juan", "fang_yuan", "liu_yang"]),
    st.integers(1, 3),
    st.sampled_from([9, 9, 9, 2]),
    st.booleans(),
)
"""Which type's turn it is, by whom, for how many specialties, how far it goes, and whether something was lost."""


class Search(Authority, RuleBasedStateMachine):
    """One person with three qualifications, three enterprises, both authorities, and years that pass."""

    session = cast = clock = None
    serial = 0

    @initialize(
        stands=st.sampled_from(["nowhere", "registered", "registered", "temporary", "temporary"]),
        on_paper=st.sampled_from([False, False, True]),
    )
    def somebody_comes(self, stands, on_paper):
        self.session.rollback()
        self.clock.move_to(TEST_TIME)
        person = add_constructor(
            self.session,
            Search.cast.wang_qiang,
            "演示",
            self.new_number(),
            ("building", "municipal", "highway"),
        )
        self.session.commit()
        self.people = replace(Search.cast, zhang_wei=person)
        self.known: dict[tuple[str, int], str] = {}
        ends = {"building": today() + timedelta(days=70), "municipal": today() + timedelta(days=500)}
        if stands != "nowhere":
            registered(
                self.session, self.cast.li_juan, person, kind=stands, ends=ends, certified=not on_paper
            )

    @staticmethod
    def new_number() -> str:
        Search.serial += 1
        return id_number(BORN + timedelta(Search.serial // _IN_A_DAY), Search.serial % _IN_A_DAY)

    @property
    def person_id(self) -> int:
        return self.people.zhang_wei.actor.person_id

    def standing(self, kind: str) -> Registration | None:
        return self.session.scalar(
            select(Registration).where(
                Registration.person_id == self.person_id,
                Registration.kind == kind,
                Registration.status == "valid",
            )
        )

    def clerk_of(self, enterprise_id: int):
        people = (self.people.li_juan, self.people.fang_yuan, self.people.liu_yang)
        return next(one for one in people if one.actor.enterprise_id == enterprise_id)

    def fitting(self) -> list[str]:
        """The types whose turn it is, by what stands in the register; each of the others once beside them all."""
        known = {row.kind: row.status for row in self.rows()}
        wanted = {
            kind.key
            for kind in registry
            if (known.get(kind.registration_kind) == "valid") is kind.of_registration
            and (kind.key != "initial_registration" or not known)
            and (kind.key != "re_registration" or known.get(kind.registration_kind) == "cancelled")
        }
        return [*sorted(wanted) * 3, *KINDS]

    @rule(filings=st.lists(FILINGS, min_size=2, max_size=5), days=st.sampled_from([0, 1, 400]))
    def some_years_of_a_person(self, filings, days):
        """One after the other, as whoever may begin it; the promises are asked after each step of the search."""
        for filing in filings:
            self.one_is_filed(*filing)
            self.clock.shift(timedelta(days=days))

    def one_is_filed(self, turn: int, who: str, keep: int, steps: int, lost: bool) -> None:
        """About what stands now, by whoever may begin it; what the rules refuse goes no further."""
        fitting = self.fitting()
        key = fitting[turn % len(fitting)]
        kind = registry[key]
        row = self.standing(kind.registration_kind) if kind.of_registration else None
        if kind.of_registration and row is None:
            return
        filer = getattr(self.people, who)
        if kind.picker is Picker.CERTIFICATE and row is not None:
            filer = self.people.zhang_wei if kind.initiator == "person" else self.clerk_of(row.enterprise_id)
        typed = {"new_id_number": self.new_number()} if key == "id_correction" else {}
        typed |= {"replacement_reason": "loss" if lost else "damage"} if key == "replacement" else {}
        person = self.session.get_one(Person, self.person_id)
        try:
            filed = file_declaration(self.session, kind, filer.actor, person, row, **typed)
        except Refused:
            self.session.rollback()
            return
        if kind.specialties != "all":
            filed.specialties = filed.specialties[:keep]
        self.session.commit()
        self.go_on(filed.id, steps)

    @rule(steps=st.integers(1, 9))
    def what_lies_about_goes_on(self, steps):
        for key in self.session.scalars(
            select(Declaration.id).where(Declaration.person_id == self.person_id, Declaration.state.in_(HELD))
        ).all():
            self.go_on(key, steps)

    @rule(
        action=st.sampled_from(
            ["disagree", "return", "withdraw", "refuse", "lapse", "go_unanswered", "force"]
        )
    )
    def somebody_stops_a_case(self, action):
        for key in self.session.scalars(
            select(Declaration.id).where(Declaration.person_id == self.person_id, Declaration.state.in_(HELD))
        ).all():
            move = registry[self.session.get_one(Declaration, key).type_key].flow.find(action)
            if move is not None:
                self.step(key, action)

    def go_on(self, key: int, steps: int) -> None:
        for _ in range(steps):
            row = self.session.get_one(Declaration, key, populate_existing=True)
            flow = registry[row.type_key].flow
            path = way(flow)
            if row.state == State.RETURNED:
                onward = "submit"
            elif row.state in path[:-1]:
                to = path[path.index(row.state) + 1]
                onward = next(move.action for move in flow.from_state(row.state) if move.to == to)
            else:
                onward = next((move.action for move in flow.from_state(row.state)), "")
            if not onward or not self.step(key, onward):
                return

    def step(self, key: int, action: str) -> bool:
        row = self.session.get_one(Declaration, key, populate_existing=True)
        actor = mover(self.session, self.people, row, action)
        try:
            outcome = perform(self.session, action, {key: None}, actor, opinion=WORDS.get(action))
        except NotFound:
            self.session.rollback()
            return False
        return bool(outcome.done)

    @rule(days=st.sampled_from([1, 40, 400]))
    def days_pass(self, days):
        self.clock.shift(timedelta(days=days))

    @rule(kind=st.sampled_from(["registered", "temporary"]))
    def the_end_of_a_term_comes_near(self, kind):
        row = self.standing(kind)
        soonest = min((one.ends_on for one in row.held), default=None) if row else None
        if soonest is not None and (left := (soonest - today()).days) > 60:
            self.clock.shift(timedelta(days=left - 60))

    # ------------------------------------------------------------------------------------------- the promises

    def rows(self) -> list[Registration]:
        self.session.rollback()
        return list(
            self.session.scalars(
                select(Registration).where(
                    Registration.person_id == getattr(self, "people", self.cast).zhang_wei.actor.person_id
                )
            )
        )

    @invariant()
    def numbers_are_given_once(self):
        self.session.rollback()
        for column in (Registration.number, Declaration.number):
            given = Counter(one for one in self.session.scalars(select(column)) if one)
            assert not [number for number, times in given.items() if times > 1]
        holders: dict[str, set[int]] = {}
        for number, key in self.session.execute(select(Certificate.number, Certificate.registration_id)):
            holders.setdefault(number, set()).add(key)
        assert all(len(keys) == 1 for keys in holders.values())

    @invariant()
    def at_most_one_registration_of_a_kind_stands_and_as_long_as_a_specialty_does(self):
        """Of what has ended a record of the paper era may be another one."""
        rows = self.rows()
        standing = [one.kind for one in rows if one.status == "valid"]
        assert len(set(standing)) == len(standing)
        for row in rows:
            live = [one for one in row.specialties if one.removed_on is None]
            assert (row.status == "valid") == bool(live)
            assert len({one.specialty for one in live}) == len(live)
            assert (row.cancelled_on is None) == (row.status == "valid")
            if live:
                assert row.ends_on == max(one.ends_on for one in live)
                last = terms.last_day(row.kind, row.birth_date, Policy({}))
                assert all(one.begins_on <= one.ends_on <= last for one in live)

    @invariant()
    def history_is_only_added_to(self):
        rows = self.rows()
        if not hasattr(self, "known"):
            return
        kept = {}
        mine = [one.id for one in rows]
        for event in self.session.scalars(
            select(RegistrationEvent).where(RegistrationEvent.registration_id.in_(mine))
        ):
            names = RegistrationEvent.__table__.columns.keys()
            kept["event", event.id] = "\n".join(f"{name}: {getattr(event, name)}" for name in names)
        for key, text in self.session.execute(
            select(Certificate.id, Certificate.face).where(Certificate.registration_id.in_(mine))
        ):
            kept["certificate", key] = text
        for row in rows:
            for one in row.specialties:
                kept["specialty", one.id] = one.specialty
        for key, action in self.session.execute(
            select(Decision.id, Decision.action)
            .join(Declaration, Declaration.id == Decision.declaration_id)
            .where(Declaration.person_id == self.person_id)
        ):
            kept["step", key] = action
        assert self.known.items() <= kept.items()
        self.known = kept

    @invariant()
    def a_certificate_says_what_the_register_said_when_it_was_allotted(self):
        labels = dict(
            self.session.execute(
                select(DictionaryEntry.code, DictionaryEntry.label_zh).where(
                    DictionaryEntry.dictionary == "specialty"
                )
            ).all()
        )
        for row in self.rows():
            written = defaultdict(list)
            for event in self.session.scalars(
                select(RegistrationEvent).where(RegistrationEvent.registration_id == row.id)
            ):
                said = json.loads(event.content)
                terms = [[labels[name], *days] for name, *days in said["specialties"]]
                told = (terms, said["enterprise_name"], said["name"], said["birth_date"])
                written[event.declaration_id].append(told)
                # Without a declaration of its own it may follow from one about another registration of the person.
                written[None].append(told)
            for certificate in row.certificates:
                face = json.loads(certificate.face)
                printed = tuple(face[one] for one in ("specialties", "enterprise", "name", "birth_date"))
                assert printed in written[certificate.declaration_id]
                assert face["registration_number"] == row.number

    @invariant()
    def one_certificate_is_in_force_and_lists_exactly_what_the_register_has(self):
        """Through a partial lapse, a correction and another name of the employer; of paper there is none."""
        labels = dict(
            self.session.execute(
                select(DictionaryEntry.code, DictionaryEntry.label_zh).where(
                    DictionaryEntry.dictionary == "specialty"
                )
            ).all()
        )
        for row in self.rows():
            in_force = [one for one in row.certificates if one.ended_on is None]
            assert len(in_force) == (row.status == "valid" and bool(row.certificates))
            for one in in_force:
                face = json.loads(one.face)
                assert face["specialties"] == [
                    [labels[term.specialty], term.begins_on.isoformat(), term.ends_on.isoformat()]
                    for term in row.specialties
                    if term.removed_on is None
                ]
                assert (face["enterprise"], face["name"], face["birth_date"]) == (
                    row.enterprise_name, row.name, row.birth_date.isoformat(),
                )  # fmt: skip

    @invariant()
    def what_ended_says_since_when_and_why(self):
        for row in self.rows():
            for one in row.certificates:
                assert (one.ended_on is None) == (one.ended_because is None)
                assert one.ended_because is None or (
                    Ending(one.ended_because) and one.ended_on >= one.issued_on
                )
            versions = [one.version for one in row.certificates]
            assert versions == list(range(1, len(versions) + 1))


def test_no_history_of_a_person_leaves_the_register_untrue(app, session, clock):
    with app.app_context(), app.test_request_context():
        for key, value in (("publicity_days", "0"), ("transfer_open", "1")):
            session.add(PolicyValue(key=key, value=value, valid_from=date(2020, 1, 1), source="测试"))
        Search.session, Search.cast, Search.clock, Search.serial = session, assemble(session), clock, 0
        fewer = max(1, settings().max_examples // 3)
        run_state_machine_as_test(Search, settings=settings(stateful_step_count=25, max_examples=fewer))
