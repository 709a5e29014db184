"""Enterprise changes: begun by the enterprise, asked of the rules, and moved by whoever's step it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, exists, func, or_, select, union
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.extensions.clock import local, today
from app.extensions.database import begin_writing
from app.extensions.refused import Refused
from app.models import (
    UNDER_WAY,
    Attachment,
    Declaration,
    Enterprise,
    EnterpriseChange,
    Region,
    Registration,
    RegistrationEvent,
    RegistrationStatus,
    State,
)
from app.models.enterprise_change import CHANGED, HELD
from app.security.access.policies import policy_on
from app.security.access.roles import SYSTEM, Actor, Role
from app.security.access.scope import find, rows_of, visible_to
from app.services import changed_employers, filing, notices
from app.services.filing import CheckLine
from app.services.notices import Message
from app.workflow import answers, enterprise_changes as course
from app.workflow.calendar import exceptions
from app.workflow.call import Opinion
from app.workflow.checks import errors
from app.workflow.enterprise_change_rules import RULES, ChangeFacts
from app.workflow.guards import wanting
from app.workflow.moves import Move
from app.workflow.states import EDITABLE


def open_of(session: Session, enterprise_id: int) -> EnterpriseChange | None:
    """The change of this enterprise that is not at its end, a draft included."""
    found: EnterpriseChange | None = session.scalar(
        select(EnterpriseChange).where(
            EnterpriseChange.enterprise_id == enterprise_id,
            EnterpriseChange.state.in_((State.DRAFT, *HELD)),
        )
    )
    return found


def is_held(session: Session, enterprise_id: int) -> bool:
    """Whether a change was handed in and waits: what it is about is not changed elsewhere meanwhile."""
    held = exists().where(EnterpriseChange.enterprise_id == enterprise_id, EnterpriseChange.state.in_(HELD))
    return bool(session.scalar(select(held)))


def waits_for(actor: Actor) -> ColumnElement[bool]:
    """What lies on the desk of this authority: of its city what was handed in, of the province what was endorsed."""
    if actor.has(Role.PROVINCIAL):
        return EnterpriseChange.state == State.ENDORSED
    return (EnterpriseChange.state == State.SUBMITTED) & (EnterpriseChange.region_code == actor.region_code)


def fresh(session: Session, actor: Actor) -> EnterpriseChange:
    """A change in which nothing differs yet; nothing is stored."""
    enterprise = find(session, Enterprise, actor.enterprise_id, actor)
    filing.require_complete(session, enterprise)
    row = EnterpriseChange(enterprise_id=enterprise.id, created_by_id=actor.account_id, state=State.DRAFT)
    for name, column in CHANGED.items():
        setattr(row, f"new_{name}", getattr(enterprise, column))
    copy_present(enterprise, row)
    return row


def copy_present(enterprise: Enterprise, row: EnterpriseChange) -> None:
    """What the change says that it was before, and the city that reviews it: as the enterprise stands now."""
    for name, column in CHANGED.items():
        setattr(row, f"old_{name}", getattr(enterprise, column))
    row.region_code = enterprise.region_code


def complete(session: Session, row: EnterpriseChange) -> None:
    """What follows from what was typed: the city from the county, and what it was before from the enterprise."""
    enterprise = session.get_one(Enterprise, row.enterprise_id)
    copy_present(enterprise, row)
    county = session.get(Region, row.new_county_code) if row.new_county_code else None
    row.new_region_code = (county.parent_code if county else None) or enterprise.region_code


# ---------------------------------------------------------------------------------------------- open cases


@dataclass(frozen=True)
class OpenCase:
    """A case that holds up the change; without a key where it is none of the reader's."""

    id: int | None
    name: str
    id_number: str
    type_key: str
    state: str


def _open_cases(enterprise_id: int) -> ColumnElement[bool]:
    """The cases under way that name the enterprise, and every other case of whom it employs, a transfer away too."""
    # Two short searches in two indexes; one condition of both is read from end to end.
    key = select(Declaration.id).where(Declaration.state.in_(UNDER_WAY))
    employed = select(Registration.person_id).where(
        Registration.enterprise_id == enterprise_id, Registration.status == RegistrationStatus.VALID
    )
    return Declaration.id.in_(
        union(
            key.where(Declaration.enterprise_id == enterprise_id),
            key.where(Declaration.person_id.in_(employed)),
        )
    )


def open_cases(session: Session, actor: Actor, row: EnterpriseChange, most: int) -> list[OpenCase]:
    """The first of them, masked; which of them the actor may open is part of the same statement."""
    found = session.execute(
        select(
            Declaration.id, Declaration.name, Declaration.id_number_masked, Declaration.type_key,
            Declaration.state, visible_to(Declaration, actor).label("mine"),
        )
        .where(_open_cases(row.enterprise_id))
        .order_by(Declaration.id)
        .limit(most)
    )  # fmt: skip
    return [
        OpenCase(one.id if one.mine else None, one.name, one.id_number_masked or "", one.type_key, one.state)
        for one in found
    ]


# --------------------------------------------------------------------------------------------------- rules


def asked(session: Session, row: EnterpriseChange) -> list[CheckLine]:
    """Every rule with what it finds, about the change as it is stored."""
    day = today()
    facts: Any = _facts(session, row)
    policy = policy_on(session, day)
    return [CheckLine(rule, rule.findings(facts, policy)) for rule in RULES]


def _facts(session: Session, row: EnterpriseChange) -> ChangeFacts:
    enterprise = session.get_one(Enterprise, row.enterprise_id)
    columns = EnterpriseChange.__table__.columns
    required = [(one.name, one.info["label"]) for one in columns if one.info.get("required")]
    in_force = select(func.count()).where(
        Region.code.in_({row.new_region_code, row.new_county_code or row.new_region_code}),
        or_(Region.valid_to.is_(None), Region.valid_to >= today()),
    )
    wanted = len({row.new_region_code, row.new_county_code or row.new_region_code})
    taken = select(exists().where(Enterprise.uscc == row.new_uscc, Enterprise.id != row.enterprise_id))
    papers = session.execute(
        select(Attachment.kind, func.count())
        .where(Attachment.enterprise_change_id == row.id)
        .group_by(Attachment.kind)
    )
    counted = select(func.count()).select_from(Declaration).where(_open_cases(row.enterprise_id))
    return ChangeFacts(
        today=today(),
        values={one.name: getattr(row, one.name) for one in columns},
        present={f"new_{name}": getattr(enterprise, column) for name, column in CHANGED.items()},
        stored={f"new_{name}": getattr(row, f"old_{name}") for name in CHANGED},
        required=required,
        founded_on=enterprise.founded_on,
        code_taken=bool(session.scalar(taken)),
        region_in_force=session.scalar(in_force) == wanted,
        open_cases=session.scalar(counted) or 0,
        papers=dict(papers.all()),
    )


# --------------------------------------------------------------------------------------------------- steps


def take(
    session: Session, actor: Actor, action: str, key: object, version: int, *, words: str = "", once: str = ""
) -> EnterpriseChange | None:
    """Take one step on the change as it was seen; the caller commits. 404 outside the actor's scope.

    `once` is the idempotency key: the same key again changes nothing more and gives None.
    `Refused` says why it cannot be done now.
    """
    # First of all, since the step itself may have taken the change out of the actor's scope.
    earlier = answers.claim(session, once, actor)
    if earlier is not None:
        if earlier != _named(action, key):
            raise Refused(_l("Another step was taken from this page already. Please open the page again."))
        return None
    row: EnterpriseChange = find(session, EnterpriseChange, key, actor)
    session.refresh(row, with_for_update={"of": EnterpriseChange})
    move = course.legal(action, row, actor)
    if move is None:
        raise Refused(_l("It was moved meanwhile, or does not stand where this step begins."))
    if row.version != version:
        raise Refused(_l("It was changed after you opened it. Please read it again."))
    missing = wanting(move, Opinion(words))
    if missing is not None:
        raise Refused(missing)
    _write(session, actor, row, move, words)
    answers.remember(session, once, _named(action, row.id))
    return row


def _named(action: str, key: object) -> str:
    return f"{action}:{key}"


def was_taken(session: Session, actor: Actor, action: str, key: object, once: str) -> bool:
    """Whether this actor took this very step with this idempotency key before."""
    return answers.given(session, once, actor) == _named(action, key)


def _write(session: Session, actor: Actor, row: EnterpriseChange, move: Move, words: str) -> None:
    day = today()
    # Who submits a declaration of this enterprise at the same moment waits, or was there before (filing.submit).
    enterprise = session.get_one(
        Enterprise,
        row.enterprise_id,
        with_for_update={"of": Enterprise, "key_share": True},
        populate_existing=True,
    )
    if move.checked:
        found = errors([one for line in asked(session, row) for one in line.findings])
        if found:
            raise Refused(_l("It cannot be done yet:"), found)
    if move.effect:
        changed_employers.carry_out(session, actor, row, enterprise, day)
    due_on = course.due_after(policy_on(session, day), exceptions(session), move, day)
    course.write(session, row, course.Step(move, actor, words, day, due_on))
    _tell(session, row, move)


def lapse_untouched(session: Session, before: datetime) -> int:
    """Let every change lapse that its enterprise has in hand and has not touched since then; commits.

    It holds up the enterprise itself, and one that was returned every filing of it. How many they were.
    """
    untouched = EnterpriseChange.state.in_(sorted(EDITABLE)) & (EnterpriseChange.changed_at < before)
    versions = session.execute(
        select(EnterpriseChange.id, EnterpriseChange.version).where(untouched).order_by(EnterpriseChange.id)
    ).all()
    done = 0
    for key, version in versions:
        begin_writing(session)
        try:
            take(session, SYSTEM, "lapse", key, version)
        except (Refused, NotFound):
            session.rollback()  # somebody has just gone on with it, or deleted it
            continue
        session.commit()
        done += 1
    return done


def _tell(session: Session, row: EnterpriseChange, move: Move) -> None:
    submitted = local(row.submitted_at).date().isoformat() if row.submitted_at else ""
    told: Mapping[str, Any] = {"number": row.number or "", "date": submitted, "enterprise": row.new_name}
    notices.send(
        session,
        [
            Message(kind, enterprise_id=row.enterprise_id, enterprise_change_id=row.id, parameters=told)
            for _whom, kind in move.tells
        ],
    )


def following(row: EnterpriseChange, actor: Actor) -> Select[Any]:
    """Whom the change is about, in the actor's scope: who stands with the enterprise, or has followed it."""
    if row.state == State.COMPLETED:
        events = select(RegistrationEvent.registration_id).where(
            RegistrationEvent.enterprise_change_id == row.id
        )
        concerned: ColumnElement[bool] = Registration.id.in_(events)
    else:
        concerned = (Registration.enterprise_id == row.enterprise_id) & (
            Registration.status == RegistrationStatus.VALID
        )
    return rows_of(Registration, actor).where(concerned).order_by(Registration.id)


def constructors(
    session: Session, row: EnterpriseChange, actor: Actor, most: int
) -> tuple[int, Sequence[Registration]]:
    """How many they are, and the first of them."""
    query = following(row, actor)
    number = session.scalar(query.order_by(None).with_only_columns(func.count())) or 0
    return number, session.scalars(query.limit(most)).all()
