"""Machines are told the truth, and only what they may know."""

from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.security.access.roles import Role
from app.views import health
from tests.logins import log_in, make_account


@pytest.fixture
def no_database(stages, engine, monkeypatch):
    """The database went away."""

    def away(*_args, **_options):
        raise OperationalError("SELECT 1", {}, Exception("the server closed the connection"))

    monkeypatch.setattr(type(stages(engine).database), "connect", away)
    monkeypatch.setattr(type(stages(engine).database), "raw_connection", away)


@pytest.mark.both_engines
def test_a_prepared_platform_is_alive_and_ready(client):
    assert client.get("/livez").text == "ok\n"
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"ready": True, "failing": []})
    assert "Set-Cookie" not in answer.headers


def test_without_its_database_it_lives_but_is_not_ready(client, no_database):
    assert client.get("/livez").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert {"database", "migrations"} <= set(answer.json["failing"])
    assert "closed the connection" not in answer.text


def test_a_session_cookie_changes_nothing_when_the_database_is_away(client, session, no_database):
    client.set_cookie("session", "x" * 43)
    assert client.get("/livez").status_code == 200
    assert client.get("/readyz").status_code == 503


def test_an_older_database_is_not_ready(client, session):
    session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    session.commit()
    assert client.get("/readyz").json["failing"] == ["migrations"]


def test_a_full_disk_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(health, "_LEAST_FREE", 1 << 62)
    assert client.get("/readyz").json["failing"] == ["disk"]


def test_without_its_keys_it_is_not_ready(client, session):
    from app.extensions.vault import MasterKeys, vault

    vault.configure(lambda: MasterKeys.load(health.Config().key_file.with_name("nowhere.json")))
    assert client.get("/readyz").json["failing"] == ["keys"]


def test_numbers_are_for_this_machine(client, session):
    make_account(session, "clerk", Role.ENTERPRISE)
    log_in(client, "clerk")
    told = client.get("/metrics")
    assert told.mimetype == "text/plain"
    assert 'platform_jobs{state="queued"} 0\n' in told.text
    assert "platform_sessions 1\n" in told.text
    assert client.get("/metrics", environ_overrides={"REMOTE_ADDR": "10.1.2.3"}).status_code == 404


def test_in_production_numbers_are_told_to_nobody_unless_a_network_is_named(app, client, monkeypatch):
    production = replace(app.extensions["platform_config"], env="production")
    monkeypatch.setitem(app.extensions, "platform_config", production)
    assert client.get("/metrics").status_code == 404, (
        "a reverse proxy on this machine comes from here as well"
    )
    named = replace(production, metrics_from="127.0.0.1")
    monkeypatch.setitem(app.extensions, "platform_config", named)
    assert client.get("/metrics").status_code == 200


def test_numbers_may_be_told_to_one_network(app, client, monkeypatch):
    config = replace(app.extensions["platform_config"], metrics_from="10.1.0.0/16")
    monkeypatch.setitem(app.extensions, "platform_config", config)
    assert client.get("/metrics", environ_overrides={"REMOTE_ADDR": "10.1.2.3"}).status_code == 200
    assert client.get("/metrics", environ_overrides={"REMOTE_ADDR": "10.2.2.3"}).status_code == 404
