"""One declaration as every reader sees it: what is declared, its papers, its course, and where it stands now."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from app.extensions.clock import local, today
from app.extensions.database import db
from app.models import Decision, Declaration, State
from app.models.personal import mask_id_number, mask_mobile
from app.security.access.roles import LABELS
from app.services.filing import Precheck, precheck
from app.views import time_left
from app.views.kit.columns import Cell, Column, attribute, cell, in_words, plain
from app.views.kit.uploads import AttachmentSlot, Slot, attached
from app.views.kit.words import Words, words
from app.workflow import facts, revisions, states
from app.workflow.calendar import Exceptions, working_days_between
from app.workflow.revisions import Change, changes_since_return
from app.workflow.types import DeclarationType, registry

_MASKS = {"id_number": mask_id_number, "mobile": mask_mobile}

EMPLOYER = ("region_code", *revisions.EMPLOYER)
"""聘用企业情况, as it stands in every declaration."""


@dataclass(frozen=True)
class Line:
    """A field in words. `reason` is why it was returned, `before` what stood there at the submission before."""

    name: str
    label: str
    cell: Cell
    reason: str = ""
    before: str | None = None


@dataclass(frozen=True)
class Block:
    title: str
    lines: Sequence[Line]


@dataclass(frozen=True)
class SpecialtyLine:
    """A specialty that is asked for, and the qualification that it rests on."""

    name: str
    certificate_number: str
    issued_on: date | None
    mandatory_hours: int | None
    elective_hours: int | None
    registered_until: date | None = None


@dataclass(frozen=True)
class Step:
    """One step of the course. `days` are the working days since the step before."""

    label: str
    at: datetime
    who: str
    role: str
    to: tuple[str, str]
    days: int
    opinion: str = ""
    positive: bool | None = None
    ground: str = ""
    reasons: Sequence[tuple[str, str]] = ()

    @property
    def when(self) -> str:
        return plain(self.at)


@dataclass(frozen=True)
class CasePage:
    """Everything that the templates `declarations/_*.html` show; they read nothing else."""

    kind: DeclarationType
    row: Declaration
    state: tuple[str, str]
    holder: str
    blocks: Sequence[Block]
    specialties: Sequence[SpecialtyLine]
    papers: Sequence[Slot]
    steps: Sequence[Step]
    reasons: Mapping[str, str]
    returned_because: str
    changed: Mapping[str, str]
    days_used: int
    days_left: int | None
    precheck: Precheck | None = None

    @property
    def overdue(self) -> bool:
        return self.row.due_on is not None and self.row.due_on < today()

    def label_of(self, name: str) -> str:
        return field_label(self.kind, name)

    @property
    def checks(self) -> Sequence[Any]:
        return self.precheck.lines if self.precheck else ()


def slots_of(kind: DeclarationType) -> list[AttachmentSlot]:
    """The attachments of the type. A draft may be saved without them: that they are there is a check."""
    return [
        AttachmentSlot(
            one.key, one.label, most=one.most, photo="one_inch" if one.photo else "", hint=one.hint
        )
        for one in kind.attachments
    ]


def case_page(row: Declaration, *, checks: bool = False) -> CasePage:
    """The page of a declaration that was read in scope; with `checks` also what its rules say now."""
    found = changes_since_return(db.session, row)
    papers = attached(db.session, row, slots_of(registry[row.type_key]))
    return assembled(row, row, found, papers, checks=checks)


def assembled(
    row: Declaration,
    shown: Any,
    found: Sequence[Change],
    papers: Sequence[Slot] = (),
    *,
    checks: bool,
    files: Mapping[str, int] | None = None,
) -> CasePage:
    """The page of `row` with what `shown` declares: the row itself, or a `Filed` of it.

    `files` says how many there are of each kind, when the caller has read them already.
    """
    kind, known, free = registry[row.type_key], words(), time_left.calendar()
    reasons, because = last_return(row)
    changed = {one.field: before_of(kind, one, known) for one in found}
    decisions = list(row.decisions)
    since = local(decisions[-1].at if decisions else row.created_at).date()
    return CasePage(
        kind=kind,
        row=row,
        state=known.state(row.state),
        holder=str(states.holder_of(row)),
        blocks=list(_blocks(kind, shown, known, reasons, changed)),
        specialties=list(_specialties(shown, known)),
        papers=papers,
        steps=list(_steps(kind, decisions, known, free)),
        reasons=reasons,
        returned_because=because,
        changed=changed,
        days_used=working_days_between(since, today(), free) if row.state not in states.ENDS else 0,
        days_left=working_days_between(today(), row.due_on, free) if row.due_on else None,
        precheck=precheck(db.session, kind, facts.declared(db.session, kind, row, files)) if checks else None,
    )


def last_return(row: Declaration) -> tuple[dict[str, str], str]:
    """The reasons at the fields they name, and the officer's words, until the declaration is accepted again."""
    for decision in reversed(row.decisions):
        if decision.to_state == State.RETURNED:
            return json.loads(decision.field_reasons), decision.opinion or ""
        if decision.to_state == State.ACCEPTED:
            break
    return {}, ""


def field_label(kind: DeclarationType, name: str) -> str:
    """What a field, an attachment or the specialties are called to people."""
    if name == "specialties":
        return str(_("Specialties"))
    key = name.removeprefix("attachment_")
    if key != name:
        return next((str(one.label) for one in kind.attachments if one.key == key), key)
    return str(facts.field_info(kind.model, name)["label"])


def _blocks(
    kind: DeclarationType,
    shown: Any,
    known: Words,
    reasons: Mapping[str, str],
    changed: Mapping[str, str],
) -> Iterator[Block]:
    model: Any = kind.model
    groups = [*kind.fieldsets, (_l("Employing enterprise"), EMPLOYER)]
    attributes = [attribute(model, name) for _title, names in groups for name in names]
    known.prepare([*(one.dictionary for one in attributes if one.dictionary), "specialty"])
    for title, names in groups:
        lines = [
            Line(
                name,
                str(attribute(model, name).label),
                cell(model, Column(name), shown, known),
                reasons.get(name, ""),
                changed.get(name),
            )
            for name in names
        ]
        yield Block(str(title), lines)


def _specialties(shown: Any, known: Words) -> Iterator[SpecialtyLine]:
    for one in shown.specialties:
        yield SpecialtyLine(
            known.choice("specialty", one.specialty),
            one.certificate_number or "",
            one.issued_on,
            one.mandatory_hours,
            one.elective_hours,
            one.registered_until,
        )


def _steps(
    kind: DeclarationType, decisions: Sequence[Decision], known: Words, free: Exceptions
) -> Iterator[Step]:
    before: date | None = None
    for one in decisions:
        day, move = local(one.at).date(), kind.flow.find(one.action)
        reasons = json.loads(one.field_reasons)
        yield Step(
            label=str(move.label) if move else one.action,
            at=one.at,
            who=one.actor_name,
            role=str(LABELS.get(one.role, one.role)),
            to=known.state(one.to_state),
            days=working_days_between(before, day, free) if before else 0,
            opinion=one.opinion or "",
            positive=one.positive,
            ground=known.choice("refusal_ground", one.ground),
            reasons=[(field_label(kind, name), text) for name, text in reasons.items()],
        )
        before = day


def before_of(kind: DeclarationType, change: Change, known: Words) -> str:
    """What stood in a field that was changed after a return, in words and masked."""
    if change.before in (None, "", []):
        return str(_("(empty)"))
    if change.field == "specialties":
        return str(_(", ")).join(known.choice("specialty", one[0]) for one in change.before)
    if change.field.startswith("attachment_"):
        return str(_("(other files)"))
    mask = _MASKS.get(change.field)
    if mask is not None:
        return mask(str(change.before))
    model: Any = kind.model
    return in_words(attribute(model, change.field), change.before, known)
