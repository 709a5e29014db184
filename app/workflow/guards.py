"""Guards: what a move asks beyond state and person, such as the second person and the end of the publicity."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from app.extensions.clock import local
from app.models import Declaration, Party, Publicity, State
from app.security.access.roles import Actor, Role
from app.workflow.call import Call
from app.workflow.flows import Batch, Move, Mover
from app.workflow.objections import open_objections

_DECIDING = frozenset({"approve", "refuse"})


def may_move(move: Move, row: Declaration, actor: Actor) -> bool:
    """Whether this actor is the one whose move it is. The initiator is stored, and never the counterparty."""
    if move.by is Mover.INITIATOR:
        return is_party(row, row.initiator, actor)
    if isinstance(move.by, Role):
        return actor.has(move.by)
    return row.counterparty is not None and is_party(row, row.counterparty, actor)


def is_party(row: Declaration, party: str, actor: Actor) -> bool:
    if party == Party.PERSON:
        return actor.has(Role.INDIVIDUAL) and actor.person_id == row.person_id
    side = row.enterprise_id if party == Party.ENTERPRISE else row.former_enterprise_id
    return actor.has(Role.ENTERPRISE) and side is not None and actor.enterprise_id == side


def hindrance(call: Call, move: Move, row: Declaration) -> Any:
    """The sentence that says why this move has to wait or needs somebody else; None when nothing hinders it."""
    if move.action == "extend" and row.extended:
        return _l("The term has been extended once already.")
    if (
        move.action in _DECIDING
        and not call.policy.holds("same_day_decision")
        and _submitted_on(row) == call.day
    ):
        return _l("A declaration is not decided on the day of its submission.")
    if move.batch is Batch.ANNOUNCEMENT:
        return _announcement_hindrance(call, row)
    if move.upholds and not open_objections(call.session, row.id):
        return _l("There is no open objection to this declaration.")
    return None


def _announcement_hindrance(call: Call, row: Declaration) -> Any:
    if call.policy.holds("two_person_rule") and call.actor.account_id == row.decided_by_id:
        return _l("You approved it yourself: another officer has to announce it.")
    if row.state != State.PUBLICISED:
        return None
    publicity = call.session.get_one(Publicity, row.publicity_id)
    if not publicity.is_over(call.day):
        return _l("The publicity period runs until %(date)s.", date=publicity.closes_on.isoformat())
    if open_objections(call.session, row.id):
        return _l("An objection is still open.")
    return None


def _submitted_on(row: Declaration) -> date | None:
    return local(row.submitted_at).date() if row.submitted_at else None
