"""Narrowing a list: search box and filters, from the address to SQL; what makes no sense is left out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, or_

from app.extensions.clock import SHANGHAI
from app.extensions.search import contains
from app.models.personal import normal_id_number
from app.views.kit.columns import Attribute, Choices, Kind, attribute, options
from app.views.kit.words import Words

Condition = ColumnElement[bool]

_YEARS = range(1900, 2200)
"""No date of this platform lies outside."""
_SHORTEST_ID, _LONGEST_TEXT, _LARGEST = 8, 60, 2**31 - 1


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
        if self.id_number and _looks_like_an_id_number(typed):
            exact: Condition = getattr(model, self.id_number).equals(model, typed)
            return exact
        return or_(*(contains(getattr(model, column), typed) for column in self.columns))


def _looks_like_an_id_number(typed: str) -> bool:
    number = normal_id_number(typed)
    return (
        len(number) >= _SHORTEST_ID and number.isascii() and sum(map(str.isdigit, number)) >= _SHORTEST_ID - 1
    )


@dataclass(frozen=True)
class Filter:
    """One filter over a list. What it offers is read from the model, or given as `choices` and `where`."""

    name: str
    label: Any = None
    choices: Choices | None = None
    where: Callable[[str], Condition] | None = None
    parent: str = "430000"
    """For a region: the region whose parts are offered."""
    quiet: bool = False
    """Reached from the number that it explains, and shown only while it is on."""

    def attribute(self, model: type) -> Attribute | None:
        return None if self.where else attribute(model, self.name)

    def text(self, model: type) -> Any:
        known = self.attribute(model)
        return self.label if self.label is not None else (known.label if known else self.name)

    def offered(self, model: type, words: Words) -> Sequence[tuple[str, str]] | None:
        """The values to choose from, or None when the value is typed."""
        known = self.attribute(model)
        if self.choices is not None:
            return [(code, str(text)) for code, text in options(self.choices)]
        by_kind: dict[Kind, Callable[[Attribute], Sequence[tuple[str, str]]]] = {
            Kind.CHOICE: lambda one: words.choices(one.dictionary),
            Kind.REGION: lambda _one: words.regions_in(self.parent),
            Kind.STATE: lambda _one: words.states(),
            Kind.DECLARATION_TYPE: lambda _one: words.declaration_types(),
            Kind.FLAG: lambda _one: [("1", _("Yes")), ("0", _("No"))],
        }
        return by_kind[known.kind](known) if known and known.kind in by_kind else None

    def is_range(self, model: type) -> bool:
        known = self.attribute(model)
        return self.choices is None and known is not None and known.kind in {Kind.DAY, Kind.INSTANT}


@dataclass(frozen=True)
class Applied:
    """A filter that is on: what the person sees of it, the SQL, and the arguments that make it."""

    label: str
    text: str
    condition: Condition
    arguments: Mapping[str, str]


def applied(one: Filter, model: Any, arguments: Mapping[str, str], words: Words) -> Applied | None:
    """The filter as the address asks for it, or None when it asks for nothing or for nonsense."""
    label = str(one.text(model))
    if one.is_range(model):
        return _range(one, model, arguments, label)
    typed = clean(arguments.get(one.name, ""))
    if not typed:
        return None
    offered = one.offered(model, words)
    shown = typed
    if offered is not None:
        known = dict(offered)
        if typed not in known:
            return None
        shown = known[typed]
    condition = one.where(typed) if one.where else _equal(attribute(model, one.name), model, typed)
    if condition is None:
        return None
    return Applied(label, shown, condition, {one.name: typed})


def _equal(known: Attribute, model: Any, typed: str) -> Condition | None:
    column = getattr(model, known.name)
    found: Condition | None
    if known.kind is Kind.SEALED:
        found = column.equals(model, typed)
    elif known.kind is Kind.FLAG:
        found = column.is_(typed == "1")
    elif known.kind is Kind.WHOLE:
        found = column == int(typed) if _is_whole(typed) else None
    elif known.kind in {Kind.TEXT, Kind.LONG_TEXT}:
        found = contains(column, typed)
    else:
        found = column == typed
    return found


def _is_whole(typed: str) -> bool:
    digits = typed.removeprefix("-")
    short = digits.isascii() and digits.isdigit() and len(digits) <= len(str(_LARGEST))
    return short and int(digits) <= _LARGEST


def _range(one: Filter, model: Any, arguments: Mapping[str, str], label: str) -> Applied | None:
    known = attribute(model, one.name)
    column = getattr(model, known.name)
    begin, end = (day(arguments.get(f"{one.name}_{side}", "")) for side in ("from", "to"))
    conditions, kept = [], {}
    if begin:
        conditions.append(column >= _edge(known, begin))
        kept[f"{one.name}_from"] = begin.isoformat()
    if end:
        # The last day belongs to the range, for an instant up to its last moment in the province.
        conditions.append(column < _edge(known, end + timedelta(days=1)))
        kept[f"{one.name}_to"] = end.isoformat()
    if not conditions:
        return None
    text = f"{begin.isoformat() if begin else '…'} – {end.isoformat() if end else '…'}"
    condition = conditions[0] if len(conditions) == 1 else conditions[0] & conditions[1]
    return Applied(label, text, condition, kept)


def _edge(known: Attribute, value: date) -> date | datetime:
    if known.kind is Kind.DAY:
        return value
    return datetime.combine(value, time.min, SHANGHAI).astimezone(UTC)


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
