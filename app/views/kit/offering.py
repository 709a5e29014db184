"""Relations of a filter: the rows that it may point at, searched on the server and never beyond the scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import ColumnElement, inspect, select

from app.extensions.database import db
from app.extensions.search import contains
from app.security.access.roles import Actor
from app.security.access.scope import rows_of, visible_to

MOST_OFFERED = 30
_NAMES = ("name", "number", "display_name", "receipt")
_LONGEST_KEY = 9


@dataclass(frozen=True)
class Relation:
    """The model that a column points at, and the column that its rows are called by."""

    model: Any
    name: str

    @property
    def key(self) -> Any:
        return inspect(self.model).primary_key[0]

    @property
    def label(self) -> Any:
        return getattr(self.model, self.name)


@cache
def relation_of(model: Any, name: str) -> Relation | None:
    """Where the column points; None for a column that points nowhere, or at a row that has no name."""
    column = inspect(model).columns.get(name)
    if column is None or not column.foreign_keys or column.info.get("region"):
        return None
    table = next(iter(column.foreign_keys)).column.table
    mappers = (one for one in Model.registry.mappers if one.local_table is table)
    target = next((one.class_ for one in mappers if one.inherits is None), None)
    label = next((one for one in _NAMES if target is not None and hasattr(target, one)), None)
    return Relation(target, label) if target is not None and label else None


def offered(relation: Relation, actor: Actor, typed: str) -> Sequence[tuple[str, str]]:
    """The first rows in scope whose name holds what was typed, in the order of their names."""
    query = rows_of(relation.model, actor).with_only_columns(relation.key, relation.label)
    if typed:
        query = query.where(contains(relation.label, typed))
    rows = db.session.execute(query.order_by(relation.label, relation.key).limit(MOST_OFFERED))
    return [(str(key), str(name)) for key, name in rows]


def named(relation: Relation, actor: Actor, values: Sequence[str]) -> dict[str, str]:
    """Of these keys those that are in scope, with their names."""
    keys = [int(one) for one in values if one.isascii() and one.isdigit() and len(one) <= _LONGEST_KEY]
    if not keys:
        return {}
    query = rows_of(relation.model, actor).with_only_columns(relation.key, relation.label)
    return {str(key): str(name) for key, name in db.session.execute(query.where(relation.key.in_(keys)))}


def holding(relation: Relation, actor: Actor, column: Any, typed: str) -> ColumnElement[bool]:
    """The rows whose related row is in scope and has this text in its name."""
    target = select(relation.key).where(visible_to(relation.model, actor), contains(relation.label, typed))
    found: ColumnElement[bool] = column.in_(target)
    return found
