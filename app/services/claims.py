"""Claims: which officer has a case in hand, for minutes only, so that two do not work on it without knowing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Executable, bindparam, case, delete, exists, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.extensions.among import among
from app.extensions.clock import now, today
from app.extensions.database import plain_rows
from app.extensions.refused import Refused
from app.models import Account, Claim, Declaration
from app.security.access.audit import record
from app.security.access.policies import policy_on
from app.security.access.roles import Actor, Role
from app.security.access.scope import find, visible_to
from app.workflow.states import WAITING_FOR

_OFFICERS = (Role.MUNICIPAL, Role.PROVINCIAL)
_MOST_QUESTIONS = 500


@dataclass(frozen=True)
class Holding:
    """Who has a case in hand, since when, and until when unless it is renewed."""

    declaration_id: int
    account_id: int
    name: str
    since: datetime
    until: datetime

    def by(self, actor: Actor) -> bool:
        return self.account_id == actor.account_id


def live(at: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """The claims that hold at this moment; the statement knows `Declaration`.

    A claim from before the last step of the case has served its time, whoever took that step.
    """
    return (Claim.until > at) & (Claim.since >= Declaration.changed_at)


def held_by_others(actor: Actor) -> ColumnElement[bool]:
    """The condition under which a declaration is in the hands of another officer."""
    mine = Claim.account_id == actor.account_id
    return exists(select(1).where(Claim.declaration_id == Declaration.id, live(now()), ~mine))


def on_desk(row: Declaration, actor: Actor) -> bool:
    """Whether the case waits for this officer: what only lies before him to be read is not claimed."""
    return any(row.state in states for role, states in WAITING_FOR.items() if actor.has(role))


def holdings(session: Session, keys: Iterable[int], actor: Actor) -> Mapping[int, Holding]:
    """Who has which of these cases in hand: one statement for a whole page of a list."""
    wanted = list(keys)
    if not (wanted and actor.has(*_OFFICERS)):
        return {}
    found = plain_rows(session, _question(actor.scope), {"wanted": wanted, "at": now()})
    return {row[0]: Holding(*row) for row in found}


@lru_cache(maxsize=_MOST_QUESTIONS)
def _question(actor: Actor) -> Executable:
    at: Any = bindparam("at", type_=Claim.until.type)
    return (
        select(Claim.declaration_id, Claim.account_id, Account.display_name, Claim.since, Claim.until)
        .join(Declaration, Declaration.id == Claim.declaration_id)
        .join(Account, Account.id == Claim.account_id)
        .where(among(Claim.declaration_id, "wanted"), live(at), visible_to(Declaration, actor))
    )


def holding(session: Session, row: Declaration, actor: Actor) -> Holding | None:
    """Who has this one in hand now."""
    return holdings(session, (row.id,), actor).get(row.id)


def take(session: Session, actor: Actor, key: object) -> Holding | None:
    """Take the case in hand, or go on holding it; another's claim stands. The caller commits.

    Gives who has it now, and None when it does not wait for this officer. 404 when the case is out of scope.
    """
    row = _row(session, actor, key)
    if not on_desk(row, actor):
        return None
    _write(session, actor, row, anybodys=False)
    return holding(session, row, actor)


def take_over(session: Session, actor: Actor, key: object) -> Holding | None:
    """Take the case out of another officer's hands; the audit says from whom. The caller commits."""
    row = _row(session, actor, key)
    if not on_desk(row, actor):
        return None
    before = holding(session, row, actor)
    _write(session, actor, row, anybodys=True)
    if before is not None and not before.by(actor):
        record(session, actor, "claim.take_over", "declaration", row.id, account=before.account_id)
    return holding(session, row, actor)


def release(session: Session, actor: Actor, key: object) -> None:
    """Give back what this officer holds; another's claim stands. The caller commits."""
    row = _row(session, actor, key)
    session.execute(delete(Claim).where(Claim.declaration_id == row.id, Claim.account_id == actor.account_id))


def settle(session: Session, actor: Actor, row: Declaration, *, anyway: bool) -> None:
    """Before a step: nobody else has the case in hand, or the officer has said that he takes it `anyway`.

    The claim ends in the commit of the step. Raises `Refused` with the name of the other officer.
    """
    other = holding(session, row, actor)
    if other is not None and not other.by(actor):
        if not anyway:
            raise Refused(_l("%(name)s has this case in hand.", name=other.name))
        record(session, actor, "claim.take_over", "declaration", row.id, account=other.account_id)
    session.execute(delete(Claim).where(Claim.declaration_id == row.id))


def _row(session: Session, actor: Actor, key: object) -> Declaration:
    """The case in the scope of an officer; to everybody else a claim does not exist."""
    if not actor.has(*_OFFICERS):
        raise NotFound
    return find(session, Declaration, key, actor)


def _write(session: Session, actor: Actor, row: Declaration, *, anybodys: bool) -> None:
    """One statement on either engine, so that of two who open a case at one moment one has it."""
    at = now()
    minutes = policy_on(session, today()).number("claim_minutes")
    insert: Any = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    stale = or_(Claim.until <= at, Claim.since < row.changed_at)
    mine = Claim.account_id == actor.account_id
    session.execute(
        insert(Claim)
        .values(
            declaration_id=row.id,
            account_id=actor.account_id,
            since=at,
            until=at + timedelta(minutes=minutes),
        )
        .on_conflict_do_update(
            index_elements=[Claim.declaration_id],
            set_={
                "account_id": actor.account_id,
                "since": case((mine & ~stale, Claim.since), else_=at),
                "until": at + timedelta(minutes=minutes),
            },
            where=None if anybodys else or_(mine, stale),
        )
    )
