"""Officers show a code beside the password, and each code opens once."""

import re
import threading

import pytest
from bs4 import BeautifulSoup

from app.models import Account
from app.security.access.roles import OFFICERS, Role
from app.security.login import second_factor
from tests.logins import SECRET, code, is_in, log_in, make_account, send_code, send_password
from tests.pages import page, submit


@pytest.fixture
def officer(session):
    return make_account(session, "officer", Role.PROVINCIAL)


@pytest.mark.parametrize("role", sorted(OFFICERS))
def test_the_password_alone_opens_nothing(client, session, role):
    make_account(session, "somebody", role)
    assert send_password(client, "somebody").location == "/login/second-factor"
    assert not is_in(client)
    assert client.get("/account/password").status_code == 302
    assert send_code(client, code()).location == "/"
    assert is_in(client)


@pytest.mark.parametrize("role", [Role.ENTERPRISE, Role.INDIVIDUAL])
def test_others_need_none(client, session, role):
    make_account(session, "somebody", role)
    assert send_password(client, "somebody").location == "/"
    assert is_in(client)


@pytest.mark.both_engines
def test_a_code_opens_once(app, client, officer):
    used = code()
    send_password(client, "officer")
    assert send_code(client, used).status_code == 302
    other = app.test_client()
    send_password(other, "officer")
    assert send_code(other, used).status_code == 422
    assert not is_in(other)
    assert send_code(other, code(steps=1)).status_code == 302


def test_an_older_code_is_not_taken_after_a_newer_one(app, client, officer):
    send_password(client, "officer")
    assert send_code(client, code()).status_code == 302
    other = app.test_client()
    send_password(other, "officer")
    assert send_code(other, code(steps=-1)).status_code == 422


@pytest.mark.both_engines
def test_of_two_that_send_the_same_code_one_is_let_in(app, officer):
    used = code()
    browsers = [app.test_client() for _ in range(4)]
    forms = []
    for browser in browsers:
        send_password(browser, "officer")
        forms.append(page(browser, "/login/second-factor").find("input", id="code").find_parent("form"))
    answers = []

    def send(browser, form):
        answers.append(submit(browser, form, "/login/second-factor", code=used).status_code)

    threads = [threading.Thread(target=send, args=pair) for pair in zip(browsers, forms, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [302, 422, 422, 422]


@pytest.mark.parametrize(
    "digits",
    ["", "12345", "1234567", "abcdef", "\uff11\uff12\uff13\uff14\uff15\uff16", "000000\x00", "-12345"],
)
def test_what_is_no_code_is_refused(client, officer, digits):
    send_password(client, "officer")
    assert send_code(client, digits).status_code == 422


def test_a_code_may_be_typed_in_two_groups(client, officer):
    send_password(client, "officer")
    now = code()
    assert send_code(client, f"{now[:3]} {now[3:]}").status_code == 302


def test_a_code_of_an_hour_ago_is_refused(client, officer):
    send_password(client, "officer")
    assert send_code(client, code(steps=-120)).status_code == 422


@pytest.mark.parametrize(
    "url", ["/login/second-factor", "/login/enrolment", "/login/enrolment.svg", "/login/new-password"]
)
def test_who_has_proved_nothing_begins_at_the_form(client, url):
    answer = client.get(url)
    assert (answer.status_code, answer.location) == (302, "/login")


def test_a_step_cannot_be_skipped(client, officer):
    send_password(client, "officer")
    for url in ("/login/enrolment", "/login/enrolment.svg", "/login/new-password"):
        assert client.get(url).location == "/login"
    assert not is_in(client)


def _set_up(client) -> tuple[BeautifulSoup, str]:
    shown = page(client, "/login/enrolment")
    return shown.find("input", id="code").find_parent("form"), shown.find("code").get_text()


def test_an_officer_without_a_second_factor_sets_one_up_first(app, client, session):
    make_account(session, "fresh", Role.MUNICIPAL, second_factor=None)
    assert send_password(client, "fresh").location == "/login/enrolment"
    assert not is_in(client)
    form, secret = _set_up(client)
    picture = client.get("/login/enrolment.svg")
    assert picture.mimetype == "image/svg+xml"
    assert _set_up(client)[1] == secret, "reloading the page does not change what was scanned"
    assert submit(client, form, "/login/enrolment", code="000000").status_code == 422
    assert not is_in(client)
    assert submit(client, form, "/login/enrolment", code=code(secret)).status_code == 302
    assert is_in(client)
    other = app.test_client()
    assert send_password(other, "fresh").location == "/login/second-factor"
    assert send_code(other, code(secret)).status_code == 422, "the code of the set-up was used"
    assert send_code(other, code(secret, steps=1)).status_code == 302


def test_the_secret_is_not_readable_in_the_database(client, session, data_dir):
    make_account(session, "fresh", Role.MUNICIPAL, second_factor=None)
    make_account(session, "officer", Role.MUNICIPAL)
    send_password(client, "fresh")
    secret = _set_up(client)[1]
    for path in data_dir.glob("platform.sqlite*"):
        assert secret.encode() not in path.read_bytes()
        assert SECRET.encode() not in path.read_bytes()


def test_a_new_second_factor_ends_the_sessions(client, session, officer):
    log_in(client, "officer")
    account = session.get(Account, officer.id)
    secret = second_factor.new_secret()
    assert second_factor.enrol(session, account, secret, code(secret))
    session.commit()
    assert not is_in(client)


def test_the_picture_of_the_key_is_dark_on_white_whatever_the_page_s_colours():
    drawn = second_factor.picture("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "wang_qiang").decode()
    assert re.search(r'<path[^>]+fill="(?:#fff|white)"', drawn)
