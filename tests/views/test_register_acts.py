"""依职权注册管理 on the screen: a page shows what its kind has, and an error says what may be meant."""

import io

import pytest
from sqlalchemy import select

from app.cli.demo.pictures import sheet
from app.models import RegisterAct
from tests.desk import officer, send
from tests.pages import checked, fields, page
from tests.registered import registered

URL = "/register-acts/add"


@pytest.fixture
def province(app, cast):
    return officer(app, cast.chen_jing)


@pytest.fixture
def held(session, cast):
    return registered(session, cast.li_juan, cast.zhang_wei)


def propose(client, number, kind, **values):
    form = fields(page(client, URL).find(id="record"))
    evidence = io.BytesIO(sheet("依据材料", ("示例",))), "依据.jpg"
    said = {
        "registration_number": number,
        "kind": kind,
        "reason": "登记有误",
        "document_number": "湘建〔2026〕1号",
    }
    return send(client, URL, **{**form, **said, **values, "file-act_evidence": evidence})


def acts(session) -> list[RegisterAct]:
    session.rollback()
    return list(session.scalars(select(RegisterAct)))


@pytest.mark.parametrize("kind", ["annul", "revoke"])
def test_an_act_that_corrects_nothing_shows_and_keeps_no_word_of_a_correction(session, held, province, kind):
    """The name was typed before another kind was chosen; the page hides it then."""
    assert propose(province, held.number, kind, right_name="张玮", right_standing="1").status_code == 302
    (act,) = acts(session)
    assert (act.kind, act.right_name, act.right_standing) == (kind, None, False)
    said = page(province, f"/register-acts/{act.id}").select_one("main").get_text()
    assert "登记有误" in said
    assert "更正后" not in said


def test_a_correction_shows_what_is_right(session, held, province):
    assert propose(province, held.number, "correct", right_name="张玮").status_code == 302
    (act,) = acts(session)
    said = page(province, f"/register-acts/{act.id}").select_one("main").get_text()
    assert "更正后姓名" in said
    assert "张玮" in said


@pytest.mark.parametrize(
    ("kind", "meant"),
    [
        ("annul", "有效的和已注销的注册可以撤销、吊销"),
        ("revoke", "有效的和已注销的注册可以撤销、吊销"),
        ("correct", "有效的和已失效的注册都可以更正"),
    ],
)
def test_an_unknown_number_is_told_with_what_the_act_may_be_about(session, province, kind, meant):
    answer = propose(province, "湘243130000099", kind, right_name="张玮" if kind == "correct" else "")
    assert meant in checked(answer, 422).find(id="problems").get_text()
    assert acts(session) == []
