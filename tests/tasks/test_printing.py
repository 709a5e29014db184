"""Many application forms as one PDF: complete, in order, and honest about what is missing."""

import json
import subprocess

from sqlalchemy import select, update

from app.models import Declaration, Job
from tests.desk import audited, officer, send, several, ticket
from tests.pages import page
from tests.tasks.test_bulk import work


def test_ticked_rows_are_one_pdf_and_a_row_that_cannot_be_printed_is_named(app, session, cast, tmp_path):
    rows = several(session, cast, 3, "submit")
    # No font of the platform has this character, so that the form cannot be printed honestly.
    session.execute(update(Declaration).where(Declaration.id == rows[1].id).values(name="林\U0001f600"))
    session.commit()
    client = officer(app, cast.wang_qiang)
    url = send(client, "/review/act", action="print", ids=[ticket(row) for row in rows]).location
    assert client.get(f"{url}/file").status_code == 404
    work(app)
    answer = client.get(f"{url}/file")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    path = tmp_path / "forms.pdf"
    path.write_bytes(answer.data)
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
    assert text.index(rows[0].number) < text.index(rows[2].number)
    assert rows[1].number not in text
    result = page(client, url).find(id="result").get_text()
    assert rows[1].number in result
    assert rows[0].number not in result
    assert {one.subject_id for one in audited(session, "declaration.print")} == {
        str(rows[0].id),
        str(rows[2].id),
    }
    job = session.scalars(select(Job).where(Job.kind == "print_forms")).one()
    assert [one["id"] for one in json.loads(job.result)["skipped"]] == [rows[1].id]


def test_a_row_that_left_the_scope_is_not_printed(app, session, cast):
    rows = several(session, cast, 2, "submit")
    client = officer(app, cast.wang_qiang)
    url = send(client, "/review/act", action="print", ids=[ticket(row) for row in rows]).location
    for row in rows:
        session.get_one(Declaration, row.id).region_code = "430500"
    session.commit()
    work(app)
    assert client.get(f"{url}/file").status_code == 404
    assert rows[0].number not in page(client, url).get_text()
