"""Text inside a column, found by pairs of characters: a Chinese name is shorter than what other indexes need."""

from typing import Any

from sqlalchemy import ARRAY, Boolean, ColumnElement, Index, Text, func, literal, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

FUNCTION = "grams"
"""The function of PostgreSQL that migration 0003 makes: every character of a text and every two neighbours."""

_INDEXED = "grams_of"


class _Holds(FunctionElement[bool]):
    """Whether a text holds what was typed: of the column, the text, its grams, and the condition of other engines."""

    type = Boolean()
    inherit_cache = True


@compiles(_Holds, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    """By the index, and in an order that an index gives by itself where the text is common.

    Only the grams are there to be estimated: `strpos(…) <> 0` counts as true of nearly every row. A LIKE would
    count as a second condition, independent of the first; the planner would expect a twelfth of the rows and read
    ten thousand of them where a hundred are enough.
    """
    column, typed, wanted, _other = (compiler.process(one, **options) for one in element.clauses)
    return f"(strpos({column}, {typed}) <> 0 AND {FUNCTION}({column}) @> {wanted})"


@compiles(_Holds)
def _elsewhere(element: Any, compiler: Any, **options: Any) -> str:
    *_of_the_index, other = element.clauses
    return str(compiler.process(other, **options))


def gram_index(table: str, column: str, *, within: str = "") -> Index:
    """The index of a column that people search in. PostgreSQL alone has one; SQLite reads the rows.

    `within` is the column that parts the rows of one reader from those of all.
    """
    made = Index(
        f"ix_{table}_{column}_grams",
        *([within] if within else []),
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
    return _Holds(column, literal(typed, Text), literal(grams(typed), ARRAY(Text)), found)


def grams(typed: str) -> list[str]:
    """What a text must hold to hold these characters: its pairs, or the one character that it is."""
    return [typed[place : place + 2] for place in range(len(typed) - 1)] or [typed]


def _is_indexed(column: Any) -> bool:
    own = column.property.columns[0]
    return any(index.info.get(_INDEXED) == own.name for index in own.table.indexes)
