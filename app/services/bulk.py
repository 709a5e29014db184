"""Bulk decisions: one act over many declarations, frozen when it is planned, performed a hundred at a time."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.extensions.refused import Refused
from app.models import Declaration, Job
from app.security.access.audit import record
from app.security.access.roles import Actor, Role
from app.security.access.scope import rows_of
from app.services.jobs import ask, asker
from app.workflow.call import Opinion
from app.workflow.flows import Move
from app.workflow.perform import MOST_ROWS, perform
from app.workflow.types import registry

JOB = "bulk_decision"
MOST = 5000
"""Rows of one bulk decision; a list that is longer is narrowed first."""

Frozen = Sequence[tuple[int, int]]
"""Ids with the version that each row had when the act was planned."""


@dataclass(frozen=True)
class RowResult:
    """A declaration that was left as it was, and why; who it is about is read when the result is shown."""

    id: int
    reason: str
    findings: Sequence[str] = ()


def moves_of(actor: Actor) -> list[Move]:
    """Every move that an authority of this actor's roles may ask for in any type, once for each action."""
    found: dict[str, Move] = {}
    for kind in registry:
        for move in kind.flow.moves:
            if isinstance(move.by, Role) and actor.has(move.by):
                found.setdefault(move.action, move)
    return list(found.values())


def ready_for(action: str) -> ColumnElement[bool]:
    """The condition under which a declaration stands where this action begins."""
    conditions = [
        and_(Declaration.type_key == kind.key, Declaration.state.in_(move.sources))
        for kind in registry
        if (move := kind.flow.find(action)) is not None
    ]
    return or_(*conditions) if conditions else false()


def count(session: Session, action: str, rows: Select[Any]) -> int:
    """How many of these rows, a SELECT that is in scope already, are ready for the action."""
    ready = rows.where(ready_for(action)).with_only_columns(Declaration.id).order_by(None)
    return session.scalar(select(func.count()).select_from(ready.subquery())) or 0


def freeze(session: Session, action: str, rows: Select[Any]) -> Frozen:
    """Ids and versions of those rows; one more than a bulk decision takes when there are too many."""
    narrowed = rows.where(ready_for(action)).with_only_columns(Declaration.id, Declaration.version)
    found = session.execute(narrowed.order_by(None).order_by(Declaration.id).limit(MOST + 1)).all()
    return [(row[0], row[1]) for row in found]


def job_key(actor: Actor, key: str) -> str:
    """The key of the job: nobody gets at another's job by sending his key."""
    return f"{JOB}:{actor.account_id}:{key}"


def plan(
    session: Session,
    actor: Actor,
    action: str,
    frozen: Frozen,
    *,
    opinion: Opinion,
    key: str,
) -> Job:
    """Ask for the act as a job; the caller commits. The same key gives the same job.

    404 when the action is not the actor's or a row is out of scope: then nothing is planned at all.
    """
    move = next((one for one in moves_of(actor) if one.action == action), None)
    if move is None or not move.bulk:
        raise NotFound
    if not frozen:
        raise Refused(_l("None of these declarations stands where this step begins."))
    if len(frozen) > MOST:
        raise Refused(_l("More than %(most)s declarations: please narrow the list first.", most=MOST))
    _require_opinion(move, opinion)
    _require_rows(session, actor, move, frozen)
    job = ask(
        session,
        actor,
        JOB,
        job_key(actor, key),
        {"action": action, "rows": [list(one) for one in frozen], "opinion": asdict(opinion)},
    )
    job.total = len(json.loads(job.payload)["rows"])
    record(session, actor, "declaration.plan", "job", job.id, act=action, rows=job.total)
    return job


def run(
    session: Session, job_id: int, payload: Mapping[str, Any], advance: Callable[[int, int], None]
) -> dict[str, Any]:
    """Perform the frozen rows chunk by chunk. Each chunk has its own key, so that a killed job repeats nothing."""
    act = _Act(session, payload["action"], asker(session, job_id), Opinion(**payload["opinion"]))
    rows = [(row[0], row[1]) for row in payload["rows"]]
    for start in range(0, len(rows), MOST_ROWS):
        chunk = dict(rows[start : start + MOST_ROWS])
        act.on(chunk, f"job:{job_id}:{start}")
        advance(start + len(chunk), len(rows))
    return {
        "action": act.action,
        "done": act.done,
        "skipped": [asdict(one) for one in act.skipped],
        "batches": act.batches,
    }


@dataclass
class _Act:
    """One act over many chunks, and what has come of it so far."""

    session: Session
    action: str
    actor: Actor
    opinion: Opinion
    done: list[int] = field(default_factory=list)
    skipped: list[RowResult] = field(default_factory=list)
    batches: list[str] = field(default_factory=list)

    def on(self, versions: Mapping[int, int], key: str) -> None:
        """Perform one chunk. Whoever asked may have lost the role, and a row may have left the scope, since."""
        allowed = any(one.action == self.action for one in moves_of(self.actor))
        present = _in_scope(self.session, self.actor, versions) if allowed else set()
        self.skipped += [
            RowResult(
                one, str(_l("It is not in your area any more, or your account may not do this any more."))
            )
            for one in versions
            if one not in present
        ]
        if not present:
            return
        outcome = perform(
            self.session,
            self.action,
            {one: version for one, version in versions.items() if one in present},
            self.actor,
            opinion=self.opinion,
            key=key,
            onto=tuple(self.batches),
        )
        self.done += outcome.done
        self.skipped += [RowResult(one.id, one.reason, one.findings) for one in outcome.skipped]
        self.batches = list(dict.fromkeys([*self.batches, *outcome.batches]))


def _require_opinion(move: Move, opinion: Opinion) -> None:
    if move.opinion and opinion.positive is None:
        raise Refused(_l("Say whether your opinion is positive or negative."))
    if (move.reason or (move.opinion and opinion.positive is False)) and not opinion.given:
        raise Refused(_l("Give the reason."))


def _in_scope(session: Session, actor: Actor, keys: Iterable[int]) -> set[int]:
    """Those of the ids that exist for this actor."""
    query = rows_of(Declaration, actor).where(Declaration.id.in_(list(keys)))
    return set(session.scalars(query.with_only_columns(Declaration.id)))


def _require_rows(session: Session, actor: Actor, move: Move, frozen: Frozen) -> None:
    """All in scope, and all of types that know the move; otherwise 404 for the whole act."""
    keys = {key for key, _version in frozen}
    knowing = [kind.key for kind in registry if kind.flow.find(move.action) is not None]
    present = _in_scope(session, actor, keys)
    strangers = session.scalar(
        select(Declaration.id).where(Declaration.id.in_(keys), Declaration.type_key.not_in(knowing)).limit(1)
    )
    if present != keys or strangers is not None:
        raise NotFound
