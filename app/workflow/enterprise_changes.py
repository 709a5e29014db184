"""企业信息变更 as it moves: its table of legal moves, and the one function that takes a step."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.extensions.clock import now
from app.models import EnterpriseChange, EnterpriseChangeStep, State
from app.models.policy import Policy
from app.security.access.audit import record
from app.security.access.roles import Actor, Role
from app.workflow import states
from app.workflow.calendar import Exceptions, add_working_days
from app.workflow.moves import Move, Mover, Stamp, Told, flow, move
from app.workflow.numbering import declaration_numbers

CODE = "32"
"""企业信息变更 among the kinds of declarations, as the 申报编号 writes it (notes: 4.2)."""


def _told(kind: str) -> tuple[tuple[Told, str], ...]:
    return ((Told.INITIATOR, f"enterprise_change_{kind}"),)


FLOW = flow(
    "enterprise_change",
    move(
        "submit", State.DRAFT, State.RETURNED, to=State.SUBMITTED, by=Mover.INITIATOR,
        stamps=Stamp.SUBMITTED, checked=True, label=_l("Submit"), done=_l("submitted"),
    ),
    move(
        "withdraw", State.SUBMITTED, State.RETURNED, to=State.DRAFT, by=Mover.INITIATOR,
        label=_l("Withdraw"), done=_l("withdrawn"),
    ),
    move(
        "lapse", State.DRAFT, State.RETURNED, to=State.LAPSED, by=Role.SYSTEM, tells=_told("lapsed"),
        label=_l("Lapse"), done=_l("lapsed"),
    ),
    move(
        "return", State.SUBMITTED, to=State.RETURNED, by=Role.MUNICIPAL, reason=True,
        tells=_told("returned"), label=_l("Return for correction"), done=_l("returned"),
        clause="行政许可法 第三十二条",
    ),
    move(
        "endorse", State.SUBMITTED, to=State.ENDORSED, by=Role.MUNICIPAL, checked=True,
        tells=_told("endorsed"), label=_l("Endorse"), done=_l("endorsed"),
        clause="行政许可法 第四十三条",
    ),
    move(
        "return_to_applicant", State.ENDORSED, to=State.RETURNED, by=Role.PROVINCIAL, reason=True,
        tells=_told("returned"), label=_l("Return for correction"), done=_l("returned"),
    ),
    move(
        "approve", State.ENDORSED, to=State.COMPLETED, by=Role.PROVINCIAL, checked=True, effect=True,
        stamps=Stamp.DECIDED, tells=_told("approved"), label=_l("Approve"), done=_l("approved"),
        clause="建筑业企业资质管理规定 第十九条",
    ),
    move(
        "refuse", State.ENDORSED, to=State.REFUSED, by=Role.PROVINCIAL, reason=True,
        stamps=Stamp.DECIDED, tells=_told("refused"), label=_l("Refuse"), done=_l("refused"),
        clause="行政许可法 第三十八条",
    ),
)  # fmt: skip
"""There is no state between submission and opinion: no term of law runs, and no notice of acceptance is handed out.

How long each authority takes is a promise of service, and a policy value: while a change is open, it holds up every
other filing of the enterprise.
"""


_REVIEWED = frozenset({State.SUBMITTED, State.ENDORSED})

LABELS: Mapping[str, Any] = {state.value: states.LABELS[state] for state in State if state in FLOW.states} | {
    State.REFUSED.value: _l("Change refused")
}
"""The states in words: those of a declaration, but what is refused here is no registration."""


@dataclass(frozen=True)
class Step:
    """One step that is about to be written: which, by whom, with which words, on which day."""

    move: Move
    actor: Actor
    words: str
    day: date
    due_on: date | None = None
    """The last day on which whoever has it then should act."""


def due_after(policy: Policy, holidays: Exceptions, taken: Move, day: date) -> date | None:
    """Until when the authority to which a step brings the change should answer; None when it lies with none."""
    days = policy.number("enterprise_change_days")
    return add_working_days(day, days, holidays) if taken.to in _REVIEWED else None


def legal_moves(row: EnterpriseChange, actor: Actor) -> list[Move]:
    """The moves that this actor may ask for now: the buttons of the screen, asked for again by `legal`."""
    return [one for one in FLOW.from_state(row.state) if _may(one, row, actor)]


def legal(action: str, row: EnterpriseChange, actor: Actor) -> Move | None:
    """The move, or None when it does not begin where the change stands; 404 for one that is not the actor's."""
    found = FLOW.find(action)
    if found is None or not _may(found, row, actor):
        raise NotFound
    return found if row.state in found.sources else None


def _may(one: Move, row: EnterpriseChange, actor: Actor) -> bool:
    if isinstance(one.by, Role):
        # The city to which the enterprise has moved reads the change that brought it, and reviewed nothing.
        of_city = one.by is not Role.MUNICIPAL or row.region_code == actor.region_code
        return actor.has(one.by) and of_city
    return actor.has(Role.ENTERPRISE) and row.enterprise_id == actor.enterprise_id


def write(session: Session, row: EnterpriseChange, step: Step) -> None:
    """Everything that the step itself leaves: state, stamps, course and audit; the caller commits.

    A number is taken last, since its counter stays locked until then.
    """
    taken = step.move
    session.add(
        EnterpriseChangeStep(
            change_id=row.id,
            action=taken.action,
            from_state=row.state,
            to_state=taken.to,
            actor_id=step.actor.account_id,
            actor_name=step.actor.name,
            role=step.actor.role,
            opinion=step.words.strip() or None,
        )
    )
    record(session, step.actor, f"enterprise_change.{taken.action}", "enterprise_change", row.id)
    row.state = taken.to
    row.changed_at = now()
    row.due_on = step.due_on
    if taken.stamps is Stamp.DECIDED:
        row.decided_by_id, row.decided_on = step.actor.account_id, step.day
    if taken.stamps is Stamp.SUBMITTED:
        row.submitted_at = now()
        with session.no_autoflush:
            row.number = row.number or declaration_numbers(session, CODE, step.day, 1)[0]
    session.flush()
