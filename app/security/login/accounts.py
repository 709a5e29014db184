"""Accounts: opened for somebody, and opened again for whoever has lost what he logged in with."""

import re
import secrets
from typing import Any

from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions.refused import Refused
from app.models import Account
from app.models.account import opaque_username
from app.security.access.audit import record
from app.security.access.roles import Actor, Role
from app.security.login import passwords

_LOGIN_NAME = re.compile(r"[a-z][a-z0-9-]{2,39}")
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 5


def one_time_password() -> str:
    """A password to be handed over once: nearly a hundred bits, without letters that look alike."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))


def open_account(
    session: Session, actor: Actor, role: Role, display_name: str, **belongs: Any
) -> tuple[Account, str]:
    """A new account and its one-time password, which the first login changes. The caller commits.

    `belongs` says whose it is: login_name, enterprise_id, person_id, region_code. Raises `Refused` for
    an account name that is taken or would be read as a number.
    """
    login_name = belongs.get("login_name")
    if login_name is not None:
        require_login_name(session, login_name)
    username, plain = opaque_username(), one_time_password()
    account = Account(
        username=username,
        # Flask-AppBuilder insists on an address and two names; none of the three is used.
        email=f"{username}@accounts.invalid",
        first_name="-",
        last_name="-",
        display_name=display_name,
        password=passwords.hashed(plain),
        must_change_password=True,
        active=True,
        roles=[session.scalars(select(RoleRow).where(RoleRow.name == role)).one()],
        **belongs,
    )
    session.add(account)
    session.flush()
    record(session, actor, "open_account", "account", account.id, role=role.value)
    return account, plain


def require_login_name(session: Session, login_name: str) -> None:
    """Raises `Refused` unless this can be the name of one more account."""
    if not _LOGIN_NAME.fullmatch(login_name):
        raise Refused(
            _l(
                "An account name has 3 to 40 small letters, digits and hyphens and begins with a letter: "
                "%(name)s is none.",
                name=login_name,
            )
        )
    if session.scalar(select(Account.id).where(Account.login_name == login_name)):
        raise Refused(_l("The account name %(name)s is taken. Please choose another one.", name=login_name))


def give_new_password(session: Session, actor: Actor, account: Account) -> str:
    """A one-time password; it unlocks the account and ends its sessions. The caller commits."""
    plain = one_time_password()
    passwords.change(account, passwords.hashed(plain))
    account.must_change_password = True
    record(session, actor, "give_new_password", "account", account.id)
    return plain


def forget_second_factor(session: Session, actor: Actor, account: Account) -> None:
    """For whoever has lost his authenticator: the next login sets up another one. The caller commits."""
    account.second_factor = None
    account.second_factor_step = None
    record(session, actor, "forget_second_factor", "account", account.id)
