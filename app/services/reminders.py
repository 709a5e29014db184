"""Reminders: what somebody has to think of before a day has come, told once for each step on the way there."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, contains_eager

from app.extensions.database import begin_writing
from app.models import (
    UNDER_WAY,
    Declaration,
    DeclaredSpecialty,
    RegisteredSpecialty,
    Registration,
    RegistrationKind,
    RegistrationStatus,
    State,
)
from app.models.identity import birthday_at
from app.models.policy import Policy
from app.security.access.policies import policy_on
from app.services import notices
from app.services.notices import Message
from app.workflow import telling
from app.workflow.calendar import Exceptions, exceptions, working_days_between
from app.workflow.register_rules import renewal_window
from app.workflow.types import registry

_AT_ONCE = 500


def remind_of_terms(session: Session, day: date) -> int:
    """Tell employers and persons whose terms end, at each step of the policy once; how many notices that made.

    Whoever has a case under way that renews the term, or gives it up, has thought of it.
    """
    policy, done, after = policy_on(session, day), 0, 0
    steps = policy.numbers("reminder_days")
    while True:
        begin_writing(session)
        found = _ending(session, day, day + timedelta(days=steps[0]), after)
        if not found:
            session.rollback()
            return done
        done += notices.send(session, [one for term in found for one in _of_term(term, steps, policy, day)])
        after = found[-1].id
        session.commit()


def _ending(session: Session, day: date, last: date, after: int) -> Sequence[RegisteredSpecialty]:
    settling = [kind.key for kind in registry if kind.renews or kind.gives_up]
    settled = exists().where(
        Declaration.registration_id == Registration.id,
        Declaration.type_key.in_(settling),
        Declaration.state.in_(UNDER_WAY),
        DeclaredSpecialty.declaration_id == Declaration.id,
        DeclaredSpecialty.specialty == RegisteredSpecialty.specialty,
    )
    found: Sequence[RegisteredSpecialty] = session.scalars(
        select(RegisteredSpecialty)
        .join(RegisteredSpecialty.registration)
        .options(contains_eager(RegisteredSpecialty.registration))
        .where(
            RegisteredSpecialty.id > after,
            RegisteredSpecialty.removed_on.is_(None),
            RegisteredSpecialty.ends_on.between(day, last),
            Registration.status == RegistrationStatus.VALID,
            ~settled,
        )
        .order_by(RegisteredSpecialty.id)
        .limit(_AT_ONCE)
    ).all()
    return found


def _of_term(term: RegisteredSpecialty, steps: Sequence[int], policy: Policy, day: date) -> list[Message]:
    """One for each reader, with the step in its key: a worker that was away for a week catches up with the last."""
    step = min(one for one in steps if one >= (term.ends_on - day).days)
    ends = _of_temporary if term.registration.kind == RegistrationKind.TEMPORARY else _of_registered
    kind, more = ends(term, policy, day)
    said: dict[str, Any] = {"specialty": term.specialty, "date": term.ends_on.isoformat(), **more}
    key = f"term:{term.id}:{term.ends_on.isoformat()}:{step}"
    return notices.to_both(term.registration, kind, key, **said)


def _of_registered(term: RegisteredSpecialty, policy: Policy, day: date) -> tuple[str, dict[str, Any]]:
    """Until when a renewal may be filed: until the window closes, or the person comes near the age limit."""
    opens, closes = renewal_window(term.ends_on, policy)
    age = policy.number("age_limit")
    gate = birthday_at(term.registration.birth_date, age) - timedelta(days=policy.number("age_gate_days"))
    if day >= gate or gate <= opens:
        return "term_ends_of_age", {"age": age, "gate": gate.isoformat()}
    closes = min(closes, gate - timedelta(days=1))
    kind = "term_ends" if day <= closes else "term_ends_closed"
    return kind, {"opens": opens.isoformat(), "closes": closes.isoformat()}


def _of_temporary(term: RegisteredSpecialty, policy: Policy, day: date) -> tuple[str, dict[str, Any]]:
    """Whether it can be extended at all: not at the age limit, and not beyond the last day of all of them."""
    age, last = policy.number("temporary_age_limit"), policy.day("temporary_last_day")
    birthday = birthday_at(term.registration.birth_date, age)
    if max(day, term.ends_on) >= birthday:
        return "temporary_term_ends_of_age", {"age": age}
    at_last = last is not None and term.ends_on >= last
    return ("temporary_term_ends_for_good" if at_last else "temporary_term_ends"), {}


def remind_to_confirm(session: Session, day: date) -> int:
    """Tell those who have not answered yet, at each step of the policy once; how many notices that made."""
    policy, holidays = policy_on(session, day), exceptions(session)
    begin_writing(session)
    rows = session.scalars(
        select(Declaration)
        .where(Declaration.state == State.AWAITING_CONFIRMATION, Declaration.due_on >= day)
        .order_by(Declaration.id)
    ).all()
    steps = policy.numbers("confirmation_reminders")
    told = [one for row in rows for one in _of_case(row, steps, holidays, day)]
    done = notices.send(session, told)
    session.commit()
    return done


def _of_case(row: Declaration, steps: Sequence[int], holidays: Exceptions, day: date) -> Iterator[Message]:
    if row.due_on is None or row.counterparty is None:
        return
    left = working_days_between(day, row.due_on, holidays)
    if left > steps[0]:
        return
    step = min(one for one in steps if one >= left)
    column, reader = telling.inbox(row, row.counterparty)
    yield Message(
        "still_to_confirm",
        **{column: reader},
        declaration_id=row.id,
        parameters=telling.parameters(row),
        key=f"confirm:{row.id}:{row.due_on.isoformat()}:{step}",
    )
