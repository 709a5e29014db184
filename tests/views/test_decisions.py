"""Several cases at once, and cases on paper: each row by itself, all rows in scope, every print written down."""

import json
import subprocess

import pytest
from sqlalchemy import select, update

from app.models import Declaration, Job, State
from tests.desk import audited, declared, officer, send, several, state_of, steps_of, ticket
from tests.pages import checked, page, submit


@pytest.fixture
def changsha(app, cast):
    return officer(app, cast.wang_qiang)


def test_several_rows_are_decided_at_once_and_each_that_was_not_is_named(session, cast, changsha):
    first, second, third = several(session, cast, 3, "submit")
    session.execute(update(Declaration).where(Declaration.id == second.id).values(version=second.version + 1))
    session.commit()
    ids = [ticket(row) for row in (first, second, third)]
    asked = send(changsha, "/review/act", action="accept", ids=ids, back="?desk=waiting")
    form = checked(asked).find("input", attrs={"name": "confirmed"}).find_parent("form")
    answer = submit(changsha, form, "/review/")
    assert answer.location == "/review/?desk=waiting"
    told = page(changsha, answer.location).select(".alert")
    assert len(told) == 2
    assert second.number in told[1].get_text()
    assert [state_of(session, row.id) for row in (first, second, third)] == [
        "accepted",
        "submitted",
        "accepted",
    ]


def test_a_repeated_bulk_act_gives_its_first_answer(session, cast, changsha):
    rows = several(session, cast, 2, "submit")
    data = {"action": "accept", "ids": [ticket(row) for row in rows], "confirmed": "1", "key": "b" * 32}
    for _ in range(2):
        send(changsha, "/review/act", **data)
        assert len(page(changsha, "/review/").select(".alert-success")) == 1
    assert [steps_of(session, row.id) for row in rows] == [["submit", "accept"]] * 2


def test_one_foreign_row_refuses_the_whole_act(session, cast, changsha):
    own = declared(session, cast, "submit")
    foreign = declared(session, cast, "submit", clerk=cast.liu_yang, serial=1)
    data = {"action": "accept", "ids": [ticket(own), ticket(foreign)], "confirmed": "1"}
    assert send(changsha, "/review/act", **data).status_code == 404
    assert state_of(session, own.id) == state_of(session, foreign.id) == State.SUBMITTED


def test_the_notice_is_printed_for_an_accepted_case_alone(session, cast, changsha, tmp_path):
    submitted = declared(session, cast, "submit")
    assert send(changsha, f"/review/{submitted.id}/notice").status_code == 404
    send(changsha, f"/review/{submitted.id}/decide", action="accept", version=submitted.version)
    answer = send(changsha, f"/review/{submitted.id}/notice")
    assert answer.mimetype == "application/pdf"
    text = read_pdf(answer.data, tmp_path)
    for words in (submitted.number, submitted.name, cast.wang_qiang.name, "长沙市"):
        assert words in text
    assert [one.subject_id for one in audited(session, "declaration.notice")] == [str(submitted.id)]


def test_one_form_is_printed_at_once_and_several_as_a_job(session, cast, changsha, tmp_path):
    rows = several(session, cast, 2, "submit")
    answer = send(changsha, "/review/act", action="print", ids=[ticket(rows[0])])
    assert rows[0].number in read_pdf(answer.data, tmp_path)
    answer = send(changsha, "/review/act", action="print", ids=[ticket(row) for row in rows])
    job = session.scalars(select(Job).where(Job.kind == "print_forms")).one()
    assert answer.location == f"/jobs/{job.id}"
    assert json.loads(job.payload)["ids"] == [row.id for row in rows]


def read_pdf(data: bytes, folder) -> str:
    path = folder / "paper.pdf"
    path.write_bytes(data)
    return subprocess.run(
        ["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True
    ).stdout
