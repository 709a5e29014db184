"""What can be declared, on the screen: one list, page and form for each type, all made from its `TYPE`."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask import flash, get_flashed_messages, jsonify, redirect, request
from flask_appbuilder import expose
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import Select, delete
from werkzeug.wrappers import Response

from app.extensions.clock import now
from app.extensions.database import db
from app.extensions.refused import Refused
from app.models import Attachment, Declaration, Enterprise, Party, State
from app.security.access.roles import Actor, Role
from app.security.access.scope import find
from app.services import bulk_prints, filing, prints, specialties
from app.views import disputes, picking, prechecks, time_left
from app.views.cases import case_page, last_return, slots_of
from app.views.kit.actions import Action, ActionField, Call, Outcome
from app.views.kit.exporting import disposition
from app.views.kit.filtering import Filter, Search
from app.views.kit.forms import Field, Fieldset
from app.views.kit.navigation import Section
from app.views.kit.records import RecordScreen
from app.views.kit.requests import commit, typed, writes_late
from app.views.kit.uploads import AttachmentSlot
from app.views.papers import language_of_form, notices, print_many
from app.views.specialties import SEEN, SPECIALTIES, SpecialtiesForm
from app.workflow.call import Opinion
from app.workflow.facts import field_info
from app.workflow.moves import Move, Mover
from app.workflow.perform import legal_moves, perform
from app.workflow.types import DeclarationType, registry

_OWNERS = {Party.ENTERPRISE: Role.ENTERPRISE, Party.PERSON: Role.INDIVIDUAL}
_CONFIRMATIONS = {
    "agree": _l(
        "With your consent the registration is cancelled at once. No authority is asked, and nobody can take it back."
    ),
    "consent": _l("With your consent the declaration goes to the province, which decides on the transfer."),
    "force": _l(
        "The province decides instead of the other party. Add the evidence before: the end of the employment, an "
        "award, a judgment, or why the other party cannot answer."
    ),
    "submit": _l(
        "After the submission the declaration can be viewed and printed, but no longer changed. You confirm that "
        "what it says and its attachments are true."
    ),
    "withdraw": _l("The declaration becomes a draft again and leaves the authority's list."),
}
_ICONS = {
    "submit": "send", "withdraw": "arrow-back-up", "agree": "check", "consent": "check", "disagree": "x",
    "force": "gavel",
}  # fmt: skip


ONE_PERSONS: Mapping[str, Any] = {
    "list_columns": (
        "enterprise_name", "registration_kind", SPECIALTIES, "region_code", "submitted_at", "due_on", "state",
    ),
    "sortable": ("submitted_at", "due_on", "state"),
    "search": None,
    "exporters": (),
}  # fmt: skip
"""What differs in a list whose rows are all about the one who reads it."""


class DeclarationScreen(RecordScreen):
    """The screen of one type for those who initiate it (manual 3.2.3); `screen_of` makes one class for each type."""

    kind: ClassVar[DeclarationType]

    section = Section.DECLARING
    icon = "file-text"
    list_columns = (
        "region_code", "name", "id_number", "enterprise_name", "registration_kind", SPECIALTIES,
        "submitted_at", "state",
    )  # fmt: skip
    sortable = ("name", "submitted_at", "state")
    order = "-changed_at"
    search = Search(name="name", id_number="id_number", hint=_l("An ID number may be typed instead"))
    filters = (
        Filter("state"),
        Filter("due", _l("Time left"), choices=time_left.CHOICES, where=time_left.condition),
        Filter("submitted_at"),
        Filter("changed_at"),
    )
    further_columns = ("number", "gender", "mobile", "due_on", "created_at", "changed_at")
    add_label = _l("Add declaration")
    list_template = "declarations/list.html"
    show_template = "declarations/show.html"
    form_template = "declarations/form.html"

    def rows(self, actor: Actor) -> Select[Any]:
        """Those of the actor's own enterprise or person; a former employer confirms on a screen of its own."""
        mine = super().rows(actor)
        if self.kind.initiator == Party.PERSON:
            return mine.where(Declaration.person_id == actor.person_id)
        return mine.where(Declaration.enterprise_id == actor.enterprise_id)

    def named(self, row: Any) -> str:
        return f"{row.name} {row.number or ''}".strip()

    def may_edit(self, row: Any, actor: Actor) -> bool:
        """While it may still be submitted, which the type's own table of moves says."""
        return any(move.action == "submit" for move in legal_moves(row, actor))

    def may_delete(self, row: Any, actor: Actor) -> bool:
        """A draft that an authority has had in its hands leaves traces and can only lapse."""
        return self.may_edit(row, actor) and row.state == State.DRAFT and row.submitted_at is None

    def listed_actions(self, row: Any, actor: Actor) -> Sequence[Action]:
        """In the list the buttons of the manual alone; what moves a declaration stands on its page."""
        return [one for one in super().listed_actions(row, actor) if not one.changes]

    def before_delete(self, row: Any, actor: Actor) -> None:
        db.session.execute(delete(Attachment).where(Attachment.declaration_id == row.id))

    def slots(self, row: Any, actor: Actor) -> Sequence[AttachmentSlot]:
        return slots_of(self.kind)

    def form_for(self, row: Any, actor: Actor) -> Sequence[Fieldset]:
        """A draft may be saved with gaps: what is starred is asked for by the checks, when it is submitted."""
        return [
            Fieldset(title, [Field(name, required=False, readonly=name in filing.GIVEN) for name in names])
            for title, names in self.kind.fieldsets
        ]

    def starred(self) -> frozenset[str]:
        fields = {name: field_info(self.kind.model, name) for name in self.kind.fields}
        return frozenset(name for name, info in fields.items() if info.get("required"))

    def check(self, row: Any, actor: Actor) -> Sequence[tuple[str, str]]:
        boxes = SpecialtiesForm(self.kind, row, request.form)
        found = [("", message) for message in boxes.faults]
        if request.form.get(SEEN) != boxes.seen:
            found.append(
                ("", _("The specialties were saved by somebody else meanwhile. Please compare them."))
            )
        return found

    def before_save(self, row: Any, actor: Actor, *, added: bool) -> None:
        specialties.set_asked(
            db.session, self.kind, row, SpecialtiesForm(self.kind, row, request.form).wanted
        )
        filing.refresh(db.session, row)
        row.changed_at = now()

    def after_save(self, row: Any, actor: Actor, *, added: bool) -> Response | None:
        key = self.key_of(row)
        if request.form.get("then") != "submit":
            return redirect(self.url("edit", key=key))
        get_flashed_messages()  # "Saved." goes without saying when more was done
        outcome = filing.submit(db.session, actor, {row.id: row.version})
        if outcome.done:
            flash(_("Submitted."), "success")
            return redirect(self.url("show", key=key))
        # On a telephone the pre-check stands below the whole form: what it found is said here as well.
        told = " ".join(text for one in outcome.skipped for text in (one.reason, *one.findings))
        flash(_("It was saved, but not submitted: %(reason)s", reason=told), "warning")
        return redirect(self.url("edit", key=key))

    def context(self, row: Any, actor: Actor) -> Mapping[str, Any]:
        if row is None:
            return {"missing": self._missing(actor)}
        editable = self.may_edit(row, actor)
        values: dict[str, Any] = {"case": case_page(row, checks=editable), "printable": is_printable(row)}
        if editable:
            values |= {
                "specialties": SpecialtiesForm(self.kind, row, typed()),
                "reasons": last_return(row)[0],
                "starred": self.starred(),
                "precheck_url": self.url("precheck", key=self.key_of(row)) if self._at("edit") else "",
            }
        return values

    @staticmethod
    def _at(method: str) -> bool:
        return str(request.endpoint).endswith(f".{method}")

    def _missing(self, actor: Actor) -> Sequence[Any]:
        if self.kind.initiator != Party.ENTERPRISE:
            return ()
        return filing.wanting(db.session, find(db.session, Enterprise, actor.enterprise_id, actor))

    @expose("/add", methods=("GET", "POST"))
    def add(self) -> str | Response | tuple[str, int]:
        return picking.pick(self, self.kind)

    @expose("/<key>/precheck", methods=("POST",))
    @writes_late
    def precheck(self, key: str) -> Response:
        """Asked again and again while one types; it writes nothing."""
        actor = self.actor
        row = self.one(key, actor)
        if not self.may_edit(row, actor):
            raise Refused(_("It was moved meanwhile, or does not stand where this step begins."))
        with db.session.no_autoflush:
            answer: Response = jsonify(prechecks.answer(self, self.kind, row, actor))
        return answer


def is_printable(row: Declaration) -> bool:
    """打印(申报表): from the submission on (manual 3.2.3.1)."""
    return row.state != State.DRAFT and row.number is not None


def print_form(call: Call) -> Response:
    """The application form of one declaration. It shows the ID number in full, so the audit says who printed it."""
    row = call.rows[0]
    pdf = prints.print_form(db.session, call.actor, row, language_of_form())
    commit()
    answer = Response(pdf, content_type="application/pdf")
    answer.headers["Content-Disposition"] = disposition(f"{row.number}.pdf", inline=True)
    return answer


def followed(row: Any, actor: Actor) -> Mapping[str, Any]:
    """What the page of a case shows to those who follow it or answer it."""
    if row is None:
        return {}
    return {"case": case_page(row), "printable": is_printable(row), "dispute": disputes.told(row, actor)}


def act_of(move: Move, owner: Role) -> Action:
    """The button of a move of the type's own table."""

    def moved(call: Call) -> Outcome:
        versions = {int(key): version for key, version in call.versions.items()}
        if move.action == "submit":
            outcome = filing.submit(db.session, call.actor, versions, call.key)
        else:
            opinion = Opinion(call.answers.get("opinion", ""))
            outcome = perform(db.session, move.action, versions, call.actor, opinion=opinion, key=call.key)
        told = [(one.label, " ".join([one.reason, *one.findings])) for one in outcome.skipped]
        return Outcome(done=len(outcome.done), skipped=told)

    return Action(
        move.action,
        move.label,
        roles=(owner,),
        perform=moved,
        when=lambda row, actor: move in legal_moves(row, actor) and disputes.can_be_taken(row, move),
        bulk=move.bulk,
        confirm=_CONFIRMATIONS.get(move.action, ""),
        fields=(ActionField("opinion", _l("Reason"), required=True, long=True),) if move.reason else (),
        tone="primary" if move.checked else "",
        icon=_ICONS.get(move.action, ""),
        listed=not move.waits,  # since when it stands is read on its page, and not for each row of a list
    )


def screen_of(kind: DeclarationType) -> type[DeclarationScreen]:
    """The screen of a type. Its name and address come from the type's key and stay what they are."""
    owner = _OWNERS[kind.initiator]
    moves = [act_of(move, owner) for move in kind.flow.moves if move.by is Mover.INITIATOR]
    printing = Action(
        "print", _l("Print"), roles=(owner,), perform=print_form,
        when=lambda row, _actor: is_printable(row), icon="printer", changes=False, new_tab=True,
        bulk=True, many=print_many(bulk_prints.FORM), many_from=2,
    )  # fmt: skip
    values: dict[str, Any] = {
        "__module__": __name__,
        "__doc__": f"Made from the type {kind.key}.",
        "kind": kind,
        "switch": kind.switch,
        "model": kind.model,
        "route_base": f"/declarations/{kind.key.replace('_', '-')}",
        "title": kind.title or kind.label,
        "lead": kind.note,
        "position": kind.position,
        "readers": (owner,),
        "adders": (owner,),
        "editors": (owner,),
        "deleters": (owner,),
        "show_fieldsets": [Fieldset(title, tuple(names)) for title, names in kind.fieldsets],
        "form_fieldsets": [Fieldset(title, tuple(names)) for title, names in kind.fieldsets],
        "actions": (*moves, printing, notices((owner,))),
        "roles": {"precheck": frozenset({owner})},
    }
    if owner is Role.INDIVIDUAL:
        values |= ONE_PERSONS
    name = "".join(word.title() for word in kind.key.split("_"))
    return type(f"{name}Screen", (DeclarationScreen,), values)


SCREENS = tuple(screen_of(kind) for kind in registry)
