"""The table of a statistic: its rows and columns in words and in order, its sums, and the list behind each number."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from flask import url_for
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import ColumnElement

from app.extensions.database import db
from app.security.access.roles import Actor, Role
from app.services.statistics import Count, Trait, counted, officer_names, total
from app.views.case_filters import NOBODY, in_month
from app.views.kit.words import words

LABELS: Mapping[Trait, Any] = {
    Trait.TYPE: _l("Declaration type"),
    Trait.STATE: _l("State"),
    Trait.REGION: _l("City"),
    Trait.SPECIALTY: _l("Specialty"),
    Trait.MONTH: _l("Month"),
    Trait.KIND: _l("Registration kind"),
    Trait.ENDORSER: _l("Municipal officer"),
    Trait.DECIDER: _l("Provincial officer"),
}

ARGUMENTS: Mapping[Trait, str] = {
    Trait.TYPE: "type_key",
    Trait.STATE: "state",
    Trait.REGION: "region_code",
    Trait.SPECIALTY: "specialty",
    Trait.KIND: "registration_kind",
    Trait.ENDORSER: "endorser",
    Trait.DECIDER: "decider",
}
"""How the work list is told of a trait; a month is a range of days."""

_DICTIONARIES = {Trait.SPECIALTY: "specialty", Trait.KIND: "registration_kind"}
_OFFICERS = {Trait.ENDORSER, Trait.DECIDER}
_PROVINCE_ALONE = {Trait.REGION, Trait.DECIDER}
_LIST = "ReviewScreen.list"
_LARGEST = "-number"

Key = str | None


def offered(actor: Actor) -> list[Trait]:
    """A city has one region, and who decides at the province is not its business."""
    return [one for one in Trait if actor.has(Role.PROVINCIAL) or one not in _PROVINCE_ALONE]


@dataclass(frozen=True)
class Cell:
    """One number, with the address of the list that shows what it counts; empty where no list can."""

    number: int
    url: str = ""


@dataclass(frozen=True)
class Line:
    """One row of the table."""

    label: str
    cells: Sequence[Cell]
    all: Cell
    share: float


class Table:
    """What was counted by one trait or by two, under the filters of the work list."""

    def __init__(
        self,
        actor: Actor,
        traits: Sequence[Trait],
        conditions: Sequence[ColumnElement[bool]],
        kept: Mapping[str, Any],
        order: str = "",
    ) -> None:
        self.traits = traits
        self._kept = kept
        found = counted(db.session, actor, traits, conditions)
        self._numbers = {one.keys: one.number for one in found}
        # Where a declaration counts in several specialties, sums would count it twice: they are asked for.
        twice = Trait.SPECIALTY in traits
        self.number = total(db.session, actor, conditions) if twice else sum(self._numbers.values())
        self._sums = {
            trait: counted(db.session, actor, [trait], conditions) if twice and len(traits) > 1 else None
            for trait in traits
        }
        officers = [place for place, trait in enumerate(traits) if trait in _OFFICERS]
        self._names = officer_names(db.session, {one.keys[place] for one in found for place in officers})
        words().prepare(name for trait, name in _DICTIONARIES.items() if trait in traits)
        self.rows = self._keys(0)
        if order.removeprefix("-") == "number":
            self.rows.sort(key=self._of_row, reverse=order == _LARGEST)
        elif order == "-label":
            self.rows.reverse()
        self.columns = self._keys(1) if len(traits) > 1 else []

    def _keys(self, place: int) -> list[Key]:
        """The keys of a trait in the order in which people know them; what is not known yet comes last."""
        trait = self.traits[place]
        ranks = {key: rank for rank, key in enumerate(_order(trait))}
        keys = {keys[place] for keys in self._numbers}
        return sorted(
            keys, key=lambda key: (key is None, ranks.get(key or "", len(ranks)), self._label(trait, key))
        )

    def _label(self, trait: Trait, key: Key) -> str:
        if key is None:
            return str(_("Nobody yet") if trait in _OFFICERS else _("Not told"))
        if trait in _OFFICERS:
            return self._names.get(key, key)
        if trait in _DICTIONARIES:
            return words().choice(_DICTIONARIES[trait], key)
        said: Mapping[Trait, Callable[[str], str]] = {
            Trait.TYPE: words().declaration_type,
            Trait.STATE: lambda one: words().state(one)[0],
            Trait.REGION: words().region,
        }
        return said[trait](key) if trait in said else key

    def _sum(self, place: int, key: Key) -> int:
        asked: Sequence[Count] | None = self._sums[self.traits[place]]
        if asked is not None:
            return next((one.number for one in asked if one.keys[0] == key), 0)
        return sum(number for keys, number in self._numbers.items() if keys[place] == key)

    def _of_row(self, key: Key) -> int:
        return self._sum(0, key)

    @cached_property
    def heads(self) -> list[str]:
        return [self._label(self.traits[1], key) for key in self.columns]

    @cached_property
    def lines(self) -> list[Line]:
        lines = []
        for row in self.rows:
            cells = [self._cell((row, column)) for column in self.columns]
            number = self._sum(0, row)
            share = number / self.number if self.number else 0.0
            lines.append(
                Line(
                    self._label(self.traits[0], row),
                    cells,
                    Cell(number, list_of(self.traits, (row,), self._kept)),
                    share,
                )
            )
        return lines

    def _cell(self, keys: tuple[Key, Key]) -> Cell:
        number = self._numbers.get(keys, 0)
        return Cell(number, list_of(self.traits, keys, self._kept) if number else "")

    @cached_property
    def sums(self) -> list[Cell]:
        """Under each column its sum."""
        return [Cell(self._sum(1, key), list_of(self.traits[1:], (key,), self._kept)) for key in self.columns]

    @property
    def all(self) -> Cell:
        return Cell(self.number, list_of((), (), self._kept))

    @property
    def counts_twice(self) -> bool:
        return Trait.SPECIALTY in self.traits


def list_of(traits: Sequence[Trait], keys: Sequence[Key], kept: Mapping[str, Any]) -> str:
    """The work list narrowed to these traits and to the filters of the page; empty where it cannot be."""
    arguments = dict(kept)
    for trait, key in zip(traits, keys, strict=False):
        if trait is Trait.MONTH:
            arguments |= _within(key, arguments)
        elif key is None and trait not in _OFFICERS:
            return ""
        else:
            arguments[ARGUMENTS[trait]] = key or NOBODY
    return str(url_for(_LIST, **(arguments or {"desk": "all"})))


def _order(trait: Trait) -> list[str]:
    known: Mapping[Trait, Callable[[], Sequence[tuple[str, Any]]]] = {
        Trait.TYPE: words().declaration_types,
        Trait.STATE: words().states,
        Trait.REGION: words().cities,
        Trait.SPECIALTY: lambda: words().choices("specialty"),
        Trait.KIND: lambda: words().choices("registration_kind"),
    }
    return [code for code, _label in known[trait]()] if trait in known else []


def _within(month: Key, kept: Mapping[str, Any]) -> dict[str, str]:
    """The days of this month, as far as the filter of the page lets them."""
    days = in_month(date.fromisoformat(f"{month}-01"))
    begin, end = (str(kept.get(f"submitted_at_{side}") or "") for side in ("from", "to"))
    return {
        "submitted_at_from": max(days["submitted_at_from"], begin),
        "submitted_at_to": min(days["submitted_at_to"], end or days["submitted_at_to"]),
    }
