"""An operator opens the first account, and lets in whoever is locked out."""

import re

import pytest
from sqlalchemy import select

from app.models import Account, AuditEntry
from app.security.access.roles import Role
from app.security.login.passwords import faults
from tests.logins import code, is_in, log_in, make_account, send_code, send_password
from tests.pages import page, submit

GOOD = "kaffee tasse wolke birne"


def _run(app, *arguments, status=0):
    done = app.test_cli_runner().invoke(args=arguments)
    assert done.exit_code == status, done.output
    return done.output


def _password(output: str) -> str:
    return re.search(r"One-time password:\s+(\S+)", output)[1]


@pytest.mark.both_engines
def test_the_first_administrator_gets_in_with_what_was_printed(app, client, session):
    plain = _password(_run(app, "create-administrator", "root-1", "--name", "管理员"))
    assert faults(plain) == []
    account = session.scalars(select(Account)).one()
    assert [role.name for role in account.roles] == [Role.ADMINISTRATOR]
    assert plain not in account.password
    assert send_password(client, "root-1", plain).location == "/login/enrolment"
    shown = page(client, "/login/enrolment")
    secret = shown.find("code").get_text()
    answer = submit(client, shown.find(id="code").find_parent("form"), "/login/enrolment", code=code(secret))
    assert answer.location == "/login/new-password"
    form = page(client, answer.location).find(id="repeated").find_parent("form")
    submit(client, form, answer.location, new_password=GOOD, repeated=GOOD)
    assert is_in(client)
    assert session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).first() == "open_account"


@pytest.mark.parametrize(
    "name", ["Root", "1root", "ab", "13900001234", "439900198506150019", "a b c", "a" * 41, "名字"]
)
def test_a_name_that_could_be_a_number_is_refused(app, session, name):
    _run(app, "create-administrator", name, status=1)
    assert session.scalars(select(Account)).all() == []


def test_a_name_is_given_once(app):
    _run(app, "create-administrator", "root-1")
    assert "root-1" in _run(app, "create-administrator", "root-1", status=1)


def test_a_new_password_unlocks_and_logs_out(app, client, session):
    account = make_account(session, "officer", Role.MUNICIPAL, fail_login_count=100)
    plain = _password(_run(app, "reset-password", "officer"))
    assert send_password(client, "officer").status_code == 422
    assert send_password(client, "officer", plain).location == "/login/second-factor"
    assert send_code(client, code()).location == "/login/new-password"
    session.refresh(account)
    assert account.fail_login_count == 0


def test_a_new_password_ends_the_sessions(app, client, session):
    make_account(session, "clerk", Role.ENTERPRISE)
    log_in(client, "clerk")
    _run(app, "reset-password", "clerk")
    assert not is_in(client)


def test_a_lost_authenticator_is_set_up_again(app, client, session):
    make_account(session, "officer", Role.MUNICIPAL)
    plain = _password(_run(app, "reset-password", "officer", "--second-factor"))
    assert send_password(client, "officer", plain).location == "/login/enrolment"


def test_nobody_is_not_let_in(app):
    assert "nobody" in _run(app, "reset-password", "nobody", status=1)
