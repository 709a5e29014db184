"""Which migration the database is at, and which one this release needs."""

from functools import cache

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from config import ROOT


def current_revision(connection: Connection) -> str | None:
    """None when the database is empty."""
    return MigrationContext.configure(connection).get_current_revision()


@cache
def newest_revision() -> str | None:
    return ScriptDirectory(str(ROOT / "migrations")).get_current_head()
