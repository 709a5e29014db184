"""Decisions as forms: moves become buttons, fields and reasons, and what was sent becomes an opinion."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, url_for
from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app import declarations
from app.extensions.database import db
from app.extensions.refused import Refused
from app.models import Declaration
from app.security.access.roles import Actor, Role
from app.services import bulk
from app.views.cases import field_label
from app.views.kit.actions import Action, ActionField, Call
from app.views.kit.formats import normal
from app.views.kit.listing import whole
from app.views.kit.requests import commit
from app.views.kit.selecting import SelectionCall
from app.views.kit.words import words
from app.views.reasons import ReadyFor
from app.workflow.call import Opinion
from app.workflow.grounds import GROUNDS
from app.workflow.guards import prolonged
from app.workflow.moves import Clock, Ground, Move, Stamp
from app.workflow.perform import Outcome as Performed, legal_moves
from app.workflow.types import DeclarationType, registry

# The acts of a screen are known when its class is made, and they are the moves of the types.
declarations.find()

LONGEST_TEXT, LONGEST_REASON = 2000, 300
REASON = "reason_"
"""What stands before the name of a field in the form that returns it."""

YES, NO = "1", "0"
POSITIVE: Mapping[str, Any] = {YES: _l("Positive"), NO: _l("Negative")}
TONES: Mapping[str, str] = {"decline": "danger", "refuse": "danger"}
ICONS: Mapping[str, str] = {
    "accept": "check",
    "return": "arrow-back-up",
    "decline": "ban",
    "endorse": "rubber-stamp",
    "extend": "calendar-plus",
    "extend_at_province": "calendar-plus",
    "approve": "check",
    "refuse": "ban",
    "send_back": "arrow-left",
    "return_to_applicant": "arrow-back-up",
    "publicise": "speakerphone",
    "announce": "news",
}


@dataclass(frozen=True)
class Asked:
    """The form of one move on the page of a case."""

    move: Move
    groups: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    """Titles, and under each the fields that a reason can be given at."""

    @property
    def name(self) -> str:
        return self.move.action

    @property
    def grounds(self) -> Mapping[str, Any]:
        """What may be chosen as the ground in law; empty where the step needs none."""
        return {} if self.move.ground is None else grounds_for(self.move)

    @property
    def must_choose(self) -> bool:
        return self.move.ground is Ground.ASKED

    @property
    def tone(self) -> str:
        return TONES.get(self.move.action, "primary")

    @property
    def icon(self) -> str:
        return ICONS.get(self.move.action, "check")


def asked_of(row: Declaration, actor: Actor) -> list[Asked]:
    """A form for each step that this actor may take with this case by itself; lists are opened at the desk."""
    kind = registry[row.type_key]
    groups = list(fields_of(kind))
    moves = [
        move
        for move in legal_moves(row, actor)
        if isinstance(move.by, Role) and move.batch is None and not move.upholds
    ]
    extending = next((move for move in moves if move.clock is Clock.EXTENDED), None)
    if extending is not None and prolonged(db.session(), {row.id: extending}):
        moves.remove(extending)
    return [Asked(move, groups if _returns(move, kind) else ()) for move in moves]


def _returns(move: Move, kind: DeclarationType) -> bool:
    """Whether the applicant has the case again after the move, and so needs to know what is wrong where."""
    return any(next_.stamps is Stamp.SUBMITTED for next_ in kind.flow.from_state(move.to))


def fields_of(kind: DeclarationType) -> Iterator[tuple[str, Sequence[tuple[str, str]]]]:
    """Everything of the form that a reason can be given at, under its titles."""
    for title, names in kind.fieldsets:
        yield str(title), [(name, field_label(kind, name)) for name in names]
    papers = [(f"attachment_{one.key}", str(one.label)) for one in kind.attachments]
    if kind.specialties:
        yield str(_("Specialties")), [("specialties", field_label(kind, "specialties"))]
    yield str(_("Attachments")), papers


def opinion_of(sent: Mapping[str, str], fields: Sequence[str] = ()) -> Opinion:
    """What an officer typed: clean, not too long, and only at fields that the form has."""
    reasons = {name: normal("", sent.get(REASON + name, ""))[:LONGEST_REASON] for name in fields}
    return Opinion(
        text=normal("", sent.get("text", ""))[:LONGEST_TEXT],
        positive={YES: True, NO: False}.get(sent.get("positive", "")),
        ground=given if (given := sent.get("ground", "")) in GROUNDS else "",
        field_reasons={name: text for name, text in reasons.items() if text},
    )


def opinion_on(row: Declaration, action: str, sent: Mapping[str, str]) -> Opinion:
    """The opinion of a form of `asked_of`; 404 for an action that is no single step of this type."""
    kind = registry[row.type_key]
    move = kind.flow.find(action)
    if move is None or move.batch is not None or move.upholds:
        raise NotFound
    names = [name for _title, fields in fields_of(kind) for name, _label in fields]
    return opinion_of(sent, names if _returns(move, kind) else ())


def acts() -> tuple[Action, ...]:
    """The moves that an authority may make with several ticked rows at once."""
    found: dict[str, tuple[Move, set[Role]]] = {}
    for kind in registry:
        for move in kind.flow.moves:
            if move.bulk and isinstance(move.by, Role) and move.by is not Role.SYSTEM:
                found.setdefault(move.action, (move, set()))[1].add(move.by)
    return tuple(_act(move, roles) for move, roles in found.values())


def _act(move: Move, roles: set[Role]) -> Action:
    return Action(
        move.action,
        move.label,
        roles=tuple(roles),
        perform=_always_planned,
        many=_planned,
        many_from=1,
        single=False,
        bulk=True,
        tone=TONES.get(move.action, ""),
        icon=ICONS.get(move.action, ""),
    )


def _always_planned(_call: Call) -> None:
    """No bulk decision is made from a list without its plan."""
    raise NotFound


def _planned(call: SelectionCall) -> Response:
    """The button of a bulk decision on a list: what is selected is foreseen, and nothing is decided yet."""
    screen, selection = call.screen, call.selection
    db.session.rollback()  # thousands of rows are read first, and others may write meanwhile
    versions: dict[int, int | None] = dict.fromkeys(bulk.keys_of(db.session(), call.rows()))
    if not selection.matching:
        versions |= {screen.key_value(key): version for key, version in selection.ticked.items()}
    if not versions:
        raise Refused(_l("Nothing matches any more. Please look at the list again."))
    about = {
        "list": selection.address,
        "matching": selection.matching,
        "shown": _meant(call),
    }
    asked = json.dumps([call.key, call.action.name, sorted(selection.fields())])
    key = hashlib.sha256(asked.encode()).hexdigest()
    job = bulk.plan(db.session(), call.actor, call.action.name, versions, key=key, about=about)
    commit()
    return redirect(url_for("PlanScreen.plan", key=job.id))


def _meant(call: SelectionCall) -> int:
    """How many rows the officer saw that he meant; 0 when he ticked them, for then the plan names each of them."""
    shown = whole(call.sent.get("shown"), 0) if call.selection.matching else 0
    return max(0, shown - len(call.selection.exceptions))


def grounds_to_choose() -> Sequence[tuple[str, Any]]:
    """The grounds of the law in words."""
    return words().choices("refusal_ground")


def grounds_for(move: Move) -> Mapping[str, Any]:
    """The same for a form of a step. None of them is chosen before the officer chooses."""
    nothing = _l("(choose)") if move.ground is Ground.ASKED else _l("(none of the law)")
    return {"": nothing, **dict(grounds_to_choose())}


def fields_for(move: Move) -> tuple[ActionField, ...]:
    """What has to be said with the move when it is made for several rows."""
    fields = []
    if move.opinion:
        fields.append(ActionField("positive", _l("Opinion"), required=True, choices=POSITIVE, default=YES))
    if move.ground is not None:
        asked = move.ground is Ground.ASKED
        label = _l("Ground of the refusal")
        fields.append(ActionField("ground", label, required=asked, choices=grounds_for(move)))
    if move.reason or move.opinion:
        label = _l("Reason") if move.reason else _l("Words of the opinion (needed when it is negative)")
        fields.append(
            ActionField("text", label, required=move.reason, long=True, templates=ReadyFor(move.action))
        )
    return tuple(fields)


def named(outcome: Performed) -> Iterator[tuple[str, str]]:
    """Each row that was left as it was, with everything that stood against it."""
    for one in outcome.skipped:
        yield one.label, " ".join([one.reason, *one.findings])


def told(move: Move, outcome: Performed) -> str:
    """What was done, in a sentence that names the lists that were opened."""
    count = len(outcome.done)
    sentence = ngettext(
        "%(num)s declaration: %(done)s.", "%(num)s declarations: %(done)s.", count, done=move.done
    )
    if outcome.batches:
        sentence += " " + _("List: %(numbers)s.", numbers=", ".join(outcome.batches))
    return str(sentence)
