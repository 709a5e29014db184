"""Relations that a form asks for: searched on the server, and looked up in the actor's scope when they come back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import jsonify, request
from sqlalchemy import ColumnElement, Select, or_
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.extensions.columns import Sealed
from app.extensions.database import db
from app.extensions.search import contains
from app.security.access.roles import Actor
from app.security.access.scope import rows_of
from app.views.kit.filtering import clean
from app.views.kit.offering import Relation, relation_of

if TYPE_CHECKING:
    from app.views.kit.records import RecordScreen

AT_ONCE = 30
"""Rows that one search answers; the page says when there are more."""

_LONGEST_KEY = 9


@dataclass(frozen=True)
class Lookup:
    """How the row that a field points at is found. It is one in the actor's scope, whatever stands here."""

    note: str = ""
    """A column that tells two rows of one name apart."""
    exact: str = ""
    """An attribute that may be typed in place of the name, such as a code or an ID number."""
    narrow: Callable[[Select[Any], Actor], Select[Any]] | None = None
    """Fewer rows than the scope holds, never more."""


@dataclass(frozen=True)
class Related:
    """A row as a field shows it."""

    value: str
    text: str
    note: str = ""


def target(model: Any, name: str) -> Relation:
    """Where the column points. A screen that asks for another one does not start."""
    found = relation_of(model, name)
    if found is None:
        raise LookupError(f"{model.__name__}.{name} points at nothing that has a name.")
    return found


def _rows(relation: Relation, lookup: Lookup, actor: Actor) -> Select[Any]:
    query = rows_of(relation.model, actor)
    if lookup.narrow is not None:
        query = lookup.narrow(query, actor)
    shown = [relation.key, relation.label]
    if lookup.note:
        shown.append(getattr(relation.model, lookup.note))
    return query.with_only_columns(*shown)


def _related(row: Any) -> Related:
    key, text, *note = row
    return Related(str(key), str(text), str(note[0] or "") if note else "")


def found(relation: Relation, lookup: Lookup, actor: Actor, typed: str) -> tuple[list[Related], bool]:
    """The first rows that what was typed finds, in the order of their names, and whether there are more."""
    query = _rows(relation, lookup, actor)
    if typed:
        query = query.where(_finds(relation, lookup, typed))
    rows = db.session.execute(query.order_by(relation.label, relation.key).limit(AT_ONCE + 1)).all()
    return [_related(row) for row in rows[:AT_ONCE]], len(rows) > AT_ONCE


def _finds(relation: Relation, lookup: Lookup, typed: str) -> ColumnElement[bool]:
    by_name = contains(relation.label, typed)
    if not (lookup.exact and typed.isascii()):
        return by_name  # no code has Chinese letters, and one condition is read from one index
    column = getattr(relation.model, lookup.exact)
    exact = column.equals(relation.model, typed) if isinstance(column, Sealed) else column == typed
    return or_(by_name, exact)


def chosen(relation: Relation, lookup: Lookup, actor: Actor, value: str) -> Related | None:
    """The row of this key, or None for what no search of this actor could have found."""
    if not (value.isascii() and value.isdigit() and len(value) <= _LONGEST_KEY):
        return None
    query = _rows(relation, lookup, actor).where(relation.key == int(value))
    row = db.session.execute(query).one_or_none()
    return None if row is None else _related(row)


def answer(screen: "RecordScreen", name: str, row: Any) -> Response:
    """What the search of one field of this form finds."""
    actor = screen.actor
    fields = (one for group in screen.form_for(row, actor) for one in group.fields)
    field: Any = next((one for one in fields if getattr(one, "name", "") == name), None)
    if field is None or field.lookup is None:
        raise NotFound
    items, more = found(target(screen.model, name), field.lookup, actor, clean(request.args.get("q", "")))
    return jsonify(items=[vars(one) for one in items], more=more)
