"""Before the first request: keys, tables, grants and reference data, as often as one likes."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import flask_migrate
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy import func, inspect, select

from app.cli import reference
from app.extensions.database import begin_writing, db
from app.extensions.vault import MasterKeys
from app.models import DataKey
from app.security.access.keys import ensure_data_keys
from app.security.login.manager import sync_roles
from app.services.schema import current_revision, newest_revision
from config import Config, Misconfigured


def prepare(app: Flask) -> None:
    """Make the database ready for this release. With nothing to do it asks a few questions and is done.

    Raises `Misconfigured` when the key file is missing where it must not be made.
    """
    config: Config = app.extensions["platform_config"]
    with _alone(config.data_dir), app.app_context():
        master = _master_keys(config)
        if _is_outdated():
            flask_migrate.upgrade()
        begin_writing(db.session)
        ensure_data_keys(db.session, master)
        sync_roles(db.session, app.extensions["appbuilder"])
        reference.load(db.session)
        db.session.commit()


def _is_outdated() -> bool:
    with db.engine.connect() as connection:
        return current_revision(connection) != newest_revision()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process of this machine at a time; the migrations have a lock of their own for several machines."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "prepare.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _master_keys(config: Config) -> MasterKeys:
    if config.key_file.exists():
        return MasterKeys.load(config.key_file)
    if config.production:
        raise Misconfigured(
            f"KEY_FILE {config.key_file} does not exist. In production it is made on purpose, once, "
            "and kept safe: flask --app run create-keys"
        )
    if _has_data_keys():
        raise Misconfigured(
            f"KEY_FILE {config.key_file} does not exist, but the database was encrypted with one. "
            "Put the key file back; a new one could not read the data."
        )
    return MasterKeys.create(config.key_file)


def _has_data_keys() -> bool:
    if not inspect(db.engine).has_table(DataKey.__tablename__):
        return False
    with db.engine.connect() as connection:
        return bool(connection.scalar(select(func.count()).select_from(DataKey)))


@click.command("prepare")
@with_appcontext
def prepare_command() -> None:
    """Bring keys, tables, grants and reference data to this release."""
    prepare(current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001 - werkzeug's way
    print("The database is ready.")


@click.command("sync")
@with_appcontext
def sync_command() -> None:
    """Write what each role may call into the database, exactly as this release declares it."""
    begin_writing(db.session)
    changed = sync_roles(db.session, current_app.extensions["appbuilder"])
    db.session.commit()
    print("The grants were written." if changed else "The grants were up to date.")


@click.command("create-keys")
@with_appcontext
def create_keys_command() -> None:
    """Make the master key file (KEY_FILE) that wraps the data keys; an existing one is never touched."""
    config: Config = current_app.extensions["platform_config"]
    if config.key_file.exists() or _has_data_keys():
        raise click.ClickException("There is a key file or an encrypted database already; nothing was made.")
    MasterKeys.create(config.key_file)
    print(f"{config.key_file} was made. Keep a copy where the backups of the data are not.")


COMMANDS = (prepare_command, sync_command, create_keys_command)
