"""Migrations are numbered in one line, lead up and down again, and make exactly what the models say."""

import os
import re
from pathlib import Path

import flask_migrate
import pytest
from sqlalchemy import inspect

from tests.house.tree import ROOT, nothing, write

_NAME = re.compile(r"(\d{4})_[a-z0-9]+(?:_[a-z0-9]+)+\.py")
_LINE = re.compile(r"^(revision|down_revision) = (?:\"(\w+)\"|'(\w+)'|None)", re.MULTILINE)


def disorder(root: Path) -> list[str]:
    """What breaks the one numbered line of migrations."""
    found = []
    before = None
    for number, path in enumerate(sorted((root / "migrations/versions").glob("*.py")), 1):
        name = f"migrations/versions/{path.name}"
        matched = _NAME.fullmatch(path.name)
        said = {
            what: first or second or None for what, first, second in _LINE.findall(path.read_text("utf-8"))
        }
        if not matched or int(matched[1]) != number:
            found.append(f"{name}: the next number is {number:04}; make it with `make revision`")
        elif said.get("revision") != matched[1]:
            found.append(f"{name}: its revision is {said.get('revision')}, not the number in its name")
        elif said.get("down_revision") != before:
            found.append(
                f"{name}: follows {said.get('down_revision')}, not {before}; there is one line of migrations"
            )
        before = said.get("revision")
    return found


def test_migrations_stand_in_one_numbered_line():
    nothing(disorder(ROOT))


def test_two_heads_are_found(tmp_path):
    place = "migrations/versions"
    write(tmp_path, f"{place}/0001_make_all.py", 'revision = "0001"\ndown_revision = None\n')
    write(tmp_path, f"{place}/0002_add_renewal.py", 'revision = "0002"\ndown_revision = "0001"\n')
    assert disorder(tmp_path) == []
    write(tmp_path, f"{place}/0003_add_lock.py", 'revision = "0003"\ndown_revision = "0001"\n')
    assert disorder(tmp_path) == [
        f"{place}/0003_add_lock.py: follows 0001, not 0002; there is one line of migrations"
    ]


def test_a_migration_without_its_number_is_found(tmp_path):
    place = "migrations/versions"
    write(tmp_path, f"{place}/0001_make_all.py", 'revision = "a1b2"\ndown_revision = None\n')
    write(tmp_path, f"{place}/0003_add_lock.py", 'revision = "0003"\ndown_revision = "0001"\n')
    assert [finding.split(":")[0] for finding in disorder(tmp_path)] == [
        f"{place}/0001_make_all.py",
        f"{place}/0003_add_lock.py",
    ]


@pytest.fixture
def empty(engine, prepared, tmp_path):
    """An application over a database without a table."""
    from app import create_app
    from app.extensions.database import db
    from config import Config

    # One for each process of the run: two of these tests may stand side by side.
    name = f"test_empty_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    url = f"sqlite:///{tmp_path / 'empty.sqlite'}"
    if engine == "postgresql":
        prepared.server.start(prepared.guardian)
        prepared.server.drop(name)
        prepared.server.create(name)
        url = prepared.server.url(name)
    made = create_app(Config(data_dir=tmp_path, key_file=prepared.key_file, database_url=url, testing=True))
    with made.app_context():
        yield db.engine
        db.engine.dispose()
    if engine == "postgresql":
        prepared.server.drop(name)


@pytest.mark.both_engines
def test_migrations_lead_up_and_down_and_make_what_the_models_say(empty):
    flask_migrate.upgrade()
    flask_migrate.check()
    flask_migrate.downgrade(revision="base")
    assert inspect(empty).get_table_names() == ["alembic_version"]
    flask_migrate.upgrade()
    flask_migrate.check()


@pytest.mark.both_engines
def test_a_column_without_a_migration_is_found(empty):
    from sqlalchemy import Column, Integer

    from app.extensions.database import db

    flask_migrate.upgrade()
    table = db.metadata.tables["counter"]
    table.append_column(Column("forgotten", Integer))
    try:
        with pytest.raises(SystemExit):
            flask_migrate.check()
    finally:
        table._columns.remove(table.c.forgotten)
