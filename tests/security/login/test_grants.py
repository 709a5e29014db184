"""Who may call what: from the screens into the tables, and from the tables into memory."""

import pytest
from flask_appbuilder import expose
from flask_appbuilder.security.sqla.models import (
    Permission,
    PermissionView,
    Role as RoleRow,
    ViewMenu,
    assoc_permissionview_role,
)
from sqlalchemy import delete, event, func, insert, select

from app.models import Counter
from app.security.access.roles import Role
from app.security.login import grants
from app.security.login.browser import GRANTS
from app.security.login.manager import grants_table, sync_roles
from app.views.kit.access import PUBLIC, SIGNED_IN, Screen, Undeclared
from tests.logins import log_in, make_account


def test_the_tables_say_what_the_screens_say(app, session):
    assert grants.stored(session) == grants.declared(app.extensions["appbuilder"].baseviews)


@pytest.mark.both_engines
def test_a_second_sync_changes_nothing(app, session):
    version = session.get_one(Counter, GRANTS).value
    assert not sync_roles(session, app.extensions["appbuilder"])
    assert session.get_one(Counter, GRANTS).value == version


@pytest.mark.both_engines
def test_a_sync_takes_away_what_nobody_declares(app, session):
    _smuggle(session, Role.ENTERPRISE, "can_end", "SomebodyElsesScreen")
    session.execute(insert(RoleRow).values(name="Admin"))
    session.commit()
    assert sync_roles(session, app.extensions["appbuilder"])
    session.commit()
    assert grants.stored(session) == grants.declared(app.extensions["appbuilder"].baseviews)
    assert session.scalar(select(func.count()).where(RoleRow.name == "Admin")) == 0


def test_a_sync_leaves_the_roles_of_accounts_alone(app, session):
    account = make_account(session, "clerk", Role.ENTERPRISE)
    _smuggle(session, Role.ENTERPRISE, "can_end", "SomebodyElsesScreen")
    sync_roles(session, app.extensions["appbuilder"])
    session.commit()
    session.refresh(account)
    assert [role.name for role in account.roles] == [Role.ENTERPRISE]


def _smuggle(session, role, permission, view):
    """Put a grant into the tables that no screen declares."""
    rows = [insert(Permission).values(name=permission), insert(ViewMenu).values(name=view)]
    if session.scalar(select(Permission.id).where(Permission.name == permission)):
        rows.pop(0)
    for row in rows:
        session.execute(row)
    pair = session.execute(
        insert(PermissionView)
        .values(
            permission_id=session.scalar(select(Permission.id).where(Permission.name == permission)),
            view_menu_id=session.scalar(select(ViewMenu.id).where(ViewMenu.name == view)),
        )
        .returning(PermissionView.id)
    ).scalar_one()
    held = session.scalar(select(RoleRow.id).where(RoleRow.name == role))
    session.execute(insert(assoc_permissionview_role).values(role_id=held, permission_view_id=pair))


def test_a_request_asks_for_session_account_and_roles_in_one_statement(client, session, stages, engine):
    make_account(session, "clerk", Role.ENTERPRISE)
    log_in(client, "clerk")
    client.get("/account/password")
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(stages(engine).database, "before_cursor_execute", note)
    assert client.get("/account/sessions").status_code == 200
    event.remove(stages(engine).database, "before_cursor_execute", note)
    questions = [text for text in seen if text.startswith("SELECT")]
    assert len(questions) == 2, "who asks, and the sessions that the page shows"


def test_checks_ask_no_database(app, client, session, stages, engine):
    make_account(session, "clerk", Role.ENTERPRISE)
    log_in(client, "clerk")
    with client:
        client.get("/account/sessions")
        seen = []

        def note(_connection, _cursor, statement, *_rest):
            seen.append(statement)

        event.listen(stages(engine).database, "before_cursor_execute", note)
        screens = app.extensions["appbuilder"].baseviews
        allowed = [screen.may(name) for screen in screens for name in screen.exposed()]
        event.remove(stages(engine).database, "before_cursor_execute", note)
    assert any(allowed)
    assert not all(allowed)
    assert seen == []


def test_every_process_learns_of_a_new_grant_at_its_next_request(app, client, session):
    make_account(session, "clerk", Role.ENTERPRISE)
    log_in(client, "clerk")
    assert client.get("/account/sessions").status_code == 200
    session.execute(delete(assoc_permissionview_role))
    session.get_one(Counter, GRANTS).value = 1
    session.commit()
    assert client.get("/account/sessions").status_code == 404


def test_a_role_without_the_grant_gets_404(client, session):
    make_account(session, "clerk", Role.ENTERPRISE)
    log_in(client, "clerk")
    _take(session, Role.ENTERPRISE, "can_sessions", "AccountScreen")
    assert client.get("/account/sessions").status_code == 404
    assert client.get("/account/password").status_code == 200


def _take(session, role, permission, view):
    pair = (
        select(PermissionView.id)
        .join(Permission, Permission.id == PermissionView.permission_id)
        .join(ViewMenu, ViewMenu.id == PermissionView.view_menu_id)
        .where(Permission.name == permission, ViewMenu.name == view)
    )
    held = select(RoleRow.id).where(RoleRow.name == role)
    session.execute(
        delete(assoc_permissionview_role).where(
            assoc_permissionview_role.c.permission_view_id.in_(pair),
            assoc_permissionview_role.c.role_id.in_(held),
        )
    )
    session.get_one(Counter, GRANTS).value = 2
    session.commit()


def test_a_method_without_roles_stops_the_start():
    class Careless(Screen):
        roles = {"list": PUBLIC}

        @expose("/")
        def list(self):
            return ""

        @expose("/secret")
        def secret(self):
            return ""

    with pytest.raises(Undeclared, match="secret"):
        Careless()


def test_a_view_that_is_no_screen_stops_the_start(app):
    from flask_appbuilder import BaseView

    class Bare(BaseView):
        pass

    with app.app_context(), pytest.raises(Undeclared, match="Bare"):
        app.extensions["appbuilder"].add_view_no_menu(Bare)


def test_an_act_is_granted_under_its_own_name():
    class Acting(Screen):
        roles = {"list": SIGNED_IN, "approve": frozenset({Role.PROVINCIAL})}

        @expose("/")
        def list(self):
            return ""

    assert Acting.grants()[Role.PROVINCIAL] == {("can_list", "Acting"), ("approve", "Acting")}
    assert Acting.grants()[Role.ENTERPRISE] == {("can_list", "Acting")}


def test_the_table_names_every_role(app):
    table = grants_table(app.extensions["appbuilder"])
    assert set(table) == {role.value for role in Role}
    assert "can_password on AccountScreen" in table[Role.AUDITOR]
    assert table[Role.SYSTEM] == []
