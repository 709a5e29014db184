"""Cells that no spreadsheet takes for a formula: the same rule once in Python and once in SQL."""

import re
import sqlite3
from typing import Any

from sqlalchemy import ColumnElement, String, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

_BLANK = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
_UNSEEN = "\ufeff\u200b-\u200f\u2060"
_SIGNS = "-=+@\uff1d\uff0b\uff0d\uff20"
_BROKEN = "\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff"
"""What a workbook cannot hold; NUL and lone surrogates are named beside it, since not every place takes them."""

_RUNS = re.compile(f"[{_BLANK}{_UNSEEN}]*[{_SIGNS}]|[\t\r\n]")
"""What a spreadsheet takes for the start of a formula, in both widths, also behind what is not seen."""
_UNFIT = re.compile(f"[\x00{_BROKEN}\ud800-\udfff]")

_PLAIN = "0-9A-Za-z*\u3400-\u9fff"
"""First characters that start nothing: a cell with one of them and nothing broken in it stays as it is."""


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe goes before what could start one."""
    text = _UNFIT.sub("", text)
    return f"'{text}" if _RUNS.match(text) else text


class Harmless(FunctionElement[str]):
    """`harmless` in SQL over one text that is not NULL.

    Most cells are seen to be plain by one look. On SQLite the others go through the function above, on
    PostgreSQL through the same patterns.
    """

    name = "harmless_cell"
    type = String()
    inherit_cache = True


def harmless_sql(text: ColumnElement[Any]) -> ColumnElement[str]:
    return Harmless(
        text,
        literal(f"^[^{_PLAIN}]|[{_BROKEN}]"),
        literal(f"[{_BROKEN}]"),
        literal(f"^(?:[{_BLANK}{_UNSEEN}]*[{_SIGNS}]|[\t\r\n])"),
        literal(f"[^{_PLAIN}]*"),
        literal(f"*[{_BROKEN}]*"),
    )


@compiles(Harmless, "postgresql")
def _on_postgresql(element: Harmless, compiler: SQLCompiler, **kwargs: Any) -> str:
    text, suspicious, broken, runs, _first, _inside = (
        compiler.process(one, **kwargs) for one in element.clauses
    )
    clean = f"regexp_replace({text}, {broken}, '', 'g')"
    return (
        f"CASE WHEN {text} ~ {suspicious} THEN "
        f"CASE WHEN {clean} ~ {runs} THEN '''' || {clean} ELSE {clean} END ELSE {text} END"
    )


@compiles(Harmless, "sqlite")
def _on_sqlite(element: Harmless, compiler: SQLCompiler, **kwargs: Any) -> str:
    text, _suspicious, _broken, _runs, first, inside = (
        compiler.process(one, **kwargs) for one in element.clauses
    )
    return (
        f"CASE WHEN {text} GLOB {first} OR {text} GLOB {inside} OR instr({text}, char(0)) "
        f"THEN harmless({text}) ELSE {text} END"
    )


def teach(connection: Any) -> None:
    """Let this DBAPI connection call `harmless`; PostgreSQL needs no teaching."""
    if isinstance(connection, sqlite3.Connection):
        connection.create_function("harmless", 1, harmless, deterministic=True)
