"""Accounts: opened for somebody, and opened again for whoever has lost what he logged in with."""

import re
import secrets
from datetime import timedelta
from typing import Any

from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions.clock import now
from app.extensions.refused import Refused
from app.models import Account, AuditEntry
from app.models.account import opaque_username
from app.security.access.audit import record
from app.security.access.roles import OFFICERS, Actor, Role
from app.security.login import guessing, passwords

_LOGIN_NAME = re.compile(r"[a-z][a-z0-9-]{2,39}")
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 5
_PASSWORD, _FACTOR = "give_new_password", "forget_second_factor"
_RESETS = frozenset({_PASSWORD, _FACTOR})
_APART = timedelta(days=1)


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


def require_second_person(session: Session, actor: Actor, account: Account, act: str) -> None:
    """Raises `Refused`, with the audit line committed, for whoever would become an officer by resetting all he has.

    One person resets the password or the second factor of an officer; for the other one it takes another
    administrator, or a day in which the officer and the auditor can notice (decision 14). The command line acts
    without an account and is bound by the machine's own rules.
    """
    others = _RESETS - {act}
    if actor.account_id is None or not any(role.name in OFFICERS for role in account.roles):
        return
    did = session.scalar(
        select(AuditEntry.id)
        .where(
            AuditEntry.actor_id == actor.account_id,
            AuditEntry.action.in_(others),
            AuditEntry.subject == "account",
            AuditEntry.subject_id == str(account.id),
            AuditEntry.outcome == "done",
            AuditEntry.at > now() - _APART,
        )
        .limit(1)
    )
    if did is None:
        return
    record(session, actor, act, "account", account.id, outcome="refused")
    session.commit()
    raise Refused(
        _l(
            "You have reset the password or the second factor of this officer in the last 24 hours. The other one "
            "must be reset by another administrator."
        )
    )


def give_new_password(session: Session, actor: Actor, account: Account) -> str:
    """A one-time password; it unlocks the account and ends its sessions. The caller commits."""
    require_second_person(session, actor, account, _PASSWORD)
    plain = one_time_password()
    passwords.change(account, passwords.hashed(plain))
    account.must_change_password = True
    guessing.forgive(session, account.id)
    record(session, actor, _PASSWORD, "account", account.id)
    return plain


def forget_second_factor(session: Session, actor: Actor, account: Account) -> None:
    """For whoever has lost his authenticator: the next login sets up another one. The caller commits."""
    require_second_person(session, actor, account, _FACTOR)
    account.second_factor = None
    account.second_factor_step = None
    record(session, actor, _FACTOR, "account", account.id)
