"""The way of a case is read from the table of moves, and never told twice."""

from app.models.declaration import State
from app.workflow.flows import REVIEWED, REVIEWED_WITHOUT_PUBLICITY
from app.workflow.steps import way


def test_a_reviewed_case_passes_city_province_publicity_and_announcement():
    assert way(REVIEWED) == [
        State.DRAFT, State.SUBMITTED, State.ACCEPTED, State.ENDORSED, State.APPROVED, State.PUBLICISED,
        State.ANNOUNCED, State.COMPLETED,
    ]  # fmt: skip


def test_without_publicity_an_approved_case_is_announced():
    assert way(REVIEWED_WITHOUT_PUBLICITY) == [
        State.DRAFT, State.SUBMITTED, State.ACCEPTED, State.ENDORSED, State.APPROVED, State.ANNOUNCED,
        State.COMPLETED,
    ]  # fmt: skip
