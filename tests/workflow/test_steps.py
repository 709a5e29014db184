"""The way of a case is read from the table of moves, and never told twice."""

from app.models.declaration import State
from app.workflow.flows import EMPLOYER_CONSENT, REVIEWED, REVIEWED_WITHOUT_PUBLICITY, TWO_PARTY
from app.workflow.steps import way, way_of


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


def test_a_case_of_two_parties_ends_with_the_consent_of_the_other_one():
    assert way(TWO_PARTY) == [State.DRAFT, State.AWAITING_CONFIRMATION, State.COMPLETED]
    passed = [State.AWAITING_CONFIRMATION]
    assert way_of(TWO_PARTY, passed, State.AWAITING_CONFIRMATION) == way(TWO_PARTY)[1:]


def test_what_the_province_is_asked_to_decide_goes_on_by_its_steps():
    forced = [
        State.AWAITING_CONFIRMATION, State.REFERRED, State.APPROVED, State.ANNOUNCED, State.COMPLETED,
    ]  # fmt: skip
    passed = [State.AWAITING_CONFIRMATION, State.RETURNED, State.REFERRED]
    assert way_of(TWO_PARTY, passed, State.REFERRED) == forced
    assert way_of(TWO_PARTY, [*passed, State.APPROVED, State.ANNOUNCED], State.ANNOUNCED) == forced
    assert way_of(TWO_PARTY, [*passed, State.RETURNED], State.RETURNED) == way(TWO_PARTY)[1:]
    again = [*passed, State.RETURNED, State.AWAITING_CONFIRMATION]
    assert way_of(TWO_PARTY, again, State.AWAITING_CONFIRMATION) == way(TWO_PARTY)[1:]


def test_a_transfer_goes_from_the_former_employer_to_the_province():
    assert way(EMPLOYER_CONSENT) == [
        State.DRAFT, State.AWAITING_CONFIRMATION, State.REFERRED, State.APPROVED, State.ANNOUNCED,
        State.COMPLETED,
    ]  # fmt: skip
