"""The job of a bulk decision, from the plan to the page of its result."""

import csv
import io
import json

import pytest
from sqlalchemy import select, update

from app.models import Declaration, Job, JobState
from app.services import bulk
from app.tasks.worker import run_next
from tests.desk import confirmed, numbers, officer, planned, several, state_of
from tests.pages import page


def work(app) -> None:
    with app.app_context():
        while run_next(app):
            pass


@pytest.fixture
def as_a_job(monkeypatch):
    """So few rows would be dealt with at once; here they are left to the worker."""
    monkeypatch.setattr(bulk, "AT_ONCE", 1)


def table(client, url: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(client.get(url).data.decode("utf-8-sig"))))


def test_all_that_match_are_decided_by_the_worker_and_the_result_names_each(app, session, cast, as_a_job):
    rows = several(session, cast, 3, "submit")
    client = officer(app, cast.wang_qiang)
    plan = planned(client, "accept", list_="?state=submitted")
    assert numbers(page(client, plan)) == [3, 0, 0]
    url = confirmed(client, plan)
    waiting = page(client, url)
    assert waiting.find("progress")["value"] == "0"
    assert client.get(f"{url}/progress").json == {"done": 0, "total": 3, "over": False}
    work(app)
    assert client.get(f"{url}/progress").json == {"done": 3, "total": 3, "over": True}
    assert [state_of(session, row.id) for row in rows] == ["accepted"] * 3
    job = session.scalars(select(Job).where(Job.kind == "bulk_decision")).one()
    assert job.state == JobState.DONE
    assert json.loads(job.result)["done"] == [row.id for row in rows]
    told = page(client, url)
    assert told.find(id="result")
    assert told.select_one(".head-tools a[href='/review/?state=submitted']")
    assert confirmed(client, plan) == url
    lines = table(client, f"{plan}/file")
    assert [line[:2] for line in lines[1:]] == [[row.number, row.name] for row in rows]


def test_a_row_that_changed_after_the_plan_is_named_in_the_result(app, session, cast, as_a_job):
    rows = several(session, cast, 3, "submit")
    client = officer(app, cast.wang_qiang)
    plan = planned(client, "accept", rows)
    url = confirmed(client, plan)
    session.execute(
        update(Declaration).where(Declaration.id == rows[1].id).values(version=rows[1].version + 1)
    )
    session.commit()
    work(app)
    result = page(client, url).find(id="result")
    assert rows[1].number in result.get_text()
    assert rows[0].number not in result.get_text()
    assert state_of(session, rows[1].id) == "submitted"
    told = {show: page(client, f"{plan}/result?show={show}") for show in ("", "done", "left", "nonsense")}
    found = {show: {row.number for row in rows if row.number in one.get_text()} for show, one in told.items()}
    assert found["left"] == {rows[1].number}
    assert found["done"] == {rows[0].number, rows[2].number}
    assert found[""] == found["nonsense"] == {row.number for row in rows}


def test_nobody_sees_the_jobs_and_plans_of_another(app, session, cast):
    rows = several(session, cast, 1, "submit")
    mine = officer(app, cast.wang_qiang)
    plan = planned(mine, "accept", rows)
    url = f"/jobs/{plan.rpartition('/')[2]}"
    assert mine.get(url).status_code == 404
    assert not page(mine, "/jobs/").select("tbody tr")
    confirmed(mine, plan)
    assert page(mine, "/jobs/").select("tbody tr")
    paths = (url, f"{url}/progress", f"{url}/file", plan, f"{plan}/file", f"{plan}/result")
    for member in (cast.zhao_min, cast.chen_jing):
        client = officer(app, member)
        for path in paths:
            assert client.get(path).status_code == 404, path
        assert not page(client, "/jobs/").select("tbody tr")
    for member in (cast.li_juan, cast.zhang_wei, cast.province_admin, cast.admin, cast.auditor):
        client = officer(app, member)
        for path in (url, plan, f"{plan}/file", f"{plan}/result"):
            assert client.get(path).status_code == 404, path
