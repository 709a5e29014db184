"""Help for everybody: how each of the four kinds of visitors gets on, and what is asked most."""

from flask_appbuilder import expose
from flask_babel import lazy_gettext as _l

from app.views.kit.access import PUBLIC, Screen


class HelpScreen(Screen):
    """One page with a place for each role; it needs neither an account nor a session."""

    route_base = "/help"
    default_view = "index"
    title = _l("Help")
    roles = {"index": PUBLIC}

    @expose("/")
    def index(self) -> str:
        return self.page("public/help.html")


SCREENS = (HelpScreen,)
