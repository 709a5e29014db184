"""The job of a bulk decision, from the plan to the page of its result."""

import json

from sqlalchemy import select

from app.models import Job, JobState
from app.tasks.worker import run_next
from tests.desk import officer, send, several, state_of
from tests.pages import checked, page, submit


def work(app) -> None:
    with app.app_context():
        while run_next(app):
            pass


def test_all_that_match_are_decided_by_the_worker_and_the_result_names_the_rest(app, session, cast):
    rows = several(session, cast, 3, "submit")
    client = officer(app, cast.wang_qiang)
    form = (
        page(client, "/review/matching/accept").find("input", attrs={"name": "counted"}).find_parent("form")
    )
    answer = submit(client, form, "/review/matching/accept")
    url = answer.location
    waiting = page(client, url)
    assert waiting.find("progress")["value"] == "0"
    assert client.get(f"{url}/progress").json == {"done": 0, "total": 3, "over": False}
    work(app)
    assert client.get(f"{url}/progress").json == {"done": 3, "total": 3, "over": True}
    assert [state_of(session, row.id) for row in rows] == ["accepted"] * 3
    job = session.scalars(select(Job).where(Job.kind == "bulk_decision")).one()
    assert job.state == JobState.DONE
    assert json.loads(job.result)["done"] == [row.id for row in rows]
    assert page(client, url).find(id="result")
    again = submit(client, form, "/review/matching/accept")
    assert again.location == url


def test_a_row_that_a_rule_stops_is_named_on_the_page_of_the_result(app, session, cast):
    from app.models import Declaration

    rows = several(session, cast, 2, "submit")
    session.get_one(Declaration, rows[1].id).school = ""
    session.commit()
    client = officer(app, cast.wang_qiang)
    answer = send(client, "/review/matching/accept", counted="2")
    work(app)
    result = page(client, answer.location).find(id="result")
    assert rows[1].number in result.get_text()
    assert rows[0].number not in result.get_text()
    assert state_of(session, rows[1].id) == "submitted"


def test_a_list_that_grew_since_it_was_counted_is_counted_again(app, session, cast):
    several(session, cast, 2, "submit")
    client = officer(app, cast.wang_qiang)
    document = checked(send(client, "/review/matching/accept", counted="1"), 409)
    assert document.find("input", attrs={"name": "counted"})["value"] == "2"
    session.rollback()
    assert session.scalars(select(Job)).all() == []


def test_a_plan_that_lacks_its_reason_keeps_what_was_chosen(app, session, cast):
    several(session, cast, 1, "submit", "accept")
    client = officer(app, cast.wang_qiang)
    answer = send(client, "/review/matching/endorse", counted="1", positive="0", text=" ")
    document = checked(answer, 422)
    assert document.select_one("select[name=positive] option[selected]")["value"] == "0"
    assert document.select_one(".alert")
    session.rollback()
    assert session.scalars(select(Job)).all() == []


def test_nobody_sees_the_jobs_of_another(app, session, cast):
    several(session, cast, 1, "submit")
    url = send(officer(app, cast.wang_qiang), "/review/matching/accept", counted="1").location
    for member in (cast.zhao_min, cast.chen_jing):
        client = officer(app, member)
        for path in (url, f"{url}/progress", f"{url}/file"):
            assert client.get(path).status_code == 404
        assert not page(client, "/jobs/").select("tbody tr")
    assert officer(app, cast.li_juan).get(url).status_code == 404
    for member in (cast.zhang_wei, cast.admin):
        assert officer(app, member).get("/jobs/").status_code == 404
