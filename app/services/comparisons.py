"""Comparisons as their reviewers meet them: what counts, what applies, and asking once more."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, exists, false, or_, select, update
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.extensions.clock import now, today
from app.extensions.database import begin_writing
from app.extensions.refused import Refused
from app.models import Comparison, ComparisonKind, ComparisonResult, Declaration, Job, JobState, State
from app.models.policy import Policy
from app.security.access.audit import record
from app.security.access.limits import attempts, count_attempt
from app.security.access.policies import policy_on
from app.security.access.roles import SYSTEM, Actor, Role
from app.security.access.scope import find, rows_of
from app.services import jobs
from app.services.workload import is_under_way
from app.workflow.comparing import JOB, payload
from app.workflow.states import WAITING_FOR
from app.workflow.types import registry

REVIEWABLE = frozenset(state for states in WAITING_FOR.values() for state in states)
"""The states in which somebody might look at what was found."""

_OPEN = (JobState.QUEUED, JobState.LEASED)


def old_after(policy: Policy) -> timedelta:
    """After so long an answer would say nothing any more of the time of the case."""
    return timedelta(days=policy.number("comparison_old_days"))


def is_compared(row: Declaration) -> bool:
    """Whether what is found is still kept: an authority has the case in hand, or its parties settle it themselves.

    What they have settled is asked about for as long as an answer would be of that time.
    """
    if row.state in REVIEWABLE:
        return True
    settled = row.state == State.COMPLETED and row.decided_by_id is None
    return row.comparison is not None and (row.state == State.AWAITING_CONFIRMATION or settled)


_HOUR = timedelta(hours=1)
_AT_ONCE = 200
"""Cases of one round: the rest waits for the next one."""


def current(session: Session, declaration_id: int, actor: Actor) -> dict[str, Comparison]:
    """What counts of each kind; nothing for whoever is no reviewer of the case."""
    rows = session.scalars(
        rows_of(Comparison, actor).where(
            Comparison.declaration_id == declaration_id, Comparison.superseded_at.is_(None)
        )
    )
    return {one.kind: one for one in rows}


def flags(session: Session, actor: Actor, keys: Collection[int]) -> dict[int, list[ComparisonKind]]:
    """Which comparisons have flagged what was handed in last, of those of these cases that carry a flag."""
    policy, found = policy_on(session, today()), defaultdict[int, set[str]](set)
    shown = [kind for kind in ComparisonKind if policy.holds(f"compare_{kind}")]
    of_last = exists().where(
        Declaration.id == Comparison.declaration_id, Declaration.submitted_at == Comparison.submitted_at
    )
    rows = session.execute(
        rows_of(Comparison, actor)
        .where(
            Comparison.declaration_id.in_(keys),
            Comparison.kind.in_(shown),
            Comparison.result == ComparisonResult.FLAGGED,
            Comparison.superseded_at.is_(None),
            of_last,
        )
        .with_only_columns(Comparison.declaration_id, Comparison.kind)
    )
    for key, kind in rows:
        found[key].add(kind)
    return {key: [kind for kind in shown if kind in kinds] for key, kinds in found.items()}


def applying(row: Declaration, policy: Policy) -> list[ComparisonKind]:
    """What a case of its type is compared with, as far as the province wants it."""
    return [kind for kind in registry[row.type_key].comparisons if policy.holds(f"compare_{kind}")]


def result_of(known: Comparison | None, row: Declaration) -> ComparisonResult:
    """What counts for what was handed in last: an answer about an earlier submission says nothing of it."""
    if known is None or known.submitted_at != row.submitted_at:
        return ComparisonResult.UNKNOWN
    return ComparisonResult(known.result)


def may_ask(row: Declaration, actor: Actor) -> bool:
    """Whether this reviewer of the case may have it compared once more."""
    reviews = actor.has(Role.MUNICIPAL, Role.PROVINCIAL)
    return reviews and row.state in REVIEWABLE and bool(registry[row.type_key].comparisons)


def ask_again(session: Session, actor: Actor, key: object) -> None:
    """Have everything about the case compared anew, as soon as the worker comes to it. The caller commits.

    Asked twice it is done once. 404 for a case out of scope, or that is not to be compared.
    """
    row = find(session, Declaration, key, actor)
    if not may_ask(row, actor):
        raise NotFound
    subject = f"{JOB}:{actor.account_id}"
    if attempts(session, subject, _HOUR) >= policy_on(session, today()).number("comparisons_per_hour"):
        raise Refused(_l("You have asked for many comparisons in this hour. Please go on later."))
    count_attempt(session, subject)
    jobs.ask_once_more(session, SYSTEM, JOB, _again(row.id), payload(row.id, now()))
    record(session, actor, "declaration.compare_again", "declaration", row.id)


def turn(session: Session, row: Declaration) -> datetime | None:
    """When it is the turn of the comparison that an officer has asked for; None when none is to be made.

    A moment that has passed says that it runs, or is about to. While a system does not answer, it comes again later.
    """
    found: datetime | None = session.scalar(
        select(Job.run_after).where(Job.key == _again(row.id), Job.state.in_(_OPEN))
    )
    return found


def _again(declaration_id: int) -> str:
    return f"{JOB}:{declaration_id}:again"


def ask_for_missing(session: Session) -> int:
    """A job for cases in hand that lack a comparison and that no job is about; commits. How many were found.

    So are the cases that were under way before there were comparisons, or before the province wanted one of them.
    """
    policy = policy_on(session, today())
    kinds = [kind for kind in ComparisonKind if policy.holds(f"compare_{kind}")]
    asked = {
        int(key.split(":")[1])
        for key in session.scalars(select(Job.key).where(Job.kind == JOB, Job.state.in_(_OPEN)))
    }
    lacking = (Declaration.submitted_at.is_not(None), or_(false(), *(_lacks(kind) for kind in kinds)))
    found = [
        key
        for among in (_in_hand(), _settled(policy))
        for key in session.scalars(select(Declaration.id).where(*among, *lacking).order_by(Declaration.id))
    ]
    missing = [key for key in found if key not in asked][:_AT_ONCE]
    session.rollback()
    if missing:
        _ask_for(session, missing, now())
    return len(missing)


def _in_hand() -> Sequence[ColumnElement[bool]]:
    # The first says nothing more than the second, and names the index of the few in a hundred that are under way.
    by_parties = and_(Declaration.state == State.AWAITING_CONFIRMATION, Declaration.comparison.is_not(None))
    return is_under_way(), or_(Declaration.state.in_(sorted(REVIEWABLE)), by_parties)


def _settled(policy: Policy) -> Sequence[ColumnElement[bool]]:
    """What the parties have settled themselves, for as long as an answer would be of that time (`is_compared`).

    All of them are marked when they are submitted: what has never been is from before there were comparisons.
    """
    return (
        Declaration.submitted_at > now() - old_after(policy),
        Declaration.state == State.COMPLETED,
        Declaration.decided_by_id.is_(None),
        Declaration.comparison.is_not(None),
    )


def _lacks(kind: ComparisonKind) -> ColumnElement[bool]:
    """Whether a case is of a type that is compared with this, and has nothing of it about its last submission."""
    known = exists().where(
        Comparison.declaration_id == Declaration.id,
        Comparison.kind == kind,
        Comparison.superseded_at.is_(None),
        Comparison.submitted_at == Declaration.submitted_at,
    )
    types = [one.key for one in registry if kind in one.comparisons]
    return and_(Declaration.type_key.in_(types), ~known)


def _ask_for(session: Session, keys: Sequence[int], at: datetime) -> None:
    """What is flagged stays so; of the others it is said at once that something is not known."""
    begin_writing(session)
    session.execute(
        update(Declaration)
        .where(
            Declaration.id.in_(keys),
            or_(Declaration.comparison.is_(None), Declaration.comparison == ComparisonResult.CLEAR),
        )
        .values(comparison=ComparisonResult.UNKNOWN)
        .execution_options(synchronize_session=False)
    )
    for key in keys:
        jobs.ask_once_more(session, SYSTEM, JOB, f"{JOB}:{key}:missing", payload(key, at))
    session.commit()
