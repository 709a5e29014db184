"""Telling: the notices of a step, written in its commit, to those whom the table of moves names."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.models import Declaration, Notice, Party
from app.security.access.roles import Actor
from app.workflow.guards import is_party
from app.workflow.moves import Move, Told

_INBOXES: dict[str, tuple[str, str]] = {
    Party.ENTERPRISE: ("enterprise_id", "enterprise_id"),
    Party.PERSON: ("person_id", "person_id"),
    Party.FORMER_EMPLOYER: ("enterprise_id", "former_enterprise_id"),
}
"""Of each party: the column of the notice that names it, and the column of the declaration that knows it."""


def tell(session: Session, move: Move, rows: Sequence[Declaration], actor: Actor, at: datetime) -> None:
    """Write the notices of this step, in one statement, from the rows as they stand after it."""
    written = [one for row in rows for one in _notices(move, row, actor, at)]
    if written:
        # Nulls are written as such: rows for enterprises and for persons go in one statement.
        session.execute(insert(Notice).execution_options(render_nulls=True), written)


def _notices(move: Move, row: Declaration, actor: Actor, at: datetime) -> Iterator[dict[str, Any]]:
    """One for each party at most, and none for the one that moved."""
    seen = set()
    for whom, kind in move.tells:
        party = _party(whom, row)
        if party is None or is_party(row, party, actor):
            continue
        reader = inbox(row, party)
        if reader[1] is None or reader in seen:
            continue
        seen.add(reader)
        yield {
            "enterprise_id": None,
            "person_id": None,
            reader[0]: reader[1],
            "kind": kind,
            "parameters": json.dumps(parameters(row), ensure_ascii=False),
            "declaration_id": row.id,
            "at": at,
        }


def _party(whom: Told, row: Declaration) -> str | None:
    if whom is Told.PERSON:
        return Party.PERSON
    return row.initiator if whom is Told.INITIATOR else row.counterparty


def inbox(row: Declaration, party: str) -> tuple[str, int | None]:
    """The column of a notice that names this party of the declaration, and who that is."""
    column, known_by = _INBOXES[party]
    return column, getattr(row, known_by)


def parameters(row: Declaration) -> dict[str, Any]:
    """What the words of a notice need and is no datum of a person."""
    return {
        "type": row.type_key,
        "number": row.number or "",
        "enterprise": row.enterprise_name,
        "due": row.due_on.isoformat() if row.due_on else "",
    }
