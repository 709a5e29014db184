"""The ground that every test stands on: no network, a known morning, and a database that is like new."""

import socket
import urllib.request
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from app.extensions import clock as wall
from tests.prepared import TEST_TIME


def test_no_test_leaves_the_machine():
    with pytest.raises(RuntimeError, match=r"tried to reach pypi\.org"):
        urllib.request.urlopen("https://pypi.org/")
    with socket.socket() as connection, pytest.raises(RuntimeError, match=r"192\.0\.2\.1"):
        connection.connect(("192.0.2.1", 443))


def test_it_is_a_monday_morning_in_changsha():
    assert wall.today() == date(2026, 6, 1)
    assert (wall.now() - TEST_TIME).total_seconds() < 60


def test_the_server_stands_on_another_day_than_changsha(clock):
    assert datetime.now(UTC).astimezone().date() == date(2026, 5, 31)
    clock.shift(86_400)
    assert wall.today() == date(2026, 6, 2)


@pytest.mark.real_time
def test_a_test_may_ask_for_the_time_of_the_machine():
    assert wall.now() > TEST_TIME


@pytest.mark.both_engines
@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_commits_is_gone_in_the_next(session, turn):
    from app.models import Holiday

    assert session.query(Holiday).count() == 0
    session.add(Holiday(day=date(2026, 6, turn), name="休"))
    session.commit()


@pytest.mark.both_engines
def test_the_regions_and_dictionaries_are_there_and_nobody_else(session):
    from app.models import Account, DictionaryEntry, Region

    assert session.get(Region, "430100").name == "长沙市"
    assert session.query(DictionaryEntry).count() > 100
    assert session.query(Account).count() == 0


def test_a_visitor_meets_a_whole_page(client):
    from tests.pages import page

    assert page(client, "/").html["lang"].startswith("zh")


@pytest.mark.on_postgresql
def test_the_database_compiles_none_of_our_small_questions(session):
    assert session.scalar(text("SHOW jit")) == "off"
