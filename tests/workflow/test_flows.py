"""The tables of legal moves are sound, whatever is added to them."""

import pytest

from app.models.declaration import State
from app.security.access.roles import Role
from app.workflow import flows, states
from app.workflow.moves import Flow

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
def test_the_register_changes_at_the_announcement_alone(flow):
    assert [(move.action, move.to) for move in flow.moves if move.effect] == [("announce", State.ANNOUNCED)]


@every_flow
def test_completed_is_reached_from_announced_alone_and_by_the_system(flow):
    into = [move for move in flow.moves if move.to is State.COMPLETED]
    assert [(move.sources, move.by) for move in into] == [(frozenset({State.ANNOUNCED}), Role.SYSTEM)]


@pytest.mark.parametrize(("flow", "move"), MOVES)
def test_a_move_that_takes_something_from_the_applicant_needs_a_reason(flow, move):
    takes = move.to in {State.RETURNED, State.REFUSED, State.NOT_ACCEPTED} or move.action == "send_back"
    assert move.reason == (takes or move.action == "extend")


@pytest.mark.parametrize(("flow", "move"), MOVES)
def test_a_move_has_a_label_and_a_mover_that_exists(flow, move):
    assert str(move.label)
    assert str(move.done)
    assert move.by is not Role.PUBLIC


def test_every_state_has_its_words():
    for words in (states.LABELS, states.TONES):
        assert set(words) == set(State)
    assert set(states.HOLDERS) == set(State) - states.ENDS
