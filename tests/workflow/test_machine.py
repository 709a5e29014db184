"""A search over everything that anybody may ask of `perform`: no path skips a step, and no person does two parts."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select
from werkzeug.exceptions import NotFound

from app.cli.demo.makers import id_number
from app.declarations.initial_registration import TYPE
from app.models import UNDER_WAY, Certificate, Decision, Declaration, PolicyValue, Registration, State
from app.security.access.roles import SYSTEM
from app.workflow.call import Opinion
from app.workflow.perform import perform
from tests.cast import add_constructor, assemble, file_draft

ACTIONS = [move.action for move in TYPE.flow.moves]
PEOPLE = [
    "li_juan",
    "fang_yuan",
    "liu_yang",
    "zhang_wei",
    "wang_qiang",
    "zhao_min",
    "chen_jing",
    "zhou_min",
    "admin",
]
BORN = date(1991, 1, 1)
WHOLE_WAY = ["submit", "accept", "endorse", "approve", "publicise", "announce", "complete"]
MOVES = {(move.action, state, move.to) for move in TYPE.flow.moves for state in move.sources}

pytestmark = pytest.mark.both_engines


class Search(RuleBasedStateMachine):
    """Two enterprises and two persons, four drafts, and everybody asking for everything."""

    session = cast = None
    serial = 0

    def __init__(self):
        super().__init__()
        self.session.rollback()
        people = []
        for _ in range(2):
            Search.serial += 1
            people.append(
                add_constructor(self.session, self.cast.wang_qiang, "演示", id_number(BORN, Search.serial))
            )
        clerks = (self.cast.li_juan, self.cast.fang_yuan)
        self.rows = [file_draft(self.session, clerk, person) for clerk in clerks for person in people]

    @rule(
        row=st.integers(0, 3),
        action=st.sampled_from(ACTIONS),
        who=st.sampled_from([*PEOPLE, "system"]),
        opinion=st.builds(Opinion, st.sampled_from(["", "理由"]), st.sampled_from([True, False, None])),
        version=st.sampled_from([None, None, -1]),
    )
    def somebody_asks(self, row, action, who, opinion, version):
        self.ask(self.rows[row], action, who, opinion, version)

    @rule(
        row=st.integers(0, 3), steps=st.integers(1, 7), announcer=st.sampled_from(["chen_jing", "zhou_min"])
    )
    def a_case_goes_on(self, row, steps, announcer):
        """Without a path that leads on, a search by chance alone would never see a certificate."""
        movers = ["li_juan", "wang_qiang", "wang_qiang", "chen_jing", "chen_jing", announcer, "system"]
        if row > 1:
            movers[0] = "fang_yuan"
        for action, who in list(zip(WHOLE_WAY, movers, strict=True))[:steps]:
            self.ask(self.rows[row], action, who, Opinion("好", True))

    def ask(self, key, action, who, opinion, version=None):
        before = self.state(key)
        actor = SYSTEM if who == "system" else getattr(self.cast, who).actor
        try:
            outcome = perform(self.session, action, {key: version}, actor, opinion=opinion)
        except NotFound:
            assert self.state(key) == before
            return
        after = self.state(key)
        assert (action, before, after) in MOVES if key in outcome.done else before == after
        assert version is None or not outcome.done

    def state(self, key):
        self.session.rollback()
        return self.session.scalar(select(Declaration.state).where(Declaration.id == key))

    def history(self, key):
        return self.session.scalars(
            select(Decision).where(Decision.declaration_id == key).order_by(Decision.id)
        ).all()

    @invariant()
    def every_history_is_a_chain_of_legal_moves_from_the_draft_to_here(self):
        for key in self.rows:
            steps = self.history(key)
            assert {(one.action, one.from_state, one.to_state) for one in steps} <= MOVES
            states = [State.DRAFT, *(one.to_state for one in steps)]
            assert [one.from_state for one in steps] == states[:-1]
            assert all(one.to_state == other.from_state for one, other in pairwise(steps))
            assert states[-1] == self.state(key)

    @invariant()
    def completed_is_reached_by_the_whole_way_alone(self):
        for key in self.rows:
            if self.state(key) in {State.ANNOUNCED, State.COMPLETED}:
                actions = [one.action for one in self.history(key)]
                for action in WHOLE_WAY[: 7 if self.state(key) == State.COMPLETED else 6]:
                    assert action in actions or (action == "accept" and "deem_accepted" in actions)

    @invariant()
    def the_register_holds_the_announced_ones_and_nobody_else(self):
        for key in self.rows:
            row = self.session.get_one(Declaration, key)
            announced = row.state in {State.ANNOUNCED, State.COMPLETED}
            assert (row.registration_id is not None) == announced
            certificates = self.session.scalar(select(func.count()).where(Certificate.declaration_id == key))
            assert certificates == int(announced)

    @invariant()
    def a_person_has_at_most_one_declaration_under_way(self):
        for pair in (self.rows[0::2], self.rows[1::2]):
            assert sum(self.state(key) in UNDER_WAY for key in pair) <= 1

    @invariant()
    def who_approved_did_not_announce(self):
        for key in self.rows:
            by = {one.action: one.actor_id for one in self.history(key)}
            assert "announce" not in by or by["approve"] != by["announce"]

    @invariant()
    def the_initiator_never_decides(self):
        for key in self.rows:
            for one in self.history(key):
                if one.action not in {"submit", "withdraw"}:
                    assert one.role not in {"Enterprise", "Individual"}

    @precondition(lambda self: self.rows)
    @invariant()
    def numbers_have_no_gap_and_no_double(self):
        serials = sorted(int(number[-5:]) for number in self.session.scalars(select(Registration.number)))
        assert serials == list(range(1, len(serials) + 1))


def test_no_path_breaks_a_promise(app, session):
    with app.app_context(), app.test_request_context():
        session.add(PolicyValue(key="publicity_days", value="0", valid_from=date(2020, 1, 1), source="测试"))
        Search.session, Search.cast, Search.serial = session, assemble(session), 0
        run_state_machine_as_test(Search, settings=settings(stateful_step_count=20))
