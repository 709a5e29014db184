"""Which cases are compared with which registers, and by which steps that is asked for."""

from dataclasses import replace

import pytest

from app.models import ComparisonKind
from app.workflow import flows
from app.workflow.moves import Flow, Mover
from app.workflow.states import WAITING_FOR
from app.workflow.types import registry

COMPARED = {
    "initial_registration": ["duplicate", "insurance"],
    "re_registration": ["duplicate", "insurance"],
    "addition": ["insurance"],
    "renewal": ["insurance"],
    "replacement": [],
    "cancellation": ["projects"],
    "personal_cancellation": ["projects"],
    "id_correction": [],
    "transfer": ["duplicate", "projects", "insurance"],
    "temporary_transfer": ["duplicate", "projects", "insurance"],
    "temporary_extension": ["insurance"],
    "temporary_cancellation": ["projects"],
}
TABLES = [value for value in vars(flows).values() if isinstance(value, Flow)]


def test_what_a_type_is_compared_with_follows_from_what_it_asks(app):
    assert {kind.key: [str(one) for one in kind.comparisons] for kind in registry} == COMPARED


def test_a_type_may_say_otherwise(app):
    renewal = registry["renewal"]
    assert replace(renewal, compared_with=()).comparisons == ()
    assert replace(renewal, compared_with=[ComparisonKind.PROJECTS]).comparisons == (ComparisonKind.PROJECTS,)


@pytest.mark.parametrize("table", TABLES, ids=lambda one: one.name)
def test_a_comparison_is_asked_for_by_the_step_that_brings_a_case_before_an_authority_or_to_its_end(table):
    """注销 is settled by its parties: what is known has to be known before the other one agrees."""
    reviewed = frozenset(state for states in WAITING_FOR.values() for state in states)
    for move in table.moves:
        arrives = isinstance(move.by, Mover) and move.to in reviewed
        settled = table is flows.TWO_PARTY and move.action == "submit"
        assert move.compares == (arrives or settled), move.action
    assert any(move.compares for move in table.moves)
