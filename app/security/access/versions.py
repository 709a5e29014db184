"""A number that changes with every change of the reference data, so that each process knows when to read it again."""

import secrets
from typing import Any

from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import ORMExecuteState, Session

from app.models import Counter, DictionaryEntry, Holiday, PolicyValue, Region

REFERENCE = "reference"
"""The series of `Counter` with the number; it is read with the session (login/browser.py)."""

_KEPT = (DictionaryEntry, Holiday, PolicyValue, Region)
_LARGEST = 2**31


def watch_reference() -> None:
    """Renew the number in the very transaction that changes a word, a region or a day of the calendar."""
    if not event.contains(Session, "before_flush", _flushing):
        event.listen(Session, "before_flush", _flushing)
        event.listen(Session, "do_orm_execute", _executing)


def renew(session: Session) -> None:
    """Another number, at random: a database that was put back must not have one that a process remembers."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    value = secrets.randbelow(_LARGEST)
    fresh = insert(Counter).values(series=REFERENCE, value=value)
    session.execute(fresh.on_conflict_do_update(index_elements=[Counter.series], set_={"value": value}))


def _flushing(session: Session, _context: Any, _instances: Any) -> None:
    changed = (row for rows in (session.new, session.dirty, session.deleted) for row in rows)
    if any(isinstance(row, _KEPT) for row in changed):
        renew(session)


def _executing(state: ORMExecuteState) -> None:
    mapper = None if state.is_select else state.bind_mapper
    if mapper is not None and issubclass(mapper.class_, _KEPT):
        renew(state.session)
