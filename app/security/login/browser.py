"""One browser and who has logged in there: an opaque token, and the row behind it that can be ended."""

import hashlib
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from flask import Request, session as flask_session
from flask.sessions import SessionMixin
from flask_appbuilder.security.sqla.models import Role as RoleRow, assoc_user_role
from sqlalchemy import Row, Select, bindparam, func, literal_column, or_, select, update
from sqlalchemy.orm import Session

from app.extensions.clock import now
from app.extensions.columns import UtcDateTime
from app.extensions.database import db, plain_rows
from app.models import Account, Counter, LoginSession, Notice
from app.security.access.roles import OFFICERS
from app.security.access.versions import REFERENCE

IDLE = timedelta(hours=2)
IDLE_OFFICER = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
LONGEST_PENDING = timedelta(minutes=15)
PARALLEL = 3
"""Browsers in which one account may be logged in at once; the one that was idle longest is logged out."""

OPEN, SECOND_FACTOR, ENROLMENT, NEW_PASSWORD = "open", "factor", "enrol", "password"
"""Stages of a login. Whoever has not come to `OPEN` is nobody to every page but those of the login."""

GRANTS = "grants"
"""The series of `Counter` whose value tells every process which grants are written in the tables."""

TOUCH = timedelta(minutes=1)
"""How long a browser's last sign of life may be late: not every page writes."""

MOST_UNREAD = 100
"""As far as unread notices are counted: what is said of more is that there are many."""

_AGENT, _TOKEN = 200, 32


@dataclass(frozen=True)
class Identity:
    """Who has logged in, as plain values that were read in one query."""

    id: int
    session_id: int
    stage: str
    display_name: str
    role_names: frozenset[str]
    enterprise_id: int | None
    person_id: int | None
    region_code: str | None
    language: str | None
    grants_version: int
    reference_version: int
    unread: int = 0
    """Notices to this enterprise or person that nobody has read, counted up to `MOST_UNREAD`."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return str(self.id)

    def get_full_name(self) -> str:
        return self.display_name


class BrowserSession(SessionMixin):
    """One browser's session, read at its first use: a page that needs none asks no database.

    A visitor's content (a form's token, a message) stands in a signed cookie, an account's in its row.
    """

    def __init__(self, token: str | None, visitor: dict[str, Any]) -> None:
        self.token = token
        self.started: str | None = None
        self.ended = False
        self.modified = False
        self.accessed = False
        self.seen_at: datetime | None = None
        self._visitor = visitor
        self._content: dict[str, Any] | None = None
        self._identity: Identity | None = None

    @property
    def identity(self) -> Identity | None:
        """Who has logged in here, at whatever stage."""
        self._read()
        return self._identity

    @property
    def touched(self) -> bool:
        return self._content is not None

    def begin(self, token: str) -> None:
        """From now on this browser holds another token, and nothing of what was kept before."""
        self.token = self.started = token
        self._content = {"csrf_token": secrets.token_hex(20)}
        self._identity = None
        self.modified = True

    def end(self) -> None:
        self.token, self.started, self.ended = None, None, True
        self._content, self._identity = {}, None
        self.modified = True

    def leave_unread(self) -> None:
        """Treat this browser as a visitor's, for a page that must answer without the database."""
        self._content = self._visitor

    def text(self) -> str:
        return json.dumps(self._read(), ensure_ascii=False, default=str)

    def _read(self) -> dict[str, Any]:
        if self._content is None:
            self.accessed = True
            # Should the database fail, the page that says so finds a visitor's session.
            self._content = self._visitor
            if self.token and (row := _live(db.session, self.token)):
                self._identity, self.seen_at = _identity(row), row.seen_at
                self._content = json.loads(row.content)
            elif self.token:
                self.ended = True
        return self._content

    def __getitem__(self, key: str) -> Any:
        return self._read()[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self._read()[key] = value
        self.modified = True

    def __delitem__(self, key: str) -> None:
        del self._read()[key]
        self.modified = True

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@cache
def _query() -> Any:
    """The session, its account and roles, and what tells that grants or words have changed: one statement."""
    comma: Any = literal_column("','")  # as text it would be written into the statement anew for each request
    roles = (
        select(func.aggregate_strings(RoleRow.name, comma))
        .join(assoc_user_role, assoc_user_role.c.role_id == RoleRow.id)
        .where(assoc_user_role.c.user_id == Account.id)
        .scalar_subquery()
    )
    version, reference = (
        select(Counter.value).where(Counter.series == series).scalar_subquery()
        for series in (GRANTS, REFERENCE)
    )
    unread = (
        select(Notice.id)
        .where(
            or_(Notice.enterprise_id == Account.enterprise_id, Notice.person_id == Account.person_id),
            Notice.unread,
        )
        .correlate(Account)
        .limit(MOST_UNREAD)
        .subquery()
    )
    query = select(
        LoginSession.id.label("session_id"),
        LoginSession.stage,
        LoginSession.content,
        LoginSession.seen_at,
        LoginSession.role_names.label("roles_then"),
        Account.id,
        Account.display_name,
        Account.enterprise_id,
        Account.person_id,
        Account.region_code,
        Account.language,
        roles.label("roles_now"),
        version.label("grants_version"),
        reference.label("reference_version"),
        select(func.count()).select_from(unread).scalar_subquery().label("unread"),
    ).join(Account, Account.id == LoginSession.account_id)
    return query.where(
        LoginSession.token_hash == bindparam("token"),
        LoginSession.ended_at.is_(None),
        LoginSession.expires_at > bindparam("now", type_=UtcDateTime()),
        LoginSession.credential_version == Account.credential_version,
        Account.active,
    )


def _live(session: Session, token: str) -> Row[Any] | None:
    """The row behind the token, unless it was ended, has expired, or the account has changed since."""
    row = plain_rows(session, _query(), {"token": token_hash(token), "now": now()}).one_or_none()
    if row is None or _names(row.roles_then) != _names(row.roles_now):
        return None
    return row if row.seen_at > now() - _idle(_names(row.roles_now)) else None


def _identity(row: Row[Any]) -> Identity:
    return Identity(
        id=row.id,
        session_id=row.session_id,
        stage=row.stage,
        display_name=row.display_name,
        role_names=_names(row.roles_now),
        enterprise_id=row.enterprise_id,
        person_id=row.person_id,
        region_code=row.region_code,
        language=row.language,
        grants_version=row.grants_version or 0,
        reference_version=row.reference_version or 0,
        unread=row.unread,
    )


def _names(text: str | None) -> frozenset[str]:
    return frozenset((text or "").split(",")) - {""}


def _idle(roles: frozenset[str]) -> timedelta:
    return IDLE_OFFICER if any(role in roles for role in OFFICERS) else IDLE


def browser() -> BrowserSession:
    """The session of the current request, with what Flask's own type does not know."""
    held: Any = flask_session
    return cast("BrowserSession", held._get_current_object())  # noqa: SLF001 - werkzeug's documented way


def log_in(session: Session, account: Account, stage: str, request: Request) -> None:
    """Give the browser a fresh token for this account; the caller commits."""
    log_out(session)
    if stage == OPEN:
        _make_room(session, account.id)
    token = secrets.token_urlsafe(_TOKEN)
    browser().begin(token)
    session.add(
        LoginSession(
            token_hash=token_hash(token),
            account_id=account.id,
            credential_version=account.credential_version,
            role_names=",".join(sorted(role.name for role in account.roles)),
            stage=stage,
            content=browser().text(),
            expires_at=now() + (LONGEST if stage == OPEN else LONGEST_PENDING),
            address=request.remote_addr,
            agent=(request.user_agent.string or "")[:_AGENT],
        )
    )


def live_sessions(account_id: int) -> Select[LoginSession]:
    """The browsers in which the account is logged in, the one that was used last first."""
    return (
        select(LoginSession)
        .join(Account, Account.id == LoginSession.account_id)
        .where(
            LoginSession.account_id == account_id,
            LoginSession.stage == OPEN,
            LoginSession.ended_at.is_(None),
            LoginSession.expires_at > now(),
            LoginSession.credential_version == Account.credential_version,
        )
        .order_by(LoginSession.seen_at.desc(), LoginSession.id.desc())
    )


def _make_room(session: Session, account_id: int) -> None:
    for surplus in session.scalars(live_sessions(account_id).offset(PARALLEL - 1)):
        surplus.ended_at = now()


def log_out(session: Session) -> None:
    """End the session of this browser, if it has one; the caller commits."""
    held = browser()
    if held.token:
        session.execute(
            update(LoginSession)
            .where(LoginSession.token_hash == token_hash(held.token))
            .values(ended_at=now())
        )
        held.end()


def end_sessions(session: Session, account_id: int, *, but: int | None = None) -> int:
    """End every session of the account, but that one; how many were ended. The caller commits."""
    ended = session.execute(
        update(LoginSession)
        .where(
            LoginSession.account_id == account_id,
            LoginSession.ended_at.is_(None),
            LoginSession.id != (but or 0),
        )
        .values(ended_at=now())
    )
    return _rows(ended)


def end_session(session: Session, account_id: int, session_id: int) -> bool:
    """End one session of this account; False when the account has no such session. The caller commits."""
    ended = session.execute(
        update(LoginSession)
        .where(
            LoginSession.account_id == account_id,
            LoginSession.id == session_id,
            LoginSession.ended_at.is_(None),
        )
        .values(ended_at=now())
    )
    return bool(_rows(ended))


def _rows(result: Any) -> int:
    return int(result.rowcount)
