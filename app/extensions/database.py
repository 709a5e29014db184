"""The database: one metadata for Flask-AppBuilder's tables and ours, and honest transactions on both engines."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask_appbuilder import Model
from flask_appbuilder.models.sqla.base import SQLA
from sqlalchemy import Connection, CursorResult, Engine, Executable, event
from sqlalchemy.orm import Session, scoped_session

# Named constraints, so that a migration can drop what it made on either engine.
Model.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

db = SQLA(metadata=Model.metadata)

_WRITING = "platform_writes"


def begin_writing(session: Session | scoped_session[Session]) -> None:
    """Start a transaction that will write.

    SQLite takes its write lock now instead of at the first change, so that two writers queue up for the lock
    rather than one of them failing in the middle (SQLITE_BUSY cannot be waited for once a read has begun). What
    the session has read is read anew; a transaction that writes already goes on, with all that is in it.
    """
    if isinstance(session, scoped_session):
        session = session()
    if session.get_bind().dialect.name == "sqlite":
        if session.in_transaction():
            if session.connection().get_execution_options().get(_WRITING):
                return
            session.commit()
        session.connection(execution_options={_WRITING: True})


def plain_rows(
    session: Session | scoped_session[Session], query: Executable, values: Mapping[str, Any] | None = None
) -> CursorResult[*tuple[Any, ...]]:
    """The answer to a question for plain values, straight from the session's connection, inside its transaction.

    What the ORM does around a statement costs as much as a small one itself. Nothing that waits to be written is
    written first, so only what reads asks like this.
    """
    return session.connection().execute(query, values)


@contextmanager
def writing_connection() -> Iterator[Connection]:
    """A short transaction of its own beside the session's; committed at the end."""
    with db.engine.connect().execution_options(**{_WRITING: True}) as connection, connection.begin():
        yield connection


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # transactions are begun below, not by the driver's guesses
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "connect")
def _prepare_postgresql(connection: Any, _record: Any) -> None:
    """Every statement is planned for its own values.

    The driver prepares what is asked often, and then the server may go on with one plan for all: the plan of a
    common name is a hundred times too slow for a rare one, and making it anew takes a third of a millisecond.
    """
    if isinstance(connection, sqlite3.Connection):
        return
    connection.execute("SET plan_cache_mode = force_custom_plan")
    connection.commit()


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        writes = connection.get_execution_options().get(_WRITING, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
