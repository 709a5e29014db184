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

_PLAIN = (("\u3400", "\u9fff"), ("0", "9"), ("A", "Z"), ("a", "z"), ("*", "*"))
"""First characters that start nothing: a cell with one of them stays as it is, at the price of one look."""

_CONTROLS = bytes(code for code in range(0x20) if chr(code) not in "\t\n\r")
_NONCHARACTERS = tuple(one.encode() for one in "\ufffe\uffff")
_THEIR_BEGINNING = _NONCHARACTERS[0][:2]


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe goes before what could start one."""
    text = _UNFIT.sub("", text)
    return f"'{text}" if _RUNS.match(text) else text


def fit(block: bytes) -> bytes:
    """A piece of a file without what a workbook cannot hold: the rest of `harmless` for cells of `harmless_sql`.

    Over a whole piece at once it costs next to nothing, and in the database as much as all else.
    """
    block = block.translate(None, _CONTROLS)
    if _THEIR_BEGINNING in block:
        for one in _NONCHARACTERS:
            block = block.replace(one, b"")
    return block


class Harmless(FunctionElement[str]):
    """`harmless` in SQL over one text that is not NULL, but for what `fit` takes out behind a plain beginning.

    Most cells are seen to be plain by their first character. On SQLite the others go through the function
    above, on PostgreSQL through the same patterns.
    """

    name = "harmless_cell"
    type = String()
    inherit_cache = True


def harmless_sql(text: ColumnElement[Any]) -> ColumnElement[str]:
    return Harmless(
        text,
        literal(f"[{_BROKEN}]"),
        literal(f"^(?:[{_BLANK}{_UNSEEN}]*[{_SIGNS}]|[\t\r\n])"),
        literal(f"[{''.join(f'{first}-{last}' for first, last in _PLAIN)}]*"),
    )


@compiles(Harmless, "postgresql")
def _on_postgresql(element: Harmless, compiler: SQLCompiler, **kwargs: Any) -> str:
    text, broken, runs, _plain = (compiler.process(one, **kwargs) for one in element.clauses)
    clean = f"regexp_replace({text}, {broken}, '', 'g')"
    plain = " OR ".join(f"ascii({text}) BETWEEN {ord(first)} AND {ord(last)}" for first, last in _PLAIN)
    return (
        f"CASE WHEN {plain} OR {text} = '' THEN {text} "
        f"WHEN {clean} ~ {runs} THEN '''' || {clean} ELSE {clean} END"
    )


@compiles(Harmless, "sqlite")
def _on_sqlite(element: Harmless, compiler: SQLCompiler, **kwargs: Any) -> str:
    text, _broken, _runs, plain = (compiler.process(one, **kwargs) for one in element.clauses)
    return f"CASE WHEN {text} GLOB {plain} OR {text} = '' THEN {text} ELSE harmless({text}) END"


def teach(connection: Any) -> None:
    """Let this DBAPI connection call `harmless`; PostgreSQL needs no teaching."""
    if isinstance(connection, sqlite3.Connection):
        connection.create_function("harmless", 1, harmless, deterministic=True)
