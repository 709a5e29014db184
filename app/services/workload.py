"""Workload: what is under way, how much time it has left, and how much each officer has in hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask_appbuilder.security.sqla.models import Role as RoleRow
from sqlalchemy import ColumnElement, case, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.extensions.among import one_of
from app.extensions.clock import now
from app.models import UNDER_WAY, Account, Claim, Decision, Declaration, EnterpriseChange, State
from app.security.access.roles import Actor, Role
from app.security.access.scope import rows_of, visible_to
from app.services.claims import live
from app.services.statistics import AnySession

Condition = ColumnElement[bool]
NO_CLOCK = "none"


@dataclass(frozen=True)
class UnderWay:
    """So many cases of one type stand in one state at one authority with so much time left."""

    type_key: str
    region_code: str
    state: str
    left: str
    number: int


@dataclass(frozen=True)
class Load:
    """What one officer has open now, and how many cases he has taken a step on since the week began."""

    account_id: int
    name: str
    claimed: int
    handled: int


@dataclass(frozen=True)
class Officer:
    """Whom a list may be narrowed to."""

    key: str
    name: str
    role: str


def is_under_way() -> Condition:
    """A case that somebody has to act on."""
    # Written into the statement: a partial index is only used where the database sees its condition.
    return one_of(Declaration.state, UNDER_WAY)


def under_way(session: AnySession, actor: Actor, left: Mapping[str, Condition]) -> list[UnderWay]:
    """Every case under way in the actor's scope, counted in one statement; `left` says what counts as how urgent."""
    urgency = case(*((condition, name) for name, condition in left.items()), else_=NO_CLOCK)
    inner = (
        rows_of(Declaration, actor)
        .where(is_under_way())
        .with_only_columns(
            Declaration.type_key, Declaration.region_code, Declaration.state, urgency.label("urgency")
        )
        .subquery()
    )
    columns = (inner.c.type_key, inner.c.region_code, inner.c.state, inner.c.urgency)
    rows = session.execute(select(*columns, func.count()).group_by(*columns))
    return [UnderWay(*row) for row in rows]


@dataclass(frozen=True)
class ChangesAtDesk:
    """So many changes of enterprises lie with the city of this region or, endorsed by it, with the province."""

    state: str
    region_code: str
    overdue: bool
    number: int


def changes_at_desks(session: AnySession, actor: Actor, day: date) -> list[ChangesAtDesk]:
    """Every 企业信息变更 in the actor's scope that an authority has in hand, counted in one statement."""
    late = case((EnterpriseChange.due_on < day, 1), else_=0)
    inner = (
        rows_of(EnterpriseChange, actor)
        .where(EnterpriseChange.state.in_((State.SUBMITTED, State.ENDORSED)))
        .with_only_columns(EnterpriseChange.state, EnterpriseChange.region_code, late.label("late"))
        .subquery()
    )
    columns = (inner.c.state, inner.c.region_code, inner.c.late)
    rows = session.execute(select(*columns, func.count()).group_by(*columns))
    return [ChangesAtDesk(state, region, bool(late), number) for state, region, late, number in rows]


def officers(session: AnySession, actor: Actor) -> list[Officer]:
    """The officers of both authorities; for a municipality only its own and those of the province."""
    query = (
        select(Account.id, Account.display_name, RoleRow.name)
        .join(Account.roles)
        .where(RoleRow.name.in_((Role.MUNICIPAL.value, Role.PROVINCIAL.value)))
        .order_by(Account.display_name, Account.id)
    )
    if not actor.has(Role.PROVINCIAL):
        query = query.where(
            or_(RoleRow.name == Role.PROVINCIAL.value, Account.region_code == actor.region_code)
        )
    return [Officer(str(row[0]), row[1], row[2]) for row in session.execute(query)]


def claimed_by(account_id: int) -> Condition:
    """Cases that this officer has open."""
    return exists().where(Claim.declaration_id == Declaration.id, Claim.account_id == account_id, live(now()))


def handled_by(account_id: int, role: str, since: datetime) -> Condition:
    """Cases that this officer has taken a step on since then."""
    return exists().where(
        Decision.declaration_id == Declaration.id,
        Decision.actor_id == account_id,
        Decision.role == role,
        Decision.at >= since,
    )


def _on_a_case_of(actor: Actor, key: InstrumentedAttribute[int], *more: Condition) -> Condition:
    """Asked of one case after another by its key; of a join SQLite begins with every case of the authority."""
    return exists().where(Declaration.id == key, visible_to(Declaration, actor), *more)


def loads(session: AnySession, actor: Actor, role: Role, since: datetime) -> list[Load]:
    """Each officer of the actor's own authority, those with the most in hand first."""
    claimed = (
        select(Claim.account_id, func.count().label("number"))
        .where(_on_a_case_of(actor, Claim.declaration_id, live(now())))
        .group_by(Claim.account_id)
        .subquery()
    )
    handled = (
        select(Decision.actor_id, func.count(func.distinct(Decision.declaration_id)).label("number"))
        .where(
            _on_a_case_of(actor, Decision.declaration_id), Decision.role == role.value, Decision.at >= since
        )
        .group_by(Decision.actor_id)
        .subquery()
    )
    own = Account.roles.any(RoleRow.name == role.value)
    city = Account.region_code == actor.region_code if role is Role.MUNICIPAL else None
    # Of colleagues nothing is read but their names: the accounts themselves are the administrator's business.
    query = (
        select(
            Account.id,
            Account.display_name,
            func.coalesce(claimed.c.number, 0).label("claimed"),
            func.coalesce(handled.c.number, 0).label("handled"),
        )
        .outerjoin(claimed, claimed.c.account_id == Account.id)
        .outerjoin(handled, handled.c.actor_id == Account.id)
        .where(own, or_(Account.active, claimed.c.number > 0, handled.c.number > 0))
        .order_by(func.coalesce(claimed.c.number, 0).desc(), Account.display_name)
    )
    rows = session.execute(query if city is None else query.where(city))
    return [Load(*row) for row in rows]
