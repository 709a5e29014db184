"""Accounts of enterprises, persons and officers, for the system administrator, who sees no business data."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import g, request
from flask_appbuilder import expose
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.extensions.database import begin_writing, db
from app.models import Account, Enterprise
from app.security.access import audit
from app.security.access.roles import LABELS, OFFICERS, Actor, Role
from app.security.login import accounts
from app.views.account_opening import Opening, open_for
from app.views.kit.actions import Action, Call
from app.views.kit.columns import Column
from app.views.kit.filtering import Filter, Search
from app.views.kit.forms import Field, Fieldset
from app.views.kit.navigation import Section
from app.views.kit.records import Link, RecordScreen
from app.views.kit.requests import commit, writes_late

_ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
OPENED_HERE = (Role.ENTERPRISE, Role.INDIVIDUAL, *(role for role in Role if role in OFFICERS))
"""The roles that an account may be opened for, in the order in which they are offered."""


def _roles(row: Account) -> str:
    return ", ".join(str(LABELS.get(role.name, role.name)) for role in row.roles)


def _employer(row: Account) -> str:
    return str(g.get("employer_names", {}).get(row.enterprise_id, ""))


def _status(row: Account) -> str:
    return str(_("In use") if row.active else _("Disabled"))


def _has_role(name: str) -> Any:
    return Account.roles.any(RoleRow.name == name)


def _somebody_else(row: Account, actor: Actor) -> bool:
    return bool(row.id != actor.account_id)


def _switch(call: Call) -> None:
    """Disable what is in use and the other way round; a disabled account's sessions end by themselves."""
    for row in call.rows:
        row.active = not row.active
        act = "enable_account" if row.active else "disable_account"
        audit.record(db.session, call.actor, act, "account", row.id)
    commit()


def _new_password(call: Call) -> Response:
    """Shown once and never again; it is neither kept nor logged."""
    (row,) = call.rows
    plain = accounts.give_new_password(db.session(), call.actor, row)
    name = row.login_name or row.display_name
    commit()
    return handed_over(call.screen, name, plain)


def _forget_factor(call: Call) -> None:
    (row,) = call.rows
    accounts.forget_second_factor(db.session(), call.actor, row)
    commit()


def handed_over(screen: Any, name: str, plain: str) -> Response:
    """The page with a one-time password."""
    page = screen.page("accounts/password.html", name=name, plain=plain)
    return Response(page, content_type="text/html; charset=utf-8")


class AccountsScreen(RecordScreen):
    """Who can log in, on whose behalf, and whether he still can. An account is disabled, never deleted."""

    model = Account
    route_base = "/accounts"
    title = _l("Accounts")
    section, position, icon = Section.ACCOUNTS, 10, "users"
    readers = editors = _ADMINISTRATOR
    exporters = ()
    roles: Mapping[str, frozenset[Role]] = {"open": _ADMINISTRATOR}
    list_columns = (
        "login_name",
        "display_name",
        Column("roles", label=_l("Role"), text=_roles),
        Column("employer", label=_l("Enterprise"), text=_employer),
        "region_code",
        Column(
            "active", text=_status, tone=lambda row: "green" if row.active else "secondary", label=_l("State")
        ),
        Column("last_login", label=_l("Last login")),
    )
    sortable = ("login_name", "display_name", "last_login")
    order = "-id"
    search = Search(name=("login_name", "display_name"), label=_l("Account name or name"))
    filters = (
        Filter(
            "role", label=_l("Role"), choices={role: LABELS[role] for role in OPENED_HERE}, where=_has_role
        ),
        Filter("region_code"),
        Filter("active", label=_l("In use")),
    )
    show_fieldsets = (
        Fieldset(
            _l("Account"),
            ("login_name", "display_name", "region_code", "must_change_password", "password_changed_at"),
        ),
        Fieldset(
            _l("Use"),
            (
                Field("last_login", label=_l("Last login")),
                Field("login_count", label=_l("Logins")),
                Field("fail_login_count", label=_l("Failed logins since")),
            ),
        ),
    )
    actions = (
        Action(
            "disable",
            _l("Disable"),
            roles=(Role.ADMINISTRATOR,),
            perform=_switch,
            when=lambda row, actor: row.active and _somebody_else(row, actor),
            bulk=True,
            tone="danger",
            icon="user-off",
            confirm=_l("Whoever is logged in with these accounts is logged out at once."),
        ),
        Action(
            "enable",
            _l("Enable"),
            roles=(Role.ADMINISTRATOR,),
            perform=_switch,
            when=lambda row, _actor: not row.active,
            bulk=True,
            icon="user-check",
        ),
        Action(
            "new_password",
            _l("New password"),
            roles=(Role.ADMINISTRATOR,),
            perform=_new_password,
            when=_somebody_else,
            listed=False,
            icon="key",
            confirm=_l("A one-time password is made and shown once. Hand it over in person."),
        ),
        Action(
            "forget_second_factor",
            _l("Reset the second factor"),
            roles=(Role.ADMINISTRATOR,),
            perform=_forget_factor,
            when=_somebody_else,
            listed=False,
            icon="device-mobile",
            confirm=_l("The next login sets up another authenticator. Make sure who is asking."),
        ),
    )

    def rows(self, actor: Actor) -> Select[Any]:
        return super().rows(actor).options(selectinload(Account.roles))

    def read_beside(self, rows: Sequence[Any], actor: Actor) -> None:
        # Whose account it is belongs to the account; of the enterprise itself nothing but its name is read.
        wanted = {row.enterprise_id for row in rows if row.enterprise_id}
        found = db.session.execute(select(Enterprise.id, Enterprise.name).where(Enterprise.id.in_(wanted)))
        g.employer_names = {row.id: row.name for row in found} if wanted else {}

    def named(self, row: Account) -> str:
        return f"{row.display_name} ({row.login_name})" if row.login_name else row.display_name

    def form_for(self, row: Any, actor: Actor) -> Sequence[Fieldset]:
        city = ("region_code",) if any(role.name == Role.MUNICIPAL for role in row.roles) else ()
        return (Fieldset(_l("Account"), (Field("login_name", readonly=True), "display_name", *city)),)

    def check(self, row: Account, actor: Actor) -> Iterable[tuple[str, Any]]:
        if any(role.name == Role.MUNICIPAL for role in row.roles) and not row.region_code:
            yield "region_code", _("A municipal officer needs a city.")

    def toolbar(self, actor: Actor) -> Sequence[Link]:
        return [
            Link(_l("Open an account"), self.url("open", role=Role.ENTERPRISE.value), "user-plus", "primary")
        ]

    @expose("/open/<role>", methods=("GET", "POST"))
    @writes_late
    def open(self, role: str) -> str | Response | tuple[str, int]:
        """A new account for an enterprise, a person or an officer, and its one-time password."""
        if role not in OPENED_HERE:
            raise NotFound
        wanted = Role(role)
        if request.method == "POST":
            begin_writing(db.session)
        opening = Opening(wanted, request.form if request.method == "POST" else None)
        if request.method == "POST" and opening.valid():
            opened = open_for(db.session(), self.actor, opening)
            if opened is not None:
                commit()
                return handed_over(self, *opened)
        wrong = bool(opening.problems)
        if wrong:
            db.session.rollback()
        kinds = [(one.value, LABELS[one]) for one in OPENED_HERE]
        page = self.page("accounts/open.html", opening=opening, kinds=kinds, wanted=wanted)
        return (page, 422) if wrong else page


SCREENS = (AccountsScreen,)
