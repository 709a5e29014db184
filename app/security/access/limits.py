"""How often something may be tried: counters in the database, so that every process counts the same."""

import hashlib
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.extensions.clock import now
from app.models import AttemptCount

_ONE_LINE = 64
"""Bits of an IPv6 address that name a connection; whoever has one may choose the other 64 anew for every try."""


def network(address: str | None) -> str:
    """What counts as one address: an IPv4 address, or the /64 of an IPv6 address."""
    try:
        one = ip_address(address or "")
    except ValueError:
        return ""
    if isinstance(one, IPv6Address):
        mapped = one.ipv4_mapped
        return str(mapped) if mapped else str(ip_network((one, _ONE_LINE), strict=False))
    return str(one)


def attempts(session: Session, subject: str, within: timedelta) -> int:
    """How often `subject` was counted in the running windows that reach back over `within`."""
    since = now() - within
    found = session.scalar(
        select(func.coalesce(func.sum(AttemptCount.count), 0)).where(
            AttemptCount.subject == _name(subject), AttemptCount.window > since
        )
    )
    return int(found or 0)


def count_attempt(session: Session, subject: str, amount: int = 1) -> None:
    """Count one more try, or so much more, in this minute; it is committed with the caller's transaction."""
    window = now().replace(second=0, microsecond=0)
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    fresh = insert(AttemptCount).values(subject=_name(subject), window=window, count=amount)
    session.execute(
        fresh.on_conflict_do_update(
            index_elements=[AttemptCount.subject, AttemptCount.window],
            set_={"count": AttemptCount.count + amount},
        )
    )


def give_back(session: Session, subject: str) -> None:
    """Take back the try that was counted last: it turned out to be none."""
    windows = select(func.max(AttemptCount.window)).where(AttemptCount.subject == _name(subject))
    session.execute(
        update(AttemptCount)
        .where(
            AttemptCount.subject == _name(subject),
            AttemptCount.window == windows.scalar_subquery(),
            AttemptCount.count > 0,
        )
        .values(count=AttemptCount.count - 1)
    )


def forget_attempts(session: Session, subject: str) -> None:
    session.execute(delete(AttemptCount).where(AttemptCount.subject == _name(subject)))


def sweep(session: Session, before: datetime | None = None) -> None:
    """Drop the counters of yesterday and earlier."""
    limit = before or datetime.now(UTC) - timedelta(days=1)
    session.execute(delete(AttemptCount).where(AttemptCount.window < limit))


def _name(subject: str) -> str:
    # A subject may be an ID number that somebody typed: only its hash is stored.
    return hashlib.sha256(subject.encode()).hexdigest()
