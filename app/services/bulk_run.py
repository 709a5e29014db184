"""Performing a bulk decision: the confirmed rows a hundred at a time, and what became of each of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from flask_babel import force_locale, lazy_gettext as _l
from sqlalchemy.orm import Session

from app.models import Declaration
from app.security.access.roles import Actor, Role
from app.security.access.scope import rows_of
from app.services.jobs import Cancelled, asker
from app.workflow import answers
from app.workflow.call import Opinion
from app.workflow.moves import Move
from app.workflow.perform import MOST_ROWS, Outcome, perform
from app.workflow.types import registry


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


def run(
    session: Session, job_id: int, payload: Mapping[str, Any], advance: Callable[[int, int], None]
) -> dict[str, Any]:
    """Perform the confirmed rows chunk by chunk, and say of each what became of it.

    Each chunk has its own key, so that a killed job repeats nothing. When the work is cancelled, the rows that were
    not reached are named as such.
    """
    act = _Act(session, payload["action"], asker(session, job_id), Opinion(**payload["opinion"]))
    rows = [(row[0], row[1]) for row in payload["rows"]]
    left = [RowResult(**one) for one in payload["left"]]
    with force_locale(payload["language"]):
        for start in range(0, len(rows), MOST_ROWS):
            chunk = dict(rows[start : start + MOST_ROWS])
            act.on(chunk, f"job:{job_id}:{start}")
            reached = start + len(chunk)
            try:
                advance(reached, len(rows))
            except Cancelled as cancelled:
                if reached == len(rows):
                    break
                reason = str(_l("You stopped the work before its turn came."))
                left += [RowResult(key, reason) for key, _version in rows[reached:]]
                raise Cancelled(act.result(left)) from cancelled
    return act.result(left)


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
        earlier = answers.given(self.session, key, self.actor)
        if earlier is not None:
            self._take(Outcome.from_json(earlier))
            return
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
        self._take(outcome)

    def _take(self, outcome: Outcome) -> None:
        self.done += outcome.done
        self.skipped += [RowResult(one.id, one.reason, one.findings) for one in outcome.skipped]
        self.batches = list(dict.fromkeys([*self.batches, *outcome.batches]))

    def result(self, left: Sequence[RowResult]) -> dict[str, Any]:
        return {
            "action": self.action,
            "done": self.done,
            "skipped": [asdict(one) for one in sorted([*self.skipped, *left], key=lambda one: one.id)],
            "batches": self.batches,
        }


def _in_scope(session: Session, actor: Actor, keys: Iterable[int]) -> set[int]:
    """Those of the ids that exist for this actor."""
    query = rows_of(Declaration, actor).where(Declaration.id.in_(list(keys)))
    return set(session.scalars(query.with_only_columns(Declaration.id)))
