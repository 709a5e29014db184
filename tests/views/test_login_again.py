"""A session ends while somebody fills in a form: he goes on in place, nobody else does, and nothing is lost."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.cli.demo import PASSWORD
from app.models import Account, AuditEntry, Enterprise, FormDraft
from app.security.login import again, guessing
from app.services import form_drafts
from tests.cast import login
from tests.desk import audited, officer
from tests.logins import code, is_in
from tests.pages import checked, fields, page, submit

JSON = {"Accept": "application/json", "Referer": "http://localhost/"}
LUNCH = timedelta(hours=3)


@pytest.fixture
def li_juan(app, cast):
    """李娟's browser with the form of her enterprise open: the client, the address and the form."""
    client = login(app.test_client(), cast.li_juan)
    url = f"/enterprise/{cast.li_juan.actor.enterprise_id}/edit"
    return client, url, page(client, url).find("form", id="record")


def state(client, form):
    return client.get("/login/again/", query_string={"who": form["data-who"]}, headers=JSON)


def ask(client, form, path="password", **typed):
    """As the page's script does: the token first, then the answer to the question."""
    token = state(client, form).json["csrf"]
    data = {"who": form["data-who"], **typed}
    return client.post(f"/login/again/{path}", data=data, headers={**JSON, "X-CSRFToken": token})


def keep(client, form, token):
    body = {"key": form["data-key"], "version": 1, "fields": [["contact_name", "方圆"]]}
    return client.post(form["data-keep"], json=body, headers={**JSON, "X-CSRFToken": token})


def test_another_account_cannot_take_over_the_form(app, cast, li_juan, clock):
    client, _url, form = li_juan
    clock.shift(LUNCH)
    login(client, cast.fang_yuan)
    told = state(client, form)
    assert told.json["state"] == "other"
    answer = ask(client, form, password=PASSWORD)
    assert (answer.status_code, is_in(client)) == (422, True)
    assert keep(client, form, told.json["csrf"]).status_code == 404  # not the form of her enterprise


def test_the_script_is_told_that_the_session_has_ended(li_juan, clock):
    client, _url, form = li_juan
    token = fields(form)["csrf_token"]
    assert keep(client, form, token).status_code == 200
    clock.shift(LUNCH)
    answer = keep(client, form, token)
    assert answer.status_code == 401
    assert answer.json["login"] == "/login"


def test_after_the_password_the_same_form_goes_on(li_juan, clock, session):
    client, url, form = li_juan
    clock.shift(LUNCH)
    assert state(client, form).json["state"] == "out"
    answer = ask(client, form, password=PASSWORD)
    assert answer.json["state"] == "in"
    assert submit(client, form, url, csrf_token=answer.json["csrf"], contact_name="方圆").status_code == 302
    assert session.scalar(select(Enterprise.contact_name).where(Enterprise.id == int(form["data-key"]))) == (
        "方圆"
    )
    assert audited(session, "login")[-1].outcome == "done"


def test_a_wrong_password_opens_nothing_and_is_counted(li_juan, clock, session, monkeypatch):
    monkeypatch.setattr(guessing, "PER_PLACE", 2)
    client, _url, form = li_juan
    clock.shift(LUNCH)
    client.delete_cookie("known")
    answers = [ask(client, form, password="wrong") for _ in range(3)]
    assert [one.status_code for one in answers] == [422, 422, 429]
    assert not is_in(client)
    assert [one.outcome for one in audited(session, "login")[-3:]] == ["failed", "failed", "refused"]
    assert ask(client, form, password=PASSWORD).status_code == 429


def test_an_officer_needs_his_second_factor_here_too(app, cast, session, clock):
    client = officer(app, cast.province_admin)
    url = "/holidays/add"
    form = page(client, url).find("form", id="record")
    clock.shift(LUNCH)
    assert ask(client, form, password=PASSWORD).json["state"] == "code"
    assert not is_in(client)
    wrong = ask(client, form, "code", code="000000")
    assert (wrong.status_code, wrong.json["state"]) == (422, "code")
    right = ask(client, form, "code", code=code())
    assert right.json["state"] == "in"
    assert is_in(client)


def test_a_code_without_a_password_opens_nothing(app, cast, clock):
    client = officer(app, cast.province_admin)
    form = page(client, "/holidays/add").find("form", id="record")
    clock.shift(LUNCH)
    assert ask(client, form, "code", code=code()).status_code == 422
    assert not is_in(client)


def test_the_code_of_one_account_does_not_let_another_in(app, cast, clock):
    client = officer(app, cast.province_admin)
    mine = page(client, "/holidays/add").find("form", id="record")
    clock.shift(LUNCH)
    assert ask(client, mine, password=PASSWORD).json["state"] == "code"
    with app.test_request_context():
        other = {"data-who": again.word_of(cast.wang_qiang.actor.account_id, "HolidayScreen add")}
    assert ask(client, other, "code", code=code()).status_code == 422
    assert not is_in(client)


def test_a_word_that_no_page_holds_says_nothing(client, cast):
    for word in ("", "x", "WzEsIiJd.x.y"):
        assert client.get("/login/again/", query_string={"who": word}, headers=JSON).status_code == 404


def test_an_account_that_must_choose_a_password_goes_to_the_page_for_it(li_juan, cast, session, clock):
    client, _url, form = li_juan
    clock.shift(LUNCH)
    account = session.get_one(Account, cast.li_juan.actor.account_id)
    account.must_change_password = True
    session.commit()
    answer = ask(client, form, password=PASSWORD)
    assert (answer.status_code, answer.json["state"]) == (422, "page")
    assert not is_in(client)


def test_without_a_script_the_input_survives_the_login(li_juan, cast, session, clock):
    client, url, form = li_juan
    clock.shift(LUNCH)
    answer = submit(client, form, url, contact_name="方圆", insurance_password="geheim")
    document = checked(answer, 400)
    link = document.select_one(".alone-links a")["href"]
    assert link == f"/login?next={url}"
    draft = session.scalars(select(FormDraft)).one()
    assert draft.account_id == cast.li_juan.actor.account_id
    kept = dict(form_drafts.fields_of(draft))
    assert kept["contact_name"] == "方圆"
    assert "insurance_password" not in kept
    login(client, cast.li_juan)
    assert page(client, url).find(class_="form-offer")
    again = page(client, f"{url}?restore=1").find("form", id="record")
    assert fields(again)["contact_name"] == "方圆"


@pytest.mark.parametrize("word", ["", "forged"])
def test_without_the_word_of_the_page_nothing_is_kept(li_juan, session, clock, word):
    client, url, form = li_juan
    clock.shift(LUNCH)
    checked(submit(client, form, url, who=word, contact_name="x"), 400)
    assert session.scalars(select(FormDraft)).all() == []


def test_the_word_of_one_form_keeps_nothing_for_another(app, cast, li_juan, session, clock):
    client, _url, form = li_juan
    clock.shift(LUNCH)
    other = f"/enterprise/{cast.liu_yang.actor.enterprise_id}/edit"
    checked(submit(client, form, other, contact_name="x"), 400)
    assert session.scalars(select(FormDraft)).all() == []


def test_what_was_rescued_is_nobody_else_s(app, cast, li_juan, session, clock):
    client, url, form = li_juan
    clock.shift(LUNCH)
    checked(submit(client, form, url, contact_name="方圆"), 400)
    login(client, cast.fang_yuan)
    assert client.get(f"{url}?restore=1").status_code == 404
    assert session.scalars(select(AuditEntry).where(AuditEntry.action == "change")).all() == []
