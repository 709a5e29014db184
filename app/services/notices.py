"""Notices: sending what no step sends by itself, once each, and keeping what was read."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.extensions.clock import now
from app.models import Declaration, Notice, Registration
from app.security.access.roles import Actor
from app.security.access.scope import rows_of, visible_to

_AT_ONCE = 500


@dataclass(frozen=True)
class Message:
    """A notice to one enterprise or one person. With a key it is sent once, however often it is asked for."""

    kind: str
    enterprise_id: int | None = None
    person_id: int | None = None
    declaration_id: int | None = None
    registration_id: int | None = None
    consultation_id: int | None = None
    enterprise_change_id: int | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """Nothing of it is a datum of a person: names are read beside the notice, by whoever may see them."""
    key: str | None = None

    def as_row(self) -> dict[str, Any]:
        return {**vars(self), "parameters": json.dumps(self.parameters, ensure_ascii=False), "at": now()}


def send(session: Session, messages: Iterable[Message]) -> int:
    """Write those that were not sent before and say how many they were; the caller commits."""
    wanted = list(messages)
    known: set[str] = set()
    keys = [one.key for one in wanted if one.key]
    for start in range(0, len(keys), _AT_ONCE):
        found = session.scalars(select(Notice.key).where(Notice.key.in_(keys[start : start + _AT_ONCE])))
        known.update(key for key in found if key)
    fresh = [one.as_row() for one in wanted if one.key is None or one.key not in known]
    if fresh:
        session.execute(insert(Notice).execution_options(render_nulls=True), fresh)
    return len(fresh)


def to_both(
    registration: Registration, kind: str, key: str | None = None, **parameters: Any
) -> list[Message]:
    """The same to the employer, where the platform knows it, and to the person of a registration."""
    readers = [("p", {"person_id": registration.person_id})]
    if registration.enterprise_id is not None:
        readers.insert(0, ("e", {"enterprise_id": registration.enterprise_id}))
    return [
        Message(
            kind,
            registration_id=registration.id,
            parameters=parameters,
            key=f"{key}:{letter}" if key else None,
            **reader,
        )
        for letter, reader in readers
    ]


def newest(session: Session, actor: Actor, count: int) -> Sequence[Notice]:
    """The last that this actor was told: what is unread first."""
    found: Sequence[Notice] = session.scalars(
        rows_of(Notice, actor).order_by(Notice.unread.desc(), Notice.id.desc()).limit(count)
    ).all()
    return found


def named(session: Session, actor: Actor, keys: Iterable[int]) -> Mapping[int, Any]:
    """Whom these notices are about, as far as the actor may see the case or the registration now: one statement."""
    rows = session.execute(
        select(
            Notice.id,
            Declaration.id.label("declaration_id"),
            Declaration.name.label("declared"),
            Declaration.type_key,
            Registration.id.label("registration_id"),
            Registration.name.label("registered"),
        )
        .outerjoin(Declaration, (Declaration.id == Notice.declaration_id) & visible_to(Declaration, actor))
        .outerjoin(
            Registration, (Registration.id == Notice.registration_id) & visible_to(Registration, actor)
        )
        .where(Notice.id.in_(list(keys)), visible_to(Notice, actor))
    )
    return {row.id: row for row in rows}


def mark_read(session: Session, actor: Actor, keys: Iterable[int] | None = None) -> int:
    """These, or with None all of the actor's, are read; how many were unread. The caller commits."""
    wanted = update(Notice).where(visible_to(Notice, actor), Notice.unread)
    if keys is not None:
        wanted = wanted.where(Notice.id.in_(list(keys)))
    done: Any = session.execute(
        wanted.values(unread=False, read_at=now()).execution_options(synchronize_session=False)
    )
    return int(done.rowcount)
