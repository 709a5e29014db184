"""What a list can be narrowed by: its search box and its filters, declared or read from the model."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, inspect, or_

from app.extensions.search import contains
from app.models.region import HUNAN
from app.views.kit.columns import Attribute, Choices, Column, Kind, Unknown, attribute, options
from app.views.kit.offering import Relation, relation_of
from app.views.kit.sealing import looks_like_an_id_number
from app.views.kit.words import Words

Condition = ColumnElement[bool]
SEARCH = "q"

_YEARS = range(1900, 2200)
"""No date of this platform lies outside."""
_LONGEST_TEXT, _MOST_DERIVED = 60, 10


class Asks(StrEnum):
    """How a filter asks for its value."""

    TEXT = "text"
    WHOLE = "whole"
    SEALED = "sealed"
    CHOICE = "choice"
    PERIOD = "period"
    RELATION = "relation"


@dataclass(frozen=True)
class Search:
    """The one box over a list: text in the columns of `name`, or a whole ID number by its blind index."""

    name: str | tuple[str, ...]
    id_number: str = ""
    label: Any = None
    hint: Any = ""

    def text(self, model: type) -> Any:
        return self.label if self.label is not None else attribute(model, self.columns[0]).label

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.name,) if isinstance(self.name, str) else self.name

    def condition(self, model: Any, typed: str) -> Condition:
        if self.id_number and looks_like_an_id_number(typed):
            exact: Condition = getattr(model, self.id_number).equals(model, typed)
            return exact
        return or_(*(contains(getattr(model, column), typed) for column in self.columns))


@dataclass(frozen=True)
class Filter:
    """One filter over a list. What it offers is read from the model, or given as `choices` and `where`."""

    name: str
    label: Any = None
    choices: Choices | None = None
    where: Callable[[str], Condition] | None = None
    parent: str = HUNAN
    """For a region: the region whose parts are offered."""
    quiet: bool = False
    """Reached from the number that it explains, and shown only while it is on."""
    lookup: Callable[[str], Sequence[tuple[str, str]]] | None = None
    """Values to choose from, searched by what was typed when there are too many to offer them all."""

    def attribute(self, model: type) -> Attribute | None:
        return None if self.where else attribute(model, self.name)

    def relation(self, model: type) -> Relation | None:
        return None if self.where or self.choices else relation_of(model, self.name)

    def text(self, model: type) -> Any:
        known = self.attribute(model)
        return self.label if self.label is not None else (known.label if known else self.name)

    def asks(self, model: type) -> Asks:
        if self.lookup or self.relation(model):
            return Asks.RELATION
        known = self.attribute(model)
        if self.choices is not None or (known and known.kind in _OFFERING):
            return Asks.CHOICE
        by_kind = {Kind.DAY: Asks.PERIOD, Kind.INSTANT: Asks.PERIOD, Kind.SEALED: Asks.SEALED}
        by_kind[Kind.WHOLE] = Asks.WHOLE
        return by_kind.get(known.kind, Asks.TEXT) if known else Asks.TEXT

    @cached_property
    def arguments(self) -> tuple[str, ...]:
        """The names under which an address may carry it."""
        return (self.name, f"{self.name}_from", f"{self.name}_to", f"{self.name}_like")

    def offered(self, model: type, words: Words) -> Sequence[tuple[str, str]]:
        """The values to choose from, where all are offered."""
        if self.choices is not None:
            return [(str(code), str(text)) for code, text in options(self.choices)]
        known = self.attribute(model)
        return _OFFERING[known.kind](self, known, words) if known and known.kind in _OFFERING else ()


_OFFERING: dict[Kind, Callable[[Filter, Attribute, Words], Sequence[tuple[str, str]]]] = {
    Kind.CHOICE: lambda _filter, known, words: words.choices(known.dictionary),
    Kind.REGION: lambda filter_, _known, words: words.regions_in(filter_.parent),
    Kind.STATE: lambda _filter, _known, words: words.states(),
    Kind.DECLARATION_TYPE: lambda _filter, _known, words: words.declaration_types(),
    Kind.FLAG: lambda _filter, _known, _words: [("1", _("Yes")), ("0", _("No"))],
}


def derived(model: Any, columns: Sequence[Column], search: Search | None) -> tuple[Filter, ...]:
    """Filters for a screen that declares none: its columns as far as they can be asked for, then the indexed ones."""
    searched = {*search.columns, search.id_number} if search else set()
    found: dict[str, Filter] = {}
    for column in columns:
        if column.name not in searched and (filter_ := _of_column(model, column)):
            found.setdefault(column.name, filter_)
    for known in _indexed(model):
        if known.name not in searched and not known.owned:
            found.setdefault(known.name, Filter(known.name))
    return tuple(found.values())[:_MOST_DERIVED]


def _of_column(model: Any, column: Column) -> Filter | None:
    try:
        known = attribute(model, column.name)
    except Unknown:
        return None  # words that are made from the row
    if known.path or (column.text and known.kind not in _OFFERING):
        return None
    if column.choices is not None:
        return Filter(known.name, label=column.label, choices=column.choices)
    whole_province = known.kind is not Kind.REGION or known.name == "region_code"
    by_kind = known.kind in {*_OFFERING, Kind.DAY, Kind.INSTANT, Kind.SEALED} and whole_province
    indexed = known.kind is Kind.TEXT and _is_indexed(model, known.name)
    return Filter(known.name, label=column.label) if by_kind or indexed else None


def _is_indexed(model: Any, name: str) -> bool:
    column = inspect(model).columns[name]
    return bool(column.index or column.unique)


def _indexed(model: Any) -> Iterator[Attribute]:
    """Columns that say what they are and have an index of their own."""
    for name, column in inspect(model).columns.items():
        if column.info.get("label") and (column.index or column.unique):
            yield attribute(model, name)


def day(text: str) -> date | None:
    """An ISO date that both databases can compare, or None."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year in _YEARS else None


def clean(text: str) -> str:
    """What was typed without blanks around it, controls and excess; NUL would be an error to PostgreSQL."""
    return "".join(letter for letter in text if letter.isprintable()).strip()[:_LONGEST_TEXT]
