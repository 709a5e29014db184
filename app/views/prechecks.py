"""会不会被退: what the rules say of a declaration as it stands in the form now, saved or not."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import request
from flask_babel import gettext as _, ngettext

from app.extensions.database import db
from app.models import Declaration
from app.security.access.roles import Actor
from app.services.filing import CheckLine, Precheck, precheck
from app.views.kit.columns import Column, attribute, said
from app.views.kit.forms import RecordForm
from app.views.kit.records import RecordScreen
from app.views.kit.uploads import Uploads
from app.views.kit.words import words
from app.views.specialties import SpecialtiesForm
from app.workflow import facts, rules
from app.workflow.types import DeclarationType


def answer(screen: RecordScreen, kind: DeclarationType, row: Declaration, actor: Actor) -> dict[str, Any]:
    """The checklist as the page's script shows it. Nothing is written, and `row` is left as it is stored."""
    form = RecordForm(screen.model, screen.form_for(row, actor), row, words(), request.form)
    form.validate()
    boxes = SpecialtiesForm(kind, row, request.form)
    stored = facts.declared(db.session, kind, row)
    values = {name: _value(form, name, stored.values.get(name)) for name in kind.fields}
    follows = kind.follows(values)
    what = replace(
        stored,
        values=values | dict(follows),
        specialties=boxes.facts,
        attachments=_attachments(screen, row, actor),
    )
    found = precheck(db.session, kind, what)
    faults = {name: " ".join(form.form[name].errors) for name in form.declared if _is_wrong(form, name)}
    unread = {name: f"{form.form[name].label.text}{_(': ')}{fault}" for name, fault in faults.items()}
    if boxes.faults:
        faults["specialties"] = " ".join(boxes.faults)
    return {
        "ready": found.ready and not faults,
        "sum": _sum(found),
        "lines": [_line(line, unread) for line in found.lines],
        "faults": faults,
        "needed": sorted(found.needed_attachments),
        "follows": _in_words(kind, follows),
    }


def _in_words(kind: DeclarationType, follows: Mapping[str, Any]) -> dict[str, str]:
    """What follows from what was typed, as the form shows it where nobody can type."""
    return {
        name: said(attribute(kind.model, name), Column(name), value, words()).text
        for name, value in follows.items()
    }


def _is_wrong(form: RecordForm, name: str) -> bool:
    return name in form.form and bool(form.form[name].errors)


def _value(form: RecordForm, name: str, stored: Any) -> Any:
    """What was typed; what is not asked or was left as it is stays as it is stored."""
    if name not in form.form:
        return stored
    typed = form.form[name].data
    return stored if typed is None and form.kept.get(name) else typed


def _attachments(screen: RecordScreen, row: Declaration, actor: Actor) -> dict[str, int]:
    """What lies in each slot, with the files that were uploaded into this form and without those to be removed."""
    slots = Uploads().beside(screen, row, actor).slots
    return {slot.asked.kind: len(slot.held) for slot in slots}


def _sum(found: Precheck) -> str:
    stopping = sum(line.tone == "red" for line in found.lines)
    if not stopping:
        return str(_("Nothing stands against the submission."))
    return str(
        ngettext(
            "%(num)s rule would stop the submission.", "%(num)s rules would stop the submission.", stopping
        )
    )


def _line(line: CheckLine, unread: Mapping[str, str]) -> dict[str, Any]:
    """What nobody can read counts as missing for the rules; whoever typed it is told what is wrong with it."""
    told = unread if line.check is rules.COMPLETE else {}
    return {
        "rule": line.check.rule,
        "label": str(line.check.label),
        "clause": line.check.clause,
        "tone": line.tone,
        "findings": [
            {
                "field": one.field,
                "message": told.get(one.field, str(one.message)),
                "severity": str(one.severity),
            }
            for one in line.findings
        ],
    }
