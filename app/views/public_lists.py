"""公示 and 公告 as everybody reads them, and the objection to one person of an open list."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask import request
from flask_appbuilder import expose
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from app.extensions.clock import today
from app.extensions.database import db
from app.extensions.refused import Refused
from app.models import Announcement, Publicity
from app.security.access.roles import NOBODY
from app.security.access.scope import rows_of
from app.services import publicity as lists
from app.views.kit.access import PUBLIC, Screen
from app.views.kit.filtering import clean
from app.views.kit.formats import normal
from app.views.kit.listing import whole
from app.views.kit.requests import commit, idempotency_key
from app.views.specialties import in_words

_BATCHES, _LINES, _PRINTED = 20, 200, 5000
_UNPROCESSABLE = 422


class ListScreen(Screen):
    """What the two kinds of lists have in common. Nothing but name, masked number, employer, specialties and city."""

    model: ClassVar[Any]
    lines: ClassVar[Any]
    default_view = "index"
    heading: Any = ""
    empty: Any = ""

    @expose("/")
    def index(self) -> str:
        """The lists, the newest first."""
        query = rows_of(self.model, NOBODY)
        total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
        pages = max(1, -(-total // _BATCHES))
        page = min(max(1, whole(request.args.get("page"), 1)), pages)
        rows = db.session.scalars(
            query.order_by(self.model.id.desc()).limit(_BATCHES).offset((page - 1) * _BATCHES)
        )
        return self.page("public/lists.html", rows=rows.all(), page=page, pages=pages, today=today())

    @expose("/<number>")
    def show(self, number: str) -> str:
        """One list. `?q=` looks for a name in it, `?print=1` gives all of it for the printer."""
        batch = lists.batch_of(db.session, self.model, number)
        name, printed = clean(request.args.get("q", "")), "print" in request.args
        found = self.lines(
            db.session,
            batch,
            name=name,
            page=1 if printed else whole(request.args.get("page"), 1),
            size=_PRINTED if printed else _LINES,
        )
        return self.page(
            "public/list.html",
            batch=batch,
            found=found,
            name=name,
            printed=printed,
            specialties=in_words,
            **self.more(batch),
        )

    def more(self, batch: Any) -> Mapping[str, Any]:
        return {}


class PublicityScreen(ListScreen):
    """公示: open to objections from its first to its last day."""

    route_base = "/publicity"
    model = Publicity
    lines = staticmethod(lists.publicity_lines)
    title = _l("Publicity")
    heading = _l("Publicity of registrations")
    empty = _l("Nothing is being publicised.")
    roles = dict.fromkeys(("index", "show", "objection"), PUBLIC)

    def more(self, batch: Publicity) -> Mapping[str, Any]:
        return {"open": batch.is_open(today())}

    @expose("/<number>/objections/<int:declaration_id>", methods=("GET", "POST"))
    def objection(self, number: str, declaration_id: int) -> str | Response | tuple[str, int]:
        """The form, and after it the receipt. 404 outside the period and for whoever is not on this list."""
        batch = lists.batch_of(db.session, Publicity, number)
        line = lists.publicised(db.session, batch, declaration_id)
        if request.method == "GET":
            return self._form(batch, line)
        said = {
            "objector": normal("name", request.form.get("objector", "")),
            "contact": normal("", request.form.get("contact", "")),
            "content": normal("", request.form.get("content", "")),
        }
        faults = lists.objection_faults(**said)
        if faults:
            return self._form(batch, line, said, {one.field: one.message for one in faults}), _UNPROCESSABLE
        try:
            taken = lists.raise_objection(
                db.session,
                declaration_id,
                **said,
                address=request.remote_addr or "",
                key=idempotency_key(request.form),
            )
        except Refused as refused:
            db.session.rollback()
            return self._form(batch, line, said, {"content": refused.message}), _UNPROCESSABLE
        commit()
        return self.page("public/receipt.html", batch=batch, line=line, receipt=taken.receipt)

    def _form(
        self,
        batch: Publicity,
        line: lists.Line,
        said: Mapping[str, str] | None = None,
        faults: Mapping[str, Any] | None = None,
    ) -> str:
        return self.page(
            "public/objection.html",
            batch=batch,
            line=line,
            said=said or {},
            faults=faults or {},
            specialties=in_words,
        )


class AnnouncementScreen(ListScreen):
    """公告: who was registered."""

    route_base = "/announcements"
    model = Announcement
    lines = staticmethod(lists.announcement_lines)
    title = _l("Announcements")
    heading = _l("Announcements of registrations")
    empty = _l("Nothing has been announced yet.")
    roles = dict.fromkeys(("index", "show"), PUBLIC)


SCREENS = (PublicityScreen, AnnouncementScreen)
