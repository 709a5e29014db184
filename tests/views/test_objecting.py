"""Files of an objection: a visitor adds them without account and script, and the province alone opens them."""

import io
import re
from datetime import date

import pytest
from PIL import Image
from sqlalchemy import exists, func, select

from app.extensions.clock import now
from app.models import Attachment, Objection, PolicyValue, Publicity, StoredFile
from app.services import files
from app.tasks import sweeping
from tests.desk import audited, declared, officer
from tests.pages import checked, page, submit
from tests.services.test_pdfs import made

SAID = {"objector": "王某", "contact": "13900000000", "content": "该人员未在该单位工作。"}


def picture(name: str = "工资单.png") -> tuple[io.BytesIO, str]:
    painted = io.BytesIO()
    Image.new("RGB", (400, 300), "white").save(painted, "PNG")
    painted.seek(0)
    return painted, name


def document(name: str = "证明.pdf") -> tuple[io.BytesIO, str]:
    return io.BytesIO(made()), name


@pytest.fixture
def publicised(session, cast):
    return declared(session, cast, "submit", "accept", "endorse", "approve", "publicise")


@pytest.fixture
def url(session, publicised) -> str:
    number = session.scalars(select(Publicity.number)).one()
    session.rollback()
    return f"/publicity/{number}/objections/{publicised.id}"


def form_of(answer):
    return answer.find("textarea", id="content").find_parent("form")


def sent(client, url, form=None, **values):
    return submit(client, form or form_of(page(client, url)), url, **{**SAID, **values})


def limit(session, key, value):
    """The province has set this limit."""
    session.add(PolicyValue(key=key, value=str(value), valid_from=date(2026, 1, 1), source="测试"))
    session.commit()


def enclosed(session) -> list[Attachment]:
    session.rollback()
    return list(session.scalars(select(Attachment).where(Attachment.objection_id.is_not(None))))


def stored(session) -> int:
    """Files on the disk that came from visitors: those that no declaration and no person has."""
    session.rollback()
    of_others = exists().where(Attachment.file_id == StoredFile.id, Attachment.objection_id.is_(None))
    count = session.scalar(select(func.count()).select_from(StoredFile).where(~of_others))
    session.rollback()
    return count


def wrong(answer) -> str:
    return checked(answer, 422).find(id="files-error").get_text()


@pytest.mark.both_engines
def test_a_visitor_encloses_a_picture_and_a_document(session, client, url):
    receipt = checked(sent(client, url, files=[picture(), document()]))
    assert "工资单.jpg, 证明.pdf" in receipt.find("dl").get_text()
    rows = enclosed(session)
    objection = session.scalars(select(Objection)).one()
    assert [(one.kind, one.file_name, one.objection_id, one.uploaded_by_id) for one in rows] == [
        ("objection", "工资单.jpg", objection.id, None),
        ("objection", "证明.pdf", objection.id, None),
    ]
    # The picture was painted anew: what lies on the disk is ours.
    kept = session.get_one(StoredFile, rows[0].file_id)
    assert files.read(kept).startswith(b"\xff\xd8")
    (line,) = audited(session, "objection.raise")
    assert '"files": 2' in line.detail
    assert "工资单" not in line.detail


def test_the_form_asks_for_files_as_a_browser_without_scripts_sends_them(client, url):
    form = form_of(page(client, url))
    assert form["enctype"] == "multipart/form-data"
    asked = form.find("input", id="files")
    assert asked.has_attr("multiple")
    assert asked["accept"] == "image/jpeg,image/png,application/pdf"
    assert "10 MB" in form.find(id="files-hint").get_text()


def test_the_province_opens_them_and_nobody_else_does(app, session, cast, client, url):
    sent(client, url, files=[picture(), document()])
    keys = [one.id for one in enclosed(session)]
    objection = session.scalars(select(Objection.id)).one()
    shown = page(officer(app, cast.chen_jing), f"/desk/objections/{objection}")
    assert [one["href"] for one in shown.select("a.attachment")] == [f"/files/{key}" for key in keys]
    seen = {
        name: {officer(app, getattr(cast, name)).get(f"/files/{key}").status_code for key in keys}
        for name in (
            "chen_jing", "zhou_min", "wang_qiang", "zhao_min", "li_juan", "liu_yang", "zhang_wei", "admin",
            "auditor", "province_admin",
        )
    }  # fmt: skip
    assert seen == {name: {200} if name in {"chen_jing", "zhou_min"} else {404} for name in seen}
    assert client.get(f"/files/{keys[0]}").status_code == 302, "a visitor is asked who he is"
    assert [one.subject_id for one in audited(session, "file.read")] == [str(key) for key in keys] * 2
    public = page(client, url.partition("/objections")[0]).decode() + page(client, "/objections/").decode()
    assert "工资单" not in public


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<script>alert(1)</script>", "a.jpg"),
        (b"MZ\x90\x00" + b"\0" * 200, "a.png"),
        (b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*", "a.pdf"),
        (made().replace(b"/Type /Page\n", b"/Type /Page /S /#4aavaScript\n"), "a.pdf"),
        (b"", "a.jpg"),
    ],
    ids=["a page", "a program", "a test virus", "a document that acts", "nothing"],
)
def test_what_is_no_picture_and_no_still_document_is_refused_and_the_words_stay(
    session, client, url, data, name
):
    answer = sent(client, url, files=[(io.BytesIO(data), name), picture()])
    assert name in wrong(answer)
    shown = checked(answer, 422)
    assert shown.find(id="content").get_text().strip() == SAID["content"]
    assert shown.find(id="objector")["value"] == SAID["objector"]
    assert [one.get_text() for one in shown.select(".papers-held .upload-name")] == ["工资单.jpg"]
    assert session.scalars(select(Objection)).all() == []


def test_too_large_a_file_is_refused(session, client, url, monkeypatch):
    monkeypatch.setattr("app.views.kit.pictures.MOST_BYTES", 1024 * 1024)
    assert "1 MB" in wrong(sent(client, url, files=[(io.BytesIO(b"\xff\xd8" + b"0" * 1024 * 1024), "a.jpg")]))
    assert stored(session) == 0


def test_a_file_is_sent_once_however_often_the_words_are_asked_for(session, client, url):
    again = form_of(checked(sent(client, url, content=" ", files=[picture()]), 422))
    before = stored(session)
    assert checked(sent(client, url, again))
    assert stored(session) == before
    assert [one.file_name for one in enclosed(session)] == ["工资单.jpg"]


def test_a_file_that_is_ticked_is_taken_out_again(session, client, url):
    again = form_of(
        checked(sent(client, url, content=" ", files=[picture("甲.png"), picture("乙.png")]), 422)
    )
    first = again.select_one("input[name=remove-file]")["value"]
    checked(sent(client, url, again, **{"remove-file": first}))
    assert [one.file_name for one in enclosed(session)] == ["乙.jpg"]


def test_no_more_than_three_files_are_taken_and_the_rest_is_named(session, client, url):
    many = [picture(f"{number}.png") for number in range(4)]
    answer = sent(client, url, files=many)
    assert "3.png" in wrong(answer)
    assert stored(session) == 3
    checked(sent(client, url, form_of(checked(answer, 422))))
    assert [one.file_name for one in enclosed(session)] == ["0.jpg", "1.jpg", "2.jpg"]


def test_a_token_that_was_made_up_or_belongs_to_another_objection_is_no_file(session, cast, client, url):
    other = declared(session, cast, "submit", "accept", "endorse", "approve", "publicise", serial=1)
    number = session.scalars(select(Publicity.number).order_by(Publicity.id.desc())).first()
    session.rollback()
    theirs = checked(
        sent(client, f"/publicity/{number}/objections/{other.id}", content=" ", files=[picture()]), 422
    ).select_one("input[name=held]")["value"]
    for token in (theirs, "1", theirs[:-2], ""):
        assert "重新添加" in wrong(sent(client, url, held=token))
    assert enclosed(session) == []


def test_a_file_that_was_sent_long_ago_is_asked_for_again(session, client, clock, url):
    again = form_of(checked(sent(client, url, content=" ", files=[picture()]), 422))
    clock.shift(13 * 3600)
    held = again.select_one("input[name=held]")["value"]
    answer = sent(client, url, held=held)
    assert "重新添加" in wrong(answer)
    assert not checked(answer, 422).select(".papers-held")


def test_the_same_form_sent_twice_encloses_its_files_once(session, client, url):
    form = form_of(page(client, url))
    for _ in range(2):
        checked(sent(client, url, form, files=[picture()]))
    assert len(enclosed(session)) == 1


def test_one_network_sends_so_many_files_and_no_more(session, client, url):
    limit(session, "visitor_files_per_hour", 2)
    answer = sent(client, url, files=[picture(), picture(), picture("多.png")])
    assert re.search(r"多\.png: .*网络", wrong(answer))
    assert stored(session) == 2
    # Without that file the objection is taken.
    checked(sent(client, url, form_of(checked(answer, 422))))
    assert len(enclosed(session)) == 2


@pytest.mark.parametrize("key", ["visitor_megabytes_per_day", "visitor_megabytes_open"])
def test_all_visitors_together_cannot_fill_the_disk(session, app, client, url, key):
    checked(sent(client, url, files=[picture()]))
    limit(session, key, 0)
    elsewhere = app.test_client()
    token = form_of(page(elsewhere, url)).find("input", attrs={"name": "csrf_token"})["value"]
    answer = elsewhere.post(
        url,
        data={"csrf_token": token, **SAID, "files": [picture()]},
        headers={"Referer": "http://localhost/"},
        environ_base={"REMOTE_ADDR": "198.51.100.7"},
    )
    assert "省级主管部门" in wrong(answer)
    assert stored(session) == 1


def test_the_megabytes_of_one_network_are_counted(session, client, url):
    limit(session, "visitor_megabytes_per_hour", 1)
    assert "多.png" in wrong(sent(client, url, files=[picture(), picture("多.png")]))
    assert stored(session) == 1


def test_what_was_sent_and_never_handed_in_is_gone_the_next_day_and_the_rest_stays(session, client, url):
    checked(sent(client, url, files=[picture("留.png")]))
    checked(sent(client, url, content=" ", files=[picture("弃.png")]), 422)
    assert stored(session) == 2
    files.discard_unused(session, now() + sweeping.FILES_KEPT)
    assert stored(session) == 1
    (kept,) = enclosed(session)
    assert files.read(session.get_one(StoredFile, kept.file_id))


def test_without_a_line_in_publicity_no_file_is_taken(session, client, url, clock):
    form = form_of(page(client, url))
    clock.shift(11 * 86_400)
    assert sent(client, url, form, files=[picture()]).status_code in {400, 404}
    assert stored(session) == 0
