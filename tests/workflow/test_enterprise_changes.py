"""The table by which an enterprise's change moves is sound, and every move is somebody's."""

import pytest
from werkzeug.exceptions import NotFound

from app.models import EnterpriseChange, State
from app.security.access.roles import OFFICERS, SYSTEM, Actor, Role
from app.workflow import enterprise_changes, states
from app.workflow.enterprise_changes import FLOW, legal, legal_moves
from app.workflow.moves import Mover

CLERK = Actor(1, "李娟", frozenset({Role.ENTERPRISE}), enterprise_id=1)
STRANGER = Actor(2, "方圆", frozenset({Role.ENTERPRISE}), enterprise_id=2)
CITY = Actor(3, "王强", frozenset({Role.MUNICIPAL}), region_code="430100")
NEW_CITY = Actor(4, "赵敏", frozenset({Role.MUNICIPAL}), region_code="430500")
PROVINCE = Actor(5, "陈静", frozenset({Role.PROVINCIAL}))

MAY = {
    State.DRAFT: {CLERK: ["submit"], SYSTEM: ["lapse"]},
    State.SUBMITTED: {CLERK: ["withdraw"], CITY: ["return", "endorse"]},
    State.RETURNED: {CLERK: ["submit", "withdraw"], SYSTEM: ["lapse"]},
    State.ENDORSED: {PROVINCE: ["return_to_applicant", "approve", "refuse"]},
    State.COMPLETED: {},
    State.REFUSED: {},
    State.LAPSED: {},
}


@pytest.mark.parametrize("state", sorted(FLOW.states))
def test_in_each_state_each_move_is_that_of_one_side_alone(state):
    row = EnterpriseChange(state=state, enterprise_id=1, region_code="430100", new_region_code="430500")
    everybody = (CLERK, STRANGER, CITY, NEW_CITY, PROVINCE, SYSTEM)
    may = {actor: [move.action for move in legal_moves(row, actor)] for actor in everybody}
    assert {actor: found for actor, found in may.items() if found} == MAY[state]


def test_every_state_is_reached_from_a_draft_and_has_its_words():
    reached, frontier = {State.DRAFT}, {State.DRAFT}
    while frontier:
        frontier = {move.to for state in frontier for move in FLOW.from_state(state)} - reached
        reached |= frontier
    assert reached == FLOW.states == set(MAY)
    assert all(states.LABELS[state] for state in reached)


def test_what_goes_against_the_enterprise_needs_a_reason_and_what_goes_on_is_asked_of_the_rules():
    of_officers = [move for move in FLOW.moves if move.by in OFFICERS]
    against = {move.action for move in of_officers if not move.checked}
    assert against == {move.action for move in FLOW.moves if move.reason}
    assert {move.action for move in FLOW.moves if move.effect} == {"approve"}
    assert all(move.tells for move in FLOW.moves if move.by is not Mover.INITIATOR)


def test_an_unknown_move_and_the_move_of_somebody_else_do_not_exist():
    row = EnterpriseChange(state=State.SUBMITTED, enterprise_id=1, region_code="430100")
    for action, actor in (("announce", PROVINCE), ("endorse", NEW_CITY), ("withdraw", STRANGER)):
        with pytest.raises(NotFound):
            legal(action, row, actor)
    assert legal("approve", row, PROVINCE) is None
    assert legal("endorse", row, CITY) is enterprise_changes.FLOW.find("endorse")
