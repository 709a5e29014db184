"""The base of every screen: which roles may call which of its methods."""

from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from typing import Any

from flask import jsonify, redirect, request, url_for
from flask_appbuilder import BaseView
from flask_appbuilder.hooks import get_before_request_hooks, wrap_route_handler_with_hooks
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.security.access.roles import Actor, Role
from app.security.login.current import current_actor

PUBLIC: frozenset[Role] = frozenset({Role.PUBLIC})
"""Everybody, known or not. Such a page needs neither a session nor the database to be let through."""

SIGNED_IN: frozenset[Role] = frozenset(set(Role) - {Role.PUBLIC, Role.SYSTEM})
"""Whoever has logged in, as whatever."""

_PARTS_OF_A_PAGE = frozenset({"image", "font", "script", "style", "object", "embed"})
"""What a browser says that it wants (Sec-Fetch-Dest) when no person asked for an address, but a page that he has."""

Grant = tuple[str, str]
"""A permission and a view, as Flask-AppBuilder names them: `("can_list", "HolidayScreen")`."""


class Undeclared(RuntimeError):
    """A screen exposes a method and does not say who may call it. The application does not start."""


class Screen(BaseView):
    """Every exposed method is wrapped when its route is made, so that no method has to remember its check."""

    roles: Mapping[str, frozenset[Role]] = {}
    title: Any = ""
    section: Any = None
    """The group of the left navigation (app/views/kit/navigation.py); None: not in the menu."""
    position: int = 0
    icon: str = ""
    any_letter: frozenset[str] = frozenset()
    """Methods that look at the letters of their address themselves before they ask anybody."""

    def __init__(self) -> None:
        missing = [name for name in self.exposed() if name not in self.roles]
        if missing:
            raise Undeclared(f"{type(self).__name__}.roles does not say who may call: {', '.join(missing)}.")
        super().__init__()
        self._permissions = {name: self.permission(name) for name in self.roles}
        self.base_permissions = sorted(self._permissions.values())

    @classmethod
    def exposed(cls) -> Iterator[str]:
        """The names of the methods that have a route."""
        for name in dir(cls):
            included = cls.include_route_methods is None or name in cls.include_route_methods
            if included and name not in cls.exclude_route_methods and hasattr(getattr(cls, name), "_urls"):
                yield name

    @classmethod
    def permission(cls, name: str) -> str:
        """A method is granted as `can_<name>`; an act of FAB's (`@action`) under its bare name."""
        return f"can_{name}" if name in set(cls.exposed()) else name

    @classmethod
    def grants(cls) -> dict[Role, set[Grant]]:
        """What this screen grants to each role."""
        granted: dict[Role, set[Grant]] = {}
        for name, roles in cls.roles.items():
            for role in roles:
                granted.setdefault(role, set()).add((cls.permission(name), cls.__name__))
        return granted

    @property
    def actor(self) -> Actor:
        return current_actor()

    def may(self, name: str) -> bool:
        """Whether the actor may call this method or do this act; asks no database."""
        if self.roles.get(name) == PUBLIC:
            return True
        permission = self._permissions.get(name, name)
        return bool(self.appbuilder.sm.has_access(permission, self.class_permission_name))

    def page(self, template: str, **values: Any) -> str:
        """The rendered template, which knows its screen and the actor."""
        return str(self.render_template(template, screen=self, actor=self.actor, **values))

    def update_redirect(self) -> None:
        """Flask-AppBuilder's history of pages is not kept: with two tabs it leads to the wrong one."""

    def get_redirect(self) -> str:
        return str(self.appbuilder.get_url_for_index)

    def _register_urls(self) -> None:
        hooks = get_before_request_hooks(self)
        for name in self.exposed():
            method = getattr(self, name)
            handler = self._guarded(name, wrap_route_handler_with_hooks(name, method, hooks))
            for url, methods in method._urls:  # noqa: SLF001 - where @expose keeps them
                self.blueprint.add_url_rule(url, name, handler, methods=methods)

    def _guarded(self, name: str, handler: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(handler)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if name not in self.any_letter and any("\0" in str(value) for value in kwargs.values()):
                raise NotFound  # no key has it, and to PostgreSQL it would be an error to ask
            if self.may(name):
                return handler(*args, **kwargs)
            if current_actor().account_id is None:
                return _to_login()
            raise NotFound  # a screen that a role does not have does not exist for it

        return guarded


def _to_login() -> Response:
    """A page sends to the login and back; a script is told where the login is, a picture nothing.

    The form of the login would be no picture, and each would bring a cookie that unmakes the others' tokens.
    """
    if request.headers.get("Sec-Fetch-Dest") in _PARTS_OF_A_PAGE:
        return Response(status=401)
    wanted = request.full_path.rstrip("?") if request.method in {"GET", "HEAD"} else None
    target = url_for("LoginView.login", next=wanted)
    if request.is_json or request.accept_mimetypes.best == "application/json":
        answer: Response = jsonify(login=target)
        answer.status_code = 401
        return answer
    return redirect(target)
