"""The one function that moves a declaration: everything that a step changes is in its one commit."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.extensions.clock import now, today
from app.extensions.database import begin_writing
from app.extensions.refused import Refused
from app.models import Decision, Declaration, State
from app.security.access.audit import record
from app.security.access.policies import policy_on
from app.security.access.roles import Actor
from app.security.access.scope import rows_of
from app.workflow import answers, checks, deadlines, facts, revisions
from app.workflow.batches import put_on_list
from app.workflow.call import Call, Opinion
from app.workflow.checks import Finding
from app.workflow.flows import Move
from app.workflow.guards import hindrance, may_move
from app.workflow.numbering import declaration_number
from app.workflow.objections import uphold_all
from app.workflow.types import DeclarationType, registry

RULE_VERSION = "2026-11"
MOST_ROWS = 100
"""A call moves at most this many rows; more of them are a job that calls again and again."""


@dataclass(frozen=True)
class Skipped:
    """A row that was left as it was, and the sentence that says why."""

    id: int
    label: str
    reason: str
    findings: Sequence[str] = ()


@dataclass(frozen=True)
class Outcome:
    """What a call did, row by row; `batches` are the numbers of the lists that were opened."""

    action: str
    done: Sequence[int] = ()
    skipped: Sequence[Skipped] = ()
    batches: Sequence[str] = ()

    @classmethod
    def from_json(cls, text: str) -> "Outcome":
        stored = json.loads(text)
        return cls(**{**stored, "skipped": [Skipped(**one) for one in stored["skipped"]]})


def perform(
    session: Session,
    action: str,
    versions: Mapping[int, int | None],
    actor: Actor,
    *,
    opinion: Opinion | None = None,
    key: str = "",
    onto: Sequence[str] = (),
) -> Outcome:
    """Move the declarations with these ids, each as it stood at the given version (None: whatever it is now).

    A row out of the actor's scope, an action that the type does not know or that is not the actor's: `NotFound`, and
    nothing is changed. A row that was moved or changed meanwhile, or that a rule stops, is skipped and named.
    The same key again gives the first answer. `onto` are the lists that earlier calls of the same act have opened: a
    large act is many calls, and still one list.
    """
    if not versions or len(versions) > MOST_ROWS:
        raise Refused(_l("Choose between 1 and %(most)s declarations.", most=MOST_ROWS))
    begin_writing(session)
    earlier = answers.claim(session, key, actor)
    if earlier is not None:
        return Outcome.from_json(earlier)
    day = today()
    call = Call(session, action, actor, opinion or Opinion(), policy_on(session, day), day, onto)
    done, skipped = [], []
    for row in _locked(session, versions, actor):
        move = _move_of(row, action, actor)
        reason = _stale(row, move, versions[row.id]) or _step(call, row, move)
        if reason is None:
            done.append(row)
        else:
            skipped.append(reason)
    outcome = Outcome(action, [row.id for row in done], skipped, _lists(call, done))
    answers.remember(session, key, json.dumps(asdict(outcome), ensure_ascii=False))
    session.commit()
    return outcome


def legal_moves(row: Declaration, actor: Actor) -> list[Move]:
    """The moves that this actor may ask for now: the buttons of the screen, asked for again by `perform`."""
    flow = registry[row.type_key].flow
    return [move for move in flow.from_state(row.state) if may_move(move, row, actor)]


def _locked(session: Session, versions: Mapping[int, int | None], actor: Actor) -> Sequence[Declaration]:
    """The rows in the order of their ids, so that two calls lock them in one order; 404 when one is missing."""
    rows = session.scalars(
        rows_of(Declaration, actor)
        .where(Declaration.id.in_(versions))
        .order_by(Declaration.id)
        .with_for_update(of=Declaration.__table__)
        .execution_options(populate_existing=True)
    ).all()
    if len(rows) != len(versions):
        session.rollback()
        raise NotFound
    return rows


def _move_of(row: Declaration, action: str, actor: Actor) -> Move:
    move = registry[row.type_key].flow.find(action)
    if move is None or not may_move(move, row, actor):
        raise NotFound
    return move


def _stale(row: Declaration, move: Move, version: int | None) -> Skipped | None:
    if row.state not in move.sources:
        return _skip(row, _l("It was moved meanwhile, or does not stand where this step begins."))
    if version is not None and row.version != version:
        return _skip(row, _l("It was changed after you opened it. Please read it again."))
    return None


def _step(call: Call, row: Declaration, move: Move) -> Skipped | None:
    """Do the step inside a savepoint: a row that is refused leaves no trace, its taken numbers included."""
    kind = registry[row.type_key]
    wanting = _wanting(move, call.opinion) or hindrance(call, move, row)
    if wanting is not None:
        return _skip(row, wanting)
    findings = _findings(call, kind, row, move)
    if checks.errors(findings) and not _negative(move, call.opinion):
        return _skip(row, _l("It does not meet the rules."), findings)
    try:
        with call.session.begin_nested():
            _write(call, kind, row, move, findings)
    except Refused as refused:
        return _skip(row, refused.message)
    except IntegrityError:
        # Two enterprises submitted the same person at one moment: the index let the first one in.
        return _skip(row, _l("Another declaration for this person was submitted at the same moment."))
    return None


def _wanting(move: Move, opinion: Opinion) -> Any:
    if move.opinion and opinion.positive is None:
        return _l("Say whether your opinion is positive or negative.")
    if (move.reason or _negative(move, opinion)) and not opinion.given:
        return _l("Give the reason.")
    return None


def _negative(move: Move, opinion: Opinion) -> bool:
    return move.opinion and opinion.positive is False


def _findings(call: Call, kind: DeclarationType, row: Declaration, move: Move) -> list[Finding]:
    if not move.checked:
        return []
    case = facts.gather(call.session, kind, facts.declared(call.session, kind, row), call.day)
    return checks.run(kind.checks, case, call.policy)


def _write(call: Call, kind: DeclarationType, row: Declaration, move: Move, findings: list[Finding]) -> None:
    source = row.state
    # Read before anything is written: a query in between would flush half of the step as a version of its own.
    due_on = _due_on(call, row, move)
    with call.session.no_autoflush:
        _stamp(call, kind, row, move)
    row.state = move.to
    row.due_on = due_on
    row.changed_at = now()
    call.session.add(_decision(call, row, move, source, findings))
    if move.action == "submit":
        revisions.keep(call.session, kind, row)
    if move.effect:
        kind.effect(call.session, row, call.actor, call.day)
    if move.upholds:
        uphold_all(call.session, call.actor, row.id, call.opinion.text)
    record(call.session, call.actor, f"declaration.{move.action}", "declaration", row.id)
    call.session.flush()


def _stamp(call: Call, kind: DeclarationType, row: Declaration, move: Move) -> None:
    """The evidence that the state needs: who endorsed, who decided, when it was submitted, under which number."""
    if move.action == "submit":
        row.submitted_at = now()
        row.number = row.number or declaration_number(call.session, kind.code, call.day)
    elif move.action == "endorse":
        row.endorsed_by_id = call.actor.account_id
        row.endorsement = "positive" if call.opinion.positive else "negative"
    elif move.action == "confirm":
        row.confirmed_by_id = call.actor.account_id
    elif move.to in {State.APPROVED, State.REFUSED}:
        row.decided_by_id = call.actor.account_id
        row.decided_on = call.day


def _due_on(call: Call, row: Declaration, move: Move) -> date | None:
    if move.action != "extend" or row.due_on is None:
        return deadlines.due_after(call.session, call.policy, move.to, call.day)
    row.extended = True
    return deadlines.extended(call.session, call.policy, row.due_on)


def _decision(call: Call, row: Declaration, move: Move, source: str, findings: list[Finding]) -> Decision:
    return Decision(
        declaration_id=row.id,
        action=move.action,
        from_state=source,
        to_state=move.to,
        actor_id=call.actor.account_id,
        actor_name=call.actor.name,
        role=call.actor.role,
        opinion=call.opinion.text.strip() or None,
        positive=call.opinion.positive if move.opinion else None,
        field_reasons=json.dumps(dict(call.opinion.field_reasons), ensure_ascii=False),
        findings=json.dumps([[one.rule, one.severity] for one in findings]),
        rule_version=RULE_VERSION,
        declaration_version=row.version,
    )


def _lists(call: Call, done: Sequence[Declaration]) -> list[str]:
    """Put the moved rows on a list for each type, where the move asks for one."""
    numbers = []
    for key in dict.fromkeys(row.type_key for row in done):
        kind, rows = registry[key], [row for row in done if row.type_key == key]
        move = kind.flow.find(call.action)
        if move is not None and move.batch is not None:
            numbers.append(put_on_list(call, kind, move.batch, rows))
    return numbers


def _skip(row: Declaration, reason: Any, findings: Sequence[Finding] = ()) -> Skipped:
    return Skipped(
        row.id,
        f"{row.name} {row.number or ''}".strip(),
        str(reason),
        [str(one.message) for one in checks.errors(findings)],
    )
