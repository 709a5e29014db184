"""Help for everybody: how each of the four kinds of visitors gets on, and what is asked most."""

from flask_appbuilder import expose
from flask_babel import lazy_gettext as _l

from app.extensions.clock import today
from app.extensions.database import db
from app.security.access.policies import policy_on
from app.views.kit.access import PUBLIC, Screen


class HelpScreen(Screen):
    """One page with a place for each role; it needs neither an account nor a session."""

    route_base = "/help"
    default_view = "index"
    title = _l("Help")
    roles = {"index": PUBLIC}

    @expose("/")
    def index(self) -> str:
        policy = policy_on(db.session(), today())
        days = {name: policy.number(f"{name}_days") for name in ("acceptance", "publicity")}
        return self.page("public/help.html", days=days)


SCREENS = (HelpScreen,)
