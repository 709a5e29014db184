"""Prints keep nobody waiting: no lock is held while one is made, and no account makes too many."""

import contextlib
import sqlite3
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.models import Declaration, PolicyValue, Publicity
from app.services import bulk_prints, prints
from tests.desk import audited, declared, officer, send, ticket
from tests.pages import checked
from tests.tasks.test_bulk import work


@pytest.fixture
def renders(monkeypatch, data_dir):
    """How each render found the database: whether somebody else could write at once meanwhile."""
    free: list[bool] = []

    def render(_document, _translate):
        other = contextlib.closing(sqlite3.connect(data_dir / "platform.sqlite", timeout=0))
        with other as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                free.append(False)
            else:
                free.append(True)
        return b"%PDF-1.4"

    monkeypatch.setattr(prints, "render", render)
    return free


def test_others_can_write_while_a_form_a_notice_or_a_list_is_printed(app, session, cast, renders):
    case = declared(session, cast, "submit", "accept")
    city, province = officer(app, cast.wang_qiang), officer(app, cast.chen_jing)
    for url, data in (
        (f"/review/{case.id}/form", {}),
        (f"/review/{case.id}/notice", {}),
        ("/review/act", {"action": "print", "ids": [ticket(case)]}),
    ):
        assert send(city, url, **data).mimetype == "application/pdf", url
    clerk = officer(app, cast.li_juan)
    act = "/declarations/initial-registration/act"
    assert send(clerk, act, action="print", ids=str(case.id)).mimetype == "application/pdf"
    declared(session, cast, "submit", "accept", "endorse", "approve", "publicise", serial=1)
    number = session.scalars(select(Publicity.number)).one()
    session.rollback()
    assert send(province, f"/desk/publicity/{number}/paper").mimetype == "application/pdf"
    assert renders == [True] * 5
    assert len(audited(session, "declaration.print")) == 3
    assert len(audited(session, "declaration.notice")) == len(audited(session, "list.print")) == 1


def test_others_can_write_while_a_job_prints(app, session, cast, renders, monkeypatch):
    monkeypatch.setattr(bulk_prints, "merge", b"".join)
    monkeypatch.setattr(bulk_prints, "render_all", lambda found, _: [prints.render(one, _) for one in found])
    rows = [declared(session, cast, "submit", serial=serial) for serial in range(2)]
    send(officer(app, cast.wang_qiang), "/review/act", action="print", ids=[ticket(row) for row in rows])
    work(app)
    assert renders == [True] * 2


def test_an_account_prints_so_often_in_an_hour_and_no_more(app, session, cast, renders, clock):
    case = declared(session, cast, "submit")
    session.add(PolicyValue(key="prints_per_hour", value="2", valid_from=date(2026, 1, 1), source="测试"))
    session.commit()
    city, province = officer(app, cast.wang_qiang), officer(app, cast.chen_jing)
    url = f"/review/{case.id}/form"
    assert [send(city, url).status_code for _ in range(2)] == [200, 200]
    checked(send(city, url), 422)
    checked(send(city, "/review/act", action="print", ids=[ticket(case)]), 422)
    assert len(renders) == 2, "what is refused costs no render"
    assert send(province, url).status_code == 200, "others print as before"
    clock.shift(timedelta(hours=1, minutes=1))
    assert send(officer(app, cast.wang_qiang), url).status_code == 200
    assert session.get_one(Declaration, case.id).state == "submitted"
