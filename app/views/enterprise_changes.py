"""企业信息变更: what an enterprise wants changed of its registration, and the desks of the city and the province."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from flask import flash, redirect, request
from flask_appbuilder import expose
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import ColumnElement, delete
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.extensions.database import db
from app.extensions.refused import Refused
from app.models import Attachment, EnterpriseChange, State
from app.security.access.roles import Actor, Role
from app.security.login.current import current_actor
from app.services import enterprise_changes, prints
from app.views import change_page, time_left
from app.views.kit import saving
from app.views.kit.actions import Action, ActionField, Call, Outcome
from app.views.kit.columns import Column
from app.views.kit.exporting import disposition
from app.views.kit.filtering import Filter, Search
from app.views.kit.forms import Field, Fieldset
from app.views.kit.navigation import Section
from app.views.kit.records import RecordScreen
from app.views.kit.requests import commit, writes_late
from app.views.kit.selecting import read_selection
from app.views.kit.uploads import AttachmentSlot
from app.views.kit.words import words
from app.views.papers import language_of_form
from app.workflow import states
from app.workflow.enterprise_change_rules import LICENCE, NOTICE, OTHER
from app.workflow.enterprise_changes import FLOW, LABELS, legal_moves
from app.workflow.moves import Move, Mover

_ENTERPRISE, _AUTHORITIES = (Role.ENTERPRISE,), (Role.MUNICIPAL, Role.PROVINCIAL)
_PAPERS = (
    AttachmentSlot(
        LICENCE, _l("New business licence"), most=2, hint=_l("The original or the duplicate, or both")
    ),
    AttachmentSlot(
        NOTICE, _l("Notice of the approved change"), most=3, hint=_l("By the market regulator, with its date")
    ),
    AttachmentSlot(OTHER, _l("Other papers"), most=5),
)
_CONFIRMATIONS: Mapping[str, Any] = {
    "submit": _l(
        "While the change is open, nothing but cancellations can be filed for your constructors. You confirm that "
        "what it says and its attachments are true."
    ),
    "withdraw": _l("The change becomes a draft again and leaves the authority's list."),
    "endorse": _l(
        "The change goes to the province, which decides. Compare the evidence with what is new first."
    ),
    "approve": _l(
        "The enterprise, every registration that stands with it and their certificates change at once. Nobody can "
        "take it back."
    ),
}
_ICONS = {
    "submit": "send", "withdraw": "arrow-back-up", "return": "arrow-back-up", "return_to_applicant": "arrow-back-up",
    "endorse": "check", "approve": "check", "refuse": "x",
}  # fmt: skip
_STATE = Column("state", choices=LABELS, tone=lambda row: states.TONES[row.state])


def _step(move: Move) -> Callable[[Call], Any]:
    def taken(call: Call) -> Any:
        (row,) = call.rows
        enterprise_changes.take(
            db.session(), call.actor, move.action, row.id, call.versions[row.id],
            words=call.answers.get("words", ""), once=call.key,
        )  # fmt: skip
        commit()
        return _returned(call.screen) if move.to is State.RETURNED else Outcome(done=1)

    return taken


def _returned(screen: RecordScreen) -> Response:
    """The enterprise has it in hand now: for an authority its page does not exist until it is handed in again."""
    flash(_("The change was returned to the enterprise."), "success")
    return redirect(screen.url("list"))


def _action(move: Move, roles: Sequence[Role]) -> Action:
    words_of = ActionField(
        "words", _l("Reason") if move.reason else _l("Opinion"), required=move.reason, long=True
    )
    return Action(
        move.action, move.label, roles, _step(move),
        when=lambda row, actor: move in legal_moves(row, actor),
        confirm=_CONFIRMATIONS.get(move.action, ""),
        fields=() if move.by is Mover.INITIATOR else (words_of,),
        tone="primary" if move.checked else "", icon=_ICONS[move.action], listed=False,
    )  # fmt: skip


def _print(call: Call) -> Response:
    (row,) = call.rows
    number = row.number
    pdf = prints.print_change(db.session(), call.actor, row, language_of_form())
    commit()
    answer = Response(pdf, content_type="application/pdf")
    answer.headers["Content-Disposition"] = disposition(f"{number}.pdf", inline=True)
    return answer


def _printing(roles: Sequence[Role]) -> Action:
    return Action(
        "print", _l("Print"), roles, _print, when=lambda row, _actor: row.number is not None, icon="printer",
        changes=False, new_tab=True,
    )  # fmt: skip


_WHAT = Column("what", label=_l("What is changed"), text=change_page.changed_in_words)


class ChangeScreen(RecordScreen):
    """One change: before and after, whose registrations follow, what holds it up, and its course."""

    model = EnterpriseChange
    exporters = ()
    show_fieldsets = (
        Fieldset(
            _l("Change of the enterprise's particulars"),
            (
                *("number", Field("state", choices=LABELS), "region_code", "changed_on", "reason"),
                *("submitted_at", "decided_on"),
            ),
        ),
    )
    show_template = "enterprise/change.html"
    sortable = ("submitted_at", "decided_on")
    empty_text = _l("There is no change.")

    def named(self, row: Any) -> str:
        return str(row.new_name or row.old_name or "")

    def slots(self, row: Any, actor: Actor) -> Sequence[AttachmentSlot]:
        return _PAPERS


def _as_it_shall_be(county: str | None) -> Fieldset:
    """What is typed. The city follows from the county; one that was retired is offered to whoever lies in it."""
    return Fieldset(
        _l("As it shall be"),
        (
            Field("new_name", required=False, wide=True),
            Field("new_uscc", required=False, hint=_l("It stays in most cases")),
            Field("new_representative", required=False),
            Field(
                "new_county_code",
                label=_l("New city and county"),
                choices=lambda: words().every_county(county),
            ),
            Field("new_address", required=False),
            Field("changed_on", required=False, hint=_l("As the notice of the market regulator says")),
            Field("reason", required=False, wide=True),
        ),
        note=_l("Whatever stays is left as it is."),
    )


class EnterpriseChangeScreen(ChangeScreen):
    """The changes of one's own enterprise; there is one that is not at its end, at most."""

    route_base = "/enterprise-changes"
    title = _l("Changes of the enterprise")
    lead = _l(
        "Name, credit code, place, address and legal representative are changed here once, for the enterprise, for "
        "every constructor registered with it and for their certificates."
    )
    section, position, icon = Section.BASICS, 25, "arrows-exchange"
    readers = adders = editors = deleters = _ENTERPRISE
    list_columns = ("number", _WHAT, "changed_on", _STATE, "submitted_at", "decided_on", "followed")
    order = "-id"
    filters = (Filter("state", choices=LABELS), Filter("submitted_at"))
    add_label = _l("Add a change")
    form_template = "enterprise/change_form.html"
    form_fieldsets = (_as_it_shall_be(None),)
    actions = (
        *(_action(one, _ENTERPRISE) for one in FLOW.moves if one.by is Mover.INITIATOR),
        _printing(_ENTERPRISE),
    )

    def fresh(self, actor: Actor) -> EnterpriseChange:
        return enterprise_changes.fresh(db.session(), actor)

    def form_for(self, row: Any, actor: Actor) -> Sequence[Fieldset]:
        return (_as_it_shall_be(row.new_county_code),)

    def may_edit(self, row: Any, actor: Actor) -> bool:
        return row.state in states.EDITABLE

    def may_delete(self, row: Any, actor: Actor) -> bool:
        """What an authority has had in its hands leaves traces."""
        return row.state == State.DRAFT and row.submitted_at is None

    def before_delete(self, row: Any, actor: Actor) -> None:
        db.session.execute(delete(Attachment).where(Attachment.enterprise_change_id == row.id))

    def before_save(self, row: Any, actor: Actor, *, added: bool) -> None:
        if added and enterprise_changes.open_of(db.session(), row.enterprise_id) is not None:
            raise Refused(
                _l("Your enterprise has a change that is not at its end. Please go on with that one.")
            )
        enterprise_changes.complete(db.session(), row)

    def context(self, row: Any, actor: Actor) -> Mapping[str, Any]:
        return change_page.context(row, actor, "RosterScreen") if row is not None else {}

    @expose("/add", methods=("GET", "POST"))
    @writes_late
    def add(self) -> str | Response | tuple[str, int]:
        known = enterprise_changes.open_of(db.session(), self.actor.enterprise_id or 0)
        if known is not None and request.method == "GET":
            return redirect(self.url("edit" if known.state == State.DRAFT else "show", key=known.id))
        return saving.add(self)


_DESKS: Mapping[str, Any] = {"waiting": _l("Waiting for us"), "cities": _l("With the cities")}


def _at_desk(choice: str) -> ColumnElement[bool]:
    if choice == "cities":
        return EnterpriseChange.state == State.SUBMITTED
    return enterprise_changes.waits_for(current_actor())


_TIME_LEFT = Column("due_on", label=_l("Time left"), words=time_left.in_words, words_tone=time_left.tone)


class EnterpriseChangeDeskScreen(ChangeScreen):
    """What enterprises of the city ask for, or of the province; what waits for this authority comes first."""

    route_base = "/enterprise-change-desk"
    title = _l("Changes of enterprises")
    section, position, icon = Section.REVIEWING, 35, "arrows-exchange"
    readers = _AUTHORITIES
    list_columns = (
        "number", Column("old_name", label=_l("Enterprise")), _WHAT, "region_code", _STATE, _TIME_LEFT,
        "submitted_at", "decided_on",
    )  # fmt: skip
    order = "submitted_at"
    search = Search(name=("old_name", "new_name", "number"), label=_l("Enterprise or number"))
    filters = (
        Filter("desk", _l("Desk"), choices=_DESKS, where=_at_desk),
        Filter("due", _l("Time left"), choices=time_left.CHOICES, where=time_left.condition_of_change),
        Filter("state", choices=LABELS), Filter("region_code"), Filter("submitted_at"),
    )  # fmt: skip
    opening: ClassVar[Mapping[str, str]] = {"desk": "waiting"}
    show_template = "enterprise/change_review.html"
    actions = (
        *(
            _action(one, (one.by,))
            for one in FLOW.moves
            if isinstance(one.by, Role) and one.by in _AUTHORITIES
        ),
        _printing(_AUTHORITIES),
    )

    def named(self, row: Any) -> str:
        return f"{row.old_name} {row.number or ''}".strip()

    @expose("/act", methods=("POST",))
    def act(self) -> str | Response | tuple[str, int]:
        try:
            answer: str | Response | tuple[str, int] = super().act()
        except NotFound:
            # By a return the row leaves this desk: whoever sends it twice gets the first answer again.
            sent = request.form
            action, once = sent.get("action", ""), sent.get("key", "")
            asked = list(read_selection(sent).ticked)
            db.session.rollback()
            if len(asked) == 1 and enterprise_changes.was_taken(
                db.session(), self.actor, action, asked[0], once
            ):
                return _returned(self)
            raise
        return answer

    def context(self, row: Any, actor: Actor) -> Mapping[str, Any]:
        if row is None:
            return {}
        return {
            **change_page.context(row, actor, "RegistrationsScreen"),
            **change_page.bench(row, actor, _PAPERS),
        }


SCREENS = (EnterpriseChangeScreen, EnterpriseChangeDeskScreen)
