"""花名册: what can be filed today for the constructors of an enterprise, and drafts for many of them at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, not_
from sqlalchemy.orm import Session

from app.extensions.clock import today
from app.models import (
    Declaration,
    Enterprise,
    Person,
    RegisteredSpecialty,
    Registration,
    RegistrationKind,
    RegistrationStatus,
)
from app.models.policy import Policy
from app.security.access.policies import policy_on
from app.security.access.roles import Actor
from app.security.access.scope import find, rows_of
from app.services import filing, specialties
from app.workflow import facts, radar
from app.workflow.facts import Declared
from app.workflow.radar import Possibility, Stage, Window
from app.workflow.types import DeclarationType, registry


@dataclass(frozen=True)
class Reading:
    """What the radar shows of one registration."""

    windows: Sequence[Window]
    possibilities: Sequence[Possibility]

    @property
    def stage(self) -> Stage:
        return radar.pressing(self.windows)

    def of(self, kind: DeclarationType) -> Possibility | None:
        return next((one for one in self.possibilities if one.kind is kind), None)


@dataclass(frozen=True)
class Drafted:
    """What became of one registration: a draft, one that was there before, or the reasons against it."""

    registration: Registration
    declaration: Declaration | None = None
    known: bool = False
    reasons: Sequence[Any] = ()


def windows_of(row: Registration, policy: Policy, day: date) -> list[Window]:
    ends = {one.specialty: one.ends_on for one in row.specialties if one.removed_on is None}
    return radar.windows(row.kind, ends, policy, day)


def read(session: Session, rows: Sequence[Registration]) -> Mapping[int, Reading]:
    """The radar of these registrations, by their ids; everything is read for all of them at once."""
    day = today()
    policy = policy_on(session, day)
    kinds = list(registry)
    wanted = [(row, kind) for row in rows for kind in radar.about_a_registration(kinds, row.kind, policy)]
    cases = facts.gather_all(session, [(kind, _declared(row)) for row, kind in wanted], day)
    found: dict[int, list[Possibility]] = {row.id: [] for row in rows}
    for (row, kind), one in zip(wanted, cases, strict=True):
        found[row.id].append(radar.possibility(kind, one, policy))
    return {row.id: Reading(windows_of(row, policy, day), found[row.id]) for row in rows}


def _declared(row: Registration) -> Declared:
    return Declared(
        enterprise_id=row.enterprise_id or 0,
        person_id=row.person_id,
        values={"birth_date": row.birth_date, "gender": row.gender},
        registration_id=row.id,
    )


def at_stage(stage: Stage, policy: Policy, day: date) -> ColumnElement[bool]:
    """The registrations whose most pressing specialty is at this stage today: `radar.pressing` as a condition."""
    before = [one for one in Stage if list(Stage).index(one) < list(Stage).index(stage)]
    return and_(_has(stage, policy, day), *(not_(_has(one, policy, day)) for one in before))


def _has(stage: Stage, policy: Policy, day: date) -> ColumnElement[bool]:
    first, last = radar.ends_between(stage, policy, day)
    conditions: list[ColumnElement[bool]] = [RegisteredSpecialty.removed_on.is_(None)]
    if first is not None:
        conditions.append(RegisteredSpecialty.ends_on >= first)
    if last is not None:
        conditions.append(RegisteredSpecialty.ends_on <= last)
    some = Registration.specialties.any(and_(*conditions))
    if stage is Stage.EXPIRED:
        return some
    temporary = Registration.kind == RegistrationKind.TEMPORARY
    return and_(some, temporary if stage is Stage.ANY_TIME else not_(temporary))


def in_force(actor: Actor) -> Select[Any]:
    """The registrations of the actor's enterprise that were not cancelled."""
    return rows_of(Registration, actor).where(Registration.status == RegistrationStatus.VALID)


def numbers(session: Session, actor: Actor) -> Mapping[Stage, int]:
    """How many constructors stand at each stage: one statement."""
    day = today()
    policy = policy_on(session, day)
    counts = [func.sum(case((at_stage(stage, policy, day), 1), else_=0)) for stage in Stage]
    row = session.execute(in_force(actor).with_only_columns(*counts)).one()
    return {stage: number or 0 for stage, number in zip(Stage, row, strict=True)}


def draft_many(
    session: Session, actor: Actor, rows: Sequence[Registration], kinds: Mapping[str, DeclarationType]
) -> list[Drafted]:
    """A draft for each of these registrations, of the type that its kind has in `kinds`; the caller commits.

    Each row has its own answer. Who has such a draft gets no second one, whoever else asks at the same moment.
    """
    filing.require_complete(session, find(session, Enterprise, actor.enterprise_id, actor))
    for kind in kinds.values():
        filing.require_open(session, kind)
    filing.hold_persons(session, [row.person_id for row in rows])
    readings = read(session, rows)
    return [_draft(session, actor, row, kinds[row.kind], readings[row.id]) for row in rows]


def _draft(
    session: Session, actor: Actor, row: Registration, kind: DeclarationType, reading: Reading
) -> Drafted:
    person = session.get_one(Person, row.person_id)
    begun = filing.draft_of(session, kind, actor, person)
    if begun is not None:
        return Drafted(row, begun, known=True)
    possible = reading.of(kind)
    if possible is None or not possible.open:
        return Drafted(row, reasons=possible.hindrances if possible else ())
    made = filing.start(session, kind, actor, person, row).row
    specialties.set_asked(session, kind, made, list(_wanted(session, kind, made, possible)))
    return Drafted(row, made)


def _wanted(
    session: Session, kind: DeclarationType, row: Declaration, possible: Possibility
) -> Iterator[specialties.Wanted]:
    """Those that may be asked for today; the hours are the clerk's to type."""
    for one in specialties.offers(session, kind, row):
        if one.specialty in possible.specialties:
            yield specialties.Wanted(one.id)
