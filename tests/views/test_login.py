"""The pages of the login: three entrances, no way to other sites or around the token, none of FAB's."""

import re

import pytest
from sqlalchemy import select

from app.models import Account, AuditEntry, Person
from app.security.access.roles import Role
from app.security.login.current import safe_next
from tests.cast import login
from tests.logins import PASSWORD, code, is_in, log_in, make_account, post, send_password
from tests.pages import checked, page, submit

ID_NUMBER = "439900198506150019"

FULL_WIDTH = {ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"}

ELSEWHERE = [
    "https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example", "\\/evil.example",
    "\\\\evil.example", "/\t/evil.example", "/\n/evil.example", "\t//evil.example", " //evil.example",
    "http:evil.example", "javascript:alert(1)", "data:text/html,x", "//evil.example/%2f..",
    "https:/evil.example", "//[::1]", "/\u0000/evil.example", "evil.example",
    "http://localhost.evil.example/", "http://localhost@evil.example/", "?next=//evil.example", "",
    "/%0d\r\nLocation: x", "\u2028//evil.example", "/\\t/../\\evil", "https:\\\\evil.example",
    "/\u00a0/evil.example\x7f", "\ufeff//evil.example",
]  # fmt: skip


@pytest.fixture
def clerk(session):
    return make_account(session, "clerk", Role.ENTERPRISE, display_name="李娟")


@pytest.fixture
def constructor(session):
    person = Person(name="张伟")
    person.id_number, person.mobile = ID_NUMBER, "13900001234"
    session.add(person)
    session.flush()
    return make_account(session, None, Role.INDIVIDUAL, person_id=person.id, display_name="张伟")


@pytest.mark.parametrize("entrance", ["individual", "enterprise", "authority", "nonsense", ""])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_entrance_is_a_whole_page(client, entrance, language):
    shown = page(client, f"/login?entrance={entrance}&_l_={language}")
    links = shown.select(".login-entrances a")
    assert len(links) == 3
    assert len([link for link in links if link.get("aria-current") == "page"]) == 1


def test_an_enterprise_logs_in_by_its_account_name(client, clerk):
    log_in(client, "clerk")
    assert "李娟" in client.get("/account/password").text


@pytest.mark.parametrize(
    "name", [ID_NUMBER, f" {ID_NUMBER} ", "13900001234", "+8613900001234", ID_NUMBER.translate(FULL_WIDTH)]
)
@pytest.mark.both_engines
def test_a_constructor_logs_in_by_id_number_or_mobile(client, constructor, name):
    log_in(client, name)
    assert is_in(client)


def test_a_mobile_number_of_two_people_is_nobodys(client, session, constructor):
    twin = Person(name="王芳")
    twin.id_number, twin.mobile = "439900199001010027", "13900001234"
    session.add(twin)
    session.flush()
    make_account(session, None, Role.INDIVIDUAL, person_id=twin.id)
    assert send_password(client, "13900001234").status_code == 422
    log_in(client, ID_NUMBER)


def test_the_opaque_user_name_opens_nothing(client, clerk):
    assert send_password(client, clerk.username).status_code == 422


def test_what_was_typed_is_kept_but_not_the_password(client, clerk):
    shown = checked(send_password(client, "clerk", "wrong", entrance="enterprise"), 422)
    assert shown.find(id="username")["value"] == "clerk"
    assert not shown.find(id="password").get("value")
    assert shown.find("a", attrs={"aria-current": "page"}, href=re.compile("entrance=enterprise"))


@pytest.mark.parametrize(
    "target", ["/account/sessions", "/publicity/?page=2&size=30", "/搜索?q=张", "/a/b-c_d~e"]
)
def test_after_the_login_one_goes_on_where_one_wanted(client, clerk, target):
    shown = page(client, "/login", query_string={"next": target})
    answer = submit(
        client, shown.find("form", action="/login"), "/login", username="clerk", password=PASSWORD
    )
    assert answer.status_code == 302
    assert safe_next(target) == target
    assert answer.location.startswith(("/account", "/publicity", "/%E6", "/a/"))


@pytest.mark.parametrize("target", ELSEWHERE)
def test_the_login_leads_to_no_other_site(client, clerk, target):
    assert safe_next(target) == "/"
    token = page(client, "/login").find("input", attrs={"name": "csrf_token"})["value"]
    answer = client.post(
        "/login", data={"csrf_token": token, "username": "clerk", "password": PASSWORD, "next": target}
    )
    assert answer.location == "/"
    assert client.get("/login", query_string={"next": target}).location == "/", "nor for who is in already"


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nor_does_the_choice_of_a_language(client, target):
    answer = post(client, "/language", language="en", next=target)
    assert (answer.status_code, answer.location) == (302, "/")


def test_who_is_not_in_is_sent_to_the_login_and_back(client, clerk):
    answer = client.get("/account/sessions?x=1")
    assert answer.location == "/login?next=/account/sessions?x%3D1"
    form = page(client, answer.location).find("form", action="/login")
    answer = submit(client, form, "/login", username="clerk", password=PASSWORD)
    assert answer.location == "/account/sessions?x=1"


def test_where_one_wanted_survives_the_second_factor(client, session):
    make_account(session, "officer", Role.MUNICIPAL)
    form = page(client, "/login?next=/account/sessions").find("form", action="/login")
    answer = submit(client, form, "/login", username="officer", password=PASSWORD)
    form = page(client, answer.location).find("input", id="code").find_parent("form")
    assert submit(client, form, answer.location, code=code()).location == "/account/sessions"


def test_a_script_that_is_not_in_is_told_where_the_login_is(client):
    answer = client.get("/account/sessions", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json) == (401, {"login": "/login?next=/account/sessions"})


def test_a_picture_without_a_login_is_no_login_form_and_leaves_the_cookies_alone(client):
    answer = client.get("/files/1", headers={"Sec-Fetch-Dest": "image"})
    assert (answer.status_code, answer.data, answer.headers.getlist("Set-Cookie")) == (401, b"", [])
    assert client.get("/files/1", headers={"Sec-Fetch-Dest": "document"}).location == "/login?next=/files/1"


def test_every_post_needs_the_token(app, client, session):
    make_account(session, "admin", *Role)
    log_in(client, "admin")
    posts = [rule for rule in app.url_map.iter_rules() if "POST" in rule.methods]
    assert len(posts) > 5
    for rule in posts:
        url = rule.build(dict.fromkeys(rule.arguments, 1))[1]
        for token in ({}, {"csrf_token": "x"}):
            answer = client.post(url, data=token)
            assert answer.status_code == 400, f"{url} answered {answer.status} without a token"
    assert is_in(client)


def test_a_token_of_another_browser_is_none(app, client, clerk):
    other = app.test_client()
    token = page(other, "/login").find("input", attrs={"name": "csrf_token"})["value"]
    client.get("/login")
    answer = client.post("/login", data={"csrf_token": token, "username": "clerk", "password": PASSWORD})
    assert answer.status_code == 400


def test_logging_out_is_no_link(client, clerk):
    log_in(client, "clerk")
    assert client.get("/logout").status_code == 405
    assert is_in(client)


def test_a_logout_is_in_the_audit(client, session, clerk):
    log_in(client, "clerk")
    post(client, "/logout")
    lines = session.scalars(select(AuditEntry).where(AuditEntry.action == "logout")).all()
    assert [(line.actor_id, line.role) for line in lines] == [(clerk.id, Role.ENTERPRISE)]


@pytest.mark.parametrize(
    "url",
    [
        "/users/list/", "/users/add", "/users/userinfo/", "/roles/list/", "/groups/list/",
        "/permissions/list/",
        "/viewmenus/list/", "/permissionviews/list/", "/registeruser/list/", "/resetpassword/form",
        "/resetmypassword/form", "/userinfoeditview/form", "/userstatschartview/chart/", "/register/form",
        "/api/v1/security/login", "/api/v1/security/refresh", "/api/v1/security/users/",
        "/api/v1/security/roles/", "/api/v1/security/permissions/", "/api/v1/menu/", "/api/v1/_openapi",
        "/swagger/v1", "/back", "/lang/en",
        "/login/", "/oauth-authorized/x", "/saml/metadata/", "/api/v1/security/api_keys/",
    ],
)  # fmt: skip
def test_none_of_fabs_own_pages_exists(client, session, url):
    assert client.get(url).status_code == 404
    make_account(session, "admin", Role.ADMINISTRATOR)
    log_in(client, "admin")
    assert client.get(url).status_code == 404
    assert post(client, url).status_code in {404, 405}


def test_only_screens_have_routes(app):
    screens = {type(view).__name__ for view in app.extensions["appbuilder"].baseviews}
    for rule in app.url_map.iter_rules():
        blueprint = rule.endpoint.rpartition(".")[0]
        assert blueprint in screens or rule.endpoint in {"static", "appbuilder.static"}, rule


def test_the_language_is_the_addresss_the_browsers_the_accounts_then_chinese(app, client, session, clerk):
    def read(browser, **options):
        return page(browser, "/login", **options).html["lang"]

    assert read(client).startswith("zh")
    assert read(client, headers={"Accept-Language": "en-US,en;q=0.9"}) == "en"
    assert read(client, headers={"Accept-Language": "fr"}).startswith("zh")
    assert page(client, "/login?_l_=en").html["lang"] == "en"
    assert read(client) == "en", "the choice is kept"
    assert page(client, "/login?_l_=zz").html["lang"] == "en", "an unknown language is no choice"
    log_in(client, "clerk")
    assert post(client, "/language", language="en").status_code == 302
    assert post(client, "/language", language="zz").status_code == 404
    other = app.test_client()
    log_in(other, "clerk")
    assert page(other, "/account/sessions").html["lang"] == "en"
    session.rollback()
    assert session.get_one(Account, clerk.id).language == "en"


def test_pages_of_an_account_are_kept_by_no_cache(client, clerk):
    log_in(client, "clerk")
    for url in ("/account/sessions", "/account/password"):
        assert client.get(url).headers["Cache-Control"] == "no-store"


def test_in_production_the_cookies_are_bound_to_the_host(prepared, tmp_path):
    from app import create_app
    from app.extensions.database import db
    from config import Config

    made = create_app(
        Config(
            env="production",
            data_dir=tmp_path,
            key_file=prepared.key_file,
            database_url=prepared.fresh("sqlite", "production", tmp_path),
            secret_key="production " * 4,
            base_url="https://platform.example",
        )
    )
    with made.app_context():
        make_account(db.session(), "clerk", Role.ENTERPRISE)
        db.session.remove()
    client = made.test_client()
    token = page(client, "/login", base_url="https://localhost").find("input", attrs={"name": "csrf_token"})[
        "value"
    ]
    answer = client.post(
        "/login",
        data={"csrf_token": token, "username": "clerk", "password": PASSWORD},
        base_url="https://localhost",
        headers={"Referer": "https://localhost/login"},
    )
    cookies = [
        text for text in answer.headers.getlist("Set-Cookie") if "Expires=Thu, 01 Jan 1970" not in text
    ]
    with made.app_context():
        db.engine.dispose()
    assert answer.status_code == 302
    assert [text.split("=")[0] for text in cookies] == ["__Host-known", "__Host-session"]
    for cookie in cookies:
        assert all(part in cookie for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"))
        assert "Domain" not in cookie


def test_the_page_of_ones_sessions_is_called_as_the_menu_calls_it(client, cast):
    document = page(login(client, cast.li_juan), "/account/sessions")
    link = document.find("a", href="/account/sessions").get_text(strip=True)
    assert document.h1.get_text(strip=True) == link == "登录设备"
