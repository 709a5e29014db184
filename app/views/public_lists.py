"""公示 and 公告 as everybody reads them; from a list in publicity a form leads to the objection."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask import request
from flask_appbuilder import expose
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from app.extensions.clock import today
from app.extensions.database import db
from app.models import Announcement, Publicity
from app.services import public_search, publicity as lists
from app.services.public_search import Wanted
from app.views import objecting
from app.views.kit.access import PUBLIC, Screen
from app.views.kit.filtering import clean
from app.views.kit.listing import whole
from app.views.kit.requests import writes_late
from app.views.specialties import in_words
from app.workflow.types import registry

_BATCHES, _HITS, _LINES, _PRINTED = 20, 50, 200, 5000


class ListScreen(Screen):
    """What the two kinds of lists have in common. Nothing but name, masked number, employer, specialties and city."""

    model: ClassVar[Any]
    lines: ClassVar[Any]
    default_view = "index"
    heading: Any = ""
    empty: Any = ""
    move: ClassVar[str]
    """The step that puts a declaration on such a list."""

    @expose("/")
    def index(self) -> str:
        """The lists, the newest first, or with a name or an enterprise the persons of all lists who match."""
        wanted = self._wanted()
        found = self._persons(wanted) if wanted.persons and not wanted.too_short else self._lists(wanted)
        kinds = [(one.key, str(one.label)) for one in registry if one.flow.find(self.move)]
        return self.page("public/lists.html", wanted=wanted, kinds=kinds, today=today(), **found)

    def _wanted(self) -> Wanted:
        """What the address looks for; a kind of declaration that has no such lists is none."""
        kind = request.args.get("type", "")
        names = {one.key for one in registry if one.flow.find(self.move)}
        name, enterprise, number = (clean(request.args.get(one, "")) for one in ("q", "enterprise", "batch"))
        return Wanted(name, enterprise, number, kind if kind in names else "")

    def _lists(self, wanted: Wanted) -> Mapping[str, Any]:
        query = public_search.lists(self.model, wanted)
        total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
        page, pages = _page_of(total, _BATCHES)
        rows = db.session.scalars(query.limit(_BATCHES).offset((page - 1) * _BATCHES))
        return {"rows": rows.all(), "hits": None, "page": page, "pages": pages, "total": total}

    def _persons(self, wanted: Wanted) -> Mapping[str, Any]:
        asked = max(1, min(whole(request.args.get("page"), 1), public_search.MOST // _HITS))
        hits, total = public_search.persons(db.session(), self.model, wanted, asked, _HITS)
        page, pages = _page_of(total, _HITS)
        return {
            "rows": (), "hits": hits, "page": page, "pages": pages, "total": total,
            "most": public_search.MOST, "specialties": in_words,
        }  # fmt: skip

    @expose("/<number>")
    def show(self, number: str) -> str:
        """One list. `?q=` and `?enterprise=` look for a name in it, `?print=1` gives all of it for the printer."""
        batch = lists.batch_of(db.session, self.model, number)
        name, enterprise = (clean(request.args.get(one, "")) for one in ("q", "enterprise"))
        printed = "print" in request.args
        found = self.lines(
            db.session,
            batch,
            name=name,
            enterprise=enterprise,
            page=1 if printed else whole(request.args.get("page"), 1),
            size=_PRINTED if printed else _LINES,
        )
        return self.page(
            "public/list.html",
            batch=batch,
            found=found,
            name=name,
            enterprise=enterprise,
            printed=printed,
            specialties=in_words,
            **self.more(batch),
        )

    def more(self, batch: Any) -> Mapping[str, Any]:
        return {}


def _page_of(total: int, size: int) -> tuple[int, int]:
    """The page that the address asks for, as far as there is one, and how many there are."""
    pages = max(1, -(-total // size))
    return min(max(1, whole(request.args.get("page"), 1)), pages), pages


class PublicityScreen(ListScreen):
    """公示: open to objections from its first to its last day."""

    route_base = "/publicity"
    model = Publicity
    move = "publicise"
    lines = staticmethod(lists.publicity_lines)
    title = _l("Publicity")
    heading = _l("Publicity of registrations")
    empty = _l("Nothing is being publicised.")
    roles = dict.fromkeys(("index", "show", "objection"), PUBLIC)

    def more(self, batch: Publicity) -> Mapping[str, Any]:
        return {"open": batch.is_open(today())}

    @expose("/<number>/objections/<int:declaration_id>", methods=("GET", "POST"))
    @writes_late
    def objection(self, number: str, declaration_id: int) -> str | tuple[str, int]:
        """The form, and after it the receipt. 404 outside the period and for whoever is not on this list."""
        batch = lists.batch_of(db.session, Publicity, number)
        line = lists.publicised(db.session, batch, declaration_id)
        page = objecting.Page(self, batch, line)
        return page.fresh() if request.method == "GET" else page.receive()


class AnnouncementScreen(ListScreen):
    """公告: who was registered."""

    route_base = "/announcements"
    model = Announcement
    move = "announce"
    lines = staticmethod(lists.announcement_lines)
    title = _l("Announcements")
    heading = _l("Announcements of registrations")
    empty = _l("Nothing has been announced yet.")
    roles = dict.fromkeys(("index", "show"), PUBLIC)


SCREENS = (PublicityScreen, AnnouncementScreen)
