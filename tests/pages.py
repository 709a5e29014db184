"""Pages as people meet them: fetched, checked for what every page owes its readers, their forms filled in."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence

import html5lib
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

_FIELDS = frozenset({"input", "select", "textarea"})
_POINTERS = frozenset({"for", "aria-labelledby", "aria-describedby", "aria-controls"})
_ADDRESSES = frozenset({"src", "href", "srcset", "action", "formaction"})
_WORDS = re.compile(r">([^<]*)<")
_VALUE = re.compile(r"""=(?:"[^"]*"|'[^']*')""")
_ENTITY = re.compile(r"&[^\s;<]*;?")
_valid: set[bytes] = set()
_SILENT = {"hidden", "submit", "button", "reset", "image"}
_ABSOLUTE = re.compile(r"\s*(?:https?:)?//", re.IGNORECASE)
_LEFT_OVER = re.compile(r"\{\{|\}\}|\{%|%\(\w+\)s|<(?:flask_babel|sqlalchemy|app)\.")


def page(client: FlaskClient, url: str, status: int = 200, **options) -> BeautifulSoup:
    """Fetch a page and fail unless it is whole: status, language, title, labels, ids, content policy."""
    response = client.get(url, **options)
    return checked(response, status)


def checked(response: TestResponse, status: int = 200) -> BeautifulSoup:
    where = f"{response.request.method} {response.request.path}"
    assert response.status_code == status, f"{where} answered {response.status}, not {status}"
    assert response.mimetype == "text/html", f"{where} is {response.mimetype}, not a page"
    text = response.text
    document = BeautifulSoup(text, "html.parser")
    policy = response.headers.get("Content-Security-Policy", "")
    found = [*_markup_faults(text), *_document_faults(document, text, policy)]
    assert not found, f"{where}:\n" + "\n".join(found)
    return document


def faults(text: str, policy: str) -> Iterator[str]:
    """What a page owes its readers and lacks."""
    yield from _markup_faults(text)
    yield from _document_faults(BeautifulSoup(text, "html.parser"), text, policy)


def _markup_faults(text: str) -> Iterator[str]:
    """Whether it is valid HTML; pages of one outline differ in words alone, and are read once in a process."""
    outline = _outline(text)
    if outline in _valid:
        return
    parser = html5lib.HTMLParser()
    parser.parse(text)
    for (line, column), code, _ in parser.errors:
        yield f"line {line}, column {column}: not valid HTML ({code})"
    if not parser.errors:
        _valid.add(outline)


def _outline(text: str) -> bytes:
    """A mark of everything that can make HTML invalid: tags, names of attributes, entities, where text stands."""
    worded = _WORDS.sub(lambda found: ">t<" if found[1].strip() else "><", text)
    bare = _VALUE.sub("=v", worded)
    return hashlib.blake2b("\n".join((bare, *sorted(set(_ENTITY.findall(text))))).encode()).digest()


def _document_faults(document: BeautifulSoup, text: str, policy: str) -> Iterator[str]:
    tags = document.find_all(True)
    yield from _head_faults(document)
    yield from _id_faults(tags)
    yield from _policy_faults(tags, policy)
    yield from _address_faults(tags)
    yield from _name_faults(tags)
    yield from _form_faults(tags)
    if _LEFT_OVER.search(text):
        for found in _LEFT_OVER.finditer(document.get_text()):
            yield f"{found[0]!r} reached the reader"


def _head_faults(document: BeautifulSoup) -> Iterator[str]:
    if not document.html or document.html.get("lang") not in {"zh", "zh-CN", "zh-Hans", "en"}:
        yield "<html> does not say its language"
    if not document.title or not document.title.get_text(strip=True):
        yield "the page has no title"


def _id_faults(tags: Sequence[Tag]) -> Iterator[str]:
    identities = Counter(tag["id"] for tag in tags if "id" in tag.attrs)
    yield from (f"the id {name!r} stands {count} times" for name, count in identities.items() if count > 1)
    for tag in tags:
        for attribute in _POINTERS & tag.attrs.keys():
            for name in str(tag[attribute]).split():
                if name not in identities:
                    yield f"{attribute}={name!r} points to nothing"


def _policy_faults(tags: Sequence[Tag], policy: str) -> Iterator[str]:
    nonces = set(re.findall(r"'nonce-([^']+)'", policy))
    if not nonces or "unsafe-inline" in policy or "unsafe-eval" in policy:
        yield f"the content policy is not strict: {policy!r}"
    for tag in tags:
        if "style" in tag.attrs or tag.name == "style":
            yield f"<{tag.name}> has an inline style, which does not apply"
        if any(name.startswith("on") for name in tag.attrs):
            yield f"<{tag.name}> has an inline handler, which does not run"
        inline = tag.name == "script" and "src" not in tag.attrs
        if inline and tag.get("type") != "application/json" and tag.get("nonce") not in nonces:
            yield "an inline <script> without the nonce of this answer does not run"


def _address_faults(tags: Sequence[Tag]) -> Iterator[str]:
    for tag in tags:
        for attribute in _ADDRESSES & tag.attrs.keys():
            if _ABSOLUTE.match(str(tag[attribute])) and "external" not in tag.get("rel", []):
                yield f"<{tag.name} {attribute}={tag[attribute]!r}> is an absolute address"


def _name_faults(tags: Sequence[Tag]) -> Iterator[str]:
    """Fields, buttons, links and pictures without a name say nothing to a screen reader."""
    labelled = {tag["for"] for tag in tags if tag.name == "label" and "for" in tag.attrs}
    for tag in tags:
        if tag.name in _FIELDS and tag.get("type") not in _SILENT and not _says_its_name(tag):
            if tag.get("id") not in labelled and not tag.find_parent("label"):
                yield f"<{tag.name} name={tag.get('name')!r}> has no label"
        elif tag.name in {"button", "a"} and not _says_its_name(tag) and not tag.get("title"):
            pictured = any(picture.get("alt") for picture in tag.find_all("img"))
            if not pictured and not tag.get_text(strip=True):
                yield f"<{tag.name} href={tag.get('href')!r}> has no text"
        elif tag.name == "img" and "alt" not in tag.attrs:
            yield f"<img src={tag.get('src')!r}> has no alt"


def _says_its_name(tag: Tag) -> bool:
    return bool(tag.get("aria-label") or tag.get("aria-labelledby"))


def _form_faults(tags: Sequence[Tag]) -> Iterator[str]:
    for form in tags:
        posts = form.name == "form" and str(form.get("method", "get")).lower() == "post"
        if posts and not form.find("input", attrs={"name": "csrf_token"}):
            yield f"the form to {form.get('action')!r} posts without a token"


def fields(form: Tag) -> dict[str, str | list[str]]:
    """What a browser would send if the form were submitted untouched."""
    sent: dict[str, list[str]] = {}
    for tag in controls(form):
        name = tag.get("name")
        if name and not tag.has_attr("disabled"):
            sent.setdefault(str(name), []).extend(_values(tag))
    return {name: values[0] if len(values) == 1 else values for name, values in sent.items() if values}


def controls(form: Tag) -> list[Tag]:
    """The fields of a form: those in it, and those that stand elsewhere on the page and name it."""
    kinds = ["input", "select", "textarea"]
    own = [tag for tag in form.find_all(kinds) if tag.get("form") in {None, form.get("id")}]
    if not form.get("id"):
        return own
    page_ = form.find_parents()[-1]
    return own + [tag for tag in page_.find_all(kinds, attrs={"form": form["id"]}) if form not in tag.parents]


def _values(tag: Tag) -> list[str]:
    if tag.name == "textarea":
        return [tag.get_text().removeprefix("\n")]
    if tag.name == "select":
        options = tag.find_all("option")
        chosen = [option for option in options if option.has_attr("selected")]
        if not chosen and not tag.has_attr("multiple"):
            chosen = options[:1]
        return [str(option.get("value", option.get_text())) for option in chosen]
    if tag.get("type") in {"checkbox", "radio"}:
        return [str(tag.get("value", "on"))] if tag.has_attr("checked") else []
    if tag.get("type") in {"submit", "button", "reset", "image", "file"}:
        return []
    return [str(tag.get("value", ""))]


def submit(client: FlaskClient, form: Tag, url: str, **values) -> TestResponse:
    """Send a form as the browser would: hidden fields and token as they came, `values` as they were typed.

    `url` is the address of the page that holds the form; a value of None leaves its field out.
    """
    data = {name: value for name, value in (fields(form) | values).items() if value is not None}
    target = str(form.get("action") or url)
    if str(form.get("method", "get")).lower() == "post":
        answer = client.post(target, data=data, headers={"Referer": f"http://localhost{url}"})
        answer.request.environ["wsgi.input"].close()  # what is large stood in a file
        return answer
    return client.get(target, query_string=data)
