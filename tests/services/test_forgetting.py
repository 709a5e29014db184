"""Drafts that lapsed and were never handed in are forgotten with their files; whatever was handed in stays."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from app.models import (
    Attachment,
    AuditEntry,
    Decision,
    Declaration,
    DeclaredSpecialty,
    EnterpriseChange,
    EnterpriseChangeStep,
    Notice,
    PolicyValue,
    StoredFile,
)
from app.services.files import FileStore
from app.services.forgetting import forget_lapsed_drafts
from app.tasks.deadlines import keep_deadlines
from app.tasks.sweeping import Sweeper
from tests.cast import file_draft, take
from tests.changing import asked, step
from tests.registered import drafted, registered

pytestmark = pytest.mark.both_engines
DAY = timedelta(days=1)


def lapsed(session, cast, clock) -> int:
    """A draft of 李娟's that nobody has touched for 91 days."""
    key = file_draft(session, cast.li_juan, cast.zhang_wei)
    clock.shift(91 * DAY)
    keep_deadlines(session)
    return key


def count(session, model, *conditions) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model).where(*conditions))


def test_a_lapsed_draft_is_forgotten_after_the_days_of_the_policy(session, cast, clock):
    key = lapsed(session, cast, clock)
    files = session.scalars(
        select(StoredFile.path)
        .join(Attachment, Attachment.file_id == StoredFile.id)
        .where(Attachment.declaration_id == key)
    ).all()
    assert files
    clock.shift(29 * DAY)
    assert forget_lapsed_drafts(session) == 0
    assert count(session, Declaration, Declaration.id == key) == 1
    clock.shift(2 * DAY)
    Sweeper()(session)
    assert count(session, Declaration, Declaration.id == key) == 0
    for of in (Attachment, Decision, DeclaredSpecialty):
        assert count(session, of, of.declaration_id == key) == 0
    assert count(session, StoredFile, StoredFile.path.in_(files)) == 0
    assert not any(FileStore.path(one).exists() for one in files)


def test_the_audit_of_a_forgotten_draft_stays_and_names_nobody(session, cast, clock):
    key = lapsed(session, cast, clock)
    clock.shift(31 * DAY)
    assert forget_lapsed_drafts(session) == 1
    lines = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.subject == "declaration", AuditEntry.subject_id == str(key))
        .order_by(AuditEntry.id)
    ).all()
    assert [(one.action, one.role) for one in lines][-2:] == [
        ("declaration.lapse", "System"),
        ("delete", "System"),
    ]
    said = json.loads(lines[-1].detail)
    assert (said["type"], said["person"]) == ("initial_registration", cast.zhang_wei.actor.person_id)
    assert cast.zhang_wei.name not in lines[-1].detail
    # The enterprise still reads that it has lapsed.
    assert session.scalars(select(Notice.declaration_id).where(Notice.kind == "lapsed")).all() == [None]


@pytest.mark.parametrize("steps", [("submit", "withdraw"), ("submit", "return")])
def test_what_was_handed_in_once_is_kept(session, cast, clock, steps):
    key = file_draft(session, cast.li_juan, cast.zhang_wei)
    take(session, cast, key, *steps)
    clock.shift(91 * DAY)
    keep_deadlines(session)
    clock.shift(400 * DAY)
    assert forget_lapsed_drafts(session) == 0
    assert count(session, Declaration, Declaration.id == key, Declaration.state == "lapsed") == 1


def test_a_draft_that_still_lives_is_kept(session, cast, clock):
    draft = drafted(session, cast, "replacement", registered(session, cast.li_juan, cast.zhang_wei)).id
    clock.shift(400 * DAY)
    assert forget_lapsed_drafts(session) == 0
    assert count(session, Declaration, Declaration.id == draft) == 1


def test_how_long_a_lapsed_draft_is_kept_is_a_value_of_the_policy(session, cast, clock):
    session.add(PolicyValue(key="lapsed_draft_days", value="5", valid_from=date(2026, 1, 1), source="测试"))
    session.commit()
    lapsed(session, cast, clock)
    clock.shift(6 * DAY)
    assert forget_lapsed_drafts(session) == 1


def test_a_lapsed_draft_of_a_change_is_forgotten_and_one_that_was_handed_in_is_kept(session, cast, clock):
    never, once = asked(session, cast.li_juan), asked(session, cast.fang_yuan)
    step(session, cast, once, "submit", "return")
    clock.shift(91 * DAY)
    keep_deadlines(session)
    keys = never.id, once.id
    clock.shift(31 * DAY)
    assert forget_lapsed_drafts(session) == 1
    session.rollback()
    assert session.scalars(select(EnterpriseChange.id)).all() == [keys[1]]
    assert count(session, Attachment, Attachment.enterprise_change_id == keys[0]) == 0
    assert count(session, EnterpriseChangeStep, EnterpriseChangeStep.change_id == keys[0]) == 0
