"""The first answer that an idempotency key got: kept in the commit of the act, given again to a repetition."""

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.models import PerformedCall
from app.security.access.roles import Actor


def claim(session: Session, key: str, actor: Actor) -> str | None:
    """Take the key for this act, waiting for another that holds it; the earlier answer when there is one.

    An empty key claims nothing. A key that somebody else used is no key of this actor: `NotFound`.
    """
    if not key:
        return None
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    mine = session.execute(
        insert(PerformedCall)
        .values(key=key, actor_id=actor.account_id, answer="")
        .on_conflict_do_nothing()
        .returning(PerformedCall.key)
    ).scalar()
    if mine is not None:
        return None
    earlier = session.scalar(select(PerformedCall).where(PerformedCall.key == key))
    if earlier is None or earlier.actor_id != actor.account_id:
        raise NotFound
    return str(earlier.answer)


def given(session: Session, key: str, actor: Actor) -> str | None:
    """The answer that this actor's key got before, without taking the key."""
    found = select(PerformedCall.answer).where(
        PerformedCall.key == key, PerformedCall.actor_id == actor.account_id
    )
    return session.scalar(found)


def remember(session: Session, key: str, answer: str) -> None:
    """Keep the answer with the claimed key; the caller commits."""
    if key:
        session.execute(update(PerformedCall).where(PerformedCall.key == key).values(answer=answer))
