"""Statistics: how many declarations there are by one or two of their traits, each figure from one query."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, DateTime, Select, func, literal_column, select, type_coerce
from sqlalchemy.orm import Session, scoped_session

from app.models import Account, Declaration, DeclaredSpecialty
from app.security.access.roles import Actor
from app.security.access.scope import rows_of

AnySession = Session | scoped_session[Session]
Condition = ColumnElement[bool]

MOST_TRAITS = 2
"""A table has rows and columns; nobody reads a third direction."""


class Trait(StrEnum):
    """What declarations are counted by."""

    TYPE = "type"
    STATE = "state"
    REGION = "region"
    SPECIALTY = "specialty"
    MONTH = "month"
    KIND = "kind"
    ENDORSER = "endorser"
    DECIDER = "decider"


@dataclass(frozen=True)
class Count:
    """So many declarations have these traits; a key is None where the trait is not known yet."""

    keys: tuple[str | None, ...]
    number: int


_COLUMNS: Mapping[Trait, Any] = {
    Trait.TYPE: Declaration.type_key,
    Trait.STATE: Declaration.state,
    Trait.REGION: Declaration.region_code,
    Trait.SPECIALTY: DeclaredSpecialty.specialty,
    Trait.KIND: Declaration.registration_kind,
    Trait.ENDORSER: Declaration.endorsed_by_id,
    Trait.DECIDER: Declaration.decided_by_id,
}


def counted(
    session: AnySession, actor: Actor, traits: Sequence[Trait], conditions: Iterable[Condition] = ()
) -> list[Count]:
    """The declarations of the actor's scope that meet the conditions, by these traits; in no order.

    A declaration for several specialties counts once in each, so that their sum exceeds `total`.
    """
    if not 1 <= len(traits) <= MOST_TRAITS:
        raise ValueError("Declarations are counted by one trait or by two.")
    # Grouped outside of the subquery: PostgreSQL does not see that two parameters hold the same value.
    inner = _rows(session, actor, traits, conditions).subquery()
    columns = [inner.c[trait.value] for trait in traits]
    rows = session.execute(select(*columns, func.count()).group_by(*columns))
    return [Count(tuple(map(_key, row[:-1])), row[-1]) for row in rows]


def total(session: AnySession, actor: Actor, conditions: Iterable[Condition] = ()) -> int:
    """How many declarations of the actor's scope meet the conditions, each counted once."""
    query = rows_of(Declaration, actor).where(*conditions).with_only_columns(func.count())
    return session.scalar(query) or 0


def _key(value: Any) -> str | None:
    """A month of PostgreSQL is its first moment: writing it out a million times would take longest of all."""
    if value is None:
        return None
    return f"{value:%Y-%m}" if isinstance(value, datetime) else str(value)


def _rows(
    session: AnySession, actor: Actor, traits: Sequence[Trait], conditions: Iterable[Condition]
) -> Select[Any]:
    query = rows_of(Declaration, actor).where(*conditions)
    columns = [_column(session, trait).label(trait.value) for trait in traits]
    if Trait.SPECIALTY in traits:
        query = query.outerjoin(DeclaredSpecialty, DeclaredSpecialty.declaration_id == Declaration.id)
    return query.with_only_columns(*columns)


def _column(session: AnySession, trait: Trait) -> Any:
    return month_of(session, Declaration.submitted_at) if trait is Trait.MONTH else _COLUMNS[trait]


def month_of(session: AnySession, instant: Any) -> ColumnElement[Any]:
    """The month of the province's calendar, which has kept UTC+8 since 1991: as 2026-06, or as its first moment."""
    if session.get_bind().dialect.name == "postgresql":
        there = type_coerce(instant, DateTime) + literal_column("interval '8 hours'")
        return func.date_trunc("month", there)
    return func.strftime("%Y-%m", instant, "+8 hours")


def officer_names(session: AnySession, keys: Iterable[str | None]) -> dict[str, str]:
    """The names of officers whom rows of the reader name; of their accounts nothing else is read."""
    wanted = [int(key) for key in keys if key]
    if not wanted:
        return {}
    found = session.execute(select(Account.id, Account.display_name).where(Account.id.in_(wanted)))
    return {str(row.id): row.display_name for row in found}
