"""What each role may call: computed from the screens, written to FAB's tables, kept in every process."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from flask_appbuilder.security.sqla.models import (
    Permission,
    PermissionView,
    Role as RoleRow,
    ViewMenu,
    assoc_permissionview_role,
)
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.models import Counter
from app.security.access.roles import Role
from app.security.login.browser import GRANTS

Grant = tuple[str, str]
Grants = dict[str, frozenset[Grant]]
"""For each role's name its permissions on views."""


def declared(screens: Iterable[Any]) -> Grants:
    """What the registered screens grant; a role without a grant has an empty set."""
    granted: dict[str, set[Grant]] = {role.value: set() for role in Role}
    for screen in screens:
        for role, grants in type(screen).grants().items():
            granted[role.value] |= grants
    return {role: frozenset(grants) for role, grants in granted.items()}


def stored(session: Session) -> Grants:
    """What the tables say, in one query."""
    rows = session.execute(
        select(RoleRow.name, Permission.name, ViewMenu.name)
        .select_from(RoleRow)
        .outerjoin(assoc_permissionview_role, assoc_permissionview_role.c.role_id == RoleRow.id)
        .outerjoin(PermissionView, PermissionView.id == assoc_permissionview_role.c.permission_view_id)
        .outerjoin(Permission, Permission.id == PermissionView.permission_id)
        .outerjoin(ViewMenu, ViewMenu.id == PermissionView.view_menu_id)
    )
    found: dict[str, set[Grant]] = {}
    for role, permission, view in rows:
        grants = found.setdefault(role, set())
        if permission is not None:
            grants.add((permission, view))
    return {role: frozenset(grants) for role, grants in found.items()}


def write(session: Session, grants: Grants) -> bool:
    """Make the tables say exactly this, and nothing else; False when they already did. The caller commits."""
    if stored(session) == grants:
        return False
    session.execute(delete(assoc_permissionview_role))
    session.execute(delete(PermissionView))
    session.execute(delete(ViewMenu))
    session.execute(delete(Permission))
    roles = _roles(session, set(grants))
    wanted = sorted(set().union(*grants.values()))
    permissions = _inserted(session, Permission, {permission for permission, _ in wanted})
    views = _inserted(session, ViewMenu, {view for _, view in wanted})
    pairs = [
        {"permission_id": permissions[permission], "view_menu_id": views[view]} for permission, view in wanted
    ]
    if pairs:
        session.execute(insert(PermissionView), pairs)
    ids = {
        (row.permission_id, row.view_menu_id): row.id
        for row in session.execute(
            select(PermissionView.id, PermissionView.permission_id, PermissionView.view_menu_id)
        )
    }
    links = [
        {"role_id": roles[role], "permission_view_id": ids[permissions[permission], views[view]]}
        for role, of_role in sorted(grants.items())
        for permission, view in sorted(of_role)
    ]
    if links:
        session.execute(insert(assoc_permissionview_role), links)
    counter = session.get(Counter, GRANTS) or Counter(series=GRANTS)
    counter.value = _fingerprint(grants)
    session.add(counter)
    session.flush()
    return True


def _fingerprint(grants: Grants) -> int:
    """A number that is another one for other grants; a restored database brings its own."""
    text = repr(sorted((role, sorted(of_role)) for role, of_role in grants.items()))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") >> 1


def _roles(session: Session, names: set[str]) -> Mapping[str, int]:
    """The ids of the roles; accounts hold on to them, so they are kept, and only strange ones go."""
    session.execute(delete(RoleRow).where(RoleRow.name.not_in(names)))
    missing = names - set(session.scalars(select(RoleRow.name)))
    return _inserted(session, RoleRow, missing)


def _inserted(session: Session, model: Any, names: set[str]) -> Mapping[str, int]:
    if names:
        session.execute(insert(model), [{"name": name} for name in sorted(names)])
    return {row.name: row.id for row in session.execute(select(model.id, model.name))}


class GrantCache:
    """The grants as this process last read them; another version in the database makes it read again."""

    def __init__(self) -> None:
        self._held: tuple[int, Grants, dict[frozenset[str], frozenset[Grant]]] | None = None

    def of(self, session: Session, roles: frozenset[str], version: int) -> frozenset[Grant]:
        """What these roles may together, and what everybody may."""
        held = self._held
        if held is None or held[0] != version:
            # One value, set at once: another thread finds all of the old one or all of the new one.
            held = self._held = (version, stored(session), {})
        _version, grants, together = held
        if roles not in together:
            wanted = roles | {Role.PUBLIC.value}
            together[roles] = frozenset().union(*(grants.get(role, frozenset()) for role in wanted))
        return together[roles]
