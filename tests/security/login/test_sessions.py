"""A session ends when it should, wherever the token has got to."""

from datetime import timedelta

import pytest
from flask_appbuilder.security.sqla.models import Role as RoleRow, assoc_user_role
from sqlalchemy import func, select, update

from app.models import Account, LoginSession
from app.security.access.roles import Role
from app.security.login import passwords
from app.security.login.browser import IDLE, IDLE_OFFICER, LONGEST, PARALLEL
from tests.logins import PASSWORD, code, hashed, is_in, log_in, make_account, post, send_code, send_password
from tests.pages import page, submit

pytestmark = pytest.mark.both_engines


@pytest.fixture
def clerk(session):
    return make_account(session, "clerk", Role.ENTERPRISE)


@pytest.fixture
def officer(session):
    return make_account(session, "officer", Role.PROVINCIAL)


@pytest.fixture
def thief(app, client):
    """A second browser into which the session's cookie is copied, as if it had been stolen."""

    def steal():
        other = app.test_client()
        other.set_cookie("session", client.get_cookie("session").value)
        return other

    return steal


def _new_password(client, old=PASSWORD, new="kaffee tasse wolke birne"):
    form = page(client, "/account/password").find("input", id="old_password").find_parent("form")
    return submit(client, form, "/account/password", old_password=old, new_password=new, repeated=new)


def test_a_stolen_cookie_opens_nothing_after_the_logout(client, clerk, thief):
    log_in(client, "clerk")
    stolen = thief()
    assert is_in(stolen)
    assert post(client, "/logout").status_code == 302
    assert not is_in(stolen)
    assert not is_in(client)


def test_a_stolen_cookie_opens_nothing_after_a_new_password(client, clerk, thief):
    log_in(client, "clerk")
    stolen = thief()
    assert _new_password(client).status_code == 302
    assert not is_in(stolen)
    assert is_in(client), "who changed the password stays logged in"


@pytest.mark.parametrize(
    "change",
    [
        lambda account, _: setattr(account, "active", False),
        lambda account, _: setattr(account, "password", hashed("another one")),
        lambda account, _: setattr(account, "second_factor", "JBSWY3DPEHPK3PXP"),
        lambda account, session: account.roles.append(_role(session, Role.AUDITOR)),
        lambda account, _: account.roles.clear(),
    ],
    ids=["disabled", "new password", "new second factor", "role given", "roles taken"],
)
def test_what_an_administrator_changes_ends_the_sessions(client, session, officer, change):
    log_in(client, "officer")
    change(session.get(Account, officer.id), session)
    session.commit()
    assert not is_in(client)


def _role(session, role):
    return session.scalars(select(RoleRow).where(RoleRow.name == role)).one()


def test_what_is_changed_behind_the_applications_back_ends_the_sessions(client, session, officer):
    log_in(client, "officer")
    auditor = _role(session, Role.AUDITOR)
    session.execute(
        update(assoc_user_role).where(assoc_user_role.c.user_id == officer.id).values(role_id=auditor.id)
    )
    session.commit()
    assert not is_in(client), "an auditor may see this page as well, but nobody logged in as one"
    log_in(client, "officer")
    session.execute(update(Account).where(Account.id == officer.id).values(active=False))
    session.commit()
    assert not is_in(client)


def test_what_says_nothing_about_the_login_ends_nothing(client, session, clerk):
    log_in(client, "clerk")
    account = session.get(Account, clerk.id)
    account.display_name = "李娟"
    account.active = True
    session.commit()
    assert is_in(client)


@pytest.mark.parametrize(("role", "idle"), [(Role.ENTERPRISE, IDLE), (Role.MUNICIPAL, IDLE_OFFICER)])
def test_an_idle_session_ends(client, session, clock, role, idle):
    make_account(session, "somebody", role)
    log_in(client, "somebody")
    clock.shift(idle - timedelta(minutes=2))
    assert is_in(client)
    clock.shift(idle - timedelta(minutes=2))
    assert is_in(client), "each use counts"
    clock.shift(idle + timedelta(seconds=1))
    assert not is_in(client)


def test_the_longest_day_ends(client, clerk, clock):
    log_in(client, "clerk")
    for _ in range(11):
        clock.shift(timedelta(hours=1))
        assert is_in(client)
    clock.shift(LONGEST - timedelta(hours=11))
    assert not is_in(client)


def test_the_token_is_new_at_each_login(client, session, clerk):
    client.set_cookie("session", "a token that somebody else has chosen")
    log_in(client, "clerk")
    first = client.get_cookie("session").value
    assert first != "a token that somebody else has chosen"
    post(client, "/logout")
    log_in(client, "clerk")
    assert client.get_cookie("session").value != first


def test_the_token_is_new_after_the_second_factor(app, client, officer):
    send_password(client, "officer")
    before = client.get_cookie("session").value
    send_code(client, code())
    assert client.get_cookie("session").value != before
    other = app.test_client()
    other.set_cookie("session", before)
    assert not is_in(other)


def test_only_the_hash_of_the_token_is_kept(client, session, clerk, data_dir, engine):
    log_in(client, "clerk")
    token = client.get_cookie("session").value
    assert len(token) >= 43, "256 bits"
    row = session.scalars(select(LoginSession)).one()
    assert token not in (row.token_hash, row.content)
    if engine == "sqlite":
        assert not any(token.encode() in path.read_bytes() for path in data_dir.glob("platform.sqlite*"))


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(client, clerk):
    answer = send_password(client, "clerk")
    (cookie,) = [text for text in answer.headers.getlist("Set-Cookie") if text.startswith("session=")]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Domain" not in cookie


def test_the_fourth_browser_logs_the_first_one_out(app, clock, clerk):
    browsers = []
    for _ in range(PARALLEL + 1):
        browser = app.test_client()
        log_in(browser, "clerk")
        browsers.append(browser)
        clock.shift(timedelta(seconds=5))
    assert [is_in(browser) for browser in browsers] == [False] + [True] * PARALLEL


def test_a_session_of_somebody_else_cannot_be_ended(app, client, session, clerk):
    make_account(session, "neighbour", Role.ENTERPRISE)
    neighbour = app.test_client()
    log_in(neighbour, "neighbour")
    log_in(client, "clerk")
    theirs = session.scalars(
        select(LoginSession.id)
        .join(Account, Account.id == LoginSession.account_id)
        .where(Account.login_name == "neighbour")
    ).one()
    assert post(client, f"/account/sessions/{theirs}/end").status_code == 404
    assert post(client, "/account/sessions/end-others").status_code == 302
    assert is_in(neighbour)


def test_a_browser_of_ones_own_can_be_logged_out(app, client, session, clerk):
    elsewhere = app.test_client()
    log_in(elsewhere, "clerk")
    log_in(client, "clerk")
    button = page(client, "/account/sessions").find("form", action=lambda url: url and url.endswith("/end"))
    assert submit(client, button, "/account/sessions").status_code == 302
    assert not is_in(elsewhere)
    assert is_in(client)


@pytest.mark.parametrize("key", ["0", "-1", "x", "99999999999999999999"])
def test_a_session_that_does_not_exist_is_not_found(client, clerk, key):
    log_in(client, "clerk")
    assert post(client, f"/account/sessions/{key}/end").status_code == 404


@pytest.mark.parametrize("token", ["", "x", "x" * 3000, "'; DROP TABLE login_session; --", "\u00fc"])
def test_a_token_out_of_nowhere_is_nobody(client, clerk, token):
    client.set_cookie("session", token)
    assert not is_in(client)


def test_visitors_leave_nothing_in_the_database(client, session):
    for url in ("/", "/login", "/login?entrance=enterprise", "/no-such-page"):
        client.get(url)
    post(client, "/language", language="en")
    assert session.scalar(select(func.count()).select_from(LoginSession)) == 0


def test_a_visitor_cannot_write_his_own_cookie(client, app):
    client.set_cookie("visitor", '{"csrf_token": "mine"}')
    assert client.get("/login").status_code == 200
    assert client.post("/login", data={"csrf_token": "mine"}).status_code == 400


def test_the_last_sign_of_life_is_written_once_a_minute(client, session, clerk, clock):
    log_in(client, "clerk")
    seen = select(LoginSession.seen_at)
    first = session.scalars(seen).one()
    session.rollback()
    clock.shift(timedelta(seconds=30))
    page(client, "/account/sessions")
    assert session.scalars(seen).one() == first
    session.rollback()
    clock.shift(timedelta(seconds=40))
    page(client, "/account/sessions")
    assert session.scalars(seen).one() > first


def test_a_hash_that_grew_old_is_renewed_without_ending_anything(app, client, session, monkeypatch, clerk):
    elsewhere = app.test_client()
    log_in(elsewhere, "clerk")
    old = session.get(Account, clerk.id).password
    monkeypatch.setattr(passwords, "outdated", lambda _stored: True)
    log_in(client, "clerk")
    session.rollback()
    assert session.get(Account, clerk.id).password != old
    assert is_in(elsewhere)
