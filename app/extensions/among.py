"""Whether a column holds one of several values, in a statement whose text is the same however many there are."""

# SQLAlchemy's own `in_` writes the statement anew at each execution, with a parameter for each value. Lists ask such
# questions on every page, and that writing was a tenth of what a page costs.

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import ARRAY, JSON, Boolean, ColumnElement, bindparam, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class _Among(FunctionElement[bool]):
    """Of the column and one parameter that holds all values."""

    type = Boolean()
    inherit_cache = True


@compiles(_Among, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(one, **options) for one in element.clauses)
    return f"{column} = ANY({values})"


@compiles(_Among)
def _elsewhere(element: Any, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(one, **options) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - both were written by the compiler


def among(column: Any, name: str) -> ColumnElement[bool]:
    """The rows whose number is in the list that the parameter `name` brings."""
    return _Among(column, bindparam(name, type_=ARRAY(column.type).with_variant(JSON(), "sqlite")))


def one_of(column: Any, words: Iterable[StrEnum]) -> ColumnElement[bool]:
    """The rows that hold one of these words of our own code, which stand in the statement as they are.

    A sequence keeps its order: SQLite uses a partial index only for a condition that is written as the index has it.
    """
    in_order = words if isinstance(words, Sequence) else sorted(words)
    found: ColumnElement[bool] = column.in_([_written(column, word) for word in in_order])
    return found


def _written(column: Any, word: StrEnum) -> ColumnElement[Any]:
    if not word.value.isidentifier():
        raise ValueError(f"{word!r} is no word of a code.")
    return literal_column(f"'{word.value}'", column.type)
