"""Every GET route that a role may open, once each: the answers as the test client gets them."""

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from app.security.access.roles import Role
from app.views.kit.access import PUBLIC


def answers(app: Flask, client: FlaskClient, role: Role) -> Iterator[tuple[str, TestResponse]]:
    """Each address with its answer: the routes without a row, and one row of every route that a page leads to."""
    waiting, seen = ["/", *_plain(app, role)], set()
    while waiting:
        address = waiting.pop(0)
        endpoint = _endpoint(app, address)
        if endpoint is None or endpoint in seen:
            continue
        seen.add(endpoint)
        answer = client.get(address)
        yield address, answer
        if answer.status_code == 200 and answer.mimetype == "text/html":
            links = BeautifulSoup(answer.text, "html.parser").select("a[href]")
            waiting += [urljoin(address, str(link["href"])) for link in links]


def _plain(app: Flask, role: Role) -> Iterator[str]:
    screens = {type(one).__name__: one for one in app.extensions["appbuilder"].baseviews}
    for rule in app.url_map.iter_rules():
        name, _, method = rule.endpoint.partition(".")
        if not rule.arguments and "GET" in rule.methods and name in screens:
            allowed = screens[name].roles.get(method, frozenset())
            if allowed == PUBLIC or role in allowed:
                yield rule.rule


def _endpoint(app: Flask, address: str) -> str | None:
    parts = urlsplit(address)
    if parts.netloc:
        return None
    try:
        endpoint, _ = app.url_map.bind("localhost").match(parts.path, method="GET")
    except (HTTPException, RequestRedirect):
        return None
    return str(endpoint)
