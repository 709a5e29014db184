"""The way in: what the platform is, its three entrances, and what waits for whoever has logged in."""

from collections.abc import Sequence
from typing import Any

from flask_appbuilder import expose
from flask_babel import lazy_gettext as _l

from app.extensions.clock import local
from app.extensions.database import db
from app.models import Announcement, Publicity
from app.security.access.roles import NOBODY
from app.security.access.scope import rows_of
from app.services.public_search import newest_first
from app.views.home.page import boards
from app.views.kit.access import PUBLIC, Screen

_NEWEST = 5


class PortalView(Screen):
    """The page at `/`: the portal for visitors, the home of whoever has logged in."""

    route_base = ""
    default_view = "index"
    title = _l("Home")
    roles = {"index": PUBLIC, "portal": PUBLIC}

    @expose("/")
    def index(self) -> str:
        if self.actor.account_id is None:
            return str(self.portal())
        return self.page("home/page.html", boards=boards(self.actor), local=local)

    @expose("/portal")
    def portal(self) -> str:
        """What the public reads, for those too who have logged in."""
        return self.page("kit/portal.html", publicities=newest(Publicity), announcements=newest(Announcement))


def newest(model: type) -> Sequence[Any]:
    """The newest lists that the public may read."""
    found: Sequence[Any] = db.session.scalars(
        rows_of(model, NOBODY).order_by(*newest_first(model)).limit(_NEWEST)
    ).all()
    return found
