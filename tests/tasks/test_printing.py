"""Many papers as one PDF or a ZIP: complete, in order, honest about what is missing, and going on after a kill."""

import io
import json
import subprocess
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.extensions.clock import now
from app.models import Declaration, Job, StoredFile
from app.services import bulk_prints
from tests.desk import audited, officer, send, several, ticket
from tests.pages import page
from tests.tasks.test_bulk import work


@pytest.fixture
def quick(monkeypatch):
    """Papers that say their number and nothing else; the real ones are drawn in the other tests."""

    def render_all(documents, _translate):
        return [f"%PDF {one.number}".encode() for one in documents]

    monkeypatch.setattr(bulk_prints, "render_all", render_all)
    monkeypatch.setattr(bulk_prints, "MOST_OF_ONE_PDF", 0)


def names(answer):
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        return archive.namelist()


def test_ticked_rows_are_one_pdf_and_a_row_that_cannot_be_printed_is_named(app, session, cast, tmp_path):
    rows = several(session, cast, 3, "submit")
    # No font of the platform has this character, so that the form cannot be printed honestly.
    session.execute(update(Declaration).where(Declaration.id == rows[1].id).values(name="林\U0001f600"))
    session.commit()
    client = officer(app, cast.wang_qiang)
    url = send(
        client, "/review/act", action="print", ids=[ticket(row) for row in rows], list="?sort=number"
    ).location
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
    printed = {one.subject_id for one in audited(session, "declaration.print")}
    assert printed == {str(rows[0].id), str(rows[2].id)}
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


def test_another_city_and_another_enterprise_print_nothing(app, session, cast, quick):
    rows = several(session, cast, 2, "submit")
    tickets = [ticket(row) for row in rows]
    assert send(officer(app, cast.zhao_min), "/review/act", action="print", ids=tickets).status_code == 404
    clerk, act = officer(app, cast.liu_yang), "/declarations/initial-registration/act"
    assert send(clerk, act, action="print", ids=tickets).status_code == 404
    url = send(officer(app, cast.wang_qiang), "/review/act", action="print", ids=tickets).location
    work(app)
    assert clerk.get(f"{url}/file").status_code == 404


def test_an_enterprise_prints_all_its_forms_and_its_notices(app, session, cast, quick):
    rows = [*several(session, cast, 2, "submit", "accept")]
    client, act = officer(app, cast.li_juan), "/declarations/initial-registration/act"
    forms = send(client, act, action="print", select="matching", list="?sort=name").location
    notices = send(client, act, action="print_notices", select="matching", list="?").location
    work(app)
    for url in (forms, notices):
        found = names(client.get(f"{url}/file"))
        assert sorted(found) == sorted(f"{row.number}-{row.name}.pdf" for row in rows)
    assert len(audited(session, "declaration.notice")) == 2


def test_one_page_prints_what_was_ticked_last_and_the_same_only_once(app, session, cast, quick):
    rows = several(session, cast, 4, "submit")
    client, act = officer(app, cast.li_juan), "/declarations/initial-registration/act"
    chosen = [[ticket(row) for row in rows[:2]], [ticket(row) for row in rows[2:]]]
    first, again = (send(client, act, action="print", ids=chosen[0], key="k" * 64).location for _ in range(2))
    other = send(client, act, action="print", ids=chosen[1], key="k" * 64).location
    assert first == again != other
    work(app)
    assert sorted(names(client.get(f"{other}/file"))) == [f"{row.number}-{row.name}.pdf" for row in rows[2:]]


def test_a_declaration_that_was_not_accepted_has_no_notice_and_is_named(app, session, cast, quick):
    rows = several(session, cast, 2, "submit")
    client = officer(app, cast.wang_qiang)
    url = send(client, "/review/act", action="print_notices", ids=[ticket(row) for row in rows]).location
    work(app)
    assert client.get(f"{url}/file").status_code == 404
    told = page(client, url).find(id="result").get_text()
    assert rows[0].number in told
    assert "已打印 0 份" in told
    assert "2 份未打印" in told


def test_a_killed_job_goes_on_where_it_was_and_leaves_one_file(app, session, cast, quick, monkeypatch):
    rows = several(session, cast, 3, "submit")
    client = officer(app, cast.wang_qiang)
    monkeypatch.setattr(bulk_prints, "_AT_ONCE", 1)
    url = send(client, "/review/act", action="print", select="matching", list="?sort=number").location
    made, seen = bulk_prints.render_all, []

    class Killed(BaseException):
        """What kill -9 looks like from inside: nothing of ours runs after it."""

    def render_all(documents, translate):
        seen.extend(one.number for one in documents)
        if len(seen) == 3:
            raise Killed
        return made(documents, translate)

    monkeypatch.setattr(bulk_prints, "render_all", render_all)
    with pytest.raises(Killed):
        work(app)
    job = session.scalars(select(Job).where(Job.kind == "print_forms")).one()
    assert job.progress == 2
    job.leased_until = now() - timedelta(seconds=1)
    session.commit()
    work(app)
    assert seen == [rows[0].number, rows[1].number, rows[2].number, rows[2].number]
    assert len(names(client.get(f"{url}/file"))) == 3
    session.rollback()
    assert (
        len(session.scalars(select(StoredFile).where(StoredFile.media_type == "application/zip")).all()) == 1
    )
    assert len(audited(session, "declaration.print")) == 3
