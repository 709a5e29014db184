"""A long list is loaded by the worker: once, whole, in the asker's name, and a refusal is told."""

import json

import pytest
from sqlalchemy import func, select

from app.models import Account, AuditEntry, Job, JobState, Qualification, WorkbookImport
from app.services.imports import life_cycle, loading
from app.services.qualification_import.kind import QUALIFICATIONS
from app.tasks.worker import run_next
from tests.workbooks import listed, people

pytestmark = pytest.mark.both_engines


@pytest.fixture
def long_list(session, cast, monkeypatch) -> WorkbookImport:
    """Eight rows, where a page waits for seven."""
    monkeypatch.setattr(loading, "AT_ONCE", 7)
    return life_cycle.check(session, QUALIFICATIONS, listed(people(8)), "list.xlsx", cast.chen_jing.actor)


def _ask(session, cast, kept, language="zh") -> Job | None:
    return loading.load_or_ask(session, QUALIFICATIONS, kept, cast.chen_jing.actor, language)


def _count(session) -> int:
    session.rollback()
    return session.scalar(
        select(func.count()).select_from(Qualification).where(Qualification.import_id.is_not(None))
    )


def test_the_worker_loads_it_whole_and_in_the_name_of_who_asked(app, session, cast, long_list):
    job = _ask(session, cast, long_list)
    assert _ask(session, cast, long_list).id == job.id
    assert _count(session) == 0
    with app.app_context():
        assert run_next(app)
        assert not run_next(app)
    assert _count(session) == 8
    session.refresh(job)
    assert (job.state, job.progress, job.total, json.loads(job.result)) == (
        JobState.DONE,
        8,
        8,
        {"loaded": 8},
    )
    line = session.scalars(select(AuditEntry).where(AuditEntry.action == "load_import")).one()
    assert line.actor_id == cast.chen_jing.actor.account_id


def test_a_short_list_is_loaded_at_once(session, cast, long_list, monkeypatch):
    monkeypatch.setattr(loading, "AT_ONCE", 8)
    assert _ask(session, cast, long_list) is None
    assert _count(session) == 8


def test_a_list_that_was_discarded_meanwhile_is_refused_in_the_askers_language_and_may_be_asked_anew(
    app, session, cast, long_list
):
    job = _ask(session, cast, long_list, "en")
    life_cycle.discard(session, QUALIFICATIONS, long_list.id, cast.chen_jing.actor)
    with app.app_context():
        assert run_next(app)
    session.refresh(job)
    assert job.state == JobState.FAILED
    assert "discarded" in json.loads(job.result)["refused"]
    assert _count(session) == 0


def test_after_a_failed_job_another_one_is_made(session, cast, long_list):
    job = _ask(session, cast, long_list)
    job.state = JobState.FAILED
    session.commit()
    assert _ask(session, cast, long_list).id != job.id


def test_whoever_lost_his_role_meanwhile_loads_nothing_and_is_told(app, session, cast, long_list):
    job = _ask(session, cast, long_list)
    session.get_one(Account, cast.chen_jing.actor.account_id).roles = []
    session.commit()
    with app.app_context():
        assert run_next(app)
    session.refresh(job)
    assert job.state == JobState.FAILED
    assert json.loads(job.result)["refused"]
    assert _count(session) == 0
