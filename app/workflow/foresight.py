"""Foresight: what a step would come to for each of many rows, asked as `perform` asks it, with nothing written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.models import Declaration
from app.security.access.roles import Actor
from app.workflow import checks
from app.workflow.call import Call, Opinion, call_today
from app.workflow.guards import may_move
from app.workflow.types import registry
from app.workflow.verdicts import Cause, Verdict, judge, reading

_AT_ONCE = 500
_SAID = Opinion("—", positive=True, ground="—")
"""As if everything was said that the step asks for: what is still to be typed stops no row."""


@dataclass(frozen=True)
class Foreseen:
    """One row as it stands now: without a cause the step can be taken."""

    id: int
    version: int
    changed: bool = False
    """It is not the version that was seen, and yet the step could be taken with it as it is now."""
    cause: Cause | None = None
    reason: str = ""
    findings: Sequence[str] = ()
    rules: Sequence[str] = ()
    """The names of the rules that stop it."""
    comparison: str = ""
    """What other registers say of it, at worst; empty: there is nothing to compare."""


def foresee(
    session: Session, action: str, versions: Mapping[int, int | None], actor: Actor
) -> list[Foreseen]:
    """Every row of these ids in their order; `versions` are the ones that were seen (None: whatever it is now).

    A row out of the actor's scope is `NotFound` for all. Nothing is locked: `perform` asks everything again.
    """
    call = call_today(session, action, actor, _SAID)
    keys, found = sorted(versions), []
    for start in range(0, len(keys), _AT_ONCE):
        part = keys[start : start + _AT_ONCE]
        rows = session.scalars(reading(action, actor, part)).all()
        if len(rows) != len(part):
            raise NotFound
        found += _part(call, rows, versions)
    return found


def _part(call: Call, rows: Sequence[Declaration], versions: Mapping[int, int | None]) -> list[Foreseen]:
    knowing = [row for row in rows if _knows(row, call)]
    verdicts = {one.row.id: one for one in judge(call, knowing, dict.fromkeys(versions))}
    return [
        _foreseen(verdicts[row.id], versions[row.id]) if row.id in verdicts else _without_step(row)
        for row in rows
    ]


def _knows(row: Declaration, call: Call) -> bool:
    move = registry[row.type_key].flow.find(call.action)
    return move is not None and may_move(move, row, call.actor)


def _without_step(row: Declaration) -> Foreseen:
    reason = _l("This kind of declaration knows no such step.")
    return Foreseen(row.id, row.version, cause=Cause.MOVED, reason=str(reason))


def _foreseen(verdict: Verdict, seen: int | None) -> Foreseen:
    row = verdict.row
    found = Foreseen(row.id, row.version, comparison=row.comparison or "")
    if verdict.cause is None:
        return replace(found, changed=seen is not None and seen != row.version)
    stopping = checks.errors(verdict.findings)
    labels = {check.rule: str(check.label) for check in verdict.kind.checks}
    return replace(
        found,
        cause=verdict.cause,
        reason=str(verdict.reason),
        findings=[str(one.message) for one in stopping],
        rules=list(dict.fromkeys(labels[one.rule] for one in stopping)),
    )
