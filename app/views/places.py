"""Where a case stands in the list that it was opened from, and which come before and after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, inspect, or_, select
from sqlalchemy.orm import Session

from app.views.kit.columns import attribute
from app.views.kit.listing import Listing

MOST = 1000
"""As many cases are counted; whoever stands further down reads "1,000+"."""


@dataclass(frozen=True)
class Place:
    """`number` counts from 1; both neighbours are looked for by key, however long the list is."""

    number: int
    total: int
    before: int | None
    after: int | None

    @property
    def beyond(self) -> bool:
        """Whether it stands further down than is counted."""
        return self.number > MOST

    @property
    def capped(self) -> bool:
        return self.total > MOST

    @property
    def onward(self) -> int | None:
        """Where a decision leads: to the next one, and at the end of the list to the one before."""
        return self.after or self.before


def place_of(
    session: Session,
    rows: Select[Any],
    row: Any,
    listing: Listing,
    skipped: ColumnElement[bool] | None = None,
) -> Place:
    """The place of `row` among `rows`, which are narrowed and in no order; one statement.

    It has a place also when it is none of them any more: where it would stand. `skipped` are no neighbours.
    """
    order = _Order(listing, row)
    keys = rows.order_by(None).with_only_columns(order.key)
    open_ = keys if skipped is None else keys.where(~skipped)
    after = open_.where(order.follows()).order_by(*order.terms()).limit(1)
    before = open_.where(order.precedes()).order_by(*order.terms(backwards=True)).limit(1)
    ahead = keys.where(order.precedes()).limit(MOST).subquery()
    counted = keys.limit(MOST + 1).subquery()
    here = keys.where(order.key == order.own_key).limit(1)
    found = session.execute(
        select(
            here.scalar_subquery(),
            select(func.count()).select_from(ahead).scalar_subquery(),
            select(func.count()).select_from(counted).scalar_subquery(),
            before.scalar_subquery(),
            after.scalar_subquery(),
        )
    ).one()
    number = found[1] + 1 if found[0] is not None else 0
    return Place(number, found[2], found[3], found[4])


class _Order:
    """The order of a list, seen from one of its rows: by its column, empty values last, and then by the key."""

    def __init__(self, listing: Listing, row: Any) -> None:
        (self.key,) = inspect(listing.model).primary_key
        name = listing.order.removeprefix("-")
        self._falling = listing.order.startswith("-")
        known = attribute(listing.model, name) if name else None
        self._column: Any = getattr(listing.model, known.name) if known else None
        if self._column is not None and inspect(listing.model).columns[known.name] is self.key:  # type: ignore[union-attr]
            self._column = None
        self._value = getattr(row, known.name) if known and self._column is not None else None
        self.own_key = row.id

    def terms(self, *, backwards: bool = False) -> Sequence[ColumnElement[Any]]:
        falling = self._falling is not backwards
        wanted: list[Any] = [one for one in (self._column, self.key) if one is not None]
        turned = [one.desc() if falling else one.asc() for one in wanted]
        if self._column is None:
            return turned
        empty = self._column.is_(None)
        return [empty.desc() if backwards else empty.asc(), *turned]

    def follows(self) -> ColumnElement[bool]:
        return self._beyond(falling=self._falling, empty_beyond=True)

    def precedes(self) -> ColumnElement[bool]:
        return self._beyond(falling=not self._falling, empty_beyond=False)

    def _beyond(self, *, falling: bool, empty_beyond: bool) -> ColumnElement[bool]:
        by_key: ColumnElement[bool] = self.key < self.own_key if falling else self.key > self.own_key
        if self._column is None:
            return by_key
        empty = self._column.is_(None)
        if self._value is None:
            tied = and_(empty, by_key)
            return tied if empty_beyond else or_(~empty, tied)
        further = self._column < self._value if falling else self._column > self._value
        return or_(further, and_(self._column == self._value, by_key), empty if empty_beyond else false())
