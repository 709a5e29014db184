"""Where a case stands in the list that it was opened from, and which come before and after it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, inspect, literal, or_, select, tuple_
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
    ahead = keys.where(order.ahead()).limit(MOST).subquery()
    counted = keys.limit(MOST + 1).subquery()
    found = session.execute(
        select(
            keys.where(order.key == order.own).limit(1).scalar_subquery(),
            select(func.count()).select_from(ahead).scalar_subquery(),
            select(func.count()).select_from(counted).scalar_subquery(),
            order.nearest(open_, turned=True),
            order.nearest(open_, turned=False),
        )
    ).one()
    number = found[1] + 1 if found[0] is not None else 0
    return Place(number, found[2], found[3], found[4])


class _Order:
    """The order of a list, seen from one of its rows: by its column, empty values last, and then by the key.

    Rows with a value and rows without are asked for apart, so that each is read from an end of an index.
    """

    def __init__(self, listing: Listing, row: Any) -> None:
        mapper = inspect(listing.model)
        (self.key,) = mapper.primary_key
        self.own = row.id
        self._falling = listing.order.startswith("-")
        name = listing.order.removeprefix("-")
        known = attribute(listing.model, name) if name else None
        by_key = known is None or mapper.columns[known.name] is self.key
        self._column: Any = None if by_key or known is None else getattr(listing.model, known.name)
        self._value = None if self._column is None or known is None else getattr(row, known.name)

    def nearest(self, keys: Select[Any], *, turned: bool) -> ColumnElement[Any]:
        """The key of the next row, or of the one before, as a part of a statement."""
        if self._column is None:
            return self._first(keys.where(self._beyond_key(turned=turned)), turned=turned)
        empty, full = self._column.is_(None), self._column.is_not(None)
        if self._value is None:
            own = self._first(keys.where(empty, self._beyond_key(turned=turned)), turned=turned)
            return func.coalesce(own, self._first(keys.where(full), turned=True)) if turned else own
        own = self._first(keys.where(self._beyond_value(turned=turned)), turned=turned)
        return own if turned else func.coalesce(own, self._first(keys.where(empty), turned=False))

    def ahead(self) -> ColumnElement[bool]:
        """The rows that stand before this one."""
        if self._column is None:
            return self._beyond_key(turned=True)
        if self._value is not None:
            return self._beyond_value(turned=True)
        return or_(self._column.is_not(None), and_(self._column.is_(None), self._beyond_key(turned=True)))

    def _first(self, keys: Select[Any], *, turned: bool) -> ColumnElement[Any]:
        down = self._falling is not turned
        wanted = [self.key] if self._column is None else [self._column, self.key]
        return (
            keys.order_by(*(one.desc() if down else one.asc() for one in wanted)).limit(1).scalar_subquery()
        )

    def _beyond_key(self, *, turned: bool) -> ColumnElement[bool]:
        found: ColumnElement[bool] = (
            self.key < self.own if self._falling is not turned else self.key > self.own
        )
        return found

    def _beyond_value(self, *, turned: bool) -> ColumnElement[bool]:
        here = tuple_(self._column, self.key)
        there = tuple_(literal(self._value, self._column.type), literal(self.own, self.key.type))
        return here < there if self._falling is not turned else here > there
