"""The tables of legal moves are sound, whatever is added to them."""

import pytest

from app.models.declaration import State
from app.security.access.roles import Role
from app.workflow import flows, states
from app.workflow.moves import Flow, Mover

ALL = [value for value in vars(flows).values() if isinstance(value, Flow)]
MOVES = [pytest.param(flow, move, id=f"{flow.name}-{move.action}") for flow in ALL for move in flow.moves]
every_flow = pytest.mark.parametrize("flow", ALL, ids=lambda flow: flow.name)


@every_flow
def test_every_state_is_reached_from_a_draft(flow):
    reached, frontier = {State.DRAFT}, {State.DRAFT}
    while frontier:
        frontier = {move.to for state in frontier for move in flow.from_state(state)} - reached
        reached |= frontier
    assert reached == flow.states


@every_flow
def test_nothing_leaves_an_end_and_something_leaves_every_other_state(flow):
    for state in flow.states:
        assert bool(flow.from_state(state)) == (state not in states.ENDS), state


@every_flow
def test_an_action_stands_once_in_a_flow(flow):
    actions = [move.action for move in flow.moves]
    assert sorted(set(actions)) == sorted(actions)


@every_flow
def test_the_register_changes_at_the_announcement_or_where_the_second_party_agrees_to_the_end(flow):
    changing = {(move.action, move.to) for move in flow.moves if move.effect}
    agreed = {("agree", State.COMPLETED)} if flow is flows.TWO_PARTY else set()
    assert changing == {("announce", State.ANNOUNCED)} | agreed


@every_flow
def test_completed_is_reached_from_announced_by_the_system_or_by_the_consent_that_changes_the_register(flow):
    into = [move for move in flow.moves if move.to is State.COMPLETED]
    assert (into[-1].sources, into[-1].by) == (frozenset({State.ANNOUNCED}), Role.SYSTEM)
    for move in into[:-1]:
        assert move.effect
        assert (move.sources, move.by) == (frozenset({State.AWAITING_CONFIRMATION}), Mover.COUNTERPARTY)


@every_flow
def test_the_other_party_answers_and_does_nothing_else(flow):
    theirs = [move for move in flow.moves if move.by is Mover.COUNTERPARTY]
    assert {state for move in theirs for state in move.sources} <= {State.AWAITING_CONFIRMATION}
    assert {move.action for move in theirs} <= {"agree", "consent", "disagree"}
    assert not any(
        move.action in {"agree", "consent", "disagree"} for move in flow.moves if move not in theirs
    )


@every_flow
def test_whoever_began_it_can_only_take_back_what_the_other_party_has_in_hand(flow):
    own = [move.action for move in flow.from_state(State.AWAITING_CONFIRMATION) if move.by is Mover.INITIATOR]
    assert own == (["withdraw"] if State.AWAITING_CONFIRMATION in flow.states else [])


def test_the_province_is_asked_with_evidence_and_after_a_refusal_or_silence_alone():
    forcing = [(flow, move) for flow in ALL for move in flow.moves if move.evidence]
    assert [(flow.name, move.action, move.by) for flow, move in forcing] == [
        ("two_party", "force", Mover.INITIATOR)
    ]
    assert forcing[0][1].sources == {State.RETURNED}
    before = {move.action for move in flows.TWO_PARTY.moves if move.to is State.RETURNED}
    assert before == {"disagree", "go_unanswered", "return_to_applicant"}


@pytest.mark.parametrize(("flow", "move"), MOVES)
def test_a_move_that_takes_something_from_the_applicant_needs_a_reason(flow, move):
    takes = move.to in {State.RETURNED, State.REFUSED, State.NOT_ACCEPTED} or move.action == "send_back"
    by_silence = move.by is Role.SYSTEM
    assert move.reason == (
        (takes and not by_silence) or move.action in {"extend", "extend_at_province", "force", "end_dispute"}
    )


@pytest.mark.parametrize(("flow", "move"), MOVES)
def test_a_move_has_a_label_and_a_mover_that_exists(flow, move):
    assert str(move.label)
    assert str(move.done)
    assert move.by is not Role.PUBLIC


def test_every_state_has_its_words():
    for words in (states.LABELS, states.TONES):
        assert set(words) == set(State)
    assert set(states.HOLDERS) == set(State) - states.ENDS
