"""The province brings historical records in by the browser, and nobody else finds a way in."""

import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from app.models import AuditEntry, Registration
from app.services.history_import.columns import COLUMNS
from app.services.imports import loading
from app.tasks.worker import run_next
from samples.make_history import HEADING_ROW, lines, workbook
from tests.cast import login
from tests.pages import checked, page, submit
from tests.workbooks import listed, people

IMPORTS = "/history-imports"
UPLOAD = f"{IMPORTS}/upload"


@pytest.fixture
def chen_jing(app, cast):
    client = login(app.test_client(), cast.chen_jing)
    client.get("/?_l_=en")
    return client


STATUS = 1 + [column.attribute for column in COLUMNS].index("status")


def _send(client, data: bytes):
    form = page(client, UPLOAD).find("form", attrs={"data-workbook": True})
    return submit(client, form, UPLOAD, workbook=(io.BytesIO(data), "history.xlsx"))


def _press(client, url: str, act: str):
    return submit(client, page(client, url).find("form", action=f"{url}/{act}"), url)


def test_the_sample_goes_from_the_upload_through_the_marked_workbook_into_the_register(chen_jing, session):
    url = _send(chen_jing, workbook()).location
    text = page(chen_jing, url).get_text()
    assert "The term ends before it begins." in text
    assert "Nothing is loaded yet." in text
    sheet = load_workbook(io.BytesIO(_press(chen_jing, url, "marked").data)).worksheets[0]
    row, line = next(
        (n, one) for n, one in enumerate(lines(), HEADING_ROW + 1) if one.title == "unknown status"
    )
    assert "must be one of these" in sheet.cell(row, STATUS).comment.text
    assert sheet.cell(row, 1).value == line.values["name"]
    _press(chen_jing, url, "load")
    session.rollback()
    good = [one for one in lines() if not one.codes]
    registrations = session.scalar(select(func.count()).select_from(Registration))
    assert registrations == len({one.values["number"] for one in good})
    assert f"{len(good):,} rows were loaded into the register." in page(chen_jing, url).get_text()
    acts = session.scalars(select(AuditEntry.action).where(AuditEntry.subject == "history_import")).all()
    assert acts == ["check_import", "download_marked_import", "load_import"]


def test_a_list_of_another_kind_is_answered_with_its_missing_headings(chen_jing):
    answer = checked(_send(chen_jing, listed(people(1))), 422)
    assert "注册编号" in answer.find(id="problems").get_text()


def test_an_import_of_another_kind_does_not_exist_here(chen_jing):
    url = _send(chen_jing, workbook()).location
    number = url.rpartition("/")[2]
    assert chen_jing.get(f"/qualification-imports/{number}").status_code == 404
    token = page(chen_jing, UPLOAD).find("meta", attrs={"name": "csrf"})["content"]
    headers = {"X-CSRFToken": token, "Referer": "http://localhost/"}
    for act in ("load", "discard", "marked"):
        answer = chen_jing.post(f"/qualification-imports/{number}/{act}", headers=headers)
        assert answer.status_code == 404


def test_the_template_is_a_list_of_its_kind(chen_jing):
    book = load_workbook(io.BytesIO(chen_jing.get(f"{IMPORTS}/template").data))
    assert [cell.value for cell in book.worksheets[0][1]][:3] == ["姓名*", "证件号码*", "证件类型"]
    assert "二级注册临时建造师" in "".join(str(cell.value) for cell in book.worksheets[1]["D"])


def test_every_other_role_gets_404_and_visitors_the_login(app, chen_jing, cast):
    url = _send(chen_jing, workbook()).location
    for member in cast:
        if member.name in {"陈静", "周敏"}:
            continue
        client = login(app.test_client(), member)
        for address in (f"{IMPORTS}/", UPLOAD, f"{IMPORTS}/template", url):
            assert client.get(address).status_code == 404, (member.name, address)
    assert app.test_client().get(url).status_code == 302


def test_a_long_list_is_left_to_the_worker_and_its_page_says_how_far_it_is(
    app, chen_jing, cast, session, monkeypatch
):
    monkeypatch.setattr(loading, "AT_ONCE", 1)
    url = _send(chen_jing, workbook()).location
    job = _press(chen_jing, url, "load").location
    waiting = page(chen_jing, url)
    assert waiting.find("a", href=job)
    assert waiting.find("form", action=f"{url}/load") is None
    assert "Import" in page(chen_jing, "/jobs/").get_text()
    zhou_min = login(app.test_client(), cast.zhou_min)
    followed = page(zhou_min, url)
    assert followed.find("a", href=job) is None
    assert zhou_min.get(job).status_code == 404
    with app.app_context():
        assert run_next(app)
    good = len([one for one in lines() if not one.codes])
    assert f"{good:,} rows were loaded into the register." in page(chen_jing, url).get_text()
    assert "rows were loaded." in page(chen_jing, job).find(id="result").get_text()
