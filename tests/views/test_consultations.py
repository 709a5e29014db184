"""企业问题咨询: an enterprise asks, its city or the province answers, and nobody else reads a word of it."""

import io

import pytest
from PIL import Image
from sqlalchemy import select

from app.models import Attachment, Consultation, ConsultationReply, Notice
from tests.desk import audited, officer, send
from tests.pages import checked, page

QUESTION = {"subject": "延续注册的时间", "question": "有效期还有四十天，现在可以申报延续吗？"}


def picture() -> tuple[io.BytesIO, str]:
    made = io.BytesIO()
    Image.new("RGB", (400, 300), "white").save(made, "PNG")
    made.seek(0)
    return made, "证书.png"


def ask(client, **values):
    return send(client, "/consultations/add", **{**QUESTION, **values})


@pytest.fixture
def asked(app, session, cast) -> int:
    """李娟 of Changsha has asked her city."""
    assert ask(officer(app, cast.li_juan), **{"file-consultation": picture()}).status_code == 302
    return stored(session).id


def stored(session) -> Consultation:
    session.rollback()
    return session.scalars(select(Consultation).order_by(Consultation.id.desc())).first()


def act(app, member, base, action, row, **values):
    data = {"action": action, "ids": [f"{row.id}:{row.version}"], "confirmed": "1", "back": "show", **values}
    return send(officer(app, member), f"{base}/act", **data)


def desk(app, member, action, row, **values):
    return act(app, member, "/consultation-desk", action, row, **values)


def told(session, cast) -> list[str]:
    session.rollback()
    mine = Notice.enterprise_id == cast.li_juan.actor.enterprise_id
    return list(session.scalars(select(Notice.kind).where(mine).order_by(Notice.id)))


def test_the_city_answers_what_an_enterprise_asks(app, session, cast, asked):
    row = stored(session)
    assert (row.region_code, row.status, row.with_province) == ("430100", "waiting", False)
    listed = page(officer(app, cast.wang_qiang), "/consultation-desk/").select_one("table.rows").get_text()
    assert QUESTION["subject"] in listed
    assert (
        desk(app, cast.wang_qiang, "reply", row, text="可以，窗口期为期满前 90 至 30 日。").status_code == 302
    )
    row = stored(session)
    assert row.status == "answered"
    assert told(session, cast) == ["consultation_answered"]
    document = page(officer(app, cast.li_juan), f"/consultations/{asked}")
    text = document.select_one("section[aria-labelledby=said]").get_text(" ", strip=True)
    assert "可以，窗口期为期满前 90 至 30 日。" in text
    # The authority answers, and not one of its officers.
    assert "市州主管部门" in text
    assert "王强" not in text
    (line,) = audited(session, "consultation.reply")
    assert (line.subject_id, line.actor_name) == (str(asked), "王强")
    assert "窗口期" not in line.detail


def test_the_notice_leads_to_the_answer(app, session, cast, asked):
    desk(app, cast.wang_qiang, "reply", stored(session), text="可以。")
    session.rollback()
    key = session.scalars(select(Notice.id)).one()
    answer = send(officer(app, cast.li_juan), "/notices/act", action="open", ids=[str(key)])
    assert answer.location == f"/consultations/{asked}"


def test_what_was_forwarded_is_answered_by_the_province_and_not_by_the_city(app, session, cast, asked):
    assert desk(app, cast.wang_qiang, "forward", stored(session)).status_code == 302
    row = stored(session)
    assert (row.status, row.with_province) == ("waiting", True)
    desk(app, cast.wang_qiang, "reply", row, text="抢答")
    assert stored(session).status == "waiting"
    page(officer(app, cast.wang_qiang), f"/consultation-desk/{asked}")  # it goes on reading
    assert desk(app, cast.chen_jing, "reply", row, text="可以。").status_code == 302
    assert stored(session).status == "answered"
    assert told(session, cast) == ["consultation_forwarded", "consultation_answered"]


def test_a_question_goes_on_until_it_is_closed(app, session, cast, asked):
    desk(app, cast.wang_qiang, "reply", stored(session), text="请说明证书编号。")
    assert (
        act(app, cast.li_juan, "/consultations", "ask_again", stored(session), text="已上传。").status_code
        == 302
    )
    assert stored(session).status == "waiting"
    assert act(app, cast.li_juan, "/consultations", "close", stored(session)).status_code == 302
    row = stored(session)
    assert row.status == "closed"
    desk(app, cast.wang_qiang, "reply", row, text="晚了")
    session.rollback()
    assert len(session.scalars(select(ConsultationReply)).all()) == 2


def test_the_authority_closes_only_what_it_has_answered(app, session, cast, asked):
    desk(app, cast.wang_qiang, "close", stored(session))
    assert stored(session).status == "waiting"
    desk(app, cast.wang_qiang, "reply", stored(session), text="可以。")
    desk(app, cast.wang_qiang, "close", stored(session))
    assert stored(session).status == "closed"
    assert told(session, cast) == ["consultation_answered", "consultation_closed"]


@pytest.mark.parametrize("name", ["fang_yuan", "liu_yang", "zhang_wei", "wang_qiang"])
def test_the_questions_of_another_enterprise_do_not_exist(app, session, cast, asked, name):
    member = getattr(cast, name)
    client = officer(app, member)
    assert client.get(f"/consultations/{asked}").status_code == 404
    for action in ("ask_again", "close"):
        assert act(app, member, "/consultations", action, stored(session), text="x").status_code == 404
    assert stored(session).status == "waiting"


@pytest.mark.parametrize("name", ["zhao_min", "li_juan", "province_admin", "auditor"])
def test_for_the_officer_of_another_city_the_question_does_not_exist(app, session, cast, asked, name):
    """赵敏 of Shaoyang, and everybody who has no such desk."""
    member = getattr(cast, name)
    assert officer(app, member).get(f"/consultation-desk/{asked}").status_code == 404
    for action in ("reply", "forward", "close"):
        assert desk(app, member, action, stored(session), text="x").status_code == 404
    session.rollback()
    assert session.scalars(select(ConsultationReply)).all() == []


def test_its_files_are_read_by_those_who_read_the_question(app, session, cast, asked):
    file = session.scalars(select(Attachment.id).where(Attachment.consultation_id == asked)).one()
    seen = {
        name: officer(app, getattr(cast, name)).get(f"/files/{file}").status_code
        for name in ("li_juan", "wang_qiang", "chen_jing", "fang_yuan", "zhao_min", "zhang_wei", "admin")
    }
    assert seen == {
        "li_juan": 200, "wang_qiang": 200, "chen_jing": 200,
        "fang_yuan": 404, "zhao_min": 404, "zhang_wei": 404, "admin": 404,
    }  # fmt: skip


@pytest.mark.parametrize(("field", "value"), [("subject", " "), ("question", ""), ("question", "问" * 2001)])
def test_a_question_that_says_nothing_or_too_much_is_refused_and_nothing_is_lost(
    app, session, cast, field, value
):
    document = checked(ask(officer(app, cast.li_juan), **{field: value}), 422)
    assert document.find(id="problems")
    other = "question" if field == "subject" else "subject"
    assert QUESTION[other] in str(document)
    assert stored(session) is None


def test_two_officers_do_not_answer_over_each_other(app, session, cast, asked):
    before = stored(session)
    session.expunge(before)
    desk(app, cast.wang_qiang, "reply", before, text="可以。")
    desk(app, cast.wang_qiang, "reply", before, text="不可以。")
    session.rollback()
    assert [one.text for one in session.scalars(select(ConsultationReply))] == ["可以。"]


def test_an_empty_reply_is_asked_for_again(app, session, cast, asked):
    assert desk(app, cast.wang_qiang, "reply", stored(session), text=" ").status_code == 422
    assert stored(session).status == "waiting"


def test_what_is_said_is_shown_as_text(app, session, cast, asked):
    desk(app, cast.wang_qiang, "reply", stored(session), text="<script>alert(1)</script>")
    shown = page(officer(app, cast.li_juan), f"/consultations/{asked}").decode(formatter="minimal")
    assert "<script>alert(1)" not in shown


def test_the_home_of_each_authority_counts_what_waits_for_it(app, session, cast, asked):
    def waiting(member) -> str:
        document = page(officer(app, member), "/?_l_=en")
        (figure,) = [one for one in document.select("a.count") if "Questions to answer" in one.get_text()]
        return figure.select_one(".count-number").get_text()

    assert [waiting(one) for one in (cast.wang_qiang, cast.zhao_min, cast.chen_jing)] == ["1", "0", "0"]
    desk(app, cast.wang_qiang, "forward", stored(session))
    assert [waiting(one) for one in (cast.wang_qiang, cast.zhao_min, cast.chen_jing)] == ["0", "0", "1"]


def test_either_side_encloses_files_and_nobody_else_reads_them(app, session, cast, asked):
    reply = desk(
        app, cast.wang_qiang, "reply", stored(session), text="见附件。", **{"file-consultation": picture()}
    )
    assert reply.status_code == 302
    more = act(
        app, cast.li_juan, "/consultations", "ask_again", stored(session), text="已补充。",
        **{"file-consultation": picture()},
    )  # fmt: skip
    assert more.status_code == 302
    session.rollback()
    rows = session.scalars(select(Attachment).where(Attachment.reply_id.is_not(None))).all()
    said = session.scalars(select(ConsultationReply).order_by(ConsultationReply.id)).all()
    assert [one.reply_id for one in rows] == [one.id for one in said]
    names = ("li_juan", "wang_qiang", "chen_jing", "fang_yuan", "liu_yang", "zhao_min", "zhang_wei", "admin")
    for row in rows:
        url = f"/files/{row.id}"
        seen = {name: officer(app, getattr(cast, name)).get(url).status_code for name in names}
        assert seen == dict.fromkeys(names[:3], 200) | dict.fromkeys(names[3:], 404)
    for member, base in ((cast.li_juan, "/consultations"), (cast.wang_qiang, "/consultation-desk")):
        steps = page(officer(app, member), f"{base}/{asked}").select("[aria-labelledby=said] .course-step")
        assert [one.select_one("a.attachment")["href"] for one in steps] == [
            f"/files/{one.id}" for one in rows
        ]


def test_a_file_that_cannot_be_taken_stops_the_reply_and_its_words_stay(app, session, cast, asked):
    fake = {"file-consultation": (io.BytesIO(b"<script>alert(1)</script>"), "a.jpg")}
    answer = desk(app, cast.wang_qiang, "reply", stored(session), text="见附件。", **fake)
    document = checked(answer, 422)
    assert "见附件。" in document.find(id="answer-text").get_text()
    assert document.select(".upload .invalid-feedback")
    assert stored(session).status == "waiting"


def test_what_was_sent_stays_while_the_words_are_still_asked_for(app, session, cast, asked):
    answer = desk(
        app, cast.wang_qiang, "reply", stored(session), text=" ", **{"file-consultation": picture()}
    )
    held = checked(answer, 422).find("input", attrs={"name": "held-consultation"})["value"]
    kept = {"held-consultation": held}
    assert desk(app, cast.wang_qiang, "reply", stored(session), text="见附件。", **kept).status_code == 302
    session.rollback()
    assert session.scalars(select(Attachment.reply_id).where(Attachment.reply_id.is_not(None))).all()


def test_who_asks_sends_the_question_and_reads_once_what_is_missing(app, cast):
    clerk = officer(app, cast.li_juan)
    (button,) = page(clerk, "/consultations/add").select(".form-foot [type=submit]")
    assert button.get_text(strip=True) == "提交咨询"
    said = checked(ask(clerk, subject="", question=""), 422).select("#problems li")
    assert [one.get_text(strip=True) for one in said] == ["请填写：主题。", "请填写：咨询内容。"]
