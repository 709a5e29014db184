"""Whether a name and a password belong together, answered alike for whom nobody knows."""

from dataclasses import dataclass
from datetime import UTC

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from app.extensions.clock import now
from app.extensions.database import begin_writing
from app.models import Account, Person
from app.models.personal import normal_id_number, normal_mobile
from app.security.access.audit import record
from app.security.access.roles import OFFICERS, Actor
from app.security.login import guessing, passwords
from app.security.login.browser import ENROLMENT, NEW_PASSWORD, OPEN, SECOND_FACTOR
from app.security.login.guessing import TooManyAttempts
from app.security.login.known_browser import known_as

_LONGEST_NAME = 64
_NOBODY = -1


@dataclass(frozen=True)
class Found:
    """What is known of a name before the password is looked at; of a stranger, nothing."""

    account_id: int
    stored: str | None
    usable: bool
    whom: str


def authenticate(
    session: Session, name: str, password: str, visitor: Actor, browser: str | None = None
) -> Account | None:
    """The account of this name and password, or None; both answers are in the audit and committed.

    `browser` is what the browser says of who was in before (known_browser.py). Raises `TooManyAttempts` before
    the password is looked at. A stranger's name takes the same statements, the same hashing and the same time.
    """
    return _tried(session, _find(session, name), password, visitor, browser)


def authenticate_again(
    session: Session, account_id: int, password: str, visitor: Actor, browser: str | None = None
) -> Account | None:
    """As `authenticate`, for the account that has opened the page from which it is asked."""
    query = select(Account.id, Account.password, Account.active).where(Account.id == account_id)
    row = session.execute(query).one()
    found = Found(row.id, row.password, bool(row.active), guessing.whom(row.id))
    return _tried(session, found, password, visitor, browser)


def _tried(
    session: Session, found: Found, password: str, visitor: Actor, browser: str | None
) -> Account | None:
    one = guessing.Try(found.whom, visitor.address, known_as(browser, found.account_id))
    try:
        guessing.admit(session, one)
    except TooManyAttempts:
        _write_down(session, found, visitor, "refused")
        session.commit()
        raise
    # Hashing takes a tenth of a second: no lock is held meanwhile.
    stopped = guessing.stopped(session, one)
    session.rollback()
    right = passwords.matches(found.stored, password) and found.usable and not stopped
    fresh = (
        passwords.hashed(password) if right and found.stored and passwords.outdated(found.stored) else None
    )
    begin_writing(session)
    _count(session, found, right=right)
    if right:
        guessing.succeeded(session, one)
    else:
        guessing.failed(session, one)
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


def canonical(name: str) -> str:
    """One form for every spelling by which an account is found, so that spellings are no further tries.

    It is the same for a name that nobody has, or the counters would tell the two apart.
    """
    typed, before = name[:_LONGEST_NAME], None
    while typed != before:
        before, typed = typed, normal_mobile(normal_id_number(typed)).casefold()
    return typed


def _find(session: Session, name: str) -> Found:
    """By account name, ID number or mobile number; two accounts under one name are nobody's."""
    typed = canonical(name)
    persons = select(Person.id).where(
        or_(Person.id_number.equals(Person, typed), Person.mobile.equals(Person, typed))
    )
    rows = session.execute(
        select(Account.id, Account.password, Account.active)
        .where(or_(Account.login_name == typed, Account.person_id.in_(persons)))
        .limit(2)
    ).all()
    if len(rows) != 1:
        return Found(_NOBODY, None, False, f"name {typed}")  # noqa: FBT003
    (row,) = rows
    return Found(row.id, row.password, bool(row.active), guessing.whom(row.id))


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
