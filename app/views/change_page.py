"""The page of an enterprise's change: before and after in words, whom it is about, what holds it up, its course."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from app.extensions.clock import local, today
from app.extensions.database import db
from app.models import Attachment, Enterprise, EnterpriseChange, State, StoredFile
from app.models.enterprise_change import CHANGED
from app.security.access.roles import LABELS, Actor, Role
from app.security.access.scope import visible_to
from app.services import enterprise_changes
from app.services.filing import CheckLine
from app.views import time_left
from app.views.cases import Step
from app.views.exhibits import Bundle, Exhibits, exhibit
from app.views.kit.columns import attribute, in_words
from app.views.kit.forms import is_stored
from app.views.kit.uploads import AttachmentSlot
from app.views.kit.words import words
from app.workflow.calendar import working_days_between
from app.workflow.checks import errors
from app.workflow.enterprise_changes import FLOW, LABELS as STATES
from app.workflow.states import EDITABLE, HOLDERS, TONES

_SHOWN = 20
"""Constructors and open cases that stand on the page itself; all of them are one link away."""
_ENDS = frozenset(state for state in FLOW.states if not FLOW.from_state(state))
_CASE_SCREENS = {
    Role.ENTERPRISE: "EnterpriseCasesScreen",
    Role.MUNICIPAL: "ReviewScreen",
    Role.PROVINCIAL: "ReviewScreen",
}


@dataclass(frozen=True)
class Compared:
    """One particular of the enterprise as it was and as it shall be."""

    label: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class Checked:
    """What the rules say, by the names that the checklist reads."""

    lines: Sequence[CheckLine]

    @property
    def ready(self) -> bool:
        return not errors([one for line in self.lines for one in line.findings])


def compared(row: EnterpriseChange) -> list[Compared]:
    """Every particular that may be changed, whether it is or not."""
    found = []
    for name, column in CHANGED.items():
        known = attribute(Enterprise, column)
        before, after = (in_words(known, getattr(row, f"{when}_{name}"), words()) for when in ("old", "new"))
        found.append(Compared(str(known.label), before, after))
    return found


def changed_in_words(row: EnterpriseChange) -> str:
    return str(_(", ")).join(one.label for one in compared(row) if one.changed)


def context(row: EnterpriseChange, actor: Actor, register: str) -> Mapping[str, Any]:
    """What the templates of a change read; `register` is the screen on which all constructors stand.

    The rules are asked for whoever has to take the next step: the enterprise that may submit, or an authority.
    """
    number, persons = enterprise_changes.constructors(db.session(), row, actor, _SHOWN)
    found: dict[str, Any] = {
        "compared": compared(row),
        "constructors": persons,
        "constructors_in_all": number,
        "constructors_url": _register_url(row, register),
    }
    if not is_stored(row):
        return found
    waits = row.state in EDITABLE or not actor.has(Role.ENTERPRISE)
    lines = enterprise_changes.asked(db.session(), row) if waits and row.state not in _ENDS else []
    steps = list(_steps(row))
    return found | {
        "returned": steps[-1].opinion if steps and row.state == State.RETURNED else "",
        "case": {
            "row": {"number": row.number, "due_on": row.due_on},
            **_time_left(row),
            "state": _state(row.state),
            "holder": HOLDERS.get(row.state, ""),
            "steps": steps,
            "precheck": Checked(lines),
            "checks": lines,
            "reasons": {},
        },
        "open_cases": list(_open_cases(row, actor)) if lines else [],
    }


def _time_left(row: EnterpriseChange) -> Mapping[str, Any]:
    """How long the authority that has it in hand has had it, and how long it still has."""
    if row.due_on is None:
        return {}
    free, day = time_left.calendar(), today()
    return {
        "days_used": working_days_between(local(row.changed_at).date(), day, free),
        "days_left": working_days_between(day, row.due_on, free),
        "overdue": row.due_on < day,
    }


def _state(code: str) -> tuple[str, str]:
    return str(STATES.get(code, code)), TONES.get(code, "secondary")


def _register_url(row: EnterpriseChange, screen: str) -> str:
    if screen == "RosterScreen":
        return url_for(f"{screen}.list")
    return url_for(f"{screen}.list", enterprise_id=row.enterprise_id, status="valid")


def _steps(row: EnterpriseChange) -> Iterator[Step]:
    for one in row.steps:
        move = FLOW.find(one.action)
        yield Step(
            str(move.label) if move else one.action,
            local(one.at),
            one.actor_name,
            str(LABELS.get(one.role, one.role)),
            _state(one.to_state),
            0,
            one.opinion or "",
        )


def _open_cases(row: EnterpriseChange, actor: Actor) -> Iterator[Mapping[str, Any]]:
    screen = _CASE_SCREENS[Role(actor.role)]
    for one in enterprise_changes.open_cases(db.session(), actor, row, _SHOWN):
        yield {
            "name": one.name,
            "id_number": one.id_number,
            "kind": words().declaration_type(one.type_key),
            "state": words().state(one.state),
            "url": url_for(f"{screen}.show", key=one.id) if one.id is not None else "",
        }


def bench(row: EnterpriseChange, actor: Actor, slots: Sequence[AttachmentSlot]) -> Mapping[str, Any]:
    """The evidence as an officer lays it out beside what is declared."""
    bundles = {one.kind: Bundle(one.kind, str(one.label)) for one in slots}
    for one in db.session.execute(
        select(Attachment.id, Attachment.kind, Attachment.file_name, StoredFile.media_type)
        .join(StoredFile, StoredFile.id == Attachment.file_id)
        .where(Attachment.enterprise_change_id == row.id, visible_to(Attachment, actor))
        .order_by(Attachment.id)
    ):
        bundles[one.kind].files.append(exhibit(one, bundles[one.kind].label))
    papers = Exhibits(list(bundles.values()), ())
    return {"bench": {"papers": papers, "unfiled": False}, "ready_fields": {}}
