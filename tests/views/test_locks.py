"""Locks: set and ended by the province, written down, and felt at the next step of the person."""

import pytest
from sqlalchemy import select

from app.models import RegistrationLock
from tests.desk import audited, declared, officer, send, state_of
from tests.pages import checked, page


@pytest.fixture
def province(app, cast):
    return officer(app, cast.chen_jing)


def lock(client, row, **values):
    data = {"name": row.name, "id_number": row.id_number, "reason": "涉嫌挂证", "until": ""}
    return send(client, "/locks/lock", **{**data, **values})


def test_a_locked_person_moves_on_only_after_the_lock_is_ended(app, session, cast, province):
    row = declared(session, cast, "submit")
    assert lock(province, row).status_code == 302
    city = officer(app, cast.wang_qiang)
    answer = send(city, f"/review/{row.id}/decide", action="accept", version=row.version)
    assert "涉嫌挂证" in checked(answer, 409).find(id="problems").get_text()
    (entry,) = session.scalars(select(RegistrationLock)).all()
    document = page(province, "/locks/")
    assert row.id_number_masked in document.get_text()
    send(province, "/locks/act", action="unlock", ids=[str(entry.id)], confirmed="1")
    assert send(city, f"/review/{row.id}/decide", action="accept", version=row.version).status_code == 302
    assert state_of(session, row.id) == "accepted"
    for action in ("person.lock", "person.unlock"):
        (line,) = audited(session, action)
        assert line.actor_name == cast.chen_jing.name
        assert row.name not in line.detail


@pytest.mark.parametrize(
    "values",
    [
        {"reason": " "},
        {"name": "别人"},
        {"id_number": "439900198506150019"},
        {"until": "2026-05-31"},
        {"until": "soon"},
    ],
)
def test_a_lock_that_makes_no_sense_is_refused_and_nothing_typed_is_lost(session, cast, province, values):
    row = declared(session, cast, "submit")
    document = checked(lock(province, row, **values), 422)
    assert document.find(id="problems")
    assert document.find(id="name")["value"] == values.get("name", row.name)
    assert session.scalars(select(RegistrationLock)).all() == []


def test_nobody_is_locked_twice_at_once(session, cast, province):
    row = declared(session, cast, "submit")
    assert lock(province, row, until="2026-12-31").status_code == 302
    assert lock(province, row).status_code == 422
    assert len(session.scalars(select(RegistrationLock)).all()) == 1


def test_the_reason_is_shown_as_text(session, cast, province):
    row = declared(session, cast, "submit")
    lock(province, row, reason="<script>alert(1)</script>")
    assert "<script>alert(1)" not in page(province, "/locks/").decode(formatter="minimal")
