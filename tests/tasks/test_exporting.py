"""Large exports: jobs with the rights of whoever asked, which can be stopped and begin anew after a kill."""

import csv
import io
import json
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from app.extensions.clock import now
from app.models import Account, Job, JobState, PolicyValue, StoredFile
from app.services.exports import asking, making
from app.services.files import FileStore
from app.services.jobs import discard_expired
from tests.desk import audited, officer, send, several
from tests.pages import checked, page
from tests.tasks.test_bulk import work

REVIEW = "/review/export"


@pytest.fixture
def large(monkeypatch):
    """Every list is a large one."""
    monkeypatch.setattr(asking, "STREAMED", -1)


def table(answer):
    """The lines above, the heads and the rows of a file that was fetched."""
    if answer.mimetype == "text/csv":
        rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    else:
        rows = [[cell or "" for cell in row] for row in load_workbook(io.BytesIO(answer.data)).active.values]
    above = next(number for number, row in enumerate(rows) if "姓名" in row)
    return ["".join(row) for row in rows[:above]], rows[above], rows[above + 1 :]


def files(session):
    """What lies in the store, finished or not."""
    assert session is not None
    return [file for file in FileStore.path(".").rglob("*") if file.is_file()]


@pytest.mark.both_engines
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_large_list_is_a_job_and_its_file_is_the_list(app, session, cast, large, kind):
    rows = several(session, cast, 3, "submit")
    client = officer(app, cast.wang_qiang)
    url = send(client, REVIEW, list="?sort=number", format=kind).location
    assert client.get(f"{url}/file").status_code == 404
    work(app)
    lines, heads, found = table(client.get(f"{url}/file"))
    assert [row[heads.index("申报编号")] for row in found] == [row.number for row in rows]
    assert [row[heads.index("姓名")] for row in found] == [row.name for row in rows]
    assert [row[heads.index("证件号码")] for row in found] == [row.id_number_masked for row in rows]
    assert "王强" in lines[1]
    assert page(client, url).find(id="result")
    (line,) = audited(session, "export")
    assert json.loads(line.detail)["rows"] == 3
    assert line.actor_id == cast.wang_qiang.actor.account_id
    assert audited(session, "export.plan")


def test_the_officer_of_another_city_and_another_enterprise_get_nothing(app, session, cast, large):
    rows = several(session, cast, 2, "submit")
    url = send(officer(app, cast.wang_qiang), REVIEW, format="csv").location
    work(app)
    other = officer(app, cast.zhao_min)
    for path in (url, f"{url}/progress", f"{url}/file"):
        assert other.get(path).status_code == 404
    assert send(other, f"{url}/cancel").status_code == 404
    theirs = send(other, REVIEW, format="csv").location
    clerk = officer(app, cast.liu_yang)
    mine = send(clerk, "/declarations/initial-registration/export", format="csv").location
    work(app)
    for client, place in ((other, theirs), (clerk, mine)):
        assert not any(row.name in client.get(f"{place}/file").text for row in rows)
    # Ticked rows out of scope are no rows.
    ticked = send(other, REVIEW, format="csv", ids=[f"{rows[0].id}:1"]).location
    work(app)
    assert rows[0].name not in other.get(f"{ticked}/file").text


def test_ticked_rows_and_all_but_a_few_are_what_is_exported(app, session, cast, large):
    rows = several(session, cast, 3, "submit")
    client = officer(app, cast.wang_qiang)
    ticked = send(client, REVIEW, format="csv", list="?", ids=[f"{rows[1].id}:2"]).location
    but = send(
        client, REVIEW, format="csv", list="?sort=number", select="matching", **{"except": str(rows[0].id)}
    )
    work(app)
    assert [row[0] for row in table(client.get(f"{ticked}/file"))[2]] == [rows[1].number]
    assert [row[0] for row in table(client.get(f"{but.location}/file"))[2]] == [
        rows[1].number,
        rows[2].number,
    ]


def test_whoever_lost_the_right_since_gets_no_file(app, session, cast, large):
    several(session, cast, 1, "submit")
    client = officer(app, cast.wang_qiang)
    send(client, REVIEW, format="csv")
    session.get_one(Account, cast.wang_qiang.actor.account_id).active = False
    session.commit()
    work(app)
    job = session.scalars(select(Job).where(Job.kind == asking.JOB)).one()
    assert (job.state, job.file_id) == (JobState.FAILED, None)
    assert not audited(session, "export")


def test_personal_data_in_full_needs_the_province_a_reason_and_is_counted(app, session, cast, large):
    (row,) = several(session, cast, 1, "submit")
    session.add(
        PolicyValue(key="unmasked_exports_per_day", value="1", valid_from=date(2026, 1, 1), source="测试")
    )
    session.commit()
    assert send(officer(app, cast.wang_qiang), REVIEW, format="csv", unmasked="1").status_code == 404
    client = officer(app, cast.chen_jing)
    assert checked(send(client, REVIEW, format="csv", unmasked="1")).find(
        "textarea", attrs={"name": "reason"}
    )
    checked(send(client, REVIEW, format="csv", unmasked="1", reason=" "), 422)
    url = send(
        client, REVIEW, format="csv", list="?all=1&sort=number", unmasked="1", reason="年度数据核对"
    ).location
    work(app)
    lines, heads, found = table(client.get(f"{url}/file"))
    assert found[0][heads.index("证件号码")] == row.id_number
    assert "年度数据核对" in lines[3]
    (line,) = audited(session, "export")
    detail = json.loads(line.detail)
    assert (detail["unmasked"], detail["reason"], detail["rows"]) == (True, "年度数据核对", 1)
    checked(send(client, REVIEW, format="csv", unmasked="1", reason="年度数据核对"), 422)
    payload = session.scalars(select(Job.payload).where(Job.kind == asking.JOB)).one()
    assert "年度" not in payload


def test_the_link_expires_and_the_file_is_swept(app, session, cast, large, clock):
    several(session, cast, 1, "submit")
    client = officer(app, cast.wang_qiang)
    url = send(client, REVIEW, format="csv").location
    work(app)
    assert client.get(f"{url}/file").status_code == 200
    job = session.scalars(select(Job).where(Job.kind == asking.JOB)).one()
    job.keep_until = now() - timedelta(minutes=1)
    path = FileStore.path(session.get_one(StoredFile, job.file_id).path)
    session.commit()
    assert client.get(f"{url}/file").status_code == 404
    with app.app_context():
        from app.extensions.database import db

        assert discard_expired(db.session()) == 1
        assert discard_expired(db.session()) == 0
    assert not path.exists()
    assert client.get(f"{url}/file").status_code == 404
    assert "download" not in str(page(client, url).find(id="main"))


def test_a_job_that_waits_is_stopped_at_once_and_one_that_runs_at_its_next_step(
    app, session, cast, large, monkeypatch
):
    several(session, cast, 2, "submit")
    client = officer(app, cast.wang_qiang)
    waiting = send(client, REVIEW, format="csv").location
    assert send(client, f"{waiting}/cancel").status_code == 302
    work(app)
    assert client.get(f"{waiting}/file").status_code == 404
    running = send(client, REVIEW, format="xlsx").location
    monkeypatch.setattr(making, "_PAUSE", -1)
    made = making.blocks

    def blocks(*arguments):
        for block in made(*arguments):
            with app.test_request_context():
                send(client, f"{running}/cancel")
            yield block

    monkeypatch.setattr(making, "blocks", blocks)
    before = files(session)
    work(app)
    session.rollback()
    states = session.scalars(select(Job.state).where(Job.kind == asking.JOB)).all()
    assert states == [JobState.CANCELLED] * 2
    assert files(session) == before
    assert not audited(session, "export")
    checked(send(client, f"{running}/cancel"), 422)


def test_a_job_that_was_killed_begins_again_and_leaves_one_file(app, session, cast, large, monkeypatch):
    several(session, cast, 2, "submit")
    client = officer(app, cast.wang_qiang)
    url = send(client, REVIEW, format="csv").location
    before = len(files(session))

    class Killed(BaseException):
        """What kill -9 looks like from inside: nothing of ours runs after it."""

    def killed(*_):
        yield 0, b"half a file"
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(making, "blocks", killed)
        patch.setattr("app.services.large_files.Part.discard", lambda part: part._file.close())
        with pytest.raises(Killed):
            work(app)
    assert len(files(session)) == before + 1
    job = session.scalars(select(Job).where(Job.kind == asking.JOB)).one()
    job.leased_until = now() - timedelta(seconds=1)
    session.commit()
    work(app)
    assert len(files(session)) == before + 1
    assert len(table(client.get(f"{url}/file"))[2]) == 2
    assert len(audited(session, "export")) == 1


def test_a_list_beyond_the_cap_is_refused_with_a_sentence(app, session, cast, large):
    several(session, cast, 2, "submit")
    session.add(PolicyValue(key="export_rows", value="1", valid_from=date(2026, 1, 1), source="测试"))
    session.commit()
    client = officer(app, cast.wang_qiang)
    url = send(client, REVIEW, format="csv").location
    work(app)
    assert page(client, url).find(class_="alert")
    assert client.get(f"{url}/file").status_code == 404


def test_the_note_in_the_head_is_there_while_a_job_runs(app, session, cast, large):
    several(session, cast, 1, "submit")
    client = officer(app, cast.wang_qiang)
    assert not page(client, "/review/").find(attrs={"data-jobs-note": True})
    send(client, REVIEW, format="csv")
    assert page(client, "/review/").find(attrs={"data-jobs-note": True})
    assert len(client.get("/jobs/note").json["jobs"]) == 1
    work(app)
    assert client.get("/jobs/note").json == {"jobs": []}
    assert not page(client, "/review/").find(attrs={"data-jobs-note": True})
