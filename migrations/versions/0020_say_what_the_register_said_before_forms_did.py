"""Say what the register said before forms did."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_AS_HANDED_IN = """
    SELECT t.id AS id, (
        SELECT e.content FROM registration_event e
        WHERE e.registration_id = d.registration_id AND e.at <= d.submitted_at
        ORDER BY e.id DESC LIMIT 1
    ) AS content
    FROM {table} t JOIN declaration d ON d.id = t.id
    WHERE t.{column} IS NULL AND d.submitted_at IS NOT NULL AND d.registration_id IS NOT NULL
"""
"""What the register said when it was handed in last. A draft copies it anew anyway when it is handed in."""
_AS_CORRECTED = """
    SELECT t.id AS id, e.content AS content
    FROM id_correction t
    JOIN declaration d ON d.id = t.id
    JOIN registration_event e ON e.declaration_id = t.id AND e.registration_id = d.registration_id
    WHERE t.new_birth_date IS NULL AND e.action = 'correct_identity'
"""
"""What the register says since a right ID number was entered; of a case that is open the sealed number alone says it."""


def upgrade() -> None:
    """What an employer was called before, and who spoke for him then, stands nowhere any more, and stays empty."""
    for table in ("addition", "renewal"):
        _fill(table, "held_specialties")
    _fill("replacement", "seal_check_code")
    for key, said in _read(_AS_CORRECTED):
        if said.get("birth_date"):
            born = date.fromisoformat(said["birth_date"])
            _write("id_correction", key, new_birth_date=born, new_gender=said.get("gender"))


def _fill(table: str, column: str) -> None:
    for key, said in _read(_AS_HANDED_IN.format(table=table, column=column)):
        value = _value(column, said)
        if value is not None:
            _write(table, key, **{column: value})


def _read(query: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for row in op.get_bind().execute(sa.text(query)).all():
        yield row.id, json.loads(row.content or "{}")


def _value(column: str, said: dict[str, Any]) -> str | None:
    if column == "held_specialties":
        terms = [[specialty, ends_on] for specialty, _begins_on, ends_on in said.get("specialties", ())]
        return json.dumps(terms) if terms else None
    code = said.get("seal_check_code")
    return None if code is None else f"{code:02d}"


def _write(table: str, key: int, **values: Any) -> None:
    columns = [sa.column(name, sa.Date() if isinstance(one, date) else None) for name, one in values.items()]
    target = sa.table(table, sa.column("id", sa.Integer()), *columns)
    op.execute(sa.update(target).where(target.c.id == key).values(**values))


def downgrade() -> None:
    """It is true of what was handed in before, too, and the columns that hold it stay."""
