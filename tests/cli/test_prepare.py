"""The database is made ready by one command, again and again, and never with a key that does not fit."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, select, text

from app import create_app
from app.cli.prepare import prepare
from app.extensions.database import db
from app.extensions.vault import vault
from app.models import DataKey
from config import Config, Misconfigured

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def new(tmp_path):
    """Makes applications of a machine on which nothing was done yet."""
    made = []

    def application(**settings):
        given = {"data_dir": tmp_path / "data", "key_file": tmp_path / "keys" / "master.json"}
        made.append(create_app(Config(**given | settings)))
        return made[-1]

    yield application
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _snapshot(app) -> dict[str, list]:
    with app.app_context(), db.engine.connect() as connection:
        return {
            table: connection.execute(text(f'SELECT * FROM "{table}" ORDER BY 1')).all()  # noqa: S608
            for table in inspect(connection).get_table_names()
        }


def test_an_empty_folder_becomes_a_database(new, tmp_path):
    app = new()
    prepare(app)
    key_file = tmp_path / "keys" / "master.json"
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    with app.app_context():
        assert vault.decrypt(vault.encrypt(b"x")) == b"x"
    tables = _snapshot(app)
    assert len(tables["region"]) > 100
    assert len(tables["ab_role"]) == 9
    assert len(tables["data_key"]) == 2


def test_a_second_time_changes_nothing(new):
    app = new()
    prepare(app)
    before = _snapshot(app)
    prepare(app)
    assert _snapshot(app) == before


def test_with_nothing_to_do_no_migration_is_run(new, monkeypatch):
    app = new()
    prepare(app)
    monkeypatch.setattr("flask_migrate.upgrade", lambda: pytest.fail("the migrations were run"))
    prepare(app)


def test_two_processes_at_once_make_one_database(tmp_path):
    environment = os.environ | {
        "DATA_DIR": str(tmp_path / "data"),
        "KEY_FILE": str(tmp_path / "keys" / "master.json"),
        "DATABASE_URL": "",
        "DEMO": "no",
    }
    command = [sys.executable, "-m", "flask", "--app", "run", "prepare"]
    started = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    errors = [process.communicate()[1] for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], errors
    engine = create_engine(f"sqlite:///{tmp_path / 'data' / 'platform.sqlite'}")
    with engine.connect() as connection:
        assert len(connection.execute(select(DataKey.__table__)).all()) == 2
    engine.dispose()


def test_a_lost_key_file_is_never_replaced(new, tmp_path):
    app = new()
    prepare(app)
    (tmp_path / "keys" / "master.json").unlink()
    with pytest.raises(Misconfigured, match="Put the key file back"):
        prepare(app)
    assert not (tmp_path / "keys" / "master.json").exists()


def test_in_production_the_key_file_is_made_on_purpose(new, tmp_path):
    settings = {"env": "production", "secret_key": "x" * 40, "base_url": "https://platform.example"}
    app = new(**settings)
    with pytest.raises(Misconfigured, match="create-keys"):
        prepare(app)
    run = app.test_cli_runner()
    assert run.invoke(args=["create-keys"]).exit_code == 0
    made = (tmp_path / "keys" / "master.json").read_text()
    assert run.invoke(args=["create-keys"]).exit_code == 1
    assert (tmp_path / "keys" / "master.json").read_text() == made
    prepare(app)


@pytest.mark.both_engines
def test_sync_says_whether_there_was_something_to_do(app):
    assert "up to date" in app.test_cli_runner().invoke(args=["sync"]).output
