"""Guards: what a move asks beyond state and person, such as the second person and the end of the publicity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.extensions.clock import local
from app.models import Attachment, Decision, Declaration, Party, Publicity, State
from app.security.access.roles import Actor, Role
from app.workflow import deadlines
from app.workflow.call import Call, Opinion
from app.workflow.moves import Batch, Clock, Ground, Move, Mover, Stamp
from app.workflow.objections import objected

GIVEN_BACK = ("disagree", "go_unanswered")
"""The steps with which a case comes back from the other party."""


@dataclass(frozen=True)
class Publicised:
    """What is known of the publicity of some declarations: their lists, and which of them somebody objects to."""

    lists: Mapping[int, Publicity] = field(default_factory=dict)
    objected: frozenset[int] = frozenset()


def publicised(session: Session, rows: Sequence[Declaration]) -> Publicised:
    """Read for all rows at once; nothing is read where none is in publicity."""
    shown = [row for row in rows if row.state == State.PUBLICISED]
    if not shown:
        return Publicised()
    lists = session.scalars(select(Publicity).where(Publicity.id.in_({row.publicity_id for row in shown})))
    return Publicised({one.id: one for one in lists}, objected(session, [row.id for row in shown]))


def unproved(session: Session, moves: Mapping[int, Move]) -> frozenset[int]:
    """The declarations, by their ids, whose step needs a paper that does not lie with them."""
    wanted = {key: move.evidence for key, move in moves.items() if move.evidence}
    if not wanted:
        return frozenset()
    held = session.execute(
        select(Attachment.declaration_id, Attachment.kind).where(Attachment.declaration_id.in_(wanted))
    )
    proved = {key for key, kind in held if kind == wanted.get(key or 0)}
    return frozenset(wanted.keys() - proved)


def standing_since(session: Session, moves: Mapping[int, Move]) -> Mapping[int, date]:
    """Of the declarations whose step has to wait: the day on which the other party gave each of them back.

    None for one that came into its state otherwise, such as one that the province returned for correction.
    """
    waiting = [key for key, move in moves.items() if move.waits]
    if not waiting:
        return {}
    last = (
        select(func.max(Decision.id))
        .where(Decision.declaration_id.in_(waiting), Decision.from_state != Decision.to_state)
        .group_by(Decision.declaration_id)
    )
    found = session.execute(
        select(Decision.declaration_id, Decision.at).where(
            Decision.id.in_(last), Decision.action.in_(GIVEN_BACK)
        )
    )
    return {key: local(at).date() for key, at in found}


def prolonged(session: Session, moves: Mapping[int, Move]) -> frozenset[int]:
    """The declarations whose step would extend a term that was extended already: each organ has one extension.

    The course says it, from the last submission of a draft on: what was withdrawn and filed anew is another case.
    """
    wanted = {key: move.action for key, move in moves.items() if move.clock is Clock.EXTENDED}
    if not wanted:
        return frozenset()
    filed = (
        select(Decision.declaration_id.label("key"), func.max(Decision.id).label("last"))
        .where(Decision.declaration_id.in_(wanted), Decision.from_state == State.DRAFT)
        .group_by(Decision.declaration_id)
        .subquery()
    )
    since = session.execute(
        select(Decision.declaration_id, Decision.action).join(
            filed, (filed.c.key == Decision.declaration_id) & (Decision.id > filed.c.last)
        )
    )
    return frozenset(key for key, action in since if action == wanted[key])


def too_early(call: Call, move: Move, since: date | None) -> Any:
    """The sentence that says from when on the step may be taken; None when it may be taken already."""
    if not move.waits:
        return None
    if since is None:
        return _l("It did not come back from the other party: there is no dispute to end.")
    first = deadlines.open_from(call.policy, call.holidays, move.waits, since)
    if call.day >= first:
        return None
    return _l(
        "Whoever began it may go on with it until then: it can be ended from %(date)s on.",
        date=first.isoformat(),
    )


def may_move(move: Move, row: Declaration, actor: Actor) -> bool:
    """Whether this actor is the one whose move it is. The initiator is stored, and never the counterparty."""
    if move.by is Mover.INITIATOR:
        return is_party(row, row.initiator, actor)
    if isinstance(move.by, Role):
        return actor.has(move.by)
    if move.by is Mover.HELD_UP:
        others = {one for one in (row.counterparty, Party.PERSON) if one is not None and one != row.initiator}
        return any(is_party(row, one, actor) for one in others)
    return row.counterparty is not None and is_party(row, row.counterparty, actor)


def is_party(row: Declaration, party: str, actor: Actor) -> bool:
    if party == Party.PERSON:
        return actor.has(Role.INDIVIDUAL) and actor.person_id == row.person_id
    side = row.enterprise_id if party == Party.ENTERPRISE else row.former_enterprise_id
    return actor.has(Role.ENTERPRISE) and side is not None and actor.enterprise_id == side


def wanting(move: Move, opinion: Opinion) -> Any:
    """The sentence that says what the mover still has to say; None when nothing is missing."""
    if move.opinion and opinion.positive is None:
        return _l("Say whether your opinion is positive or negative.")
    if move.ground is Ground.ASKED and not opinion.ground:
        return _l("Choose the ground on which it is refused.")
    if (move.reason or negative(move, opinion)) and not opinion.given:
        return _l("Give the reason.")
    return None


def negative(move: Move, opinion: Opinion) -> bool:
    """Whether the mover speaks against the declaration: then no rule stops the step."""
    return move.opinion and opinion.positive is False


def hindrance(call: Call, move: Move, row: Declaration, known: Publicised) -> Any:
    """The sentence that says why this move has to wait or needs somebody else; None when nothing hinders it."""
    if (
        move.stamps is Stamp.DECIDED
        and not call.policy.holds("same_day_decision")
        and _submitted_on(row) == call.day
    ):
        return _l("A declaration is not decided on the day of its submission.")
    if (
        move.batch is Batch.ANNOUNCEMENT
        and call.policy.holds("two_person_rule")
        and call.actor.account_id == row.decided_by_id
    ):
        return _l("You approved it yourself: another officer has to announce it.")
    if move.upholds:
        return None if row.id in known.objected else _l("There is no open objection to this declaration.")
    return _in_publicity(call, move, row, known) if row.state == State.PUBLICISED else None


def _in_publicity(call: Call, move: Move, row: Declaration, known: Publicised) -> Any:
    """Nothing is announced before the period is over, and nothing is decided over an objection that is open."""
    publicity = known.lists[row.publicity_id or 0]
    if move.batch is Batch.ANNOUNCEMENT and not publicity.is_over(call.day):
        return _l("The publicity period runs until %(date)s.", date=publicity.closes_on.isoformat())
    return _l("An objection is still open.") if row.id in known.objected else None


def _submitted_on(row: Declaration) -> date | None:
    return local(row.submitted_at).date() if row.submitted_at else None
