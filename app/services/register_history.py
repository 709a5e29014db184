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

PLAIN = (
    "enterprise_name", "employed_since", "name", "gender", "birth_date", "id_number", "registered_on", "paper_number",
    "seal_check_code",
)  # fmt: skip
"""What an event holds as one value each, in the order in which it is told."""
STATUS, SPECIALTY, REGION = "status", "specialty", "region_code"


@dataclass(frozen=True)
class Change:
    """One thing that an event changed. `before` is None for what had no value, `after` for what has none any more.

    Of a specialty, `subject` is its code and the values are its last days. Of the status, `after` is the day on which
    the registration ended, `subject` is the reason, and `status` is how it ended.
    """

    field: str
    after: str | None
    before: str | None = None
    subject: str = ""
    begins_on: str = ""
    status: str = ""
    on: str = ""
    """When a specialty went that came in as history, where it went before the registration."""


@dataclass(frozen=True)
class RegisterChange:
    """One 变动 of the history, the declaration or the act that it rests on, and all that it changed."""

    at: datetime
    action: str
    declaration_id: int | None
    what: Sequence[Change]
    act_id: int | None = None
    document_number: str = ""
    """Under which number the authority has decided it, where nobody applied for it."""


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
        document = after.get("document_number") or ""
        found.append(RegisterChange(row.at, row.action, row.declaration_id, what, row.act_id, document))
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
    yield from _corrected(before, after)
    for name in (REGION, *PLAIN):
        said = after.get(name)
        if _silent(name, before, after) or said in (None, ""):
            continue
        earlier = before.get(name)
        if said != earlier:
            yield Change(name, str(said), None if earlier in (None, "") else str(earlier))


def _silent(name: str, before: Content, after: Content) -> bool:
    """Whether nothing can be said of it: an event from before it was kept, or the city at the very beginning."""
    return name not in after or (name not in before and (bool(before) or name == REGION))


def _corrected(before: Content, after: Content) -> Iterator[Change]:
    """Terms that were over already and were put right afterwards; and of what came in as ended, every term."""
    over = {one[0]: one for one in before.get("removed", ())}
    for key, code, begins_on, ends_on, removed_on in after.get("removed", ()):
        if not before:
            yield Change(SPECIALTY, ends_on, None, code, begins_on)
            if removed_on != after.get("cancelled_on"):
                yield Change(SPECIALTY, ends_on, None, code, begins_on, on=removed_on)
        elif key in over and removed_on < begins_on <= over[key][4]:
            yield Change(SPECIALTY, None, ends_on, code, begins_on)
        elif key in over and over[key][2:4] != [begins_on, ends_on]:
            yield Change(SPECIALTY, ends_on, over[key][3], code, begins_on)


def _status(before: Content, after: Content) -> Iterator[Change]:
    status = after.get(STATUS)
    if status == before.get(STATUS):
        return
    if status != RegistrationStatus.VALID:
        ground = after.get("cancelled_reason") or ""
        yield Change(STATUS, after.get("cancelled_on"), subject=ground, status=str(status))
    elif before:
        yield Change(STATUS, None, before.get("cancelled_on"))
