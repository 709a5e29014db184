"""A list as the exports see it: its selection, filters and columns, compiled so that the database says the cells."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _, ngettext
from sqlalchemy import ColumnElement, DateTime, Select, String, cast, func, inspect, literal, select
from sqlalchemy.orm import Session, aliased
from werkzeug.exceptions import NotFound

from app.extensions.clock import local, now
from app.security.access import privacy
from app.security.access.roles import Actor, Role
from app.security.login.current import stand_in
from app.services.exports import words as said
from app.services.exports.asking import IN_FULL
from app.services.exports.lists import Wanted
from app.services.exports.plan import Export, ExportColumn
from app.views.kit.columns import Attribute, Column, Kind, attribute, label_of, options
from app.views.kit.listing import Listing, narrowed, related
from app.views.kit.paging import keys_of, ordered
from app.views.kit.selecting import Selection, asked_for
from app.views.kit.words import Words, words

if TYPE_CHECKING:
    from app.views.kit.records import RecordScreen

_MOST_VALUES = 500
"""Different values of a column whose words are made once for each of them; where there are more, for each row."""


class ScreenList:
    """The exportable list of one screen; a job finds it again by the name of the screen."""

    def __init__(self, screen: "RecordScreen") -> None:
        self.screen = screen
        self.name = type(screen).__name__
        self.subject = screen.subject
        self.title = screen.title

    def count(self, session: Session, actor: Actor, wanted: Wanted, most: int) -> int:
        self._require(actor, wanted)
        _listing, query = self._rows(actor, wanted)
        keys = keys_of(query, self.screen.model).order_by(None)
        return session.scalar(select(func.count()).select_from(keys.limit(most + 1).subquery())) or 0

    def export(self, session: Session, actor: Actor, wanted: Wanted) -> Export:
        full = self._require(actor, wanted)
        screen = self.screen
        listing, query = self._rows(actor, wanted)
        chosen = self._columns(actor, wanted)
        known = words()
        known.prepare(screen.dictionaries(chosen))
        compiler = _Compiler(screen, session, query, known, full if wanted.unmasked else frozenset())
        columns = [compiler.column(one) for one in chosen]
        query = ordered(compiler.query, listing)
        if any(column.text is not None for column in columns):
            query = query.options(*related(screen.model, chosen))
        return Export(
            query=query,
            columns=columns,
            notes=note(actor.name, str(screen.title), listing, wanted),
            read_beside=lambda rows: screen.read_beside(rows, actor),
            file_name=str(screen.title),
            filters=[one.label for one in listing.filters],
            searched=bool(listing.typed),
            key=inspect(screen.model).primary_key[0],
        )

    def _require(self, actor: Actor, wanted: Wanted) -> frozenset[str]:
        """The fields that may be exported in full; 404 when the actor may not export what is wanted."""
        act = IN_FULL if wanted.unmasked else "export"
        if not actor.has(*(Role(one) for one in self.screen.roles.get(act, ()))):
            raise NotFound
        full = privacy.exportable_in_full(actor, self.subject)
        if wanted.unmasked and not full:
            raise NotFound
        return full

    def _rows(self, actor: Actor, wanted: Wanted) -> tuple[Listing, Select[Any]]:
        stand_in(actor)
        selection = selection_of(wanted)
        if selection.empty:
            listing = asked_for(self.screen, selection.arguments)
            return listing, narrowed(self.screen.rows(actor), listing, self.screen.search)
        return self.screen.listing(selection.arguments), selection.rows(self.screen, actor)

    def _columns(self, actor: Actor, wanted: Wanted) -> Sequence[Column]:
        known = {column.name: column for column in self.screen.choosable(actor)}
        chosen = [known[name] for name in wanted.columns if name in known]
        return chosen or self.screen.columns_for(actor, selection_of(wanted).arguments)


def selection_of(wanted: Wanted) -> Selection:
    """The selection as the form of the list sent it; a filter without a selection means all that it finds."""
    return Selection(
        ticked=dict.fromkeys(wanted.ticked),
        matching=wanted.matching,
        exceptions=frozenset(wanted.exceptions),
        address=wanted.address,
    )


class _Compiler:
    """The columns of one export, and the query with the relations that they reach into."""

    def __init__(
        self, screen: "RecordScreen", session: Session, query: Select[Any], known: Words, full: frozenset[str]
    ) -> None:
        self.screen, self.session, self.query = screen, session, query
        self._known, self._full = known, full
        self._joined: dict[tuple[str, ...], Any] = {(): screen.model}

    def column(self, column: Column) -> ExportColumn:
        label = str(label_of(self.screen.model, column))
        if column.sql is not None:
            return ExportColumn(label, sql=said.text(column.sql(self._known)))
        if column.text is not None:
            return ExportColumn(label, text=lambda row: self.screen.cell(column, row).text)
        known = attribute(self.screen.model, column.name)
        owner = self._owner(known)
        if column.words is not None:
            return self._once_for_each_value(column, label, getattr(owner, known.name))
        if column.choices is not None:
            given = {code: str(text) for code, text in options(column.choices)}
            return ExportColumn(label, sql=said.chosen(getattr(owner, known.name), given))
        if known.kind is Kind.SEALED and known.name in self._full and not known.path:
            return ExportColumn(label, sealed=getattr(owner, f"{known.name}_cipher"))
        return ExportColumn(label, sql=self._expression(known, owner))

    def _owner(self, known: Attribute) -> Any:
        """The model, or the relation that the attribute is reached through, joined once for all its columns."""
        for depth in range(1, len(known.path) + 1):
            path = known.path[:depth]
            if path not in self._joined:
                relation = getattr(self._joined[path[:-1]], path[-1])
                target = aliased(relation.property.mapper.class_)
                self.query = self.query.outerjoin(relation.of_type(target))
                self._joined[path] = target
        return self._joined[known.path]

    def _once_for_each_value(self, column: Column, label: str, stored: ColumnElement[Any]) -> ExportColumn:
        found = self.query.with_only_columns(stored, maintain_column_froms=True).order_by(None).distinct()
        values = self.session.execute(select(found.limit(_MOST_VALUES + 1).subquery())).scalars().all()
        make = column.words
        if make is None or len(values) > _MOST_VALUES:
            return ExportColumn(label, text=lambda row: self.screen.cell(column, row).text)
        return ExportColumn(label, sql=said.made(stored, {value: str(make(value) or "") for value in values}))

    def _expression(self, known: Attribute, owner: Any) -> ColumnElement[Any]:
        if known.kind is Kind.WRITE_ONLY:
            if known.path:
                return literal("")
            return said.present(getattr(owner, known.name), _("Stored encrypted and never shown again."))
        sealed = known.kind is Kind.SEALED
        stored = getattr(owner, f"{known.name}_masked" if sealed else known.name)
        simple: dict[Kind, Callable[[Any], ColumnElement[Any]]] = {
            Kind.WHOLE: said.whole,
            Kind.DAY: said.day,
            Kind.INSTANT: said.minute,
            Kind.AMOUNT: lambda one: said.amount(one, known.digits),
            Kind.FLAG: lambda one: said.flag(one, _("Yes"), _("No")),
        }
        if known.kind in simple:
            return simple[known.kind](stored)
        codes = self._codes(known)
        return said.chosen(stored, codes) if codes is not None else _as_text(stored)

    def _codes(self, known: Attribute) -> dict[str, str] | None:
        by_kind: dict[Kind, Callable[[], dict[str, str]]] = {
            Kind.CHOICE: lambda: self._known.whole(known.dictionary),
            Kind.REGION: lambda: self._known.every_region(path=known.name == "county_code"),
            Kind.STATE: lambda: {code: self._known.state(code)[0] for code, _text in self._known.states()},
            Kind.DECLARATION_TYPE: lambda: dict(self._known.declaration_types()),
        }
        return by_kind[known.kind]() if known.kind in by_kind else None


def _as_text(stored: Any) -> ColumnElement[Any]:
    if isinstance(stored.type, DateTime):
        # Flask-AppBuilder's own columns hold UTC without saying so.
        return said.minute(stored)
    return said.text(stored if isinstance(stored.type, String) else cast(stored, String))


def note(person: str, title: str, listing: Listing, wanted: Wanted) -> Sequence[str]:
    """Who took this file, when, and what it holds: the first lines of every file."""
    on = [f"{one.label}{_(': ')}{one.text}" for one in listing.filters]
    if listing.typed:
        on.append(_("Search: %(text)s", text=listing.shown))
    if wanted.ticked:
        on = [ngettext("%(num)s row that was ticked", "%(num)s rows that were ticked", len(wanted.ticked))]
    if wanted.exceptions:
        on.append(ngettext("without %(num)s row", "without %(num)s rows", len(wanted.exceptions)))
    lines = [
        title,
        _("Exported by %(person)s at %(time)s", person=person, time=f"{local(now()):%Y-%m-%d %H:%M}"),
        _("Filter: %(filter)s", filter="; ".join(on) or _("none")),
    ]
    if wanted.unmasked:
        lines.append(_("Personal data in full. Reason: %(reason)s", reason=wanted.reason))
    return lines
