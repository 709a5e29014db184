"""One page of a list: its rows, its count, its order, and the address that shows it again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Select, func, inspect, select
from sqlalchemy.orm import Session, selectinload

from app.views.kit.columns import Column, attribute, label_of
from app.views.kit.filtering import Applied, Filter, Search, applied, clean
from app.views.kit.words import Words

SIZES = (20, 30, 50, 100)
COUNT_CAP = 10_000
_LONGEST_NUMBER = 7
_SEARCH = "q"


@dataclass(frozen=True)
class Heading:
    """The head of a column: its words, where a click on it leads, and the order that it is in now."""

    label: str
    name: str
    address: str = ""
    direction: str = ""


@dataclass
class Listing:
    """What a list shows now. Every value is from an allow-list or a range; the rest is ignored."""

    model: Any
    arguments: Mapping[str, str]
    size: int
    order: str
    typed: str
    filters: Sequence[Applied]
    page: int = 1
    total: int = 0
    rows: Sequence[Any] = field(default_factory=list)

    @property
    def capped(self) -> bool:
        """True when there are more rows than are counted."""
        return self.total > COUNT_CAP

    @property
    def pages(self) -> int:
        return max(1, -(-min(self.total, COUNT_CAP) // self.size))

    @property
    def first(self) -> int:
        """The running number of the first row of the page."""
        return (self.page - 1) * self.size + 1

    @property
    def narrowed(self) -> bool:
        return bool(self.typed or self.filters)

    def kept(self, **changes: Any) -> dict[str, str]:
        """The arguments that make this list, with changes; None drops one; a change leads to page 1."""
        wanted: dict[str, Any] = {}
        if self.typed:
            wanted[_SEARCH] = self.typed
        for one in self.filters:
            wanted.update(one.arguments)
        wanted |= {name: self.arguments[name] for name in ("sort", "size") if name in self.arguments}
        wanted |= changes
        return {name: str(value) for name, value in wanted.items() if value is not None}

    def address(self, **changes: Any) -> str:
        """A relative address: the same list with changes."""
        return "?" + urlencode(self.kept(**changes))

    def here(self) -> str:
        return self.address(page=self.page if self.page > 1 else None)

    def is_on(self, argument: str) -> str:
        """What this argument of the address filters by, when it does."""
        return next((one.arguments[argument] for one in self.filters if argument in one.arguments), "")

    def without(self, one: Applied) -> str:
        return self.address(**dict.fromkeys(one.arguments))


def whole(text: str | None, default: int) -> int:
    """A number from the address; anything that is none is the default."""
    if text and text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER:
        return int(text)
    return default


def read_listing(  # noqa: PLR0913 - what a screen declares, each by its name
    model: Any,
    arguments: Mapping[str, str],
    words: Words,
    *,
    search: Search | None,
    filters: Sequence[Filter],
    sortable: Sequence[str],
    order: str,
    size: int,
) -> Listing:
    """What the address asks for, as far as it may be asked."""
    asked = arguments.get("sort", "")
    wanted_size = whole(arguments.get("size"), size)
    on = [found for one in filters if (found := applied(one, model, arguments, words))]
    kept = {
        **({"sort": asked} if asked.removeprefix("-") in sortable else {}),
        **({"size": str(wanted_size)} if wanted_size in SIZES and wanted_size != size else {}),
    }
    return Listing(
        model=model,
        arguments=kept,
        size=wanted_size if wanted_size in SIZES else size,
        order=kept.get("sort", order),
        typed=clean(arguments.get(_SEARCH, "")) if search else "",
        filters=on,
        page=max(1, whole(arguments.get("page"), 1)),
    )


def narrowed(query: Select[Any], listing: Listing, search: Search | None) -> Select[Any]:
    """The rows that match, in no order yet."""
    if search and listing.typed:
        query = query.where(search.condition(listing.model, listing.typed))
    return query.where(*(one.condition for one in listing.filters))


def ordered(query: Select[Any], listing: Listing) -> Select[Any]:
    """By the wanted column and then by the key, so that no row is on two pages; empty values come last."""
    keys = inspect(listing.model).primary_key
    name = listing.order.removeprefix("-")
    falling = listing.order.startswith("-")
    wanted: list[ColumnElement[Any]] = [*keys]
    if name:
        known = attribute(listing.model, name)
        column = getattr(listing.model, known.name)
        if known.nullable:
            query = query.order_by(column.is_(None))
        if column not in keys:
            wanted = [column, *keys]
    return query.order_by(*(one.desc() if falling else one.asc() for one in wanted))


def load(session: Session, query: Select[Any], listing: Listing, columns: Sequence[Column]) -> None:
    """Count up to the cap, keep the page inside what was counted, and read its rows with their relations."""
    keys = inspect(listing.model).primary_key
    counted = query.with_only_columns(*keys).limit(COUNT_CAP + 1).subquery()
    listing.total = session.scalar(select(func.count()).select_from(counted)) or 0
    listing.page = min(listing.page, listing.pages)
    page = ordered(query, listing).options(*related(listing.model, columns))
    offset = (listing.page - 1) * listing.size
    listing.rows = session.scalars(page.limit(listing.size).offset(offset)).all()


def related(model: Any, columns: Sequence[Column]) -> list[Any]:
    """Relations are read with the page in one statement each, never row by row."""
    steps = {column.name.split(".")[0] for column in columns if "." in column.name and column.text is None}
    return [selectinload(getattr(model, step)) for step in sorted(steps)]


def headings(listing: Listing, columns: Sequence[Column], sortable: Sequence[str]) -> list[Heading]:
    heads = []
    for column in columns:
        label = str(label_of(listing.model, column))
        if column.name not in sortable:
            heads.append(Heading(label, column.name))
            continue
        falling = listing.order == f"-{column.name}"
        rising = listing.order == column.name
        turned = f"-{column.name}" if rising else column.name
        direction = "descending" if falling else "ascending" if rising else "none"
        heads.append(Heading(label, column.name, listing.address(sort=turned), direction))
    return heads
