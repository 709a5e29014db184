"""Which rows a page shows: by its number inside the counted rows, by the key of a neighbour beyond them."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import ColumnElement, Select, func, inspect, literal, select, tuple_
from sqlalchemy.orm import Session

from app.extensions.columns import UtcDateTime
from app.extensions.database import plain_rows
from app.views.kit import sealing
from app.views.kit.columns import Column, attribute
from app.views.kit.listing import Listing, plainly, related

_DEEP = 200
"""From this offset on the keys of the page are found first, in an index alone, and the rows by their keys."""

_YEARS, _LARGEST = range(1900, 2200), 2**31 - 1


@dataclass(frozen=True)
class Place:
    """A row as the address names it: its running number, its value in the wanted order, its key."""

    number: int
    value: Any
    key: Any


@dataclass(frozen=True)
class _Order:
    """By the wanted column and then by the key, so that no row is on two pages; empty values come last."""

    key: Any
    column: Any
    """None when the key alone gives the order."""
    nullable: bool
    falling: bool

    @classmethod
    def of(cls, listing: Listing) -> "_Order":
        key = inspect(listing.model).primary_key[0]
        name = listing.order.removeprefix("-")
        falling = listing.order.startswith("-")
        if not name:
            return cls(key, None, nullable=False, falling=False)
        known = attribute(listing.model, name)
        column = getattr(listing.model, known.name)
        if inspect(listing.model).columns[known.name] is key:
            return cls(key, None, nullable=False, falling=falling)
        return cls(key, column, nullable=known.nullable, falling=falling)

    @property
    def _wanted(self) -> list[Any]:
        return [self.key] if self.column is None else [self.column, self.key]

    def apply(self, query: Select[Any]) -> Select[Any]:
        """The whole order in one statement."""
        first, *rest = self.directed(turned=False)
        return query.order_by(first.nulls_last() if self.nullable else first, *rest)

    def directed(self, *, turned: bool) -> list[ColumnElement[Any]]:
        """The order among rows that have a value, or among those that have none: an index read from either end."""
        down = self.falling != turned
        return [one.desc() if down else one.asc() for one in self._wanted]

    def along(self, query: Select[Any]) -> Select[Any]:
        return query.order_by(*self.directed(turned=False))

    def beyond(self, place: Place, *, turned: bool) -> ColumnElement[bool]:
        """The rows of the same half as this place that come after it."""
        down = self.falling != turned
        if self.column is None or place.value is None:
            found: ColumnElement[bool] = self.key < place.key if down else self.key > place.key
            return found
        here = tuple_(self.column, self.key)
        there = tuple_(literal(place.value, self.column.type), literal(place.key, self.key.type))
        return here < there if down else here > there

    def halves(self) -> list[ColumnElement[bool] | None]:
        """The rows with a value, then those without: apart, so that both can be read out of one index."""
        if not self.nullable:
            return [None]
        return [self.column.is_not(None), self.column.is_(None)]

    def place(self, row: Any, number: int) -> str:
        """The token of this row for an address."""
        value = None if self.column is None else getattr(row, self.column.key)
        key = getattr(row, self.key.key)
        content = json.dumps([number, _spoken(value), _spoken(key)], ensure_ascii=False)
        if isinstance(value, str):
            return sealing.seal(content)  # a name: it belongs into no history and no log
        return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")

    def read(self, token: str) -> Place | None:
        """The place that a token names; None for whatever is no token of this order."""
        try:
            number, value, key = json.loads(_opened(token))
            if type(number) is not int or not 0 < number <= _LARGEST:
                return None
            if self.column is None or value is None:
                empty = value is None and (self.column is None or self.nullable)
                return Place(number, None, _heard(self.key, key)) if empty else None
            return Place(number, _heard(self.column, value), _heard(self.key, key))
        except (ValueError, TypeError, binascii.Error, InvalidOperation, RecursionError):
            return None


def ordered(query: Select[Any], listing: Listing) -> Select[Any]:
    """All rows in the order of the list, in one statement: for a file, or for the place of one case."""
    return _Order.of(listing).apply(query)


def load(
    session: Session,
    query: Select[Any],
    listing: Listing,
    columns: Sequence[Column],
    *,
    beside: Sequence[str] | None = None,
    total: int | None = None,
) -> None:
    """Count up to the cap, unless the number is known, and read the rows of the page with their relations.

    With `beside`, they are plain values: those of the columns, these further ones, and the one that orders them.
    """
    if total is None:
        keys = keys_of(query, listing.model)
        total = _count(session, keys if listing.exact else keys.limit(listing.cap + 1))
    listing.total = total
    if beside is None:
        query = query.options(*related(listing.model, columns))
    else:
        query = plainly(query, listing.model, columns, (*beside, listing.order.removeprefix("-")))
    order = _Order.of(listing)
    place = order.read(listing.after or listing.before)
    if place is None or not _walk(session, query, listing, order, place):
        listing.after = listing.before = ""
        _turn(session, query, listing, order)


def keys_of(query: Select[Any], model: Any) -> Select[Any]:
    """The keys of the rows alone; a model with a head table and one of its own is still read from both."""
    return query.with_only_columns(*inspect(model).primary_key, maintain_column_froms=True)


def _count(session: Session, keys: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(keys.order_by(None).subquery())) or 0


def _turn(session: Session, query: Select[Any], listing: Listing, order: _Order) -> None:
    """The page with this number, kept inside what was counted."""
    listing.page = min(listing.page, listing.pages)
    offset = (listing.page - 1) * listing.size
    listing.first = offset + 1
    if order.nullable and order.falling:
        # No index gives this order whole: its values are read from its end, and then what has no value.
        rows = _in_halves(session, query, listing, order, offset)
    else:
        rows = _slice(session, query, listing, order, order.apply, offset=offset, size=listing.size)
    listing.rows = rows
    if listing.page > 1:
        listing.previous = _numbered(listing.page - 1)
    if listing.page < listing.pages:
        listing.next = _numbered(listing.page + 1)
    elif not listing.ends and len(rows) == listing.size:
        listing.next = {"after": order.place(rows[-1], offset + listing.size)}


def _numbered(page: int) -> dict[str, Any]:
    return {"page": page if page > 1 else None}


def _in_halves(
    session: Session, query: Select[Any], listing: Listing, order: _Order, offset: int
) -> Sequence[Any]:
    found: list[Any] = []
    for half in order.halves():
        part, left = query if half is None else query.where(half), listing.size - len(found)
        found += _slice(session, part, listing, order, order.along, offset=offset, size=left)
        if len(found) == listing.size:
            break
        # What is left of the offset lies in the other half.
        keys = part.with_only_columns(order.key, maintain_column_froms=True).limit(offset)
        offset = 0 if found or not offset else offset - _count(session, keys)
    return found


def _slice(
    session: Session,
    query: Select[Any],
    listing: Listing,
    order: _Order,
    by: Callable[[Select[Any]], Select[Any]],
    *,
    offset: int = 0,
    size: int,
) -> list[Any]:
    """So many rows in this order; where most are passed over, only an index is read for those."""
    if offset >= _DEEP or listing.sifted:
        keys = (
            by(query.with_only_columns(order.key, maintain_column_froms=True))
            .limit(size)
            .offset(offset or None)
            .subquery()
        )
        return _rows(session, by(query.where(order.key.in_(select(keys.c[0])))))
    return _rows(session, by(query).limit(size).offset(offset or None))


def _rows(session: Session, query: Select[Any]) -> list[Any]:
    """Whole rows as they are, and plain values by their names."""
    entities = len(query.column_descriptions) == 1
    return list((session.scalars(query) if entities else plain_rows(session, query)).all())


def _walk(session: Session, query: Select[Any], listing: Listing, order: _Order, place: Place) -> bool:
    """The rows after this place, or before it; False when there are none, as with a place that somebody made up."""
    turned = not listing.after
    rows = _beyond(session, query, listing, order, place, turned=turned)
    if not rows:
        return False
    more = len(rows) > listing.size
    rows = rows[: listing.size]
    if turned:
        rows.reverse()
    listing.rows = rows
    listing.first = max(1, place.number - len(rows)) if turned else place.number + 1
    if more or turned:
        listing.next = {"after": order.place(rows[-1], listing.first + len(rows) - 1)}
    pages_before = (listing.first - 1) // listing.size
    if pages_before <= listing.pages:
        listing.previous = _numbered(max(1, pages_before))
    elif more or not turned:
        listing.previous = {"before": order.place(rows[0], listing.first)}
    return True


def _beyond(
    session: Session, query: Select[Any], listing: Listing, order: _Order, place: Place, *, turned: bool
) -> list[Any]:
    """The rows of a page and one more, in the direction that one walks in; the half without values is the last."""
    halves, count = order.halves(), listing.size + 1
    begin = len(halves) - 1 if order.nullable and place.value is None else 0
    path = range(begin, -1, -1) if turned else range(begin, len(halves))
    found: list[Any] = []

    def directed(part: Select[Any]) -> Select[Any]:
        return part.order_by(*order.directed(turned=turned))

    for number in path:
        half = halves[number]
        part = query if half is None else query.where(half)
        if number == begin:
            part = part.where(order.beyond(place, turned=turned))
        found += _slice(session, part, listing, order, directed, size=count - len(found))
        if len(found) == count:
            break
    return found


def _opened(token: str) -> bytes | str:
    """What a token holds; nothing for one that was sealed in another session."""
    if sealing.is_token(token):
        return sealing.unseal(token) or ""
    return base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))


def _spoken(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _heard(column: Any, sent: Any) -> Any:
    """A value of this column as a token holds it. Raises ValueError or TypeError for anything else."""
    wanted = getattr(column.type, "impl_instance", column.type).python_type
    if wanted in {date, datetime}:
        found = wanted.fromisoformat(sent)
        if found.year not in _YEARS:
            raise ValueError(sent)
        if wanted is datetime:
            return found.replace(tzinfo=UTC if isinstance(column.type, UtcDateTime) else None)
        return found
    if wanted is Decimal:
        amount = Decimal(sent)
        if not amount.is_finite():
            raise ValueError(sent)
        return amount
    if type(sent) is not wanted or (wanted is int and abs(sent) > _LARGEST):
        raise TypeError(sent)
    if wanted is str and "\0" in sent.encode().decode():
        raise ValueError(sent)  # and half of a pair raised it before
    return sent
