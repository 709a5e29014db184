"""The renewal radar: when the term of each specialty can be renewed, and what may be filed for a constructor today."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from app.models.declaration import Party, RegistrationKind
from app.models.identity import birthday_at
from app.models.policy import Policy
from app.workflow import lock_rules, register_rules, return_rules, rules, temporary_rules
from app.workflow.checks import Case, SpecialtyFacts, errors, run
from app.workflow.register_rules import renewal_window
from app.workflow.types import Asked, DeclarationType, Picker

SOON_DAYS = 30
"""So many days before a window opens it is told of."""


class Stage(StrEnum):
    """Where a term stands on its way to the end; those that press most come first."""

    OPEN = "open"
    ANY_TIME = "any_time"
    EXPIRED = "expired"
    CLOSED = "closed"
    SOON = "soon"
    AGE = "age"
    LAST_DAY = "last_day"
    LATER = "later"
    CANCELLED = "cancelled"


LABELS: Mapping[Stage, Any] = {
    Stage.OPEN: _l("Within the days of renewal"),
    Stage.ANY_TIME: _l("Extended at any time"),
    Stage.EXPIRED: _l("Term has ended"),
    Stage.CLOSED: _l("Renewal closed"),
    Stage.SOON: _l("Opens within %(days)s days", days=SOON_DAYS),
    Stage.AGE: _l("At the age limit"),
    Stage.LAST_DAY: _l("Runs to the last day of all temporary registrations"),
    Stage.LATER: _l("Opens later"),
    Stage.CANCELLED: _l("Cancelled, not registered again"),
}
TONES: Mapping[Stage, str] = {
    Stage.OPEN: "green",
    Stage.ANY_TIME: "azure",
    Stage.EXPIRED: "red",
    Stage.CLOSED: "orange",
    Stage.SOON: "blue",
    Stage.AGE: "secondary",
    Stage.LAST_DAY: "secondary",
    Stage.LATER: "secondary",
    Stage.CANCELLED: "orange",
}

STANDING = frozenset(
    check.rule
    for check in (
        rules.IDENTITY,
        rules.REAL_NAME,
        rules.QUALIFIED,
        rules.ONE_UNDER_WAY,
        rules.AGE,
        rules.EMPLOYER,
        rules.UNCHANGING,
        rules.REGION,
        lock_rules.LOCK,
        register_rules.REGISTERED,
        register_rules.EMPLOYED,
        register_rules.IN_FORCE,
        register_rules.STILL_REGISTERED,
        register_rules.NOT_REGISTERED_YET,
        register_rules.SPECIALTY_CAP,
        register_rules.RENEWAL_WINDOW,
        return_rules.CANCELLED_BEFORE,
        return_rules.BARRED,
        return_rules.FALSE_MATERIAL,
        lock_rules.LOCK_ON_CANCELLATION,
        temporary_rules.TEMPORARY_TERM,
        temporary_rules.TEMPORARY_AGE,
        temporary_rules.TEMPORARY_END,
    )
)
"""The rules that ask what stands already. The others ask what is typed or attached, which nobody knows yet."""

OF_OTHERS = frozenset(
    check.rule
    for check in (
        rules.ONE_UNDER_WAY,
        rules.REAL_NAME,
        rules.IDENTITY,
        lock_rules.LOCK,
        return_rules.CANCELLED_BEFORE,
        return_rules.BARRED,
        return_rules.FALSE_MATERIAL,
    )
)
"""The rules whose findings tell of the person's dealings with others: of somebody who has left that is not said."""


@dataclass(frozen=True)
class Window:
    """The term of one specialty, and the first and the last day on which its renewal may be filed."""

    specialty: str
    ends_on: date
    stage: Stage
    opens_on: date | None = None
    closes_on: date | None = None


@dataclass(frozen=True)
class Possibility:
    """One type: for which specialties it may be filed today, or everything that stands against it."""

    kind: DeclarationType
    specialties: Sequence[str] = ()
    hindrances: Sequence[Any] = ()

    @property
    def open(self) -> bool:
        return not self.hindrances


def windows(kind: str, ends: Mapping[str, date], birth_date: date, policy: Policy, day: date) -> list[Window]:
    """The window of every specialty of a registration of this kind; a temporary one is extended at any time."""
    if kind == RegistrationKind.TEMPORARY:
        return _of_temporary(ends, birth_date, policy, day)
    gate = age_gate(birth_date, policy)
    return [_window(name, ends_on, gate, policy, day) for name, ends_on in ends.items()]


def age_gate(birth_date: date, policy: Policy) -> date:
    """From this day on nothing but a cancellation may be filed for an ordinary constructor (`rules.AGE`)."""
    limit, days = policy.number("age_limit"), policy.number("age_gate_days")
    return birthday_at(birth_date, limit) - timedelta(days=days)


def _of_temporary(ends: Mapping[str, date], birth_date: date, policy: Policy, day: date) -> list[Window]:
    """All specialties are extended together, so what stands against one of them stands against all."""
    if not ends:
        return []
    over = min(ends.values()) < day and not policy.holds("temporary_extension_after_end")
    birthday, last = (
        birthday_at(birth_date, policy.number("temporary_age_limit")),
        policy.day("temporary_last_day"),
    )
    if over:
        stage = Stage.CLOSED
    elif max(day, min(ends.values())) >= birthday:
        stage = Stage.AGE
    else:
        stage = Stage.LAST_DAY if last is not None and max(ends.values()) >= last else Stage.ANY_TIME
    return [
        Window(name, ends_on, Stage.EXPIRED if over and ends_on < day else stage)
        for name, ends_on in ends.items()
    ]


def _window(specialty: str, ends_on: date, gate: date, policy: Policy, day: date) -> Window:
    opens_on, closes_on = renewal_window(ends_on, policy)
    if ends_on < day:
        stage = Stage.EXPIRED
    elif max(day, opens_on) >= gate:
        return Window(specialty, ends_on, Stage.AGE)
    elif day > closes_on:
        stage = Stage.CLOSED
    elif day >= opens_on:
        stage = Stage.OPEN
    else:
        stage = Stage.SOON if opens_on <= day + timedelta(days=SOON_DAYS) else Stage.LATER
    return Window(specialty, ends_on, stage, opens_on, min(closes_on, gate - timedelta(days=1)))


def pressing(found: Sequence[Window]) -> Stage:
    """The stage of a registration: that of the specialty that presses most."""
    stages = {one.stage for one in found}
    return next((stage for stage in Stage if stage in stages), Stage.LATER)


def ends_between(stage: Stage, policy: Policy, day: date) -> tuple[date | None, date | None]:
    """The first and the last end of an ordinary term at this stage, of whoever is young enough; None: no bound."""
    opens = day + timedelta(days=policy.number("renewal_opens_days"))
    closes = day + timedelta(days=policy.number("renewal_closes_days"))
    one = timedelta(days=1)
    after = max(opens + one, closes)
    soon = opens + timedelta(days=SOON_DAYS)
    return {
        Stage.OPEN: (closes, opens),
        Stage.EXPIRED: (None, day - one),
        Stage.CLOSED: (day, closes - one),
        Stage.SOON: (after, soon),
        Stage.LATER: (max(after, soon + one), None),
    }[stage]


def about_a_registration(
    kinds: Sequence[DeclarationType], kind: str, policy: Policy
) -> list[DeclarationType]:
    """The types that an employer may begin for a registration of this kind that he has."""
    return [
        one
        for one in kinds
        if one.picker is Picker.CERTIFICATE
        and one.initiator == Party.ENTERPRISE
        and one.registration_kind == kind
        and (not one.switch or policy.holds(one.switch))
    ]


def about_a_cancelled(kinds: Sequence[DeclarationType], kind: str) -> list[DeclarationType]:
    """The type by which whoever was cancelled comes back (重新); a temporary registration is never granted anew."""
    comes_back = return_rules.CANCELLED_BEFORE
    return [one for one in kinds if one.registration_kind == kind and comes_back in one.checks]


def possibility(kind: DeclarationType, case: Case, policy: Policy, *, former: bool = False) -> Possibility:
    """Whether such a declaration may be filed today, as far as the register and the person decide it.

    Of somebody who was here before (`former`) it is not told what others have to do with him.
    """
    choices = list(_choices(kind, case))
    if not choices:
        return Possibility(kind, (), (_l("There is no further qualification to register."),))
    found: dict[str, Any] = {}
    open_to: list[str] = []
    for asked in choices:
        against = _against(kind, replace(case, specialties=asked), policy, former=former)
        if against:
            found.update({str(message): message for message in against})
        else:
            open_to += [one.specialty for one in asked]
    return Possibility(kind, tuple(open_to)) if open_to else Possibility(kind, (), tuple(found.values()))


def _choices(kind: DeclarationType, case: Case) -> Iterator[tuple[SpecialtyFacts, ...]]:
    """What may be asked for: each specialty by itself, or all together where there is nothing to choose."""
    registered = case.registration.specialties if case.registration else {}
    if kind.specialties is Asked.ALL:
        yield tuple(SpecialtyFacts(name, registered_until=ends_on) for name, ends_on in registered.items())
    elif kind.specialties is Asked.REGISTERED:
        for name, ends_on in registered.items():
            yield (SpecialtyFacts(name, registered_until=ends_on),)
    else:
        for one in case.qualifications:
            if one.specialty not in registered:
                yield (SpecialtyFacts(one.specialty, qualification_id=one.id, issued_on=one.issued_on),)


def _against(kind: DeclarationType, case: Case, policy: Policy, *, former: bool) -> list[Any]:
    asked = [check for check in kind.checks if check.rule in STANDING]
    found = errors(run(asked, case, policy))
    if not former or all(one.rule not in OF_OTHERS for one in found):
        return [one.message for one in found]
    told = [one.message for one in found if one.rule not in OF_OTHERS]
    return [*told, _l("Something stands against it that the check of the declaration will name.")]
