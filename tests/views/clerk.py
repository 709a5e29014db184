"""What a clerk does at the screen, in a few words: pick a person, open a form, type into it, send it."""

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.cast import ZHANG_WEI
from tests.pages import checked, fields, page

BASE = "/declarations/initial-registration"


def record(document: BeautifulSoup):
    """The form that is filled in."""
    return document.find("form", id="record")


def token(client: FlaskClient, url: str = "/account/password") -> str:
    return page(client, url).find("meta", attrs={"name": "csrf"})["content"]


def post(client: FlaskClient, url: str, json: bool = False, **data) -> TestResponse:
    headers = {"Referer": "http://localhost/"} | ({"Accept": "application/json"} if json else {})
    return client.post(url, data={"csrf_token": token(client), **data}, headers=headers)


def search(client: FlaskClient, name: str, number: str, status: int = 200) -> BeautifulSoup:
    return checked(post(client, f"{BASE}/add", person_name=name, person_number=number), status)


def pick(client: FlaskClient, name: str = "张伟", number: str = ZHANG_WEI) -> str:
    """Search and choose; the address of the form that opens."""
    found = search(client, name, number)
    sent = fields(found.find("table").find("form"))
    answer = client.post(f"{BASE}/add", data=sent, headers={"Referer": "http://localhost/"})
    assert answer.status_code == 302, answer.status
    return answer.headers["Location"]


def save(client: FlaskClient, url: str, then: str = "stay", **typed) -> TestResponse:
    """Open the form, type, and press save."""
    return send(client, url, fields(record(page(client, url))), then=then, **typed)


def send(client: FlaskClient, url: str, sent: dict, **typed) -> TestResponse:
    """Send a form that was opened before; a value of None leaves its field out."""
    data = {name: value for name, value in (sent | typed).items() if value is not None}
    return client.post(url, data=data, headers={"Referer": f"http://localhost{url}"})


def act(client: FlaskClient, url: str, action: str, ids: str, **answers) -> TestResponse:
    """Press a button of a row and say yes."""
    return post(client, f"{url}/act", action=action, ids=ids, confirmed="1", back="show", **answers)


def anew(session: Session) -> Session:
    """The same session at the present: what requests committed since its last look is there."""
    session.rollback()
    return session


def wide(text: str) -> str:
    """As an input method for Chinese types it."""
    return "".join(chr(ord(one) + 0xFEE0) for one in text)


def buttons(cell) -> list[str]:
    """The words in the last cell of a row."""
    return [one.get_text(strip=True) for one in cell.find_all(["a", "button"])]
