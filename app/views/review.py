"""The desk of the municipality and of the province: what waits for whom, the case in hand, and every step on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from flask import flash, redirect, request, url_for
from flask_appbuilder import expose
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, case, func, or_, select
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.extensions.database import db
from app.extensions.refused import Refused
from app.models import Declaration, Publicity
from app.security.access.roles import Actor, Role
from app.security.login.current import current_actor
from app.services import prints
from app.services.acceptance_notices import accepted
from app.views import time_left
from app.views.cases import case_page
from app.views.decisions import acts, asked_of, named, opinion_on, told
from app.views.kit.actions import Action, Call
from app.views.kit.columns import Column
from app.views.kit.filtering import Filter, Search
from app.views.kit.forms import Fieldset
from app.views.kit.listing import Listing, narrowed, whole
from app.views.kit.navigation import Section
from app.views.kit.paging import ordered
from app.views.kit.records import Link, RecordScreen
from app.views.kit.requests import commit, idempotency_key, writes_late
from app.views.papers import language, pdf_answer
from app.views.specialties import SPECIALTIES
from app.workflow.perform import Outcome, perform
from app.workflow.states import EDITABLE, WAITING_FOR
from app.workflow.types import registry

OFFICERS = (Role.MUNICIPAL, Role.PROVINCIAL)
_LONGEST_LIST, _NEIGHBOURS, _OFFERED_BATCHES = 1000, 1000, 50
_CONFLICT = 409


def waiting(actor: Actor) -> ColumnElement[bool]:
    """What lies on this officer's desk."""
    held = {state for role, states in WAITING_FOR.items() if role in actor.roles for state in states}
    return Declaration.state.in_(sorted(held))


def _publicities() -> Sequence[tuple[str, str]]:
    numbers = db.session.scalars(
        select(Publicity.number).order_by(Publicity.id.desc()).limit(_OFFERED_BATCHES)
    )
    return [(number, number) for number in numbers]


def _publicised_in(number: str) -> ColumnElement[bool]:
    return (
        Declaration.publicity_id == select(Publicity.id).where(Publicity.number == number).scalar_subquery()
    )


def _is_corrected(row: Declaration) -> bool:
    """Whether the applicant has it in hand: what he writes meanwhile is not filed, and no officer reads it."""
    return row.state in EDITABLE


def _require_filed(row: Declaration) -> None:
    if _is_corrected(row):
        raise Refused(
            _l("The applicant is correcting it. What is declared is shown when it is handed in again.")
        )


def _print(call: Call) -> Response:
    """One form at once; several as a job that shows how far it has come."""
    for row in call.rows:
        _require_filed(row)
    if len(call.rows) == 1:
        pdf = prints.print_form(db.session, call.actor, call.rows[0], language())
        commit()
        return pdf_answer(pdf, str(call.rows[0].number))
    keys = [row.id for row in call.rows]
    job = prints.plan(db.session, call.actor, keys, language(), call.key)
    commit()
    return redirect(url_for("JobScreen.show", key=job.id))


@dataclass(frozen=True)
class Place:
    """Where a case stands in the list that it was opened from."""

    number: int
    total: int
    before: int | None
    after: int | None


class CaseSearch(Search):
    """A declaration is also found by its number, which has as many digits as an ID number may have."""

    def condition(self, model: Any, typed: str) -> ColumnElement[bool]:
        return or_(super().condition(model, typed), Declaration.number == typed)


class ReviewScreen(RecordScreen):
    """One screen over all kinds of declarations. What may be done with a row is asked of its flow."""

    model = Declaration
    route_base = "/review"
    title = _l("Work list")
    section = Section.REVIEWING
    position = 10
    icon = "clipboard-list"
    readers = OFFICERS
    list_columns = (
        "number",
        "name",
        "id_number",
        Column(
            "due_on",
            label=_l("Time left"),
            text=lambda row: time_left.in_words(row.due_on),
            tone=lambda row: time_left.tone(row.due_on),
        ),
        "state",
        "enterprise_name",
        SPECIALTIES,
        "type_key",
        "submitted_at",
        "region_code",
    )
    sortable = ("number", "name", "submitted_at", "due_on")
    order = "due_on"
    search = CaseSearch("name", id_number="id_number", label=_l("Name, ID number or declaration number"))
    filters = (
        Filter(
            "desk",
            _l("Desk"),
            choices={"waiting": _l("Waiting for us")},
            where=lambda _choice: waiting(current_actor()),
        ),
        Filter("type_key"),
        Filter("state"),
        Filter("due", _l("Time left"), choices=time_left.CHOICES, where=time_left.condition),
        Filter("region_code"),
        Filter("publicity", _l("Publicity batch"), choices=_publicities, where=_publicised_in),
        Filter("submitted_at"),
    )
    show_fieldsets = (Fieldset(_l("Declaration"), ("number", "state")),)
    show_label = _l("Open the case")
    empty_text = _l("Nothing waits for you.")
    list_template = "review/list.html"
    actions = (
        *acts(),
        Action(
            "print", _l("Print"), OFFICERS, _print, single=False, bulk=True, changes=False, icon="printer"
        ),
    )
    roles = {name: frozenset(OFFICERS) for name in ("decide", "form", "notice")}

    def named(self, row: Declaration) -> str:
        return f"{row.name} {row.number or ''}".strip()

    # ----------------------------------------------------------------------------------------------- the list

    def listing(self, arguments: Mapping[str, str] | None = None) -> Listing:
        """Who opens the list without a filter sees what waits for him."""
        asked = request.args if arguments is None else arguments
        return super().listing(asked or MultiDict({"desk": "waiting"}))

    def url(self, method: str, **values: Any) -> str:
        """A case that is opened from the list knows the list, so that it can lead to the next one."""
        if method == "show" and request.endpoint == f"{self.endpoint}.list":
            values["list"] = request.query_string.decode("ascii", "replace")[:_LONGEST_LIST]
        return super().url(method, **values)

    def toolbar(self, actor: Actor) -> Sequence[Link]:
        """The whole list at once: a job, since it may be longer than what one call takes."""
        arguments: dict[str, Any] = dict(self.listing().kept(page=None, size=None, sort=None))
        return [
            Link(_l("Decide all that match"), url_for("MatchingScreen.choose", **arguments), "list-check")
        ]

    def context(self, row: Declaration | None, actor: Actor) -> Mapping[str, Any]:
        return {"counts": self._counts(actor)} if row is None else {}

    def _counts(self, actor: Actor) -> Mapping[str, int]:
        """How much waits, and how much of it presses: one statement."""
        pressing = [
            func.coalesce(func.sum(case((time_left.condition(choice), 1), else_=0)), 0)
            for choice in ("overdue", "soon")
        ]
        query = self.rows(actor).where(waiting(actor)).with_only_columns(func.count(), *pressing)
        found = db.session.execute(query.order_by(None)).one()
        return {"waiting": found[0], "overdue": found[1], "soon": found[2]}

    # ----------------------------------------------------------------------------------------------- the case

    @expose("/<key>")
    def show(self, key: str) -> str:
        return self._case(self.one(key, self.actor), request.args.get("list", ""))

    def _case(
        self,
        row: Declaration,
        list_: str,
        *,
        sent: Mapping[str, str] | None = None,
        faults: Sequence[tuple[str, str]] = (),
    ) -> str:
        actor = self.actor
        return self.page(
            "review/case.html",
            row=row,
            case=case_page(row, checks=not _is_corrected(row)),
            corrected=_is_corrected(row),
            forms=asked_of(row, actor),
            list=list_[:_LONGEST_LIST],
            place=self._place(row.id, list_, actor),
            notice=accepted(db.session, row) is not None,
            left=(time_left.in_words(row.due_on), time_left.tone(row.due_on)),
            sent=sent or {},
            faults=faults,
        )

    def _place(self, key: int, list_: str, actor: Actor) -> Place:
        """Where the case stands among the first of the list that it was opened from."""
        listing = self.listing(MultiDict(parse_qsl(list_[:_LONGEST_LIST])))
        query = ordered(narrowed(self.rows(actor), listing, self.search), listing)
        keys = db.session.scalars(query.with_only_columns(Declaration.id).limit(_NEIGHBOURS)).all()
        others = [one for one in keys if one != key]
        if key not in keys:
            return Place(0, len(keys), None, others[0] if others else None)
        number = list(keys).index(key)
        return Place(
            number + 1,
            len(keys),
            keys[number - 1] if number else None,
            keys[number + 1] if number + 1 < len(keys) else None,
        )

    @expose("/<key>/decide", methods=("POST",))
    def decide(self, key: str) -> Response | tuple[str, int]:
        """One step on one case; what was typed stays on the page when the step is refused."""
        actor, sent = self.actor, request.form
        row = self.one(key, actor)
        action, list_ = sent.get("action", ""), sent.get("list", "")
        opinion = opinion_on(row, action, sent)
        place = self._place(row.id, list_, actor)
        version = {row.id: whole(sent.get("version"), 0)}
        outcome = perform(db.session, action, version, actor, opinion=opinion, key=idempotency_key(sent))
        if outcome.skipped:
            row = self.one(key, actor)
            return self._case(row, list_, sent=sent, faults=list(named(outcome))), _CONFLICT
        return self._onward(row, action, outcome, place, list_)

    def _onward(self, row: Declaration, action: str, outcome: Outcome, place: Place, list_: str) -> Response:
        """To the next case of the list, when that was asked for and there is one; otherwise back to this one."""
        move = registry[row.type_key].flow.find(action)
        if move is not None:
            flash(f"{self.named(row)} · {told(move, outcome)}", "success")
        target = row.id
        if "onward" in request.form:
            following = place.after or place.before
            if following is None:
                return redirect(self.url("list"))
            target = following
        return redirect(self.url("show", key=target, list=list_[:_LONGEST_LIST]))

    # --------------------------------------------------------------------------------------------------- paper

    @expose("/<key>/form", methods=("POST",))
    @writes_late
    def form(self, key: str) -> Response:
        """申报表."""
        row = self.one(key, self.actor)
        _require_filed(row)
        pdf = prints.print_form(db.session, self.actor, row, language())
        commit()
        return pdf_answer(pdf, str(row.number))

    @expose("/<key>/notice", methods=("POST",))
    @writes_late
    def notice(self, key: str) -> Response:
        """受理通知书; 404 for a case that was not accepted."""
        row = self.one(key, self.actor)
        pdf = prints.print_notice(db.session, self.actor, row, language())
        commit()
        return pdf_answer(pdf, f"{row.number}-notice")


SCREENS = (ReviewScreen,)
