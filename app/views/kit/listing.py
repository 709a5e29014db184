"""One page of a list: its rows, its count, its order, and the address that shows it again."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, ClassVar
from urllib.parse import urlencode

from sqlalchemy import Select, inspect
from sqlalchemy.orm import selectinload

from app.extensions.columns import Sealed
from app.views.kit import sealing
from app.views.kit.applying import Applied, Arguments, applied, carried, expired
from app.views.kit.columns import Column
from app.views.kit.filtering import SEARCH, Filter, Search
from app.views.kit.words import Words

SIZES = (20, 30, 50, 100)
COUNT_CAP = 10_000
_LONGEST_NUMBER, _LONGEST_TOKEN, _MOST_KEPT = 7, 600, 500
_OF_THE_PAGE = ("sort", "size", "view", "all", "page", "after", "before", "total")
"""Arguments that say how the rows are shown, and not which."""


@dataclass(frozen=True)
class Heading:
    """The head of a column: its words, where a click on it leads, and the order that it is in now."""

    label: str
    name: str
    address: str = ""
    direction: str = ""


@dataclass
class Listing:
    """What a list shows now. Every value is from an allow-list or a range; the rest is ignored.

    A page inside the counted rows has a number. Beyond them one walks on by the key of the last row, which
    `after` (or, going back, `before`) names (app/views/kit/paging.py).
    """

    cap: ClassVar[int] = COUNT_CAP
    sifted: ClassVar[bool] = False
    """Whether a page is a few rows out of very many that are passed over."""

    model: Any
    arguments: Mapping[str, str]
    """How the rows are shown: `sort`, `size` and `view`, as far as the address may ask for them."""
    size: int
    order: str
    typed: str
    filters: Sequence[Applied]
    argument: str = ""
    """What was typed into the search box as the address carries it: encrypted when it names one person."""
    notes: Sequence[str] = ()
    """What the address asks for and cannot have, in words."""
    opening: bool = False
    """Whether the list has a filter of its own, which holds until the address says that none is wanted."""
    page: int = 1
    after: str = ""
    before: str = ""
    exact: bool = False
    """The reader asked for the whole number, however long it takes."""
    total: int = 0
    rows: Sequence[Any] = field(default_factory=list)
    first: int = 1
    """The running number of the first row of the page."""
    next: Mapping[str, Any] | None = None
    """The arguments of the page after this one, whether it has a number or a key; None on the last."""
    previous: Mapping[str, Any] | None = None

    @property
    def capped(self) -> bool:
        """True when there are more rows than were counted."""
        return self.total > self.cap and not self.exact

    @property
    def pages(self) -> int:
        """The pages that have a number."""
        return max(1, -(-min(self.total, self.cap) // self.size))

    @property
    def ends(self) -> bool:
        """Whether the last page that has a number is the last of all."""
        return self.total <= self.cap

    @property
    def walking(self) -> bool:
        """Whether this page was reached by a key and has no number."""
        return bool(self.after or self.before)

    @property
    def next_address(self) -> str:
        return "" if self.next is None else self.address(**self.next)

    @property
    def previous_address(self) -> str:
        return "" if self.previous is None else self.address(**self.previous)

    @property
    def narrowed(self) -> bool:
        return bool(self.typed or self.filters)

    @property
    def shown(self) -> str:
        """What was typed, as it may be shown."""
        return self.typed if self.argument == self.typed else sealing.masked(self.typed)

    @property
    def filtering(self) -> dict[str, str | Sequence[str]]:
        """The arguments that narrow the list."""
        found: dict[str, str | Sequence[str]] = {SEARCH: self.argument} if self.typed else {}
        for one in self.filters:
            found.update(one.arguments)
        return found

    def kept(self, **changes: Any) -> dict[str, str | Sequence[str]]:
        """The arguments that make this list, with changes; None drops one; a change leads to page 1."""
        wanted: dict[str, Any] = self.filtering | {
            name: value for name, value in changes.items() if name not in _OF_THE_PAGE
        }
        wanted = {name: value for name, value in wanted.items() if value is not None}
        shown: dict[str, Any] = {**self.arguments}
        if not wanted and (self.opening or "view" in shown):
            shown["all"] = "1"  # neither the list's own filter nor that of the view comes back by itself
        shown |= {name: value for name, value in changes.items() if name in _OF_THE_PAGE}
        shown = {name: str(value) for name, value in shown.items() if value is not None}
        return wanted | shown

    def pairs(self, **changes: Any) -> list[tuple[str, str]]:
        """The arguments as the hidden fields of a form."""
        kept = self.kept(**changes).items()
        return [(name, one) for name, value in kept for one in ([value] if isinstance(value, str) else value)]

    def address(self, **changes: Any) -> str:
        """A relative address: the same list with changes."""
        return "?" + urlencode(self.kept(**changes), doseq=True)

    def here(self) -> str:
        if self.walking:
            return self.address(**{"after": self.after} if self.after else {"before": self.before})
        return self.address(page=self.page if self.page > 1 else None)

    def cleared(self) -> str:
        return self.address(**dict.fromkeys(self.filtering))

    def without(self, one: Applied) -> str:
        return self.address(**dict.fromkeys(one.arguments))


class Searched(Listing):
    """What a text finds is counted to a thousand: for whoever types a name more is as good as too many.

    A tenth of all names begin with 王, and to count ten thousand of them reads ten thousand rows.
    """

    cap = 1_000
    sifted = True


def whole(text: str | None, default: int) -> int:
    """A number from the address; anything that is none is the default."""
    if text and text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER:
        return int(text)
    return default


def read_listing(  # noqa: PLR0913 - what a screen declares, each by its name
    model: Any,
    arguments: Arguments,
    words: Words,
    *,
    search: Search | None,
    filters: Sequence[Filter],
    sortable: Sequence[str],
    order: str,
    size: int,
    views: Collection[str] = (),
    opening: bool = False,
) -> Listing:
    """What the address asks for, as far as it may be asked."""
    notes: list[str] = []
    asked = arguments.get("sort", "")
    wanted_size = whole(arguments.get("size"), size)
    typed, argument = carried(arguments.get(SEARCH, "")) if search else ("", "")
    if search and argument and not typed:
        notes.append(expired(str(search.text(model))))
    sent = set(arguments)
    wanted = [one for one in filters if not sent.isdisjoint(one.arguments)]
    on = [found for one in wanted if (found := applied(one, model, arguments, words, notes))]
    view = arguments.get("view", "")
    kept = {
        **({"sort": asked} if asked.removeprefix("-") in sortable else {}),
        **({"size": str(wanted_size)} if wanted_size in SIZES and wanted_size != size else {}),
        **({"view": view} if view in views else {}),
    }
    return (Searched if typed else Listing)(
        model=model,
        arguments=kept,
        size=wanted_size if wanted_size in SIZES else size,
        order=kept.get("sort", order),
        typed=typed,
        argument=argument,
        filters=on,
        notes=notes,
        opening=opening,
        page=max(1, whole(arguments.get("page"), 1)),
        after=arguments.get("after", "")[:_LONGEST_TOKEN],
        before="" if "after" in arguments else arguments.get("before", "")[:_LONGEST_TOKEN],
        exact=arguments.get("total") == "exact",
    )


def narrowed(query: Select[Any], listing: Listing, search: Search | None) -> Select[Any]:
    """The rows that match, in no order yet."""
    if search and listing.typed:
        query = query.where(search.condition(listing.model, listing.typed))
    return query.where(*(one.condition for one in listing.filters))


def related(model: Any, columns: Sequence[Column]) -> list[Any]:
    """Relations are read with the page in one statement each, never row by row."""
    steps = {column.name.split(".")[0] for column in columns if "." in column.name and column.text is None}
    return [selectinload(getattr(model, step)) for step in sorted(steps)]


def plainly(query: Select[Any], model: Any, columns: Sequence[Column], further: Sequence[str]) -> Select[Any]:
    """The rows as plain values: what is shown, key and version, and `further`. They know no relation and no change."""
    shown = (column.name for column in columns if column.text is None)
    values = _values(model, tuple(name for name in (*shown, *further) if name))
    # Of a type that is a table beside its head's, the join is what leaves the rows of other types out.
    return query.with_only_columns(*values, maintain_column_froms=True)


@lru_cache(maxsize=_MOST_KEPT)
def _values(model: Any, names: tuple[str, ...]) -> tuple[Any, ...]:
    mapper: Any = inspect(model)
    own = [*mapper.primary_key, *([] if mapper.version_id_col is None else [mapper.version_id_col])]
    keys = [mapper.get_property_by_column(column).key for column in own]
    keys += [f"{name}_masked" if isinstance(getattr(model, name), Sealed) else name for name in names]
    return tuple(getattr(model, key) for key in dict.fromkeys(keys))


def headings(
    listing: Listing, columns: Sequence[Column], sortable: Sequence[str], labels: Mapping[str, str]
) -> list[Heading]:
    """`labels` says what each column is called in the language of the page."""
    heads = []
    for column in columns:
        label = labels[column.name]
        if column.name not in sortable:
            heads.append(Heading(label, column.name))
            continue
        falling = listing.order == f"-{column.name}"
        rising = listing.order == column.name
        turned = f"-{column.name}" if rising else column.name
        direction = "descending" if falling else "ascending" if rising else "none"
        heads.append(Heading(label, column.name, listing.address(sort=turned), direction))
    return heads
