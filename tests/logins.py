"""Accounts for tests, and the way in for them as a browser goes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import pyotp
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from flask_appbuilder.security.sqla.models import Role as RoleRow
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.extensions.clock import now
from app.models import Account
from app.models.account import opaque_username
from app.security.access.roles import OFFICERS, Role
from app.security.login import passwords
from tests.pages import checked, page, submit

PASSWORD = "jianzaoshi-demo-2026"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@contextmanager
def quick_hashing() -> Iterator[PasswordHasher]:
    """Within it passwords are hashed quickly, since tests log in a thousand times; gives what hashes slowly outside."""
    slow = passwords._HASHER
    passwords._HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    passwords._nobodys.cache_clear()
    try:
        yield slow
    finally:
        passwords._HASHER = slow
        passwords._nobodys.cache_clear()


def hashed(password: str) -> str:
    """Hashing is slow on purpose; one run of the tests does it once for each password."""
    return _hashed(password, passwords._HASHER)


@cache
def _hashed(password: str, _hasher: object) -> str:
    """What was hashed before the quick hasher of the tests came (tests/conftest.py) is not handed out after it."""
    return passwords.hashed(password)


def make_account(session: Session, login_name: str | None, *roles: Role, **columns) -> Account:
    """A committed account with the demo password, and the demo second factor where its role needs one."""
    username = opaque_username()
    account = Account(
        username=username,
        email=f"{username}@accounts.invalid",
        first_name="",
        last_name="",
        login_name=login_name,
        display_name=columns.pop("display_name", login_name or "somebody"),
        password=hashed(columns.pop("password", PASSWORD)),
        second_factor=columns.pop("second_factor", SECRET if OFFICERS & set(roles) else None),
        active=columns.pop("active", True),
        **columns,
    )
    account.roles = list(session.scalars(select(RoleRow).where(RoleRow.name.in_(roles))))
    session.add(account)
    session.commit()
    return account


def send_password(client: FlaskClient, name: str, password: str = PASSWORD, **form) -> TestResponse:
    """What the login answers to this name and password; whoever is in comes as a stranger again."""
    client.delete_cookie("session")
    form_page = page(client, "/login")
    return submit(
        client, form_page.find("form", action="/login"), "/login", username=name, password=password, **form
    )


def code(secret: str = SECRET, steps: int = 0) -> str:
    """The code that an authenticator shows now, or shows `steps` half-minutes from now."""
    return pyotp.TOTP(secret).at(now(), counter_offset=steps)


def send_code(client: FlaskClient, digits: str) -> TestResponse:
    url = "/login/second-factor"
    form = page(client, url).find("input", id="code").find_parent("form")
    return submit(client, form, url, code=digits)


def log_in(client: FlaskClient, name: str, password: str = PASSWORD) -> TestResponse:
    """Go all the way in; officers show the code of this half-minute, or of the next one when it was used."""
    answer = send_password(client, name, password)
    assert answer.status_code == 302, checked(answer, answer.status_code).find(class_="alert").get_text()
    if answer.location == "/login/second-factor":
        for steps in (0, 1):
            answer = send_code(client, code(steps=steps))
            if answer.status_code == 302:
                break
    assert answer.status_code == 302
    return answer


def is_in(client: FlaskClient) -> bool:
    """Whether the server knows this browser."""
    return client.get("/account/sessions").status_code == 200


def post(client: FlaskClient, url: str, **data) -> TestResponse:
    """Send a form that stands on no page of its own, with the token of this browser."""
    token = page(client, "/account/sessions" if is_in(client) else "/login").find(
        "input", attrs={"name": "csrf_token"}
    )
    return client.post(
        url, data={"csrf_token": token["value"], **data}, headers={"Referer": "http://localhost/"}
    )
