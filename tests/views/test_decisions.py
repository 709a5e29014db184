"""Several cases at once, and cases on paper: each row by itself, all rows in scope, every print written down."""

import json
import subprocess

import pytest
from sqlalchemy import select

from app.models import Job
from tests.desk import audited, declared, officer, send, several, ticket


@pytest.fixture
def changsha(app, cast):
    return officer(app, cast.wang_qiang)


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
