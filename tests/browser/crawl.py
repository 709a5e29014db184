"""Every page that somebody can reach: his start page, the routes without a row, and one row of every other route."""

from collections.abc import Iterator
from urllib.parse import urldefrag, urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from app.security.access.roles import Role
from app.views.kit.access import PUBLIC
from tests.browser.visitor import Visitor

_NO_PAGE = {"LoginView.logout"}


def addresses(visitor: Visitor, role: Role) -> Iterator[str]:
    """The address of each page, once for each route; the visitor's browser stands on it when it is handed out."""
    waiting = ["/", *_plain(visitor.site.app, role)]
    seen: set[str] = set()
    while waiting:
        address = waiting.pop(0)
        endpoint = _endpoint(visitor, address)
        if endpoint is None or endpoint in seen or endpoint in _NO_PAGE:
            continue
        seen.add(endpoint)
        kind = _kind(visitor, address)
        if kind is None or not kind.startswith("text/html"):
            continue
        answer = visitor.page.goto(address)
        assert answer is not None
        assert answer.status == 200, f"{address} answered {answer.status}"
        yield address
        waiting += _links(visitor)


def _plain(app, role: Role) -> Iterator[str]:
    """The routes without a parameter that this role may open."""
    screens = {type(one).__name__: one for one in app.extensions["appbuilder"].baseviews}
    for rule in app.url_map.iter_rules():
        name, _, method = rule.endpoint.partition(".")
        if rule.arguments or "GET" not in rule.methods or name not in screens:
            continue
        allowed = screens[name].roles.get(method, frozenset())
        if allowed == PUBLIC or role in allowed:
            yield rule.rule


def _endpoint(visitor: Visitor, address: str) -> str | None:
    parts = urlsplit(urldefrag(address)[0])
    if parts.netloc and not visitor.site.address.endswith(parts.netloc):
        return None
    try:
        endpoint, _ = visitor.site.app.url_map.bind("127.0.0.1").match(parts.path, method="GET")
    except (HTTPException, RequestRedirect):
        return None
    return None if endpoint.endswith("static") else endpoint


def _kind(visitor: Visitor, address: str) -> str | None:
    """What the address answers with; None when it leads elsewhere or is not there for this actor."""
    answer = visitor.context.request.get(address, max_redirects=0)
    return answer.headers.get("content-type") if answer.status == 200 else None


def _links(visitor: Visitor) -> list[str]:
    return visitor.page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
