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
    RegisteredSpecialty,
    Registration,
    RegistrationKind,
    RegistrationStatus,
    State,
)
from app.models.policy import Policy
from app.security.access.policies import policy_on
from app.services import notices
from app.services.notices import Message
from app.workflow import telling
from app.workflow.calendar import Exceptions, exceptions, working_days_between
from app.workflow.register_rules import renewal_window

_AT_ONCE = 500


def remind_of_terms(session: Session, day: date) -> int:
    """Tell employers and persons whose terms end, at each step of the policy once; how many notices that made.

    Whose case is under way has thought of it, or can file nothing else until it has ended.
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
    under_way = exists().where(
        Declaration.person_id == Registration.person_id, Declaration.state.in_(UNDER_WAY)
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
            ~under_way,
        )
        .order_by(RegisteredSpecialty.id)
        .limit(_AT_ONCE)
    ).all()
    return found


def _of_term(term: RegisteredSpecialty, steps: Sequence[int], policy: Policy, day: date) -> list[Message]:
    """One for each reader, with the step in its key: a worker that was away for a week catches up with the last."""
    step = min(one for one in steps if one >= (term.ends_on - day).days)
    opens, closes = renewal_window(term.ends_on, policy)
    said: dict[str, Any] = {"specialty": term.specialty, "date": term.ends_on.isoformat()}
    if term.registration.kind == RegistrationKind.TEMPORARY:
        kind = "temporary_term_ends"
    else:
        kind = "term_ends" if day <= closes else "term_ends_closed"
        said |= {"opens": opens.isoformat(), "closes": closes.isoformat()}
    key = f"term:{term.id}:{term.ends_on.isoformat()}:{step}"
    return notices.to_both(term.registration, kind, key, **said)


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
