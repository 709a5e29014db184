"""Who is told of which step: the table of moves, read as those who are told read it."""

import json

import pytest
from sqlalchemy import select

from app.cli.demo.filing import file_declaration
from app.models import Attachment, Declaration, Notice, Person, StoredFile
from app.workflow.moves import Told
from app.workflow.perform import perform
from app.workflow.types import registry
from tests.cast import assemble, file_draft, take
from tests.registered import registered

pytestmark = pytest.mark.both_engines


@pytest.fixture
def cast(app, session):
    with app.app_context():
        yield assemble(session)


def told(session, member) -> list[str]:
    """The kinds of all that this enterprise or person was told, in the order of time."""
    session.rollback()
    actor = member.actor
    mine = (
        Notice.enterprise_id == actor.enterprise_id
        if actor.enterprise_id
        else Notice.person_id == actor.person_id
    )
    return list(session.scalars(select(Notice.kind).where(mine).order_by(Notice.id)))


def transfer(session, cast) -> int:
    """方圆 asks 李娟's enterprise to let 张伟 go."""
    held = registered(session, cast.li_juan, cast.zhang_wei, kind="temporary")
    row = file_declaration(
        session, registry["temporary_transfer"], cast.fang_yuan.actor,
        session.get_one(Person, cast.zhang_wei.actor.person_id), held,
    )  # fmt: skip
    session.commit()
    return row.id


def cancellation(session, cast, kind="cancellation") -> int:
    held = registered(session, cast.li_juan, cast.zhang_wei)
    starter = cast.li_juan if kind == "cancellation" else cast.zhang_wei
    row = file_declaration(
        session, registry[kind], starter.actor, session.get_one(Person, cast.zhang_wei.actor.person_id), held
    )
    session.commit()
    return row.id


def test_of_a_first_registration_both_the_enterprise_and_the_person_are_told(session, cast):
    key = file_draft(session, cast.li_juan, cast.zhang_wei)
    take(
        session,
        cast,
        key,
        "submit",
        "accept",
        "return",
        "submit",
        "accept",
        "endorse",
        "approve",
        "publicise",
    )
    of_both = ["accepted", "returned", "accepted", "publicised"]
    assert told(session, cast.li_juan) == of_both
    assert told(session, cast.zhang_wei) == ["declared", "accepted", "returned", "declared", *of_both[2:]]
    assert told(session, cast.fang_yuan) == []


def test_a_notice_names_case_and_day_and_no_datum_of_the_person(session, cast):
    key = file_draft(session, cast.li_juan, cast.zhang_wei)
    row = take(session, cast, key, "submit", "accept")
    notice = session.scalars(select(Notice).where(Notice.kind == "accepted")).first()
    assert json.loads(notice.parameters) == {
        "type": "initial_registration",
        "number": row.number,
        "enterprise": row.enterprise_name,
        "due": row.due_on.isoformat(),
    }
    assert (notice.declaration_id, notice.unread, notice.read_at) == (key, True, None)
    assert row.name not in notice.parameters


def test_the_person_is_asked_to_confirm_and_the_enterprise_hears_the_answer(session, cast):
    key = cancellation(session, cast)
    take(session, cast, key, "submit")
    assert told(session, cast.zhang_wei) == ["asked_to_confirm"]
    take(session, cast, key, "disagree", "submit", "agree")
    assert told(session, cast.li_juan) == ["disagreed", "agreed"]
    assert told(session, cast.zhang_wei) == ["asked_to_confirm", "asked_to_confirm"]


def test_what_a_person_begins_asks_the_enterprise(session, cast):
    key = cancellation(session, cast, "personal_cancellation")
    take(session, cast, key, "submit", "go_unanswered")
    assert told(session, cast.li_juan) == ["asked_to_confirm", "unanswered"]
    assert told(session, cast.zhang_wei) == ["unanswered"]


def test_whoever_is_passed_over_hears_that_the_province_decides(session, cast):
    key = cancellation(session, cast)
    take(session, cast, key, "submit", "go_unanswered")
    file = session.scalar(select(StoredFile.id).limit(1))
    session.add(Attachment(kind="evidence", file_name="证据.pdf", file_id=file, declaration_id=key))
    session.commit()
    take(session, cast, key, "force", "approve", "announce")
    assert told(session, cast.zhang_wei) == ["asked_to_confirm", "unanswered", "forced", "announced"]
    assert told(session, cast.li_juan) == ["unanswered", "announced"]


def test_a_transfer_tells_both_employers_and_the_person(session, cast):
    key = transfer(session, cast)
    take(session, cast, key, "submit", "consent", "approve", "announce")
    assert told(session, cast.li_juan) == ["asked_to_confirm", "announced"]
    assert told(session, cast.fang_yuan) == ["consented", "announced"]
    assert told(session, cast.zhang_wei) == ["declared", "consented", "announced"]
    assert told(session, cast.liu_yang) == []


def test_a_step_that_is_refused_tells_nobody(session, cast):
    key = file_draft(session, cast.li_juan, cast.zhang_wei)
    session.get_one(Declaration, key).school = ""
    session.commit()
    outcome = perform(session, "submit", {key: None}, cast.li_juan.actor)
    assert outcome.done == []
    assert told(session, cast.zhang_wei) == []


def test_every_step_that_an_applicant_waits_for_tells_him(app):
    """No decision of an authority and no answer of the other party goes by in silence."""
    for kind in registry:
        for move in kind.flow.moves:
            if move.action in {"endorse", "approve", "send_back"}:
                assert move.tells == (), "what lies between two authorities is told when it is decided"
            elif move.action not in {"submit", "withdraw", "force"}:
                assert Told.INITIATOR in dict(move.tells), (
                    f"{kind.key}: {move.action} tells the applicant nothing"
                )
