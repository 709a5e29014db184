"""Comparing: what other registers say of a case is asked, outside of any transaction, and kept with its date."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, undefer

from app.extensions.clock import local, now, today
from app.extensions.database import begin_writing
from app.integrations.projects import ProjectsRegister
from app.integrations.signed_http import OutsideFailed, Unreachable
from app.integrations.social_insurance import MOST_MONTHS, InsuranceRecord, SocialInsurance
from app.models import (
    Comparison,
    ComparisonKind,
    ComparisonResult,
    Declaration,
    Enterprise,
    State,
    Unanswered,
)
from app.models.identity import months_after
from app.security.access import limits
from app.security.access.audit import record
from app.security.access.policies import policy_on
from app.security.access.roles import SYSTEM
from app.services import duplicates
from app.services.comparisons import applying, current, is_compared, old_after, result_of

_OUT_OF_TIME = "time_limit"
"""How the client names the one failure that costs time."""
_REST = timedelta(minutes=1)
"""For so long nobody else waits for a system that did not answer in time."""
_FIRST_WAIT, _LONGEST_WAIT, _DOUBLINGS = timedelta(minutes=1), timedelta(hours=1), 6
_SPREAD = 60
"""Cases that wait for the same system come back over a quarter of their wait, not all at one moment."""
_HOPELESS = frozenset({Unanswered.NOT_CONNECTED, Unanswered.NO_ID_NUMBER})
"""Nothing comes of asking again: somebody has to connect the system, or to complete the case."""

_WORST_FIRST = (ComparisonResult.FLAGGED, ComparisonResult.UNKNOWN, ComparisonResult.CLEAR)


@dataclass(frozen=True)
class Sources:
    """The systems that are asked; None: nobody has connected the platform with it."""

    insurance: SocialInsurance | None = None
    projects: ProjectsRegister | None = None


@dataclass(frozen=True)
class Found:
    """What is known of one kind, or why nothing is."""

    result: ComparisonResult
    detail: Mapping[str, Any] = field(default_factory=dict)
    as_of: date | None = None
    unanswered: Unanswered | None = None
    slow: bool = False
    """The time for an answer ran out: others should not wait for it as well."""


@dataclass(frozen=True)
class _Question:
    """What is asked about one case: plain values, so that no transaction is open while others answer."""

    declaration_id: int
    submitted_at: datetime
    kinds: Sequence[ComparisonKind]
    """What is asked now."""
    waits: Sequence[timedelta]
    """After which times the rest is due."""
    marked: bool
    """The mark of the case says already what is known of it."""
    id_number: str
    credit_code: str
    months: Sequence[str]


def compare(session: Session, declaration_id: int, since: datetime, sources: Sources) -> timedelta | None:
    """Compare the case; what was found out after `since` is not asked again. Commits where something was asked.

    How long to wait before the rest is tried again; None when nothing is left. A case that is no longer compared
    (`is_compared`) is not asked about, nor one that was submitted again since: that submission has a job of its own.
    Safe to run again after any crash: each answer takes the place of the one before.
    """
    question = _question(session, declaration_id, since)
    session.rollback()
    if question is None:
        return None
    if not question.kinds and question.marked:
        return min(question.waits, default=None)
    outside = [kind for kind in question.kinds if kind is not ComparisonKind.DUPLICATE]
    found: dict[ComparisonKind, Found] = {kind: _ask(kind, question, sources) for kind in outside}
    waits = _keep(session, question, found)
    return None if waits is None else min([*waits, *question.waits], default=None)


def _question(session: Session, declaration_id: int, since: datetime) -> _Question | None:
    row = session.scalar(
        select(Declaration)
        .where(Declaration.id == declaration_id)
        .options(undefer(Declaration.id_number_cipher))
    )
    if row is None or row.submitted_at is None or row.submitted_at > since or not is_compared(row):
        return None
    policy, known = policy_on(session, today()), current(session, declaration_id, SYSTEM)
    if row.state == State.COMPLETED and now() - row.submitted_at > old_after(policy):
        return None
    kinds = applying(row, policy)
    left = {
        kind: _time_left(session, kind, known.get(kind), row, since)
        for kind in kinds
        if _is_wanting(known.get(kind), row, since)
    }
    code = session.scalar(select(Enterprise.uscc).where(Enterprise.id == row.enterprise_id))
    return _Question(
        row.id,
        row.submitted_at,
        [kind for kind, wait in left.items() if not wait],
        [wait for wait in left.values() if wait],
        row.comparison == _worst(known, kinds, row),
        row.id_number or "",
        code or "",
        months_before(local(row.submitted_at).date(), policy.number("insurance_months")),
    )


def months_before(day: date, count: int) -> list[str]:
    """So many whole months before the one of this day, as in 2026-05: the month itself is not known yet."""
    first = day.replace(day=1)
    number = min(max(count, 1), MOST_MONTHS)
    return [f"{months_after(first, -back):%Y-%m}" for back in range(number, 0, -1)]


def _is_wanting(known: Comparison | None, row: Declaration, since: datetime) -> bool:
    if known is None or known.submitted_at != row.submitted_at:
        return True
    if known.result == ComparisonResult.UNKNOWN and known.unanswered not in _HOPELESS:
        return True
    return max(known.checked_at, known.asked_again_at or known.checked_at) < since


def _time_left(
    session: Session, kind: ComparisonKind, known: Comparison | None, row: Declaration, since: datetime
) -> timedelta:
    """How long until this kind is due; nothing when it is due now."""
    if known is not None and known.submitted_at == row.submitted_at and known.checked_at >= since:
        due = known.checked_at + (_wait(known) or timedelta())
        if due > now():
            return due - now()
    if limits.attempts(session, _down(kind), _REST):
        return _while_resting(row.id, since)
    return timedelta()


def _while_resting(declaration_id: int, since: datetime) -> timedelta:
    """As long again as the case has waited so far, from a minute to an hour: it doubles, and nothing is kept of it."""
    waited = min(max(now() - since, _FIRST_WAIT), _LONGEST_WAIT)
    return waited + waited / 4 * (declaration_id % _SPREAD) / _SPREAD


def _down(kind: ComparisonKind) -> str:
    return f"comparison:{kind}:down"


# ------------------------------------------------------------------------------------------------------- asking


def _ask(kind: ComparisonKind, question: _Question, sources: Sources) -> Found:
    if not question.id_number:
        # Others would answer about nobody, and nothing found of nobody is no answer about this person.
        return Found(ComparisonResult.UNKNOWN, unanswered=Unanswered.NO_ID_NUMBER)
    try:
        if kind is ComparisonKind.INSURANCE:
            return _insurance(question, sources.insurance)
        return _projects(question, sources.projects)
    except Unreachable as failed:
        slow = failed.reason == _OUT_OF_TIME
        return Found(ComparisonResult.UNKNOWN, unanswered=Unanswered.UNREACHABLE, slow=slow)
    except OutsideFailed:
        return Found(ComparisonResult.UNKNOWN, unanswered=Unanswered.WRONG_ANSWER)


def _insurance(question: _Question, source: SocialInsurance | None) -> Found:
    if source is None:
        return Found(ComparisonResult.UNKNOWN, unanswered=Unanswered.NOT_CONNECTED)
    answer = source.insured(question.credit_code, question.id_number, question.months)
    clear = all({unit.code for unit in one.units} == {question.credit_code} for one in answer.months)
    result = ComparisonResult.CLEAR if clear else ComparisonResult.FLAGGED
    return Found(result, _months(answer, question.credit_code), answer.as_of)


def _months(answer: InsuranceRecord, own: str) -> dict[str, Any]:
    """Of each month whether the applicant had the person insured, and who else had."""
    return {
        "months": [
            {
                "month": one.month,
                "here": any(unit.code == own for unit in one.units),
                "others": [unit.name for unit in one.units if unit.code != own],
            }
            for one in answer.months
        ]
    }


def _projects(question: _Question, source: ProjectsRegister | None) -> Found:
    if source is None:
        return Found(ComparisonResult.UNKNOWN, unanswered=Unanswered.NOT_CONNECTED)
    answer = source.led_by(question.id_number)
    result = ComparisonResult.FLAGGED if answer.projects else ComparisonResult.CLEAR
    return Found(result, {"projects": _plain(answer.projects)}, answer.as_of)


def _duplicate(session: Session, row: Declaration) -> Found:
    found = duplicates.elsewhere(session, row)
    result = ComparisonResult.FLAGGED if found else ComparisonResult.CLEAR
    return Found(result, {"elsewhere": _plain(found)})


def _plain(found: Sequence[Any]) -> list[dict[str, Any]]:
    return [asdict(one) | {"since": one.since.isoformat()} for one in found]


# ------------------------------------------------------------------------------------------------------ keeping


def _keep(
    session: Session,
    question: _Question,
    found: Mapping[ComparisonKind, Found],
) -> list[timedelta] | None:
    """Write down what was found; after which times the rest is tried again. None: the case has gone on meanwhile."""
    begin_writing(session)
    row = session.scalar(
        select(Declaration)
        .where(Declaration.id == question.declaration_id)
        .with_for_update(of=Declaration.__table__)
        .execution_options(populate_existing=True)
    )
    if row is None or not is_compared(row) or row.submitted_at != question.submitted_at:
        session.rollback()
        return None
    known, waits, told = current(session, row.id, SYSTEM), [], []
    for kind in question.kinds:
        one = _duplicate(session, row) if kind is ComparisonKind.DUPLICATE else found[kind]
        if one.slow:
            limits.count_attempt(session, _down(kind))
        if _is_told(known.get(kind), row, one):
            told.append(kind)
        wait = _replace(session, row, kind, known.get(kind), one)
        if wait is not None:
            waits.append(wait)
    session.flush()
    _summarise(session, row)
    if told:
        record(session, SYSTEM, "declaration.compare", "declaration", row.id, kinds=told)
    session.commit()
    return waits


def _is_told(known: Comparison | None, row: Declaration, found: Found) -> bool:
    """Whether the audit says it: every answer, and of the attempts without one the first of each submission."""
    if found.unanswered is None:
        return True
    first = known is None or known.submitted_at != row.submitted_at or known.unanswered in _HOPELESS
    return first and found.unanswered not in _HOPELESS


def _replace(
    session: Session, row: Declaration, kind: ComparisonKind, known: Comparison | None, found: Found
) -> timedelta | None:
    """The answer in the place of the one before; how long to wait when there was none."""
    moment, silent = now(), found.unanswered is not None
    if known is not None and known.submitted_at == row.submitted_at and silent:
        if known.result != ComparisonResult.UNKNOWN:
            # What is known of this very submission is worth more than that nobody answered today.
            known.asked_again_at = moment
            return None
        known.unanswered, known.checked_at = found.unanswered, moment
        known.tries += 1
        return _wait(known)
    if known is not None:
        known.superseded_at = moment
        session.flush()  # before the next one is written: one of each kind counts at a time
    fresh = Comparison(
        declaration_id=row.id,
        kind=kind,
        result=found.result,
        unanswered=found.unanswered,
        submitted_at=row.submitted_at,
        checked_at=moment,
        as_of=found.as_of,
        detail=json.dumps(found.detail, ensure_ascii=False),
        tries=1 if silent else 0,
    )
    session.add(fresh)
    return _wait(fresh) if silent else None


def _wait(known: Comparison) -> timedelta | None:
    """Later and later; not at all where nothing would come of it."""
    if known.unanswered is None or known.unanswered in _HOPELESS:
        return None
    doubled: timedelta = _FIRST_WAIT * (1 << min(known.tries - 1, _DOUBLINGS))
    return min(_LONGEST_WAIT, doubled)


def _summarise(session: Session, row: Declaration) -> None:
    """The worst of what applies, on the declaration itself: lists narrow by it, and read nothing else.

    Its version stays: nothing was changed that an officer decides on with an older page.
    """
    worst = _worst(current(session, row.id, SYSTEM), applying(row, policy_on(session, today())), row)
    session.execute(
        update(Declaration)
        .where(Declaration.id == row.id)
        .values(comparison=worst)
        .execution_options(synchronize_session=False)
    )


def _worst(
    known: Mapping[str, Comparison], kinds: Sequence[ComparisonKind], row: Declaration
) -> ComparisonResult | None:
    results = {result_of(known.get(kind), row) for kind in kinds}
    return next((one for one in _WORST_FIRST if one in results), None)
