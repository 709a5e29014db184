"""The audit trail as the auditor reads it: every line, newest first, and nothing that changes one."""

import json
from typing import Any

from flask_babel import lazy_gettext as _l

from app.models import AuditEntry
from app.security.access.roles import LABELS, Actor, Role
from app.views.kit.columns import Column
from app.views.kit.filtering import Filter, Search
from app.views.kit.forms import Field, Fieldset
from app.views.kit.navigation import Section
from app.views.kit.records import RecordScreen
from app.workflow.types import registry

OUTCOMES: dict[str, Any] = {"done": _l("Done"), "failed": _l("Failed"), "refused": _l("Refused")}
_TONES = {"done": "green", "failed": "orange", "refused": "red"}

ACTS: dict[str, Any] = {
    "add": _l("Add"),
    "change": _l("Edit"),
    "delete": _l("Delete"),
    "export": _l("Export"),
    "export.plan": _l("Ask for an export"),
    "export_in_full": _l("Export in full"),
    "file.read": _l("Open a file"),
    "print": _l("Print"),
    "reveal": _l("Show in full"),
    "login": _l("Log in"),
    "logout": _l("Log out"),
    "second_factor": _l("Second factor"),
    "enrol_second_factor": _l("Set up a second factor"),
    "forget_second_factor": _l("Reset the second factor"),
    "change_password": _l("Change password"),
    "give_new_password": _l("New password"),
    "end_session": _l("End a session"),
    "open_account": _l("Open an account"),
    "disable_account": _l("Disable"),
    "enable_account": _l("Enable"),
    "look_up_person": _l("Look up a person"),
    "look_up_qualification": _l("Look up qualifications"),
    "search_number": _l("Search a list for the number of a person"),
    "register_act.withdraw": _l("Take back an act on the register"),
    "register_act.done": _l("Decide an act on the register"),
    "register_act.declined": _l("Decline an act on the register"),
    "person.correct_id_number": _l("Correct an ID number"),
    "look_up_registration": _l("Look up a registration"),
    "check_import": _l("Check an import"),
    "load_import": _l("Load an import"),
    "download_marked_import": _l("Download a marked workbook"),
    "person.correct": _l("Correct the particulars of a person"),
    "qualification.correct": _l("Correct a qualification with the register"),
    "discard_import": _l("Discard an import"),
    "consent.give": _l("Consent"),
    "consent.withdraw": _l("Withdraw a consent"),
    "declaration.print": _l("Print an application form"),
    "declaration.notice": _l("Print a notice"),
    "declaration.plan": _l("Plan a bulk decision"),
    "declaration.compare": _l("Compare with other registers"),
    "declaration.compare_again": _l("Ask for a comparison"),
    "list.print": _l("Print a list"),
    "real_name.ask": _l("Ask for the real-name check"),
    "real_name.recall": _l("Recall the real-name check"),
    "real_name.verify": _l("Pass the real-name check"),
    "real_name.reject": _l("Reject the real-name check"),
    "real_name.face": _l("Pass the real-name check by face"),
    "face_check.open": _l("Begin a face check"),
    "face_check.ask": _l("Ask for the result of a face check"),
    "face_check.forget": _l("Delete the picture of a face check"),
    "objection.raise": _l("Raise an objection"),
    "objection.read": _l("Read an objection"),
    "objection.dismiss": _l("Dismiss the objection"),
    "objection.uphold": _l("Uphold the objection"),
    "registration.strike_off": _l("Strike off the register"),
    "consultation.ask_again": _l("Ask further"),
    "consultation.reply": _l("Reply to a question"),
    "consultation.forward": _l("Forward a question to the province"),
    "consultation.close": _l("Close a question"),
    "central_registry.ask": _l("Ask the central registry"),
    "central_registry.take": _l("Take from the central registry"),
    "enterprise_change.print": _l("Print an application form"),
    "enterprise_change.submit": _l("Submit a change of the enterprise"),
    "enterprise_change.withdraw": _l("Withdraw a change of the enterprise"),
    "enterprise_change.return": _l("Return a change of an enterprise"),
    "enterprise_change.return_to_applicant": _l("Return a change of an enterprise to the applicant"),
    "enterprise_change.endorse": _l("Endorse a change of an enterprise"),
    "enterprise_change.approve": _l("Approve a change of an enterprise"),
    "enterprise_change.refuse": _l("Refuse a change of an enterprise"),
    "person.lock": _l("Lock"),
    "person.unlock": _l("Unlock"),
    "registration.lock": _l("Lock a registration"),
    "registration.unlock": _l("Unlock a registration"),
}
"""What the steps of the workflow do not name; those are called `declaration.<step>`."""

_STEP = "declaration."


def act_in_words(name: str) -> str:
    """The name of an act; one that has no words yet is shown as it is stored."""
    if name in ACTS:
        return str(ACTS[name])
    moves = (kind.flow.find(name.removeprefix(_STEP)) for kind in registry)
    return next((str(move.label) for move in moves if move), name)


def _acts() -> list[tuple[str, Any]]:
    steps = {f"{_STEP}{move.action}": move.label for kind in registry for move in kind.flow.moves}
    return list((ACTS | {name: label for name, label in steps.items() if name not in ACTS}).items())


def _details(row: AuditEntry) -> str:
    """The stored JSON as lines of name and value."""
    try:
        stored = json.loads(row.detail)
    except ValueError:
        return row.detail
    return "\n".join(f"{name}: {value}" for name, value in stored.items())


class AuditScreen(RecordScreen):
    """Read-only for everybody; who exports it writes a line himself."""

    model = AuditEntry
    route_base = "/audit"
    title = _l("Audit trail")
    section, position, icon = Section.AUDIT, 10, "shield-check"
    readers = (Role.AUDITOR,)
    list_columns = (
        "at",
        "actor_name",
        Column("role", words=lambda stored: LABELS.get(stored, stored)),
        Column("action", words=act_in_words),
        "subject",
        "subject_id",
        Column("outcome", words=lambda stored: OUTCOMES.get(stored, stored),
               tone=lambda row: _TONES.get(row.outcome, "secondary")),
        "address",
    )  # fmt: skip
    sortable = ("at",)
    order = "-at"
    page_size = 50
    numbered = False
    search = Search(name="actor_name")
    filters = (
        Filter("at"),
        Filter("role", choices=LABELS),
        Filter("action", choices=_acts),
        Filter("subject"),
        Filter("subject_id"),
        Filter("outcome", choices=OUTCOMES),
    )
    show_fieldsets = (
        Fieldset(
            _l("Audit line"),
            (
                "at",
                "actor_name",
                Field("role", choices=LABELS),
                Field("action", choices=_acts),
                "subject",
                "subject_id",
                Field("outcome", choices=OUTCOMES),
                "address",
                Field("request_id", label=_l("Request number")),
            ),
        ),
    )
    show_template = "accounts/audit_entry.html"

    def named(self, row: AuditEntry) -> str:
        return f"{act_in_words(row.action)} #{row.id}"

    def context(self, row: Any, actor: Actor) -> dict[str, Any]:
        return {"details": _details(row) if row is not None else ""}


SCREENS = (AuditScreen,)
