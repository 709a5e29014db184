"""花名册: what can be filed today for the constructors of an enterprise, and drafts for many of them at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.extensions.anniversary import anniversary
from app.extensions.clock import today
from app.models import (
    UNDER_WAY,
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

_HAS_LEFT = ("employment_ended", "died", "age")
"""Reasons of a cancellation that say that the person is no constructor of the enterprise any more, or never can be."""


@dataclass(frozen=True)
class Reading:
    """What the radar shows of one registration."""

    windows: Sequence[Window]
    possibilities: Sequence[Possibility]
    stage: Stage

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
    return radar.windows(row.kind, ends, row.birth_date, policy, day)


def stage_of(row: Registration, policy: Policy, day: date) -> Stage:
    """Where the registration stands on the radar."""
    if row.status == RegistrationStatus.VALID:
        return radar.pressing(windows_of(row, policy, day))
    return Stage.AGE if day >= radar.age_gate(row.birth_date, policy) else Stage.CANCELLED


def read(session: Session, rows: Sequence[Registration]) -> Mapping[int, Reading]:
    """The radar of these registrations, by their ids; everything is read for all of them at once."""
    day = today()
    policy = policy_on(session, day)
    wanted = [(row, kind) for row in rows for kind in _kinds_for(row, policy)]
    persons = _persons(session, rows)
    asked = [(kind, _declared(row, kind, persons[row.person_id])) for row, kind in wanted]
    cases = facts.gather_all(session, asked, day, further=False)
    found: dict[int, list[Possibility]] = {row.id: [] for row in rows}
    for (row, kind), one in zip(wanted, cases, strict=True):
        former = row.status != RegistrationStatus.VALID
        found[row.id].append(radar.possibility(kind, one, policy, former=former))
    return {
        row.id: Reading(windows_of(row, policy, day), found[row.id], stage_of(row, policy, day))
        for row in rows
    }


def _kinds_for(row: Registration, policy: Policy) -> list[DeclarationType]:
    kinds = list(registry)
    if row.status == RegistrationStatus.VALID:
        return radar.about_a_registration(kinds, row.kind, policy)
    return radar.about_a_cancelled(kinds, row.kind)


def _persons(session: Session, rows: Sequence[Registration]) -> Mapping[int, Mapping[str, Any]]:
    """What a declaration copies from each person and rules ask about."""
    keys = {row.person_id for row in rows}
    found = session.execute(select(Person.id, Person.birth_date, Person.gender).where(Person.id.in_(keys)))
    return {one.id: {"birth_date": one.birth_date, "gender": one.gender} for one in found}


def _declared(row: Registration, kind: DeclarationType, person: Mapping[str, Any]) -> Declared:
    return Declared(
        enterprise_id=row.enterprise_id or 0,
        person_id=row.person_id,
        values={name: value for name, value in person.items() if name in kind.fields},
        registration_id=row.id if kind.of_registration else None,
    )


def at_stage(stage: Stage, policy: Policy, day: date) -> ColumnElement[bool]:
    """The registrations that are at this stage today: `stage_of` as a condition."""
    return _stage(policy, day) == stage.value


def _stage(policy: Policy, day: date) -> ColumnElement[str]:
    """`stage_of` as a column, in the order in which stages press."""
    cancelled = Registration.status != RegistrationStatus.VALID
    temporary = Registration.kind == RegistrationKind.TEMPORARY
    past_gate = _gate(policy) <= day
    steps: list[tuple[ColumnElement[bool], str]] = [
        (cancelled & past_gate, Stage.AGE.value),
        (cancelled, Stage.CANCELLED.value),
        *((temporary & condition, stage.value) for stage, condition in _of_temporary(policy, day)),
        (temporary, Stage.ANY_TIME.value),
        *(
            (_has(stage, policy, day), stage.value)
            for stage in (Stage.OPEN, Stage.EXPIRED, Stage.CLOSED, Stage.SOON)
        ),
        (_term(or_(past_gate, _opens_too_late(policy)), RegisteredSpecialty.ends_on >= day), Stage.AGE.value),
    ]
    return case(*steps, else_=Stage.LATER.value)


def _of_temporary(policy: Policy, day: date) -> list[tuple[Stage, ColumnElement[bool]]]:
    """What stands against the extension of a temporary registration, which is one of all its specialties."""
    birthday = anniversary(Registration.birth_date, policy.number("temporary_age_limit"))
    over = _term(RegisteredSpecialty.ends_on < day)
    last = policy.day("temporary_last_day")
    return [
        (Stage.EXPIRED, false() if policy.holds("temporary_extension_after_end") else over),
        (Stage.AGE, or_(birthday <= day, ~_term(RegisteredSpecialty.ends_on < birthday))),
        (Stage.LAST_DAY, false() if last is None else Registration.ends_on >= last),
    ]


def _has(stage: Stage, policy: Policy, day: date) -> ColumnElement[bool]:
    first, last = radar.ends_between(stage, policy, day)
    conditions: list[ColumnElement[bool]] = []
    if first is not None:
        conditions.append(RegisteredSpecialty.ends_on >= first)
    if last is not None:
        conditions.append(RegisteredSpecialty.ends_on <= last)
    if stage is not Stage.EXPIRED:
        conditions += [_gate(policy) > day, ~_opens_too_late(policy)]
    return _term(*conditions)


def _term(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Some specialty that is registered now keeps all of these."""
    return Registration.specialties.any(and_(RegisteredSpecialty.removed_on.is_(None), *conditions))


def _gate(policy: Policy) -> ColumnElement[date]:
    """`radar.age_gate` as a column."""
    return anniversary(Registration.birth_date, policy.number("age_limit"), -policy.number("age_gate_days"))


def _opens_too_late(policy: Policy) -> ColumnElement[bool]:
    """The renewal of the term would open only when the person is too near to the age limit."""
    days = policy.number("renewal_opens_days") - policy.number("age_gate_days")
    limit = anniversary(Registration.birth_date, policy.number("age_limit"), days)
    return RegisteredSpecialty.ends_on >= limit


def in_force(actor: Actor) -> Select[Any]:
    """The registrations of the actor's enterprise that were not cancelled."""
    return rows_of(Registration, actor).where(Registration.status == RegistrationStatus.VALID)


def on_the_roster(actor: Actor) -> Select[Any]:
    """Those, and whoever was cancelled entirely and can come back to the same enterprise.

    Not whose employment ended or who has died or is too old; and not for whom another enterprise has a declaration
    under way, or at whom he stands under another number: of that the former employer learns nothing.
    """
    return rows_of(Registration, actor).where(
        or_(Registration.status == RegistrationStatus.VALID, _may_come_back())
    )


def _may_come_back() -> ColumnElement[bool]:
    other = aliased(Registration)
    stands = exists().where(
        other.person_id == Registration.person_id,
        other.kind == Registration.kind,
        other.id != Registration.id,
        or_(other.status == RegistrationStatus.VALID, other.id > Registration.id),
    )
    asked_for = exists().where(
        Declaration.person_id == Registration.person_id,
        Declaration.enterprise_id != Registration.enterprise_id,
        Declaration.state.in_(UNDER_WAY),
    )
    return and_(
        Registration.status == RegistrationStatus.CANCELLED,
        Registration.kind == RegistrationKind.REGISTERED,
        Registration.cancelled_reason.not_in(_HAS_LEFT),
        ~stands,
        ~asked_for,
    )


def numbers(session: Session, actor: Actor) -> Mapping[Stage, int]:
    """How many constructors stand at each stage: one statement."""
    day = today()
    policy = policy_on(session, day)
    counted = on_the_roster(actor).with_only_columns(_stage(policy, day).label("stage")).subquery()
    found = session.execute(select(counted.c.stage, func.count()).group_by(counted.c.stage))
    return dict.fromkeys(Stage, 0) | {Stage(stage): number for stage, number in found}


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
