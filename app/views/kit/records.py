"""The screen over one model: list, page, form, acts and export, all within the scope of the actor."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from flask import flash, jsonify, redirect, request
from flask_appbuilder import expose
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.extensions.database import db
from app.extensions.refused import Refused
from app.security.access import audit, privacy
from app.security.access.roles import Actor, Role
from app.services.exports.asking import IN_FULL
from app.views.kit import acting, drafts, relating, saving
from app.views.kit.actions import Action
from app.views.kit.columns import Cell, Column, Kind, attribute, label_of
from app.views.kit.exporting import export_answer
from app.views.kit.filtering import Asks, derived
from app.views.kit.forms import Fieldset, described
from app.views.kit.lists import OF_THE_LIST, Link, ListScreen
from app.views.kit.requests import commit, wants_json, writes_late
from app.views.kit.uploads import AttachmentSlot, attached

__all__ = ["Link", "RecordScreen"]

_BUILT_IN = (
    "list",
    *OF_THE_LIST,
    "show",
    "add",
    "edit",
    "keep",
    "related",
    "delete",
    "act",
    "export",
    "reveal",
)


class RecordScreen(ListScreen):
    """Declared with class attributes; the hooks below them are overridden where a screen needs more."""

    readers: ClassVar[Iterable[Role]] = ()
    adders: ClassVar[Iterable[Role]] = ()
    editors: ClassVar[Iterable[Role]] = ()
    deleters: ClassVar[Iterable[Role]] = ()
    exporters: ClassVar[Iterable[Role] | None] = None

    show_fieldsets: ClassVar[Sequence[Fieldset]] = ()
    form_fieldsets: ClassVar[Sequence[Fieldset]] = ()
    form_boxes: ClassVar[Mapping[str, Any]] = {}
    """What the form's own template asks beside the columns, such as a consent: a finding may name it."""
    about_oneself: ClassVar[bool] = False
    """Whoever fills in the form is who it is about: the browser may offer what it knows of him."""
    show_label: ClassVar[Any] = _l("View")
    save_label: ClassVar[Any] = _l("Save")
    subject: ClassVar[str] = ""
    """How audit lines and the reveal call a row; by default the name of its table."""

    show_template: ClassVar[str] = "kit/show.html"
    form_template: ClassVar[str] = "kit/form.html"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not hasattr(cls, "model"):
            return
        cls.subject = cls.subject or inspect(cls.model).base_mapper.local_table.name
        if cls.filters is None:
            cls.filters = derived(cls.model, cls.all_columns(), cls.search)
        allowed = {name: roles for name, roles in cls._allowed().items() if roles}
        cls._require_known()
        cls.exclude_route_methods = {name for name in _BUILT_IN if name not in allowed} | set(
            cls.__dict__.get("exclude_route_methods", ())
        )
        cls.roles = {
            **{name: roles for name, roles in allowed.items() if name not in cls.exclude_route_methods},
            **{action.name: frozenset(action.roles) for action in cls.actions},
            **cls.__dict__.get("roles", {}),
        }

    @classmethod
    def _allowed(cls) -> dict[str, frozenset[Role]]:
        readers, writers = frozenset(cls.readers), frozenset(cls.adders) | frozenset(cls.editors)
        exporters = readers if cls.exporters is None else frozenset(cls.exporters)
        sealed = any(cls._kind(column) is Kind.SEALED for column in cls.shown_columns())
        related = any(one.asks(cls.model) is Asks.RELATION for one in cls.filters or ())
        return {
            "list": readers,
            "find": readers if cls.search or cls.filters else frozenset(),
            "offered": readers if related else frozenset(),
            "views": readers,
            "setting": readers,
            "show": readers if cls.show_fieldsets else frozenset(),
            "add": frozenset(cls.adders),
            "edit": frozenset(cls.editors),
            "keep": writers,
            "related": writers if cls._asks_relations() else frozenset(),
            "delete": frozenset(cls.deleters),
            "act": frozenset(role for action in cls.actions for role in action.roles),
            "export": exporters,
            "reveal": readers if sealed else frozenset(),
            IN_FULL: exporters & {Role.PROVINCIAL} if sealed else frozenset(),
        }

    @classmethod
    def _asks_relations(cls) -> bool:
        asked = [described(one) for group in cls.form_fieldsets for one in group.fields]
        return any(one.lookup and relating.target(cls.model, one.name) for one in asked)

    @classmethod
    def _require_known(cls) -> None:
        """Fail at the start, and not at the first page, when a screen names what its model does not have."""
        fields = [one for group in (*cls.form_fieldsets, *cls.show_fieldsets) for one in group.fields]
        computed = {column.name for column in cls.all_columns() if column.text}
        listed = {*(column.name for column in cls.all_columns()), *cls.sortable} - computed
        for name in (*listed, *(described(one).name for one in fields)):
            attribute(cls.model, name)

    @classmethod
    def _kind(cls, column: Column) -> Kind | None:
        return None if column.text else attribute(cls.model, column.name).kind

    @classmethod
    def shown_columns(cls) -> tuple[Column, ...]:
        """Every column of the list and of the page."""
        fields = [one for group in cls.show_fieldsets for one in group.fields]
        return cls.all_columns() + tuple(Column(described(one).name) for one in fields)

    # ------------------------------------------------------------ hooks

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

    def row_links(self, row: Any, actor: Actor) -> Sequence[Link]:
        """Further links in the last cell of a row and on its page."""
        return ()

    # ------------------------------------------------------------ one row

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

    def listed_actions(self, row: Any, actor: Actor) -> Sequence[Action]:
        """Those of them that stand in a list as well; the others are not asked about each of its rows."""
        found = (one for one in self.actions if one.single and one.listed and self.may(one.name))
        return [one for one in found if one.when(row, actor)]

    def can(self, method: str, row: Any, actor: Actor) -> bool:
        """Whether the button of `edit` or `delete` stands beside this row."""
        allowed = self.may_edit if method == "edit" else self.may_delete
        return self.may(method) and allowed(row, actor)

    # ------------------------------------------------------------ routes

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

    @expose("/keep", methods=("POST",))
    @writes_late
    def keep(self) -> Response:
        return drafts.keep(self)

    @expose("/related/<name>")
    def related(self, name: str) -> Response:
        """The search of a field that points at another row."""
        row = drafts.openable(self, request.args.get("key", ""), self.actor)
        return relating.answer(self, name, row)

    @expose("/<key>/delete", methods=("GET", "POST"))
    def delete(self, key: str) -> str | Response:
        actor = self.actor
        # Locked, since somebody may just be taking a step with it; whoever comes second finds it gone or moved.
        row = self.one(key, actor, locked=request.method == "POST")
        if not self.may_delete(row, actor):
            raise NotFound
        if request.method == "GET":
            return self.page("kit/delete.html", row=row, name=self.named(row))
        name = self.named(row)
        self.before_delete(row, actor)
        drafts.forget(self, row, actor, added=False)
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
    @writes_late
    def export(self) -> Response | str | tuple[str, int]:
        return export_answer(self)

    @expose("/reveal", methods=("POST",))
    def reveal(self) -> Response | str:
        """One personal datum of one row in full, in its place or on a page; the audit says who looked."""
        actor, field = self.actor, request.form.get("field", "")
        row = self.one(request.form.get("key", ""), actor)
        try:
            value = privacy.reveal(db.session, actor, self.subject, self.key_of(row), field)
        except Refused:
            commit()  # the audit says who was refused
            raise
        commit()
        if not wants_json():
            label = attribute(self.model, field).label
            return self.page("kit/revealed.html", row=row, label=label, value=value)
        answer: Response = jsonify(value=value)
        return answer
