"""A declaration that is being filled in is kept like any other form, with its specialties and hours."""

from datetime import date

import pytest
from sqlalchemy import select

from app.cli.demo.makers import id_number
from app.models import DeclaredSpecialty, FormDraft
from tests.cast import add_constructor, file_draft, login
from tests.desk import officer
from tests.pages import fields, page
from tests.views.clerk import BASE, record, send

JSON = {"Accept": "application/json", "Referer": "http://localhost/"}


@pytest.fixture
def draft(session, cast):
    return file_draft(session, cast.li_juan, cast.zhang_wei)


def keep(client, url, key, sent):
    pairs = [
        [name, one] for name, value in sent.items() for one in ([value] if isinstance(value, str) else value)
    ]
    token = page(client, "/account/sessions").find("meta", attrs={"name": "csrf"})["content"]
    body = {"key": str(key), "version": None, "fields": pairs}
    return client.post(f"{BASE}/keep", json=body, headers={**JSON, "X-CSRFToken": token}).status_code


def test_the_clerk_of_another_enterprise_keeps_nothing_there(app, cast, draft, session):
    for other in (cast.liu_yang, cast.fang_yuan):
        assert keep(login(app.test_client(), other), BASE, draft, {"phone": "x"}) == 404
    for member in (cast.wang_qiang, cast.chen_jing, cast.admin):
        assert keep(officer(app, member), BASE, draft, {"phone": "x"}) == 404
    assert session.scalars(select(FormDraft)).all() == []


def test_what_was_typed_and_ticked_comes_back_and_is_stored_by_saving_alone(app, cast, draft, session):
    client = login(app.test_client(), cast.li_juan)
    url = f"{BASE}/{draft}/edit"
    sent = fields(record(page(client, url)))
    ticked = sent.pop("specialty")
    assert keep(client, url, draft, {**sent, "phone": "0731-12345678"}) == 200
    plain = page(client, url)
    assert plain.find(class_="form-offer")
    assert len(plain.select('input[name="specialty"][checked]')) == len(
        [ticked] if isinstance(ticked, str) else ticked
    )
    restored = record(page(client, f"{url}?restore=1"))
    assert fields(restored)["phone"] == "0731-12345678"
    assert not restored.select('input[name="specialty"][checked]')
    assert session.scalars(select(DeclaredSpecialty).where(DeclaredSpecialty.declaration_id == draft)).all()
    assert send(client, url, fields(restored)).status_code == 302
    session.rollback()
    assert not session.scalars(
        select(DeclaredSpecialty).where(DeclaredSpecialty.declaration_id == draft)
    ).all()
    assert session.scalars(select(FormDraft)).all() == []


def test_a_declaration_that_was_submitted_is_kept_no_more(app, cast, session):
    from tests.desk import declared

    row = declared(session, cast, "submit")
    assert keep(login(app.test_client(), cast.li_juan), BASE, row.id, {"phone": "x"}) == 404


def test_a_draft_deleted_for_good_leaves_no_input_to_the_next_one(app, cast, session, draft):
    client = login(app.test_client(), cast.li_juan)
    assert keep(client, BASE, draft, {"phone": "0731-12345678"}) == 200
    url = f"{BASE}/{draft}/delete"
    send(client, url, fields(page(client, url).select_one("main form")))
    assert session.scalars(select(FormDraft)).all() == []
    session.rollback()
    other = add_constructor(session, cast.wang_qiang, "李四", id_number(date(1990, 1, 1), 3))
    session.commit()
    again = file_draft(session, cast.li_juan, other)
    assert page(client, f"{BASE}/{again}/edit").find(class_="form-offer") is None
