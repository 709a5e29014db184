"""Ready sentences for reasons: those of the dictionaries, and those that the officer used last himself."""

from collections.abc import Mapping, Sequence
from typing import Any, overload

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Decision
from app.security.access.roles import Actor
from app.views.kit.words import Words, words

ACT, FIELD = "act_reason", "field_reason"
DICTIONARIES = (ACT, FIELD)
"""An entry's code is what the sentence is for and a number: `return.1`, `phone.2`, `attachment.1`."""

_ANY_FIELD, _ANY_ATTACHMENT, _ATTACHMENT = "any", "attachment", "attachment_"
_RECENT, _LOOKED_AT, _REACH = 3, 60, 50_000
"""Own sentences for each act; decisions of the officer, and of everybody, that are looked through for them."""


class ReadyFor(Sequence[str]):
    """The sentences for one act, read from the dictionary when a page shows them and not when the act is declared."""

    def __init__(self, action: str) -> None:
        self._action = action

    def _now(self) -> Sequence[str]:
        return for_acts(words()).get(self._action, ())

    def __len__(self) -> int:
        return len(self._now())

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...
    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        return self._now()[place]


def for_acts(known: Words) -> Mapping[str, list[str]]:
    """The sentences for each act."""
    return _grouped(known, ACT)


def for_fields(known: Words) -> Mapping[str, list[str]]:
    """The sentences for each field, and under `any` and `attachment` those for every field and every paper."""
    return _grouped(known, FIELD)


def _grouped(known: Words, dictionary: str) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code, label in known.choices(dictionary):
        found.setdefault(code.rpartition(".")[0] or code, []).append(label)
    return found


def for_field(ready: Mapping[str, Sequence[str]], name: str) -> list[str]:
    """What may be said at this field: its own sentences first, then those for all of its kind."""
    general = _ANY_ATTACHMENT if name.startswith(_ATTACHMENT) else _ANY_FIELD
    return [*ready.get(name, ()), *ready.get(general, ())]


def recent(session: Session, actor: Actor) -> Mapping[str, list[str]]:
    """What this officer wrote last, by act and without repetition."""
    newest = select(func.max(Decision.id)).scalar_subquery()
    rows: Any = session.execute(
        select(Decision.action, Decision.opinion)
        .where(
            Decision.actor_id == actor.account_id,
            Decision.opinion.is_not(None),
            # The table has no index by officer: an officer who is new here must not make it read to its beginning.
            Decision.id > newest - _REACH,
        )
        .order_by(Decision.id.desc())
        .limit(_LOOKED_AT)
    )
    found: dict[str, list[str]] = {}
    for action, text in rows:
        said = found.setdefault(action, [])
        if text not in said and len(said) < _RECENT:
            said.append(text)
    return found
