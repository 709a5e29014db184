"""The day so many years after a date, as a column of a statement; both databases count as the law does."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class _Anniversary(FunctionElement[date]):
    """Of the column, the years and the days by which it is moved."""

    type = Date()
    inherit_cache = True


@compiles(_Anniversary, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    column, years, days = (compiler.process(one, **options) for one in element.clauses)
    return f"((({column}) + make_interval(years => {years}))::date + {days})"


@compiles(_Anniversary)
def _elsewhere(element: Any, compiler: Any, **options: Any) -> str:
    """SQLite makes 1 March of a 29 February that the year does not have; the law makes 28 February of it."""
    column, years, days = (compiler.process(one, **options) for one in element.clauses)
    moved = f"date({column}, {years} || ' years')"
    back = f"CASE WHEN substr({moved}, 9) = substr({column}, 9) THEN '0 days' ELSE '-1 days' END"
    return f"date({moved}, {back}, {days} || ' days')"


def anniversary(column: Any, years: int, days: int = 0) -> ColumnElement[date]:
    """So many years after the date in the column (`birthday_at`), and so many days later than that."""
    return _Anniversary(column, literal(years), literal(days))
