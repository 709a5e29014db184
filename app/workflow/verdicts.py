"""Verdicts: of each row of a call, whether the step may be taken, and if not, why; nothing is written here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload, undefer, with_polymorphic
from werkzeug.exceptions import NotFound

from app.models import Declaration
from app.security.access.roles import Actor
from app.security.access.scope import visible_to
from app.workflow import checks, facts, lock_rules
from app.workflow.call import Call
from app.workflow.checks import Finding
from app.workflow.guards import (
    hindrance,
    may_move,
    negative,
    prolonged,
    publicised,
    standing_since,
    too_early,
    unproved,
    wanting,
)
from app.workflow.moves import Move, Mover, Stamp
from app.workflow.states import LABELS
from app.workflow.types import DeclarationType, registry


class Cause(StrEnum):
    """Why a row is left as it is."""

    MOVED = "moved"
    CHANGED = "changed"
    HINDERED = "hindered"
    RULES = "rules"


@dataclass(frozen=True)
class Verdict:
    """What is said of one row; without a cause the step may be taken."""

    row: Declaration
    kind: DeclarationType
    move: Move
    findings: Sequence[Finding] = ()
    cause: Cause | None = None
    reason: Any = ""


def reading(action: str, actor: Actor, keys: Iterable[int]) -> Select[Any]:
    """The rows of these ids that exist for the actor, with all that the step asks of a row itself.

    The sealed fields are opened where they are kept or entered somewhere else, and stay shut for every other step.
    """
    whole = with_polymorphic(Declaration, [kind.model for kind in registry])
    moves = moves_called(action)
    opened = [undefer(whole.id_number_cipher), undefer(whole.mobile_cipher)]
    return (
        select(whole)
        .where(visible_to(Declaration, actor), Declaration.id.in_(list(keys)))
        .order_by(Declaration.id)
        .options(
            selectinload(whole.specialties),
            *(opened if any(move.effect or move.stamps is Stamp.SUBMITTED for move in moves) else ()),
        )
        .execution_options(populate_existing=True)
    )


def moves_called(action: str) -> list[Move]:
    """The moves of this name, in the flow of each type that has one."""
    return [move for kind in registry if (move := kind.flow.find(action)) is not None]


def judge(call: Call, rows: Sequence[Declaration], versions: Mapping[int, int | None]) -> list[Verdict]:
    """Ask everything that can be asked before anything is written, in a fixed number of statements.

    An action that the type of a row does not know, or that is not the actor's: `NotFound` for all.
    """
    moves = {row.id: _move_of(call, row) for row in rows}
    known, lacking = publicised(call.session, rows), unproved(call.session, moves)
    since, once = standing_since(call.session, moves), prolonged(call.session, moves)
    found: dict[int, Verdict] = {}
    for row in rows:
        move = moves[row.id]
        cause, reason = _stale(row, move, versions[row.id])
        if cause is None:
            hindered = wanting(move, call.opinion) or hindrance(call, move, row, known)
            hindered = hindered or too_early(call, move, since.get(row.id))
            if row.id in once:
                hindered = hindered or _l("The term has been extended once already.")
            if row.id in lacking:
                hindered = hindered or _l("Add the evidence to the attachments first.")
            cause, reason = (Cause.HINDERED, hindered) if hindered else (None, "")
        found[row.id] = Verdict(row, registry[row.type_key], move, (), cause, reason)
    asked = [
        one for one in found.values() if one.cause is None and (one.move.checked or one.move.held_by_locks)
    ]
    found |= {one.row.id: one for one in _checked(call, asked)}
    return list(found.values())


def _move_of(call: Call, row: Declaration) -> Move:
    move = registry[row.type_key].flow.find(call.action)
    if move is None or not may_move(move, row, call.actor):
        raise NotFound
    return move


def _stale(row: Declaration, move: Move, version: int | None) -> tuple[Cause | None, Any]:
    if row.state not in move.sources:
        return Cause.MOVED, _l(
            "It stands at “%(state)s”, where this step does not begin.", state=LABELS[row.state]
        )
    if version is not None and row.version != version:
        return Cause.CHANGED, _l("It was changed after you opened it. Please read it again.")
    return None, ""


def _checked(call: Call, asked: Sequence[Verdict]) -> Iterable[Verdict]:
    """The same verdicts after the rules of the types were asked, about all cases at once."""
    if not asked:
        return
    declared = facts.declared_of(call.session, [(one.kind, one.row) for one in asked])
    wanted = [(one.kind, what) for one, what in zip(asked, declared, strict=True)]
    cases = facts.gather_all(call.session, wanted, call.day)
    for one, case in zip(asked, cases, strict=True):
        asked_now = checks.asked_at(one.kind.checks, of_other_party=one.move.by is Mover.COUNTERPARTY)
        if not one.move.checked:
            asked_now = [check for check in asked_now if check in lock_rules.LOCKS]
        findings = checks.run(asked_now, case, call.policy)
        if checks.errors(findings) and not negative(one.move, call.opinion):
            reason = _l("It does not meet the rules.")
            yield Verdict(one.row, one.kind, one.move, findings, Cause.RULES, reason)
        else:
            yield Verdict(one.row, one.kind, one.move, findings)
