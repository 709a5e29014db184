"""NUL and half of a pair: no keyboard has them, databases refuse them, and nobody's page breaks on them."""

import pytest
from flask import url_for

from tests.cast import ZHANG_WEI
from tests.desk import officer, send
from tests.pages import fields, page, submit

pytestmark = pytest.mark.both_engines

ODD = "a\0b"


def addresses(app):
    """The pages whose address names a row, with a name that no row has."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            words = {name for name, converter in rule._converters.items() if converter.regex != r"\d+"}
            if words and "GET" in rule.methods and rule.endpoint != "static":
                yield url_for(rule.endpoint, **{name: ODD if name in words else 1 for name in rule.arguments})


@pytest.mark.parametrize("name", ["", "province_admin"])
def test_an_address_with_nul_is_no_page(app, cast, name):
    client = officer(app, getattr(cast, name)) if name else app.test_client()
    answers = {url: client.get(url).status_code for url in addresses(app)}
    assert answers
    assert set(answers.values()) <= {302, 404}, answers


def test_a_login_name_with_nul_is_a_wrong_name(app):
    client = app.test_client()
    form = page(client, "/login").find("input", attrs={"name": "username"}).find_parent("form")
    answer = submit(client, form, "/login", username=ODD, password="whatever it may be")
    assert answer.status_code == 422
    assert "username" in fields(form)


def test_a_person_is_not_looked_up_by_nul(app, cast):
    client = officer(app, cast.li_juan)
    url = "/declarations/initial-registration/add"
    assert send(client, url, person_name=ODD, person_number=ZHANG_WEI).status_code == 200
    assert send(client, "/qualification-lookup/", id_number=ODD).status_code == 200


def test_a_row_is_not_called_by_an_odd_letter(app, cast):
    client = officer(app, cast.province_admin)
    assert send(client, "/regions/export", format="csv", ids=ODD).status_code == 404
    token = page(client, "/regions/").find("meta", attrs={"name": "csrf"})["content"]
    for key in (ODD, "\ud800"):
        sent = {"key": key, "version": None, "fields": []}
        headers = {"X-CSRFToken": token, "Referer": "http://localhost/"}
        assert client.post("/regions/keep", json=sent, headers=headers).status_code == 404
