"""Whether a name and a password belong together, answered alike for whom nobody knows."""

from dataclasses import dataclass
from datetime import UTC

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from app.extensions.clock import now
from app.extensions.database import begin_writing
from app.models import Account, Person
from app.models.personal import normal_id_number
from app.security.access.audit import record
from app.security.access.roles import OFFICERS, Actor
from app.security.login import guessing, passwords
from app.security.login.browser import ENROLMENT, NEW_PASSWORD, OPEN, SECOND_FACTOR
from app.security.login.guessing import TooManyAttempts

HARD_STOP = 100
"""Failures in a row after which only an administrator opens the account again (NIST SP 800-63B-4)."""

_LONGEST_NAME = 64
_NOBODY = -1


@dataclass(frozen=True)
class Found:
    """What is known of a name before the password is looked at; of a stranger, nothing."""

    account_id: int
    stored: str | None
    failures: int
    usable: bool
    whom: str


def authenticate(session: Session, name: str, password: str, visitor: Actor) -> Account | None:
    """The account of this name and password, or None; both answers are in the audit and committed.

    Raises `TooManyAttempts` before the password is looked at. A stranger's name takes the same statements,
    the same hashing and the same time.
    """
    found = _find(session, name)
    try:
        guessing.admit(session, found.whom, visitor.address)
    except TooManyAttempts:
        _write_down(session, found, visitor, "refused")
        session.commit()
        raise
    # Hashing takes a tenth of a second: no lock is held meanwhile.
    right = passwords.matches(found.stored, password) and found.usable
    fresh = (
        passwords.hashed(password) if right and found.stored and passwords.outdated(found.stored) else None
    )
    begin_writing(session)
    _count(session, found, right=right)
    if right:
        guessing.succeeded(session, found.whom, visitor.address)
    if fresh:
        _set(session, found, password=fresh)
    _write_down(session, found, visitor, "done" if right else "failed")
    session.commit()
    return session.get(Account, found.account_id) if right else None


def next_stage(account: Account, passed: str | None = None) -> str:
    """What the account still has to show, after its password and then after what it `passed`."""
    officer = any(role.name in OFFICERS for role in account.roles)
    if officer and passed is None:
        return SECOND_FACTOR if account.second_factor else ENROLMENT
    return NEW_PASSWORD if account.must_change_password else OPEN


def _find(session: Session, name: str) -> Found:
    """By account name, ID number or mobile number; two accounts under one name are nobody's."""
    typed = name.strip()[:_LONGEST_NAME]
    persons = select(Person.id).where(
        or_(Person.id_number.equals(Person, typed), Person.mobile.equals(Person, typed))
    )
    rows = session.execute(
        select(Account.id, Account.password, Account.active, Account.fail_login_count)
        .where(or_(Account.login_name == typed, Account.person_id.in_(persons)))
        .limit(2)
    ).all()
    if len(rows) != 1:
        return Found(_NOBODY, None, 0, False, f"name {normal_id_number(typed)}")  # noqa: FBT003
    (row,) = rows
    failures = row.fail_login_count or 0
    usable = bool(row.active) and failures < HARD_STOP
    return Found(row.id, row.password, failures, usable, f"account {row.id}")


def _count(session: Session, found: Found, *, right: bool) -> None:
    if right:
        _set(
            session,
            found,
            fail_login_count=0,
            login_count=func.coalesce(Account.login_count, 0) + 1,
            last_login=now().astimezone(UTC).replace(tzinfo=None),
        )
    else:
        _set(session, found, fail_login_count=func.coalesce(Account.fail_login_count, 0) + 1)


def _set(session: Session, found: Found, **values: object) -> None:
    """One statement, also for a stranger, whose row is never there; no session ends by it."""
    session.execute(
        update(Account)
        .where(Account.id == found.account_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _write_down(session: Session, found: Found, visitor: Actor, outcome: str) -> None:
    known = found.account_id if found.account_id != _NOBODY else ""
    record(session, visitor, "login", "account", known, outcome=outcome)
