"""Stored values in words, said by the database: what a list shows of a value, as one SQL expression of text."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, String, case, cast, func, literal, null
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from app.services.exports.harmless import harmless, harmless_sql

Expression = ColumnElement[Any]

_FEW = 16
"""Words that a CASE finds as soon as a dictionary does."""


class _Day(FunctionElement[str]):
    name = "day_in_words"
    type = String()
    inherit_cache = True


class _Minute(FunctionElement[str]):
    name = "minute_in_words"
    type = String()
    inherit_cache = True


class _Amount(FunctionElement[str]):
    name = "amount_in_words"
    type = String()
    inherit_cache = True


class _Word(FunctionElement[str]):
    """The word of a code in a dictionary, NULL when there is none: the code, the dictionary, and the same as a CASE."""

    name = "word_of_code"
    type = String()
    inherit_cache = True


@compiles(_Word, "postgresql")
def _word_on_postgresql(element: _Word, compiler: SQLCompiler, **kwargs: Any) -> str:
    code, dictionary, _case = (compiler.process(one, **kwargs) for one in element.clauses)
    return f"(CAST({dictionary} AS jsonb) ->> CAST({code} AS text))"


@compiles(_Word, "sqlite")
def _word_on_sqlite(element: _Word, compiler: SQLCompiler, **kwargs: Any) -> str:
    _code, _dictionary, asked = (compiler.process(one, **kwargs) for one in element.clauses)
    return asked


@compiles(_Day, "postgresql")
def _day_on_postgresql(element: _Day, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **kwargs)}, 'YYYY-MM-DD')"


@compiles(_Day, "sqlite")
def _day_on_sqlite(element: _Day, compiler: SQLCompiler, **kwargs: Any) -> str:
    return compiler.process(element.clauses, **kwargs)


@compiles(_Minute, "postgresql")
def _minute_on_postgresql(element: _Minute, compiler: SQLCompiler, **kwargs: Any) -> str:
    """China has kept UTC+8 without a summer time since 1992; no instant of the platform is older."""
    stored = compiler.process(element.clauses, **kwargs)
    return f"to_char({stored} + interval '8 hours', 'YYYY-MM-DD HH24:MI')"


@compiles(_Minute, "sqlite")
def _minute_on_sqlite(element: _Minute, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f"strftime('%Y-%m-%d %H:%M', {compiler.process(element.clauses, **kwargs)}, '+8 hours')"


@compiles(_Amount, "postgresql")
def _amount_on_postgresql(element: _Amount, compiler: SQLCompiler, **kwargs: Any) -> str:
    stored, _digits = element.clauses
    return f"trim_scale({compiler.process(stored, **kwargs)})::text"


@compiles(_Amount, "sqlite")
def _amount_on_sqlite(element: _Amount, compiler: SQLCompiler, **kwargs: Any) -> str:
    stored, digits = (compiler.process(one, **kwargs) for one in element.clauses)
    return f"rtrim(rtrim(printf('%!.' || {digits} || 'f', {stored}), '0'), '.')"


def day(column: Any) -> Expression:
    return func.coalesce(_Day(column), "")


def minute(column: Expression) -> Expression:
    """An instant that is stored in UTC, as the clocks of the province showed it."""
    return func.coalesce(_Minute(column), "")


def flag(column: Expression, yes: str, no: str) -> Expression:
    return case((column.is_(None), ""), (column, harmless(yes)), else_=harmless(no))


def whole(column: Expression) -> Expression:
    """A number below zero begins like a formula."""
    digits = cast(column, String)
    return func.coalesce(case((column < 0, literal("'") + digits), else_=digits), "")


def amount(column: Expression, digits: int) -> Expression:
    """Without the zeros at its end."""
    if not digits:
        return whole(column)
    text = _Amount(column, literal(digits))
    # SQLite's printf takes NULL for nought.
    return case((column.is_(None), ""), (column < 0, literal("'") + text), else_=text)


def text(column: Expression) -> Expression:
    return harmless_sql(func.coalesce(column, ""))


def chosen(column: Expression, words: Mapping[Any, str]) -> Expression:
    """The word for a code; the code itself when there is none."""
    plain = text(column if isinstance(column.type, String) else cast(column, String))
    said = {code: harmless(word) for code, word in words.items()}
    if len(said) <= _FEW or not isinstance(column.type, String):
        return case(said, value=column, else_=plain) if said else plain
    # PostgreSQL compares one code after another in a CASE, and halves a dictionary.
    dictionary = literal(json.dumps(said, ensure_ascii=False))
    return func.coalesce(_Word(column, dictionary, case(said, value=column)), plain)


def present(column: Expression, sentence: str) -> Expression:
    return case((column.is_not(None), harmless(sentence)), else_="")


def made(column: Expression, words: Mapping[Any, str]) -> Expression:
    """Words that were made for every value that the column holds; None stands for NULL.

    NULL comes first: where a column has it, most rows do, and a CASE asks in its order.
    """
    said = [(column == value, harmless(word)) for value, word in words.items() if value is not None]
    if None in words:
        said.insert(0, (column.is_(null()), harmless(words[None])))
    return case(*said, else_="") if said else literal("")
