"""Every page of every role: whole, under the policy, in our frame, and silent towards other machines."""

import re

import pytest
from bs4 import BeautifulSoup
from flask import Response, template_rendered
from werkzeug.exceptions import default_exceptions as HTTP_ERRORS  # noqa: N812 - a table of classes

from app.security.access.roles import Role
from app.views.kit.errors import stopped
from tests.cast import login
from tests.house.tree import nothing
from tests.house.world import build
from tests.pages import faults
from tests.views.crawl import answers

ROLES = {
    "visitor": Role.PUBLIC,
    "zhang_wei": Role.INDIVIDUAL,
    "li_juan": Role.ENTERPRISE,
    "wang_qiang": Role.MUNICIPAL,
    "chen_jing": Role.PROVINCIAL,
    "province_admin": Role.PROVINCIAL_ADMINISTRATOR,
    "admin": Role.ADMINISTRATOR,
    "auditor": Role.AUDITOR,
}
FEWEST = 6
OK, REDIRECT, BAD_REQUEST = 200, 302, 400
FRAME = ("footer.foot", "nav#nav")
_FOREIGN = re.compile(r"""(?:src|href|action|data-[a-z-]+)=["']?\s*(?:https?:)?//(?!localhost)""")
_OLD = re.compile(
    r"jquery|bootstrap(?:\.min)?\.(?:js|css)|glyphicon|/static/appbuilder/|font-awesome", re.IGNORECASE
)


@pytest.mark.parametrize("name", ROLES)
def test_every_page_is_whole_and_ours(app, client, session, name):
    with app.app_context(), app.test_request_context():
        world = build(session)
    if name != "visitor":
        login(client, getattr(world, name))
    found, seen, nonces, rendered = [], 0, [], []
    with template_rendered.connected_to(lambda _, template, **__: rendered.append(template.name), app):
        for address, answer in answers(app, client, ROLES[name]):
            seen += 1
            policy = answer.headers.get("Content-Security-Policy", "")
            nonces += re.findall(r"'nonce-([^']+)'", policy)
            found += [f"{address}: {fault}" for fault in of_the_answer(answer, policy)]
            answer.close()
    nothing(found)
    assert not [template for template in rendered if template.startswith("appbuilder/")]
    assert seen >= FEWEST
    assert len(set(nonces)) == len(nonces) >= FEWEST, "a nonce was used for two answers"


def of_the_answer(answer, policy):
    """What is wrong with one answer; a page is looked at more closely than a file or a redirect."""
    if "default-src 'none'" not in policy or "unsafe-" in policy or "*" in policy or "http" in policy:
        yield f"the content policy is not strict: {policy!r}"
    if answer.mimetype == "text/html" and answer.status_code != REDIRECT:
        yield from of_the_page(answer.get_data(as_text=True), policy, framed=answer.status_code == OK)


def of_the_page(text, policy, *, framed=True):
    """An error page stands alone: its frame has neither menu nor foot."""
    yield from faults(text, policy)
    yield from (f"asks another machine: {hit[0]}" for hit in _FOREIGN.finditer(text))
    yield from (f"brings something old: {hit[0]}" for hit in _OLD.finditer(text))
    document = BeautifulSoup(text, "html.parser")
    for selector in ("header.bar", "main#main", "a.skip[href='#main']", "h1", *(FRAME if framed else ())):
        if len(document.select(selector)) != 1:
            yield f"{selector} stands {len(document.select(selector))} times in the frame"


def test_a_page_with_faults_is_found():
    bad = (
        '<!doctype html><html lang="en"><head><title>x</title></head><body><main id="main"><h1>a</h1>'
        '<img alt="" src="https://cdn.example/a.png"><p style="color:red" onclick="go()">x</p>'
        '<script>go()</script><script src="/static/appbuilder/js/jquery.js"></script></main></body></html>'
    )
    policy = "script-src 'self' 'unsafe-inline'"
    said = "\n".join(of_the_answer(Response(bad, mimetype="text/html"), policy))
    for part in ("not strict", "another machine", "old", "style", "handler", "header.bar"):
        assert part in said


@pytest.mark.parametrize(
    ("method", "address"),
    [("GET", "/nowhere"), ("POST", "/verify"), ("POST", "/login"), ("GET", "/static/css/platform.css"),
     ("GET", "/static/nothing.css"), ("GET", "/livez"), ("GET", "/review/"), ("HEAD", "/")],
)  # fmt: skip
def test_every_answer_has_the_policy(client, method, address):
    answer = client.open(address, method=method)
    assert "'nonce-" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    answer.close()


@pytest.mark.parametrize(
    "name", ["css/bootstrap.min.css", "js/jquery-latest.js", "js/bootstrap.min.js", "img/aol.png", ""]
)
def test_the_old_assets_of_the_framework_cannot_be_reached(client, name):
    assert client.get(f"/static/appbuilder/{name}").status_code == 404


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("code", [400, 403, 404, 405, 413, 429, 500, 503])
def test_what_goes_wrong_is_said_in_our_frame_with_a_way_on(app, code, language):
    with app.test_request_context(f"/somewhere?_l_={language}"):
        answer = stopped(HTTP_ERRORS[code]())
    document = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
    assert answer.status_code == code
    assert document.html["lang"].startswith(language)
    assert document.select_one("header.bar")
    assert document.h1.get_text(strip=True)
    assert document.select_one(".alone-links a[href='/']")
    assert str(code) in document.select_one(".alone-id").get_text()


def test_a_form_that_was_open_too_long_leads_back_to_itself(client):
    answer = client.post("/login", data={"username": "x", "csrf_token": "old"})
    document = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code == BAD_REQUEST
    assert document.select_one(".alone-links a.btn-primary")["href"] == "/login"
