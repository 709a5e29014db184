"""The one function that moves a declaration: everything that a step changes is in its one commit."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.extensions.clock import now
from app.extensions.database import begin_writing
from app.extensions.refused import Refused
from app.models import Decision, Declaration, State
from app.security.access.audit import record_each
from app.security.access.roles import Actor
from app.workflow import answers, checks, deadlines, revisions
from app.workflow.batches import put_on_list
from app.workflow.call import Call, Opinion, call_today
from app.workflow.comparing import ask_to_compare
from app.workflow.guards import may_move
from app.workflow.holding import hold
from app.workflow.moves import Move, Stamp
from app.workflow.numbering import declaration_numbers
from app.workflow.objections import uphold_all
from app.workflow.telling import tell
from app.workflow.types import DeclarationType, registry
from app.workflow.verdicts import Verdict, judge, moves_called, reading

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
        return _again(earlier, action, versions)
    call = call_today(session, action, actor, opinion or Opinion(), onto)
    verdicts = judge(call, _locked(call, versions), versions)
    done, refused = _take(call, [one for one in verdicts if one.cause is None], versions)
    skipped = [_skip(one.row, one.reason, one) for one in verdicts if one.cause is not None] + refused
    outcome = Outcome(
        action,
        [one.row.id for one in done],
        sorted(skipped, key=lambda one: one.id),
        _lists(call, done),
    )
    answers.remember(session, key, json.dumps(asdict(outcome), ensure_ascii=False))
    session.commit()
    return outcome


def _again(earlier: str, action: str, versions: Mapping[int, int | None]) -> Outcome:
    """The first answer, for the same question. To another one it would say that something was done that was not."""
    try:
        outcome = Outcome.from_json(earlier)
    except (ValueError, TypeError, KeyError):
        # The key was used for a step on something else than declarations, whose answer is kept in other words.
        outcome = Outcome("")
    asked_before = {*outcome.done, *(one.id for one in outcome.skipped)}
    if outcome.action != action or asked_before != set(versions):
        raise Refused(_l("Another step was taken from this page already. Please open the page again."))
    return outcome


def legal_moves(row: Declaration, actor: Actor) -> list[Move]:
    """The moves that this actor may ask for now: the buttons of the screen, asked for again by `perform`."""
    flow = registry[row.type_key].flow
    return [move for move in flow.from_state(row.state) if may_move(move, row, actor)]


def _locked(call: Call, versions: Mapping[int, int | None]) -> Sequence[Declaration]:
    """The rows in the order of their ids, so that two calls lock them in one order; 404 when one is missing."""
    query = reading(call.action, call.actor, versions).with_for_update(of=Declaration.__table__)
    rows = call.session.scalars(query).all()
    if len(rows) != len(versions):
        call.session.rollback()
        raise NotFound
    if any(move.checked for move in moves_called(call.action)):
        hold(call.session, rows)  # what the rules are asked about
    return rows


def _take(
    call: Call, ready: Sequence[Verdict], versions: Mapping[int, int | None]
) -> tuple[Sequence[Verdict], list[Skipped]]:
    """Take the step with all rows together; when something in it is refused, with each of them by itself.

    Both ways in a savepoint: what is refused leaves no trace, its taken numbers included. A row that stands alone is
    judged once more, since the ones before it may have changed what it rests on.
    """
    if len(ready) > 1:
        try:
            with call.session.begin_nested():
                _write(call, ready)
        except (Refused, IntegrityError):
            return _one_by_one(call, [one.row for one in ready], versions)
        return ready, []
    done, skipped = [], []
    for one in ready:
        try:
            with call.session.begin_nested():
                _write(call, [one])
        except Refused as refused:
            skipped.append(_skip(one.row, refused.message))
        except IntegrityError:
            skipped.append(_skip(one.row, _doubled(one.move)))
        else:
            done.append(one)
    return done, skipped


def _doubled(move: Move) -> Any:
    """What an index has stopped: the draft that is there already, or the case of another enterprise."""
    if move.to is State.DRAFT:
        return _l("There is another draft of this kind for the person. Please delete it first.")
    # Two enterprises submitted the same person at one moment: the index let the first one in.
    return _l("Another declaration for this person was submitted at the same moment.")


def _one_by_one(
    call: Call, rows: Sequence[Declaration], versions: Mapping[int, int | None]
) -> tuple[Sequence[Verdict], list[Skipped]]:
    done: list[Verdict] = []
    skipped: list[Skipped] = []
    for row in rows:
        (verdict,) = judge(call, [row], versions)
        if verdict.cause is not None:
            skipped.append(_skip(row, verdict.reason, verdict))
            continue
        taken, refused = _take(call, [verdict], versions)
        done += taken
        skipped += refused
    return done, skipped


def _write(call: Call, taken: Sequence[Verdict]) -> None:
    """Everything that the step changes. A flush in between would make a version of half a step."""
    for kind in registry:
        rows = [one for one in taken if one.kind is kind]
        if rows:
            _change_register(call, kind, rows)
            with call.session.no_autoflush:
                _write_down(call, kind, rows)
    call.session.flush()


def _change_register(call: Call, kind: DeclarationType, taken: Sequence[Verdict]) -> None:
    """Before the declarations themselves are touched, because an effect may have to flush what it writes."""
    move = taken[0].move
    if move.effect:
        kind.effect(call.session, [one.row for one in taken], call.actor, call.day)
    if move.upholds:
        uphold_all(call.session, call.actor, [one.row.id for one in taken], call.opinion.text)


def _write_down(call: Call, kind: DeclarationType, taken: Sequence[Verdict]) -> None:
    session, move, moment = call.session, taken[0].move, now()
    session.execute(insert(Decision), [_decision(call, one, moment) for one in taken])
    record_each(
        session, call.actor, f"declaration.{move.action}", "declaration", [one.row.id for one in taken]
    )
    if move.stamps is Stamp.SUBMITTED:
        _number(call, kind, [one.row for one in taken])
    due_after = deadlines.due_after(call.policy, call.holidays, move.to, call.day)
    for one in taken:
        row = one.row
        deadlines.set_clock(call, kind.term, move, row, due_after)
        _stamp(call, row, move)
        row.state = move.to
        row.changed_at = moment
    if move.compares:
        ask_to_compare(session, kind, [one.row for one in taken], moment)
    tell(session, move, [one.row for one in taken], call.actor, moment)


def _number(call: Call, kind: DeclarationType, rows: Sequence[Declaration]) -> None:
    """What was declared is kept, and who has no number yet gets the next one."""
    revisions.keep(call.session, kind, rows)
    fresh = [row for row in rows if not row.number]
    if fresh:
        numbers = declaration_numbers(call.session, kind.code, call.day, len(fresh))
        for row, number in zip(fresh, numbers, strict=True):
            row.number = number


def _stamp(call: Call, row: Declaration, move: Move) -> None:
    """The evidence that the state needs: who endorsed, who decided, when it was submitted."""
    if move.stamps is Stamp.SUBMITTED:
        row.submitted_at = now()
        if row.state == State.DRAFT:
            # What was filed in time stays in time while its applicant corrects it.
            row.filed_on = call.day
    elif move.stamps is Stamp.ENDORSED:
        row.endorsed_by_id = call.actor.account_id
        row.endorsement = "positive" if call.opinion.positive else "negative"
    elif move.stamps is Stamp.CONFIRMED:
        row.confirmed_by_id = call.actor.account_id
    elif move.stamps is Stamp.DECIDED:
        row.decided_by_id = call.actor.account_id
        row.decided_on = call.day
    elif move.stamps is Stamp.REOPENED:
        row.decided_by_id = row.decided_on = None


def _decision(call: Call, one: Verdict, moment: datetime) -> dict[str, Any]:
    """The step as the history keeps it, from the row as it stood before."""
    return {
        "declaration_id": one.row.id,
        "action": one.move.action,
        "from_state": one.row.state,
        "to_state": one.move.to,
        "actor_id": call.actor.account_id,
        "actor_name": call.actor.name,
        "role": call.actor.role,
        "opinion": call.opinion.text.strip() or None,
        "positive": call.opinion.positive if one.move.opinion else None,
        "ground": (call.opinion.ground or None) if one.move.ground else None,
        "field_reasons": json.dumps(dict(call.opinion.field_reasons), ensure_ascii=False),
        "findings": json.dumps([[found.rule, found.severity] for found in one.findings]),
        "rule_version": RULE_VERSION,
        "declaration_version": one.row.version,
        "at": moment,
    }


def _lists(call: Call, done: Sequence[Verdict]) -> list[str]:
    """Put the moved rows on a list for each type, where the move asks for one; the counters are taken last."""
    numbers = []
    for kind in registry:
        taken = [one for one in done if one.kind is kind]
        if taken and taken[0].move.batch is not None:
            numbers.append(put_on_list(call, kind, taken[0].move.batch, [one.row.id for one in taken]))
    return numbers


def _skip(row: Declaration, reason: Any, verdict: Verdict | None = None) -> Skipped:
    findings = verdict.findings if verdict is not None else ()
    return Skipped(
        row.id,
        f"{row.name} {row.number or ''}".strip(),
        str(reason),
        [str(one.message) for one in checks.errors(findings)],
    )
