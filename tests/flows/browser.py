"""Somebody at a browser, as a story tells it: fields are filled in by their labels, buttons pressed by their words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.pages import checked, controls, fields, page

_MOST_REDIRECTS = 5

Typed = Mapping[Any, Any]
"""What is typed, by the label or the name of its field, or by the field itself where several look alike."""


@dataclass(frozen=True)
class Upload:
    """A file on the disk of whoever sits at the browser."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Sent:
    """A request as it left the browser, so that somebody else can try the same."""

    method: str
    url: str
    data: Mapping[str, Any] = field(default_factory=dict)


class Browser:
    """One window: the page that is open, and what can be done on it. Whatever is not on the page cannot be done."""

    def __init__(self, client: FlaskClient, name: str = "a visitor", *, known: bool = False) -> None:
        self.client, self.name, self.known = client, name, known
        self.url = "/"
        self.document = BeautifulSoup("", "html.parser")
        self.last = Sent("GET", "/")

    @property
    def text(self) -> str:
        """The words of the page, one blank between them."""
        return self.document.get_text(" ", strip=True)

    def says(self, *sentences: str) -> "Browser":
        for sentence in sentences:
            assert sentence in self.text, f"{self.url} does not say {sentence!r} to {self.name}:\n{self.text}"
        return self

    def is_silent_about(self, *words: str) -> "Browser":
        for word in words:
            assert word not in self.document.decode(), f"{self.url} tells {self.name} {word!r}"
        return self

    def open(self, url: str, status: int = 200) -> "Browser":
        self.last, self.url = Sent("GET", url), url
        return self._show(self.client.get(url), status)

    def follow(self, words: str, within: Tag | None = None) -> "Browser":
        """Follow the link with these words."""
        links = [one for one in (within or self.document).find_all("a") if _words(one) == words]
        assert links, f"{self.url} has no link {words!r}"
        assert len({one["href"] for one in links}) == 1, f"{self.url} has several links {words!r}"
        return self.open(str(links[0]["href"]))

    def row(self, *words: str) -> Tag:
        """The line of a table in which all these words stand."""
        lines = [
            one for one in self.document.select("tbody tr") if all(word in _spaced(one) for word in words)
        ]
        assert len(lines) == 1, f"{self.url} has {len(lines)} lines with {words}:\n{self.text}"
        return lines[0]

    def buttons(self, within: Tag | None = None) -> list[str]:
        """What links and buttons say."""
        return [_words(one) for one in (within or self.document).find_all(["a", "button"])]

    def press(
        self,
        words: str,
        typed: Typed | None = None,
        *,
        within: Tag | None = None,
        status: int = 200,
        ticked: Iterable[Tag] = (),
    ) -> "Browser":
        """Fill in what is typed, press the button with these words, and see the page that comes of it."""
        return self._show(self._send(self._pressed(words, typed or {}, within, ticked)), status)

    def fetch(self, words: str, *, within: Tag | None = None, ticked: Iterable[Tag] = ()) -> bytes:
        """Press a button that answers with a file; the page stays open."""
        answer = self._send(self._pressed(words, {}, within, ticked))
        assert answer.status_code == 200, f"{self.last.url} answered {answer.status}"
        assert answer.mimetype != "text/html", checked(answer).get_text(" ", strip=True)
        return answer.data

    def ask(self, form: str, typed: Typed) -> Any:
        """What the page's script asks while one types: the form as it would be sent, for an answer in JSON."""
        record = self.document.find("form", id="record")
        data = _filled(self.document, record, typed)
        url = str(self.document.find(attrs={f"data-{form}": True})[f"data-{form}"])
        answer = self._post(Sent("POST", url, data), token=str(data["csrf_token"]))
        assert answer.status_code == 200, f"{url} answered {answer.status}"
        return answer.json

    def repeat(self, sent: Sent) -> TestResponse:
        """Try what another browser sent, as this one: with its own session and its own token."""
        if sent.method == "GET":
            return self.client.get(sent.url)
        return self._post(sent, token=self._token())

    def is_kept_from(self, *tries: Sent) -> None:
        """Nothing of this exists for whoever sits here; a visitor is shown to the door."""
        for sent in tries:
            answer = self.repeat(sent)
            where = f"{self.name}: {sent.method} {sent.url} answered {answer.status}"
            if self.known:
                assert answer.status_code == 404, where
            else:
                assert answer.status_code == 302, where
                assert answer.location.startswith("/login"), where

    def _show(self, answer: TestResponse, status: int) -> "Browser":
        for _ in range(_MOST_REDIRECTS):
            if answer.status_code != 302:
                break
            self.url = answer.location
            answer = self.client.get(self.url)
        self.document = checked(answer, status)
        return self

    def _pressed(self, words: str, typed: Typed, within: Tag | None, ticked: Iterable[Tag]) -> Sent:
        found = [one for one in (within or self.document).find_all("button") if _words(one) == words]
        assert len(found) == 1, f"{self.url} has {len(found)} buttons {words!r}: {self.buttons(within)}"
        (button,) = found
        form = button.find_parent("form")
        data = _filled(self.document, form, typed)
        for line in ticked:
            box = line.find("input", attrs={"form": form.get("id")})
            data.setdefault(box["name"], []).append(box["value"])
        if button.get("name"):
            data[button["name"]] = button.get("value", "")
        return Sent(str(form.get("method", "get")).upper(), str(form.get("action") or self.url), data)

    def _send(self, sent: Sent) -> TestResponse:
        """Send a form; before that see that without its token nothing happens."""
        self.last = sent
        if sent.method == "GET":
            return self.client.get(sent.url, query_string=sent.data)
        forged = self._post(sent, token=None)
        assert forged.status_code == 400, f"{sent.url} took a form without a token: {forged.status}"
        return self._post(sent, token=str(sent.data["csrf_token"]))

    def _post(self, sent: Sent, token: str | None) -> TestResponse:
        data = {name: _as_sent(value) for name, value in sent.data.items() if name != "csrf_token"}
        if token is not None:
            data["csrf_token"] = token
        return self.client.post(sent.url, data=data, headers={"Referer": f"http://localhost{self.url}"})

    def _token(self) -> str:
        own = page(self.client, "/account/password" if self.known else "/login")
        return str(own.find("input", attrs={"name": "csrf_token"})["value"])


def _words(tag: Tag) -> str:
    return tag.get_text(strip=True)


def _spaced(tag: Tag) -> str:
    return tag.get_text(" ", strip=True)


def _control(document: BeautifulSoup, form: Tag, key: str | Tag) -> Tag:
    """The control of the form with this name or under this label; a radio button under its value's label."""
    if isinstance(key, Tag):
        return key
    for control in controls(form):
        if key in {control.get("name"), control.get("aria-label")}:
            return control
    for label in form.find_all("label"):
        own = label.find(class_="form-check-label")
        if key in {_words(label), _words(own) if own else ""}:
            inside = label.find("input")
            return inside or document.find(id=label["for"])
    raise AssertionError(f"the form to {form.get('action')!r} has no field {key!r}")


def _filled(document: BeautifulSoup, form: Tag, typed: Typed) -> dict[str, Any]:
    """What the form sends when this is typed: the code of a choice for its words, a box ticked for True."""
    data: dict[str, Any] = dict(fields(form))
    for label, value in typed.items():
        control = _control(document, form, label)
        name, sent = str(control["name"]), value
        if control.name == "select":
            offered = {_words(one): str(one.get("value", _words(one))) for one in control.find_all("option")}
            assert value in offered or value in offered.values(), f"{name} does not offer {value!r}"
            sent = offered.get(value, value)
        elif control.get("type") == "checkbox":
            before = data.get(name, [])
            kept = [
                one for one in ([before] if isinstance(before, str) else before) if one != control["value"]
            ]
            sent = [*kept, control["value"]] if value else kept
        elif control.get("type") == "radio":
            sent = control["value"]
        data[name] = sent
    return data


def _as_sent(value: Any) -> Any:
    """Files as fresh streams, since each sending reads them."""
    if isinstance(value, Upload):
        return BytesIO(value.data), value.name
    return [_as_sent(one) for one in value] if isinstance(value, list) else value
