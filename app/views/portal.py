"""The way in: what the platform is, its three entrances, and for those who have logged in the things they can do."""

from flask_appbuilder import expose
from flask_babel import lazy_gettext as _l

from app.views.kit.access import PUBLIC, Screen
from app.views.kit.navigation import navigation


class PortalView(Screen):
    """The page at `/`."""

    route_base = ""
    default_view = "index"
    title = _l("Home")
    roles = {"index": PUBLIC}

    @expose("/")
    def index(self) -> str:
        if self.actor.account_id is None:
            return self.page("kit/portal.html")
        return self.page("kit/home.html", groups=navigation())
