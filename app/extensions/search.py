"""Text inside a column, found by pairs of characters: a Chinese name is shorter than what other indexes need."""

from typing import Any

from sqlalchemy import ARRAY, Boolean, ColumnElement, Index, Text, and_, func, literal, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

FUNCTION = "grams"
"""The function of PostgreSQL that migration 0003 makes: every character of a text and every two neighbours."""

_INDEXED = "grams_of"


class _HasGrams(FunctionElement[bool]):
    """Whether a text holds these characters and pairs somewhere: what the index knows, and true elsewhere."""

    type = Boolean()
    inherit_cache = True


@compiles(_HasGrams, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    searched, wanted = (compiler.process(one, **options) for one in element.clauses)
    return f"{FUNCTION}({searched}) @> {wanted}"


@compiles(_HasGrams)
def _elsewhere(_element: Any, _compiler: Any, **_options: Any) -> str:
    return "1 = 1"


def gram_index(table: str, column: str) -> Index:
    """The index of a column that people search in. PostgreSQL alone has one; SQLite reads the rows."""
    made = Index(
        f"ix_{table}_{column}_grams",
        getattr(func, FUNCTION)(text(column)),
        postgresql_using="gin",
        info={_INDEXED: column},
    )
    made.ddl_if(dialect="postgresql")
    return made


def contains(column: Any, typed: str) -> ColumnElement[bool]:
    """The rows whose text holds what was typed, exactly those that a full scan finds; `typed` is not empty."""
    found: ColumnElement[bool] = column.contains(typed, autoescape=True)
    if not _is_indexed(column):
        return found
    return and_(_HasGrams(column, literal(grams(typed), ARRAY(Text))), found)


def grams(typed: str) -> list[str]:
    """What a text must hold to hold these characters: its pairs, or the one character that it is."""
    return [typed[place : place + 2] for place in range(len(typed) - 1)] or [typed]


def _is_indexed(column: Any) -> bool:
    own = column.property.columns[0]
    return any(index.info.get(_INDEXED) == own.name for index in own.table.indexes)
