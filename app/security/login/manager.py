"""Flask-AppBuilder's security, reduced to what is used here: roles in its tables, checks from memory."""

from typing import Any

from flask_appbuilder import AppBuilder
from flask_appbuilder.security.sqla.manager import SecurityManager
from flask_login import LoginManager
from flask_login.utils import _user_context_processor
from sqlalchemy.orm import Session

from app.extensions.database import db
from app.models import Account
from app.security.login.current import current_identity
from app.security.login.grants import GrantCache, declared, write


class SessionLogin(LoginManager):
    """Flask-Login with one source: our session. No remember-me cookie, no user id in a cookie."""

    def init_app(self, app: Any, add_context_processor: bool = True) -> None:  # noqa: FBT001, FBT002 - theirs
        app.login_manager = self
        app.context_processor(_user_context_processor)

    def _load_user(self) -> None:
        self._update_request_context_with_user(current_identity())


class PlatformSecurityManager(SecurityManager):
    """None of FAB's own screens, APIs, limiters or tokens; the login stands in app/views/login.py."""

    user_model = Account

    def __init__(self, appbuilder: AppBuilder) -> None:
        self.grants = GrantCache()
        super().__init__(appbuilder)

    def register_views(self) -> None:
        """FAB's users, roles, permissions, statistics and reset pages get no route."""

    def create_login_manager(self, app: Any) -> LoginManager:
        return SessionLogin(app)

    def create_jwt_manager(self, app: Any) -> None:
        """No tokens: there is no API."""

    def create_limiter(self, app: Any) -> None:
        """Attempts are counted in the database, for all processes together (access/limits.py)."""

    def add_limit_view(self, baseview: Any) -> None:
        """See `create_limiter`."""

    @property
    def current_user(self) -> Any:
        return current_identity()

    def has_access(self, permission_name: str, view_name: str) -> bool:
        """Whether the actor's roles have this grant; the session's own query told the version."""
        identity = current_identity()
        if identity is None:
            return False  # what is public is open without asking (app/views/kit/access.py)
        granted = self.grants.of(db.session, identity.role_names, identity.grants_version)
        return (permission_name, view_name) in granted

    def get_user_menu_access(self, menu_names: list[str] | None = None) -> set[str]:
        """Nothing: the navigation is made from the screens, not from FAB's menu."""
        return set()


def sync_roles(session: Session, appbuilder: AppBuilder) -> bool:
    """Write the grants of all registered screens; False when nothing had changed. The caller commits."""
    return write(session, declared(appbuilder.baseviews))


def grants_table(appbuilder: AppBuilder) -> dict[str, list[str]]:
    """The grants as people read them: for each role `can_list on HolidayScreen`, sorted."""
    return {
        role: [
            f"{permission} on {view}" for permission, view in sorted(grants, key=lambda grant: grant[::-1])
        ]
        for role, grants in sorted(declared(appbuilder.baseviews).items())
    }
