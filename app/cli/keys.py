"""Changing the master key: every data key is wrapped anew, and no personal data has to be encrypted again."""

import click
from flask import current_app
from flask.cli import with_appcontext

from app.extensions.database import begin_writing, db
from app.extensions.vault import MasterKeys
from app.security.access.audit import record
from app.security.access.keys import rewrap_data_keys
from app.security.access.roles import SYSTEM


@click.command("rotate-master-key")
@with_appcontext
def rotate_master_key() -> None:
    """Add a fresh key to KEY_FILE and wrap the data keys with it; the old key stays for restored backups."""
    path = current_app.extensions["platform_config"].key_file
    master = MasterKeys.load(path)
    master.rotate(path)
    begin_writing(db.session)
    changed = rewrap_data_keys(db.session(), master)
    record(db.session(), SYSTEM, "keys.rotate", "data_key", "", keys=changed)
    db.session.commit()
    click.echo(
        f"{changed} data keys are wrapped with {master.current} now. Keep the new {path} apart from the data."
    )


COMMANDS = (rotate_master_key,)
