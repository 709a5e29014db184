"""The list of a screen: its rows, columns, filters and pages, as the address and the account want them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, ClassVar

from flask import g, redirect, request, url_for
from flask_appbuilder import expose
from flask_babel import get_locale, lazy_gettext as _l
from sqlalchemy import Select, inspect
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.extensions.database import db
from app.security.access.roles import Actor
from app.security.access.scope import rows_of, sharing_group, single_valued
from app.views.kit import finding, keeping, saved_views
from app.views.kit.access import Screen
from app.views.kit.actions import Action
from app.views.kit.columns import Cell, Column, attribute, cell, label_of
from app.views.kit.filtering import SEARCH, Filter, Search, day
from app.views.kit.keeping import Kept
from app.views.kit.list_page import around
from app.views.kit.listing import Listing, narrowed, read_listing
from app.views.kit.paging import load
from app.views.kit.requests import writes_late
from app.views.kit.rows import shown_rows
from app.views.kit.words import words

OF_THE_LIST = ("find", "offered", "views", "setting")
"""The methods that nobody may call who may not read the list, and everybody who may."""
_LONGEST_NUMBER = 10


@dataclass(frozen=True)
class Link:
    """A link among the buttons of a page or of a row."""

    label: Any
    url: str
    icon: str = ""
    tone: str = ""
    new_tab: bool = False


class ListScreen(Screen):
    """What stands in class attributes is the list of everybody; an account may keep other columns and sizes."""

    model: ClassVar[Any]
    list_columns: ClassVar[Sequence[str | Column]] = ()
    further_columns: ClassVar[Sequence[str | Column]] = ()
    """Columns that an account may add to its list."""
    beside: ClassVar[Sequence[str] | None] = None
    """What the list asks of a row besides its columns: its name, its acts. With it the list reads plain values, which
    takes a third of the time; None: rows are read whole."""
    sortable: ClassVar[Sequence[str]] = ()
    order: ClassVar[str] = ""
    search: ClassVar[Search | None] = None
    filters: ClassVar[Sequence[Filter] | None] = None
    """None: they are read from the columns of the list and the indexed ones of the model."""
    opening: ClassVar[Mapping[str, str]] = {}
    """What the list is narrowed by when it is opened without an address of its own."""
    actions: ClassVar[Sequence[Action]] = ()
    page_size: ClassVar[int] = 30
    numbered: ClassVar[bool] = True
    empty_text: ClassVar[Any] = _l("There is no data.")
    lead: ClassVar[Any] = ""
    add_label: ClassVar[Any] = _l("Add")
    list_template: ClassVar[str] = "kit/list.html"

    @classmethod
    def permission(cls, name: str) -> str:
        """What belongs to the list is granted with the list."""
        return super().permission("list" if name in OF_THE_LIST else name)

    # ------------------------------------------------------------ hooks

    def rows(self, actor: Actor) -> Select[Any]:
        """The rows of this screen. Narrow it, never widen it."""
        return rows_of(self.model, actor)

    def named(self, row: Any) -> str:
        """What a row is called in headings and messages."""
        return str(getattr(row, "name", None) or getattr(row, "number", None) or self.key_of(row))

    def known_total(self, listing: Listing, actor: Actor) -> int | None:
        """How many rows match, where the screen counts just these for its page anyway."""
        return None

    def read_beside(self, rows: Sequence[Any], actor: Actor) -> None:
        """Read in few statements what the cells of these rows need beside them; kept for the request."""

    def toolbar(self, actor: Actor) -> Sequence[Link]:
        """Buttons over the list, beside those that the screen has by itself."""
        links = []
        if self.may("add"):
            links.append(Link(self.add_label, self.url("add"), "plus", "primary"))
        return links

    def context(self, row: Any, actor: Actor) -> Mapping[str, Any]:
        """More values for the templates; `row` is None on the list."""
        return {}

    # ------------------------------------------------------------ rows and their keys

    def url(self, method: str, **values: Any) -> str:
        return url_for(f"{self.endpoint}.{method}", **values)

    def key_of(self, row: Any) -> str:
        value = getattr(row, _key_name(self.model))
        return value.isoformat() if isinstance(value, date) else str(value)

    def version_of(self, row: Any) -> int | None:
        name = _version_name(self.model)
        return None if name is None else int(getattr(row, name))

    def ticket(self, row: Any) -> str:
        """`key:version`, as it stands in the tick box of the row."""
        version = self.version_of(row)
        return self.key_of(row) if version is None else f"{self.key_of(row)}:{version}"

    def key_value(self, key: str) -> Any:
        """The key of an address as the column holds it; 404 for what cannot be one."""
        wanted = inspect(self.model).primary_key[0].type.python_type
        if wanted is int:
            # One row has one name: what was sent is looked up again under the name that the row itself has.
            if not (key.isascii() and key.isdigit() and len(key) < _LONGEST_NUMBER) or key != str(int(key)):
                raise NotFound
            return int(key)
        if wanted is date:
            found = day(key)
            if found is None or key != found.isoformat():
                raise NotFound
            return found
        if not key.isprintable():
            raise NotFound
        return key

    # ------------------------------------------------------------ columns

    @classmethod
    def all_columns(cls) -> tuple[Column, ...]:
        """Those that the list has by itself, and those that may be added."""
        every = (*cls.list_columns, *cls.further_columns)
        return tuple(Column(one) if isinstance(one, str) else one for one in every)

    def choosable(self, actor: Actor) -> tuple[Column, ...]:
        """The columns that this actor may have; one that holds the same in all his rows tells him nothing."""
        fixed = single_valued(self.model, actor)
        return tuple(column for column in self.all_columns() if column.name not in fixed)

    def columns_for(self, actor: Actor, arguments: Mapping[str, str] | None = None) -> tuple[Column, ...]:
        """The columns and their order: of the view that is open, else those that the account keeps, else ours."""
        known = {column.name: column for column in self.choosable(actor)}
        kept = keeping.kept(db.session(), actor, self.endpoint)
        asked = request.args if arguments is None else arguments
        view = kept.view(asked.get("view", ""))
        for names in (view.columns if view else (), kept.columns):
            chosen = tuple(known[name] for name in dict.fromkeys(names) if name in known)
            if chosen:
                return chosen
        count = len(self.list_columns)
        own = {column.name for column in self.all_columns()[:count]}
        return tuple(column for column in known.values() if column.name in own)

    # ------------------------------------------------------------ the page

    def filters_for(self, actor: Actor) -> tuple[Filter, ...]:
        """The filters that tell this actor's rows apart."""
        fixed = single_valued(self.model, actor)
        return tuple(one for one in self.filters or () if one.name not in fixed)

    def kept(self, actor: Actor) -> Kept:
        return keeping.kept(db.session(), actor, self.endpoint)

    def listing(self, arguments: Mapping[str, str] | None = None) -> Listing:
        """What the address, or these arguments instead of it, ask the list to show."""
        if arguments is not None:
            return self._read(arguments)
        held: tuple[Any, Listing] | None = g.get("listing")
        if held is None or held[0] is not request.args:
            held = g.listing = (request.args, self._read(request.args))
        return held[1]

    def as_opened(self, asked: Mapping[str, str], filters: Sequence[Filter]) -> Mapping[str, str]:
        """With the list's own filter where the address names none: a language or an order narrows nothing."""
        return asked if _filters(asked, filters) else MultiDict(self.opening) | MultiDict(asked)

    def _read(self, asked: Mapping[str, str]) -> Listing:
        actor = self.actor
        kept, filters = self.kept(actor), self.filters_for(actor)
        view = kept.view(asked.get("view", ""))
        if view is None:
            asked = self.as_opened(asked, filters)
        elif not _filters(asked, filters):
            asked = saved_views.opened(self, view.id) | MultiDict(asked)
        return read_listing(
            self.model, asked, words(), search=self.search, filters=filters,
            sortable=self.sortable, order=self.order, size=kept.size or self.page_size,
            views={str(one.id) for one in kept.views}, opening=bool(self.opening),
        )  # fmt: skip

    @expose("/")
    def list(self) -> str | Response:
        actor, listing = self.actor, self.listing()
        if numbers := finding.in_the_address(listing):
            finding.write_down(self, numbers)
            return redirect(self.url("list") + listing.here())
        columns = self.columns_for(actor, listing.arguments)
        rows, total = narrowed(self.rows(actor), listing, self.search), self.known_total(listing, actor)
        load(db.session, rows, listing, columns, beside=self.beside, total=total)
        self.read_beside(listing.rows, actor)
        words().prepare(self.dictionaries(columns))
        bulk = [one for one in self.actions if one.bulk and self.may(one.name)]
        shown = shown_rows(self, listing, columns, actor, selectable=self.selectable(bulk))
        return self.page(
            self.list_template, listing=listing, rows=shown, chips=finding.chips(self, listing),
            around=around(self, listing, columns, self.kept(actor), bulk),
            toolbar=self.toolbar(actor), **self.context(None, actor),
        )  # fmt: skip

    def selectable(self, bulk: Sequence[Action]) -> bool:
        """Whether rows can be ticked: there is something to do with several at once."""
        return bool(bulk) or self.may("export")

    @expose("/find", methods=("POST",))
    @writes_late
    def find(self) -> Response:
        return finding.find(self)

    @expose("/offered/<name>")
    def offered(self, name: str) -> Response:
        return finding.offer(self, name)

    @expose("/views", methods=("POST",))
    def views(self) -> Response:
        return saved_views.change(self)

    @expose("/setting", methods=("POST",))
    def setting(self) -> Response:
        return saved_views.set_up(self)

    def may_share(self) -> bool:
        return sharing_group(self.actor) is not None

    def choices_of_columns(self, columns: Sequence[Column]) -> tuple[tuple[str, str, bool], ...]:
        """Every column that may be chosen, with its words: those that are shown first, in their order."""
        shown = {column.name for column in columns}
        others = [column for column in self.choosable(self.actor) if column.name not in shown]
        labels = self.labels()
        return tuple(
            (column.name, labels[column.name], column.name in shown) for column in (*columns, *others)
        )

    def labels(self) -> Mapping[str, str]:
        """What each column is called, in the language of the page."""
        screen: Any = type(self)
        return _labels(screen, tuple(column.name for column in self.all_columns()), str(get_locale()))

    def dictionaries(self, columns: Sequence[Column]) -> set[str]:
        known = (attribute(self.model, column.name) for column in columns if not column.text)
        filtered = (one.attribute(self.model) for one in self.filters or ())
        return {one.dictionary for one in (*known, *filtered) if one and one.dictionary}

    def cell(self, column: Column, row: Any) -> Cell:
        return cell(self.model, column, row, words())


def _filters(asked: Mapping[str, str], filters: Sequence[Filter]) -> bool:
    """Whether an address says what the list is narrowed by, or that it is not."""
    names = {SEARCH, "all", *(name for one in filters for name in one.arguments)}
    return not names.isdisjoint(asked)


@cache
def _key_name(model: Any) -> str:
    """The attribute that is the key."""
    mapper: Any = inspect(model)
    (column,) = mapper.primary_key
    return str(mapper.get_property_by_column(column).key)


@cache
def _version_name(model: Any) -> str | None:
    column: Any = inspect(model).version_id_col
    return None if column is None else str(column.key)


@cache
def _labels(screen: Any, _names: tuple[str, ...], _language: str) -> Mapping[str, str]:
    """Read once in each language: the words of a catalogue do not change while a process lives."""
    return {column.name: str(label_of(screen.model, column)) for column in screen.all_columns()}
