"""What is typed is kept for its owner alone, encrypted, within limits, and not for ever."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from app.extensions.refused import Refused
from app.models import FormDraft
from app.services import form_drafts

pytestmark = pytest.mark.both_engines

FORM = "TrialScreen 1"


def _keep(session, member, form=FORM, fields=(("name", "张三"),), version=1):
    draft = form_drafts.keep(session, member.actor, form, version, list(fields))
    session.commit()
    return draft


def _forms(session, member):
    rows = select(FormDraft.form).where(FormDraft.account_id == member.actor.account_id)
    return set(session.scalars(rows))


def test_another_account_has_no_draft_there(session, cast):
    _keep(session, cast.li_juan)
    assert form_drafts.draft_of(session, cast.liu_yang.actor, FORM) is None
    form_drafts.discard(session, cast.liu_yang.actor, FORM)
    assert form_drafts.draft_of(session, cast.li_juan.actor, FORM) is not None


def test_the_latest_input_takes_the_place_of_the_earlier_one(session, cast):
    _keep(session, cast.li_juan)
    _keep(session, cast.li_juan, fields=[("box", "1"), ("box", "2")], version=2)
    draft = form_drafts.draft_of(session, cast.li_juan.actor, FORM)
    assert form_drafts.fields_of(draft) == [("box", "1"), ("box", "2")]
    assert draft.version == 2
    assert session.scalar(select(func.count()).select_from(FormDraft)) == 1


def test_the_table_holds_no_plain_word(session, cast):
    _keep(session, cast.li_juan, fields=[("id_number", "439900198506150019")])
    (stored,) = session.execute(text("SELECT content FROM form_draft")).one()
    assert b"439900198506150019" not in bytes(stored)
    assert "张三".encode() not in bytes(stored)


def test_too_much_text_is_refused(session, cast):
    with pytest.raises(Refused):
        _keep(session, cast.li_juan, fields=[("text", "字" * form_drafts.LARGEST)])
    session.rollback()
    assert not _forms(session, cast.li_juan)


def test_of_too_many_forms_the_one_left_longest_goes(session, cast, monkeypatch, clock):
    monkeypatch.setattr(form_drafts, "MOST", 3)
    for serial in range(4):
        clock.shift(timedelta(minutes=1))
        _keep(session, cast.li_juan, form=f"form {serial}")
    _keep(session, cast.liu_yang, form="form 0")
    assert _forms(session, cast.li_juan) == {"form 1", "form 2", "form 3"}
    assert _forms(session, cast.liu_yang) == {"form 0"}


def test_what_nobody_came_back_for_is_swept_after_the_days_of_the_policy(session, cast, clock):
    _keep(session, cast.li_juan, form="old")
    clock.shift(timedelta(days=20))
    _keep(session, cast.li_juan, form="young")
    clock.shift(timedelta(days=11))
    form_drafts.discard_stale(session)
    assert _forms(session, cast.li_juan) == {"young"}
