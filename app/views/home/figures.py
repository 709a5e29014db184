"""What home pages are made of: numbers that lead to the rows they count, and the charts beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import url_for


@dataclass(frozen=True)
class Figure:
    """A number and the list that shows exactly the rows which it counts."""

    label: Any
    number: int
    url: str
    tone: str = ""
    """How much it presses: red, orange or green; the words say it as well."""


@dataclass(frozen=True)
class Chart:
    """The arguments of the macro that draws a chart and the table of its numbers (kit/charts.html)."""

    title: Any
    kind: str
    labels: Sequence[str]
    series: Sequence[Mapping[str, Any]]
    links: Sequence[str]
    first: Any
    note: Any = ""


@dataclass(frozen=True)
class Board:
    """The part of a home page that one role has."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    whose: str = ""
    """Whom the account acts for, where that is not the person who has logged in."""


def to_list(screen: str, **arguments: Any) -> str:
    """The address of a list with these filters."""
    return url_for(f"{screen}.list", **{name: value for name, value in arguments.items() if value})
