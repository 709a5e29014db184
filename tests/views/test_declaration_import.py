"""An enterprise declares for many by one workbook in the browser."""

import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from app.extensions.clock import today
from app.models import Declaration, Registration
from tests.cast import add_constructor, login
from tests.pages import checked, page, submit
from tests.registered import registered

IMPORTS = "/declaration-imports"
UPLOAD = f"{IMPORTS}/upload"
ROW = {
    "姓名": "张伟", "证件号码": "439900198506150019", "申报类型": "延续", "必修学时": "60", "选修学时": "60",
    "联系电话": "0731-00000000", "聘用开始时间": "2020-01-01", "是否长期": "是",
}  # fmt: skip


@pytest.fixture
def li_juan(app, cast, session):
    registered(session, cast.li_juan, cast.zhang_wei, ends={"building": today() + timedelta(days=60)})
    client = login(app.test_client(), cast.li_juan)
    client.get("/?_l_=en")
    return client


def _filled(client, *rows) -> bytes:
    """The template of the screen, filled in as a clerk does."""
    book = load_workbook(io.BytesIO(client.get(f"{IMPORTS}/template").data))
    sheet = book.worksheets[0]
    places = {str(cell.value).rstrip("*"): cell.column for cell in sheet[1]}
    for number, row in enumerate(rows, 2):
        for heading, value in row.items():
            sheet.cell(number, places[heading], value)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _send(client, data: bytes):
    form = page(client, UPLOAD).find("form", attrs={"data-workbook": True})
    return submit(client, form, UPLOAD, workbook=(io.BytesIO(data), "staff.xlsx"))


def _press(client, url: str, act: str):
    return submit(client, page(client, url).find("form", action=f"{url}/{act}"), url)


def test_the_template_filled_in_becomes_drafts_and_leads_to_them(li_juan, session):
    url = _send(
        li_juan, _filled(li_juan, ROW, ROW | {"姓名": "孙丽", "证件号码": "439900198808080108"})
    ).location
    found = page(li_juan, url)
    assert "This person is not registered with your enterprise." in found.find(id="findings").get_text()
    assert "To be attached before the submission: One-inch photo" in found.find(id="to-do").get_text()
    assert "Make 1 draft" in found.get_text()
    marked = load_workbook(io.BytesIO(_press(li_juan, url, "marked").data)).worksheets[0]
    assert marked["B3"].comment.text == "This person is not registered with your enterprise."
    assert marked["B2"].comment is None
    _press(li_juan, url, "load")
    session.rollback()
    assert session.scalars(select(Declaration.name)).all() == ["张伟"]
    done = page(li_juan, url)
    assert "1 draft was made. Add the papers and submit it." in done.get_text()
    drafts = page(li_juan, done.find("a", string="Renewals", class_="btn")["href"], follow_redirects=True)
    assert "张伟" in drafts.find("table").get_text()


def test_the_same_file_again_shows_the_draft_as_known(li_juan, session):
    data = _filled(li_juan, ROW)
    url = _send(li_juan, data).location
    _press(li_juan, url, "load")
    url = _send(li_juan, data).location
    again = page(li_juan, url).get_text()
    assert "Drafts begun before" in again
    assert "There is no row that could be loaded." in again
    assert "There is a draft of this kind for the person already. This row is left aside" in again
    sheet = load_workbook(io.BytesIO(_press(li_juan, url, "marked").data)).worksheets[0]
    (said,) = [cell for row in sheet.iter_rows() for cell in row if cell.comment is not None]
    assert sheet.cell(1, said.column).value.startswith("申报类型")
    assert (said.row, said.fill.start_color.rgb) == (2, "FFFFEB9C"), "yellow, since nothing is wrong"
    assert said.comment.text.startswith("There is a draft of this kind for the person already.")
    assert "Exactly this file was loaded before." in again
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Declaration)) == 1


def test_more_rows_than_allowed_are_answered_on_the_page(li_juan):
    answer = checked(_send(li_juan, _filled(li_juan, *[ROW] * 201)), 422)
    assert "more than 200 rows" in answer.find(id="problems").get_text()


def test_a_workbook_of_another_enterprise_does_not_exist(app, li_juan, cast):
    url = _send(li_juan, _filled(li_juan, ROW)).location
    for member in cast:
        if member.name == "李娟":
            continue
        client = login(app.test_client(), member)
        assert client.get(url).status_code == 404, member.name
        token = page(client, "/").find("meta", attrs={"name": "csrf"})["content"]
        for act in ("load", "discard", "marked"):
            headers = {"X-CSRFToken": token, "Referer": "http://localhost/"}
            assert client.post(f"{url}/{act}", headers=headers).status_code == 404, (member.name, act)
        if not member.actor.enterprise_id:
            assert client.get(UPLOAD).status_code == 404, member.name


def test_the_page_of_a_workbook_names_nobody(li_juan):
    text = str(page(li_juan, _send(li_juan, _filled(li_juan, ROW | {"必修学时": "x"})).location))
    assert "张伟" not in text
    assert ROW["证件号码"] not in text


def test_whose_row_stands_in_a_marked_workbook_reads_who_took_it_away(app, li_juan, session, cast):
    """By his ID number or by the number of his registration; whoever does not stand in it reads nothing."""
    other = add_constructor(session, cast.wang_qiang, "何静", "439900199002280025")
    number = session.scalars(select(Registration.number)).one()
    session.commit()
    by_number = {"注册编号": number, "申报类型": "延续"}
    unknown = ROW | {"姓名": "孙丽", "证件号码": "439900198808080108"}
    for row in (ROW, by_number):
        _press(li_juan, _send(li_juan, _filled(li_juan, row, unknown)).location, "marked")
    mine, others = (
        page(login(app.test_client(), one), "/my-data-readings/").select("table.rows tbody tr")
        for one in (cast.zhang_wei, other)
    )
    assert [row.get_text(" ", strip=True).count("下载标注后的工作簿") for row in mine] == [1, 1]
    assert others == []
