"""How Alembic reaches the platform's database: one transaction, and one migrating process at a time."""

import warnings
from typing import Any

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from sqlalchemy import Connection, TypeDecorator

# Any number; it only has to be the same in every process that migrates this database.
_ADVISORY_LOCK = 4300_0001


def _plain_type(kind: str, item: Any, _context: AutogenContext) -> str | bool:
    """Write the database's own type, so that an old migration does not change with a class of ours."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def _no_empty_migration(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """An empty difference makes no migration; `check` asks with the same hook and wants to see it empty."""
    making = getattr(context.config.cmd_opts, "autogenerate", False)
    if making and directives[0].upgrade_ops.is_empty():
        directives[:] = []


def _run(connection: Connection) -> None:
    migrate = current_app.extensions["migrate"]
    settings = {
        "process_revision_directives": _no_empty_migration,
        "render_item": _plain_type,
        "transactional_ddl": True,
    }
    context.configure(
        connection=connection,
        target_metadata=migrate.db.metadatas[None],
        **{**migrate.configure_args, **settings},
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL lock_timeout = '30s'")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
        with warnings.catch_warnings():
            # The indexes for the search by characters are PostgreSQL's, and Alembic says on SQLite that it skips them.
            warnings.filterwarnings(
                "ignore", "autogenerate skipping metadata-specified expression-based index"
            )
            context.run_migrations()


def _migrate() -> None:
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        if connection.dialect.name != "sqlite":
            _run(connection)
            return
        # SQLite changes a table by copying it; with foreign keys on, dropping the old copy would empty what
        # refers to it. The pragma works outside a transaction only, and the connection is not used again.
        driver = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            _run(connection.execution_options(platform_writes=True))
        finally:
            broken = driver.execute("PRAGMA foreign_key_check").fetchall()
            connection.invalidate()
        if broken:
            raise SystemExit(f"The migration left references to rows that do not exist: {broken[:5]}")


if context.is_offline_mode():
    raise SystemExit("Migrations run on the database itself; there is no offline mode.")
_migrate()
