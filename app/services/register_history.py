"""The history of a registration: what each change of the register changed, read from what it left behind."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.models import Registration, RegistrationEvent, RegistrationStatus
from app.security.access.roles import Actor
from app.security.access.scope import rows_of

Content = Mapping[str, Any]

PLAIN = ("enterprise_name", "name", "id_number", "seal_check_code")
"""What an event holds as one value each, in the order in which it is told."""
STATUS, SPECIALTY, REGION = "status", "specialty", "region_code"


@dataclass(frozen=True)
class Change:
    """One thing that an event changed. `before` is None for what had no value, `after` for what has none any more.

    Of a specialty, `subject` is its code and the values are its last days; of the status, `subject` is the reason.
    """

    field: str
    after: str | None
    before: str | None = None
    subject: str = ""
    begins_on: str = ""


@dataclass(frozen=True)
class RegisterChange:
    """One 变动 of the history, the declaration that it rests on, and all that it changed."""

    at: datetime
    action: str
    declaration_id: int | None
    what: Sequence[Change]


def history(session: Session, registration: Registration, actor: Actor) -> list[RegisterChange]:
    """The history from its beginning; nothing of a registration that is out of the actor's scope."""
    rows = session.scalars(
        rows_of(RegistrationEvent, actor)
        .where(RegistrationEvent.registration_id == registration.id)
        .order_by(RegistrationEvent.id)
    )
    return told(rows)


def told(rows: Iterable[RegistrationEvent]) -> list[RegisterChange]:
    """What each of these events changed; the first one is read as if there had been nothing before it."""
    found: list[RegisterChange] = []
    before: Content = {}
    for row in rows:
        after: Content = json.loads(row.content)
        what = list(changes(before, after))
        found.append(RegisterChange(row.at, row.action, row.declaration_id, what))
        before = after
    return found


def changes(before: Content, after: Content) -> Iterator[Change]:
    """What stands in `after` and not in `before`; an empty `before` is a registration that did not exist."""
    yield from _status(before, after)
    held = {one[0]: one for one in before.get("specialties", ())}
    left = {one[0]: one for one in after.get("specialties", ())}
    for code, (_code, begins_on, ends_on) in left.items():
        earlier = held.get(code)
        if earlier is None or earlier[1:] != [begins_on, ends_on]:
            yield Change(SPECIALTY, ends_on, earlier[2] if earlier else None, code, begins_on)
    for code, (_code, begins_on, ends_on) in held.items():
        if code not in left:
            yield Change(SPECIALTY, None, ends_on, code, begins_on)
    if after.get(REGION) != before.get(REGION, after.get(REGION)):
        # What was written down before the city was kept says nothing of it.
        yield Change(REGION, after[REGION], before[REGION])
    for name in PLAIN:
        said, said_before = after.get(name), before.get(name)
        if said != said_before and said not in (None, ""):
            yield Change(name, str(said), None if said_before in (None, "") else str(said_before))


def _status(before: Content, after: Content) -> Iterator[Change]:
    status = after.get("status")
    if status == before.get("status"):
        return
    if status == RegistrationStatus.CANCELLED:
        yield Change(STATUS, after.get("cancelled_on"), subject=after.get("cancelled_reason") or "")
    elif before:
        yield Change(STATUS, None, before.get("cancelled_on"))
