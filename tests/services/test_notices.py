"""Notices that no step sends: once each, whoever asks again."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.models import Notice
from app.services import notices
from app.services.notices import Message

pytestmark = pytest.mark.both_engines


def number(session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Notice))


def test_what_has_a_key_is_sent_once(session, cast):
    message = Message("term_ends", person_id=cast.zhang_wei.actor.person_id, key="term:1:2026-08-30:90:p")
    assert [notices.send(session, [message]), notices.send(session, [message])] == [1, 0]
    session.commit()
    assert notices.send(session, [message, Message("x", person_id=cast.zhang_wei.actor.person_id)]) == 1
    session.commit()
    assert number(session) == 2


def test_the_database_itself_holds_that_a_key_is_sent_once(session, cast):
    session.add(Notice(kind="term_ends", person_id=cast.zhang_wei.actor.person_id, key="same"))
    session.commit()
    session.add(Notice(kind="term_ends", person_id=cast.zhang_wei.actor.person_id, key="same"))
    with pytest.raises(IntegrityError):
        session.commit()


@pytest.mark.parametrize("readers", [("li_juan", "zhang_wei"), ()])
def test_a_notice_has_one_reader(session, cast, readers):
    row = Notice(kind="declared")
    for name in readers:
        actor = getattr(cast, name).actor
        row.enterprise_id, row.person_id = row.enterprise_id or actor.enterprise_id, actor.person_id
    session.add(row)
    with pytest.raises(IntegrityError):
        session.commit()


def test_nobody_marks_what_was_told_to_another_one(session, cast):
    session.add(Notice(kind="declared", person_id=cast.zhang_wei.actor.person_id))
    session.commit()
    (key,) = session.scalars(select(Notice.id))
    for stranger in (cast.li_juan, cast.wang_qiang, cast.chen_jing, cast.admin):
        assert notices.mark_read(session, stranger.actor, [key]) == 0
        assert notices.mark_read(session, stranger.actor) == 0
    assert notices.mark_read(session, cast.zhang_wei.actor, [key]) == 1
    assert notices.mark_read(session, cast.zhang_wei.actor) == 0
