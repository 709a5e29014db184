"""Comparisons as their reviewers meet them: what counts, what applies, and asking once more."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.extensions.clock import now, today
from app.extensions.refused import Refused
from app.models import Comparison, ComparisonKind, ComparisonResult, Declaration
from app.models.policy import Policy
from app.security.access.audit import record
from app.security.access.limits import attempts, count_attempt
from app.security.access.policies import policy_on
from app.security.access.roles import SYSTEM, Actor, Role
from app.security.access.scope import find, rows_of
from app.services import jobs
from app.workflow.comparing import JOB, payload
from app.workflow.states import WAITING_FOR
from app.workflow.types import registry

REVIEWABLE = frozenset(state for states in WAITING_FOR.values() for state in states)
"""The states in which somebody might look at what was found."""

_HOUR = timedelta(hours=1)


def current(session: Session, declaration_id: int, actor: Actor) -> dict[str, Comparison]:
    """What counts of each kind; nothing for whoever is no reviewer of the case."""
    rows = session.scalars(
        rows_of(Comparison, actor).where(
            Comparison.declaration_id == declaration_id, Comparison.superseded_at.is_(None)
        )
    )
    return {one.kind: one for one in rows}


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
    jobs.ask_once_more(session, SYSTEM, JOB, f"{JOB}:{row.id}:again", payload(row.id, now()))
    record(session, actor, "declaration.compare_again", "declaration", row.id)
