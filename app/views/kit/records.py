"""The screen over one model: list, page, form, acts and export, all within the scope of the actor."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from flask import flash, jsonify, redirect, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import Select, inspect
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.extensions.database import db
from app.extensions.refused import Refused
from app.security.access import audit, privacy
from app.security.access.roles import Actor, Role
from app.security.access.scope import rows_of
from app.views.kit import acting, saving
from app.views.kit.access import Screen
from app.views.kit.actions import Action
from app.views.kit.columns import Cell, Column, Kind, attribute, cell, label_of
from app.views.kit.exporting import export_answer
from app.views.kit.filtering import Filter, Search, day
from app.views.kit.forms import Fieldset, described
from app.views.kit.listing import SIZES, Listing, headings, load, narrowed, read_listing
from app.views.kit.requests import commit, writes_late
from app.views.kit.uploads import AttachmentSlot, attached
from app.views.kit.words import words

_LONGEST_NUMBER = 10
_BUILT_IN = ("list", "show", "add", "edit", "delete", "act", "export", "reveal")


@dataclass(frozen=True)
class Link:
    """A link among the buttons of a page or of a row."""

    label: Any
    url: str
    icon: str = ""
    tone: str = ""
    new_tab: bool = False


class RecordScreen(Screen):
    """Declared with class attributes; the hooks below them are overridden where a screen needs more."""

    model: ClassVar[Any]
    readers: ClassVar[Iterable[Role]] = ()
    adders: ClassVar[Iterable[Role]] = ()
    editors: ClassVar[Iterable[Role]] = ()
    deleters: ClassVar[Iterable[Role]] = ()
    exporters: ClassVar[Iterable[Role] | None] = None

    list_columns: ClassVar[Sequence[str | Column]] = ()
    sortable: ClassVar[Sequence[str]] = ()
    order: ClassVar[str] = ""
    search: ClassVar[Search | None] = None
    filters: ClassVar[Sequence[Filter]] = ()
    show_fieldsets: ClassVar[Sequence[Fieldset]] = ()
    form_fieldsets: ClassVar[Sequence[Fieldset]] = ()
    actions: ClassVar[Sequence[Action]] = ()
    page_size: ClassVar[int] = 30
    numbered: ClassVar[bool] = True
    empty_text: ClassVar[Any] = _l("There is no data.")
    lead: ClassVar[Any] = ""
    add_label: ClassVar[Any] = _l("Add")
    show_label: ClassVar[Any] = _l("View")
    subject: ClassVar[str] = ""
    """How audit lines and the reveal call a row; by default the name of its table."""

    list_template: ClassVar[str] = "kit/list.html"
    show_template: ClassVar[str] = "kit/show.html"
    form_template: ClassVar[str] = "kit/form.html"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not hasattr(cls, "model"):
            return
        cls.subject = cls.subject or inspect(cls.model).base_mapper.local_table.name
        allowed = cls._allowed()
        for name in ("list_columns", "sortable", "form_fieldsets", "show_fieldsets"):
            cls._known(name)
        cls.exclude_route_methods = {name for name in _BUILT_IN if not allowed.get(name)} | set(
            cls.__dict__.get("exclude_route_methods", ())
        )
        cls.roles = {
            **{name: roles for name, roles in allowed.items() if name not in cls.exclude_route_methods},
            **{action.name: frozenset(action.roles) for action in cls.actions},
            **cls.__dict__.get("roles", {}),
        }

    @classmethod
    def _allowed(cls) -> dict[str, frozenset[Role]]:
        readers = frozenset(cls.readers)
        sealed = any(cls._kind(column) is Kind.SEALED for column in cls.shown_columns())
        return {
            "list": readers,
            "show": readers if cls.show_fieldsets else frozenset(),
            "add": frozenset(cls.adders),
            "edit": frozenset(cls.editors),
            "delete": frozenset(cls.deleters),
            "act": frozenset(role for action in cls.actions for role in action.roles),
            "export": readers if cls.exporters is None else frozenset(cls.exporters),
            "reveal": readers if sealed else frozenset(),
        }

    @classmethod
    def _known(cls, name: str) -> None:
        """Fail at the start, and not at the first page, when a screen names what its model does not have."""
        for one in getattr(cls, name):
            if isinstance(one, Fieldset):
                for each in map(described, one.fields):
                    attribute(cls.model, each.name)
            elif not (isinstance(one, Column) and one.text):
                attribute(cls.model, one if isinstance(one, str) else one.name)

    @classmethod
    def _kind(cls, column: Column) -> Kind | None:
        return None if column.text else attribute(cls.model, column.name).kind

    @classmethod
    def columns(cls) -> tuple[Column, ...]:
        return tuple(Column(one) if isinstance(one, str) else one for one in cls.list_columns)

    @classmethod
    def shown_columns(cls) -> tuple[Column, ...]:
        """Every column of the list and of the page."""
        fields = [one for group in cls.show_fieldsets for one in group.fields]
        return cls.columns() + tuple(Column(described(one).name) for one in fields)

    # ------------------------------------------------------------ hooks

    def rows(self, actor: Actor) -> Select[Any]:
        """The rows of this screen. Narrow it, never widen it."""
        return rows_of(self.model, actor)

    def named(self, row: Any) -> str:
        """What a row is called in headings and messages."""
        return str(getattr(row, "name", None) or getattr(row, "number", None) or self.key_of(row))

    def may_edit(self, row: Any, actor: Actor) -> bool:
        return True

    def may_delete(self, row: Any, actor: Actor) -> bool:
        return True

    def fresh(self, actor: Actor) -> Any:
        """A new row with its owner set, not yet in the session."""
        return self.model()

    def form_for(self, row: Any, actor: Actor) -> Sequence[Fieldset]:
        return self.form_fieldsets

    def check(self, row: Any, actor: Actor) -> Iterable[Any]:
        """Findings over the filled row: `(field, message)`, or with `field`, `message` and `severity`."""
        return ()

    def before_save(self, row: Any, actor: Actor, *, added: bool) -> None:
        """Derived columns, rows beside this one; `Refused` stops the save."""

    def after_save(self, row: Any, actor: Actor, *, added: bool) -> Response | None:
        """Where to go when the row is stored; None for its page."""
        return None

    def before_delete(self, row: Any, actor: Actor) -> None:
        """What has to go first; `Refused` stops the deletion."""

    def slots(self, row: Any, actor: Actor) -> Sequence[AttachmentSlot]:
        """The attachments that the form of this row asks for."""
        return ()

    def read_beside(self, rows: Sequence[Any], actor: Actor) -> None:
        """Read in few statements what the cells of these rows need beside them; kept for the request."""

    def toolbar(self, actor: Actor) -> Sequence[Link]:
        """Buttons over the list, beside those that the screen has by itself."""
        links = []
        if self.may("add"):
            links.append(Link(self.add_label, self.url("add"), "plus", "primary"))
        return links

    def row_links(self, row: Any, actor: Actor) -> Sequence[Link]:
        """Further links in the last cell of a row and on its page."""
        return ()

    def context(self, row: Any, actor: Actor) -> Mapping[str, Any]:
        """More values for the templates; `row` is None on the list."""
        return {}

    # ------------------------------------------------------------ one row

    def url(self, method: str, **values: Any) -> str:
        return url_for(f"{self.endpoint}.{method}", **values)

    @staticmethod
    def key_of(row: Any) -> str:
        (value,) = inspect(row).mapper.primary_key_from_instance(row)
        return value.isoformat() if isinstance(value, date) else str(value)

    def version_of(self, row: Any) -> int | None:
        column = inspect(self.model).version_id_col
        return None if column is None else int(getattr(row, column.key))

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
        return key

    def one(self, key: str, actor: Actor, *, locked: bool = False) -> Any:
        """The row with this key in the scope of the actor, or 404."""
        query = self.rows(actor).where(inspect(self.model).primary_key[0] == self.key_value(key))
        row = db.session.scalar(query.with_for_update(of=self.model) if locked else query)
        if row is None:
            raise NotFound
        return row

    def many(self, keys: Iterable[str], actor: Actor) -> Sequence[Any]:
        """The rows with these keys, in this order; 404 for all when one is not in scope."""
        wanted = [self.key_value(key) for key in keys]
        column = inspect(self.model).primary_key[0]
        found = {
            self.key_of(row): row for row in db.session.scalars(self.rows(actor).where(column.in_(wanted)))
        }
        if len(found) != len(wanted):
            raise NotFound
        return [found[key.isoformat() if isinstance(key, date) else str(key)] for key in wanted]

    def single_actions(self, row: Any, actor: Actor) -> Sequence[Action]:
        """The acts whose buttons stand beside this row now."""
        return [one for one in self.actions if one.single and self.may(one.name) and one.when(row, actor)]

    def can(self, method: str, row: Any, actor: Actor) -> bool:
        """Whether the button of `edit` or `delete` stands beside this row."""
        allowed = self.may_edit if method == "edit" else self.may_delete
        return self.may(method) and allowed(row, actor)

    # ------------------------------------------------------------ routes

    def listing(self, arguments: Mapping[str, str] | None = None) -> Listing:
        """What the address, or these arguments instead of it, ask the list to show."""
        asked = request.args if arguments is None else arguments
        return read_listing(
            self.model, asked, words(), search=self.search, filters=self.filters,
            sortable=self.sortable, order=self.order, size=self.page_size,
        )  # fmt: skip

    @expose("/")
    def list(self) -> str:
        actor, listing = self.actor, self.listing()
        load(db.session, narrowed(self.rows(actor), listing, self.search), listing, self.columns())
        self.read_beside(listing.rows, actor)
        words().prepare(self.dictionaries())
        return self.page(
            self.list_template, listing=listing, sizes=SIZES, columns=self.columns(),
            heads=headings(listing, self.columns(), self.sortable),
            cells=[[self.cell(column, row) for column in self.columns()] for row in listing.rows],
            filters=self.filters, bulk=[one for one in self.actions if one.bulk and self.may(one.name)],
            toolbar=self.toolbar(actor), **self.context(None, actor),
        )  # fmt: skip

    def dictionaries(self) -> set[str]:
        known = (attribute(self.model, column.name) for column in self.columns() if not column.text)
        filtered = (one.attribute(self.model) for one in self.filters)
        return {one.dictionary for one in (*known, *filtered) if one and one.dictionary}

    def cell(self, column: Column, row: Any) -> Cell:
        return cell(self.model, column, row, words())

    def revealable(self, row: Any = None) -> frozenset[str]:
        """The fields that this actor may ask to see in full, of any row or of this one."""
        return privacy.revealable(self.actor, self.subject, row) if self.may("reveal") else frozenset()

    @expose("/<key>")
    def show(self, key: str) -> str:
        actor = self.actor
        row = self.one(key, actor)
        self.read_beside((row,), actor)
        return self.page(
            self.show_template, row=row, groups=self.shown(row, self.show_fieldsets),
            links=self.row_links(row, actor), slots=attached(db.session, row, self.slots(row, actor)),
            **self.context(row, actor),
        )  # fmt: skip

    def shown(
        self, row: Any, fieldsets: Sequence[Fieldset]
    ) -> Sequence[tuple[Fieldset, Sequence[tuple[str, Cell]]]]:
        """Each fieldset with its labels and values."""
        groups = []
        for group in fieldsets:
            lines = []
            for one in map(described, group.fields):
                column = Column(one.name, label=one.label, choices=one.choices)
                lines.append((str(label_of(self.model, column)), self.cell(column, row)))
            groups.append((group, lines))
        return groups

    @expose("/add", methods=("GET", "POST"))
    @writes_late
    def add(self) -> str | Response | tuple[str, int]:
        return saving.add(self)

    @expose("/<key>/edit", methods=("GET", "POST"))
    @writes_late
    def edit(self, key: str) -> str | Response | tuple[str, int]:
        return saving.edit(self, key)

    @expose("/<key>/delete", methods=("GET", "POST"))
    def delete(self, key: str) -> str | Response:
        actor = self.actor
        row = self.one(key, actor)
        if not self.may_delete(row, actor):
            raise NotFound
        if request.method == "GET":
            return self.page("kit/delete.html", row=row, name=self.named(row))
        name = self.named(row)
        self.before_delete(row, actor)
        audit.record(db.session, actor, "delete", self.subject, self.key_of(row))
        db.session.delete(row)
        try:
            db.session.flush()
        except IntegrityError as error:
            raise Refused(_("Other records refer to this one, so it cannot be deleted.")) from error
        commit()
        flash(_("Deleted: %(name)s.", name=name), "success")
        return redirect(self.url("list"))

    @expose("/act", methods=("POST",))
    def act(self) -> str | Response | tuple[str, int]:
        return acting.act(self)

    @expose("/export", methods=("POST",))
    def export(self) -> Response:
        return export_answer(self, request.form.get("format", ""))

    @expose("/reveal", methods=("POST",))
    def reveal(self) -> Response:
        """One personal datum of one row in full; the audit says who looked."""
        actor = self.actor
        row = self.one(request.form.get("key", ""), actor)
        try:
            value = privacy.reveal(
                db.session, actor, self.subject, self.key_of(row), request.form.get("field", "")
            )
        except Refused:
            commit()  # the audit says who was refused
            raise
        commit()
        answer: Response = jsonify(value=value)
        return answer
