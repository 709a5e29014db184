"""The answer to an objector: for whoever has both the receipt and the name, and for nobody else."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions.refused import Refused
from app.models import AuditEntry, Objection, ObjectionState
from app.services.objections import MOST_IN_AN_HOUR, TooManyQuestions, progress_of
from app.services.publicity import dismiss_objection, raise_objection
from app.workflow.call import Opinion
from app.workflow.perform import perform
from tests.desk import declared

_APPROVED = ("submit", "accept", "endorse", "approve")
NAME, ADDRESS = "王 某", "203.0.113.7"


@pytest.fixture
def raised(session, cast, app):
    row = declared(session, cast, *_APPROVED, "publicise")
    with app.test_request_context():
        objection = raise_objection(
            session, row.id, objector=NAME, contact="13900000000", content="该人员未在该单位工作。"
        )
        session.commit()
    return objection


@pytest.mark.both_engines
def test_an_objector_learns_that_it_is_being_examined(session, raised):
    found = progress_of(session, f" {raised.receipt.lower()} ", "王某", ADDRESS)
    assert (found.state, found.reason, found.settled_on) == (ObjectionState.OPEN, "", None)
    assert found.receipt == raised.receipt


@pytest.mark.both_engines
def test_an_objector_learns_how_it_ended_and_why(session, cast, raised):
    dismiss_objection(session, cast.chen_jing.actor, raised.id, "社保记录与申报一致。")
    session.commit()
    found = progress_of(session, raised.receipt, NAME, ADDRESS)
    assert found.state == ObjectionState.DISMISSED
    assert found.reason == "社保记录与申报一致。"
    assert found.settled_on is not None


@pytest.mark.on_postgresql
def test_what_another_officer_has_upheld_meanwhile_is_not_dismissed(
    session, cast, raised, app, engine, stages
):
    """Both had the page open. Else the objector would read that nothing came of it, and the person be refused."""
    with app.app_context(), app.test_request_context(), Session(stages(engine).database) as other:
        seen = other.get_one(Objection, raised.id)
        assert seen.state == ObjectionState.OPEN
        perform(
            session,
            "uphold",
            {raised.declaration_id: None},
            cast.zhou_min.actor,
            opinion=Opinion("确有挂证。", ground="two_units"),
        )
        with pytest.raises(Refused):
            dismiss_objection(other, cast.chen_jing.actor, seen.id, "社保记录与申报一致。")
        other.rollback()
    session.refresh(raised)
    assert (raised.state, raised.reason) == (ObjectionState.UPHELD, "确有挂证。")


@pytest.mark.parametrize("name", ["", "王", "李某", "%", "王某 OR 1=1"])
def test_the_receipt_alone_tells_nothing(session, raised, name):
    assert progress_of(session, raised.receipt, name, ADDRESS) is None


@pytest.mark.parametrize("receipt", ["", "Y", "Y999999990001", "%", "Y" * 500])
def test_the_name_alone_tells_nothing(session, raised, receipt):
    assert progress_of(session, receipt, NAME, ADDRESS) is None


def test_the_receipt_cannot_be_combined_with_guessed_names(session, raised):
    for place in range(MOST_IN_AN_HOUR):
        assert progress_of(session, raised.receipt, f"猜{place}", f"203.0.113.{place}") is None
    with pytest.raises(TooManyQuestions):
        progress_of(session, raised.receipt, NAME, "198.51.100.1")


def test_one_address_cannot_go_through_the_receipts(session, raised):
    for place in range(MOST_IN_AN_HOUR):
        assert progress_of(session, f"Y20261122{place:04d}9", NAME, ADDRESS) is None
    with pytest.raises(TooManyQuestions):
        progress_of(session, raised.receipt, NAME, ADDRESS)


def test_that_it_was_asked_is_recorded_without_the_name(session, raised):
    progress_of(session, raised.receipt, NAME, ADDRESS)
    session.commit()
    lines = session.scalars(select(AuditEntry).where(AuditEntry.action == "objection.ask")).all()
    assert [line.subject_id for line in lines] == [str(raised.id)]
    assert "王" not in lines[0].detail
    assert session.scalars(select(Objection)).one().state == ObjectionState.OPEN
