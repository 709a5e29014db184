"""Prints of many papers reach across no border: not by ticks, not by a filter, and not through another one's job."""

import json

import pytest
from sqlalchemy import func, select

from app.models import Job, JobState
from app.services import bulk_prints
from app.views.kit.records import RecordScreen
from app.workflow.types import registry
from tests.desk import officer, send
from tests.house.test_matrix import ROLES, screens
from tests.house.test_reach import WATCHED
from tests.house.world import build, in_scope
from tests.tasks.test_bulk import work

PRINTS = {
    "TransfersScreen": {"print"},
    "EnterpriseCasesScreen": {"print", "print_notices"},
    "OwnCasesScreen": {"print"},
    "CertificatesScreen": {"print"},
    "ReviewScreen": {"print", "print_notices"},
}
"""The acts that make many papers; one that is added is tried as well, and agreed to here."""
FEW = 3
"""Foreign rows that are ticked one by one; then all are ticked together, and one among own rows."""


@pytest.fixture
def world(app, session):
    with app.app_context(), app.test_request_context():
        return build(session)


@pytest.fixture
def quick(monkeypatch):
    """Papers that are no papers; who gets them is the question here."""
    monkeypatch.setattr(
        bulk_prints, "render_all", lambda documents, _translate: [b"%PDF-1.7" for _ in documents]
    )
    monkeypatch.setattr(bulk_prints, "MOST_OF_ONE_PDF", 0)


def prints(app):
    """Every screen with its acts that make papers of many rows."""
    for name, screen in screens(app).items():
        if isinstance(screen, RecordScreen):
            for act in screen.actions:
                if act.many is not None and not act.changes:
                    yield name, screen, act


def sides(session, screen, actor) -> tuple[list[str], list[str]]:
    """The keys of the rows of this screen's model that are the actor's, and of those that are not."""
    rows = session.scalars(select(screen.model)).all()
    found = [screen.key_of(row) for row in rows if in_scope(row, actor)]
    others = [screen.key_of(row) for row in rows if not in_scope(row, actor)]
    session.rollback()
    return found, others


def count_of_jobs(session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Job).where(Job.kind == bulk_prints.JOB))


def test_every_act_that_prints_many_is_known(app):
    found = {}
    for name, _screen, act in prints(app):
        found.setdefault(name, set()).add(act.name)
    types = {f"{kind.key.title().replace('_', '')}Screen" for kind in registry}
    assert found == PRINTS | {name: {"print", "print_notices"} for name in types}


@pytest.mark.parametrize("name", WATCHED)
def test_no_ticked_row_of_somebody_else_is_printed(app, session, world, name):
    member = getattr(world, name)
    client, tried = officer(app, member), 0
    for _name, screen, act in prints(app):
        if not member.actor.has(*act.roles):
            continue
        own, foreign = sides(session, screen, member.actor)
        chosen = [[key] for key in foreign[:FEW]]
        chosen += [[*own[:2], *foreign[-1:]], foreign] if foreign else []
        for ids in chosen:
            answer = send(client, f"{screen.route_base}/act", action=act.name, ids=ids, list="?")
            assert answer.status_code == 404, f"{screen.route_base} prints {ids} for {name}"
            tried += 1
    assert tried
    assert not count_of_jobs(session)


@pytest.mark.parametrize("name", ROLES)
def test_all_that_match_are_ones_own_rows(app, session, world, name):
    if name == "visitor":
        client, actor = app.test_client(), None
    else:
        member = getattr(world, name)
        client, actor = officer(app, member), member.actor
    for _name, screen, act in prints(app):
        before = count_of_jobs(session)
        asked = {"action": act.name, "select": "matching", "list": "?all=1"}
        if actor is None or not actor.has(*act.roles):
            answer = (
                client.post(f"{screen.route_base}/act", data=asked)
                if actor is None
                else send(client, f"{screen.route_base}/act", **asked)
            )
            assert answer.status_code in {302, 400, 404}
            assert count_of_jobs(session) == before, f"{name} prints at {screen.route_base}"
            continue
        last = session.scalar(select(func.max(Job.id))) or 0
        session.rollback()
        send(client, f"{screen.route_base}/act", **asked)
        own, _others = sides(session, screen, actor)
        made = select(Job.payload).where(Job.kind == bulk_prints.JOB, Job.id > last)
        for payload in session.scalars(made):
            content = json.loads(payload)
            if bulk_prints.model_of(content["paper"]) in screen.model.__mro__:
                assert {str(key) for key in content["ids"]} <= set(own)


def test_nobody_but_its_owner_opens_a_job_of_prints_or_its_file(app, session, world, quick):
    client = officer(app, world.wang_qiang)
    url = send(client, "/review/act", action="print", select="matching", list="?all=1").location
    work(app)
    job = session.scalars(select(Job).where(Job.kind == bulk_prints.JOB)).one()
    assert (job.state, job.file_id is not None) == (JobState.DONE, True)
    session.rollback()
    for path in ("", "/progress", "/file"):
        assert client.get(f"{url}{path}").status_code == 200
    for name in ROLES:
        if name == "wang_qiang":
            continue
        other = app.test_client() if name == "visitor" else officer(app, getattr(world, name))
        for path in ("", "/progress", "/file"):
            expected = 302 if name == "visitor" else 404
            assert other.get(f"{url}{path}").status_code == expected, f"{name} reads {url}{path}"
        if name != "visitor":
            assert send(other, f"{url}/cancel").status_code == 404
