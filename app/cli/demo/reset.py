"""Begin the demonstration anew: empty its database and its files, and load it again."""

import shutil
import socket

import click
from flask import Flask
from sqlalchemy import text

from app.cli.demo import is_demonstration, load_demo
from app.cli.prepare import prepare
from app.extensions.database import db
from config import Config


def reset_demo(app: Flask) -> None:
    """Throw away everything under DATA_DIR and in the database, which has to be the demonstration's.

    Raises `click.ClickException` when it is not, and while the platform runs on it.
    """
    config: Config = app.extensions["platform_config"]
    if config.production:
        raise click.ClickException("Nothing is reset where ENV is production.")
    if _runs(config):
        raise click.ClickException("The platform is running on this data. Stop it first (Ctrl-C).")
    prepare(app)
    with app.app_context():
        if not is_demonstration(db.session()):
            raise click.ClickException("This database holds other data than the demonstration: it stays.")
        db.session.remove()
        _empty(config)
    prepare(app)
    load_demo(app)


def _runs(config: Config) -> bool:
    """Whether somebody listens on the signer's socket, which is there as long as the platform is."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(config.socket))
        except OSError:
            return False
    return True


def _empty(config: Config) -> None:
    if db.engine.dialect.name == "sqlite":
        db.engine.dispose()
        for file in config.data_dir.glob("platform.sqlite*"):
            file.unlink()
    else:
        with db.engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        db.engine.dispose()
    shutil.rmtree(config.files_dir, ignore_errors=True)
