"""The case in hand: its workbench, the steps that an officer takes with it, its claim, and its papers in print."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from flask import flash, jsonify, redirect, request
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, with_polymorphic
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.extensions.clock import local
from app.extensions.database import db
from app.extensions.refused import Refused
from app.models import Declaration
from app.security.access.roles import Actor
from app.security.access.scope import visible_to
from app.services import claims, comparisons, prints
from app.services.acceptance_notices import accepted
from app.services.claims import Holding
from app.views import time_left
from app.views.comparisons import DICTIONARIES, comparisons_of
from app.views.decisions import asked_of, named, opinion_on
from app.views.kit.listing import narrowed, whole
from app.views.kit.records import RecordScreen
from app.views.kit.requests import commit, idempotency_key, wants_json, writes_late
from app.views.kit.words import words
from app.views.papers import language, pdf_answer
from app.views.places import Place, place_of
from app.views.workbench import workbench
from app.workflow.perform import perform
from app.workflow.types import registry

CASE_METHODS = ("decide", "form", "notice", "claim", "take_over", "release", "compare", "compared")
"""What can be called beside the page of the case itself."""

LONGEST_LIST = 1000
_CONFLICT = 409
_NEXT = "next"
"""In the address of a case on which a step was taken: the case that came after it in the list."""
_SKIP = "review-skip"
"""A cookie of the page's script: `no` for an officer who wants to be led to cases that others have in hand, too."""


def _skips() -> bool:
    """Whether the neighbours of a case leave out those that another officer has in hand."""
    return request.cookies.get(_SKIP) != "no"


class CaseDesk(RecordScreen):
    """What a screen over declarations needs so that an officer can work on one of them."""

    def one(self, key: str, actor: Actor, *, locked: bool = False) -> Any:
        """The row with the columns of its type and with its specialties, in one statement."""
        if locked:
            return super().one(key, actor, locked=True)
        whole_row = with_polymorphic(Declaration, "*")
        query = (
            select(whole_row)
            .where(visible_to(Declaration, actor), whole_row.id == self.key_value(key))
            .options(joinedload(whole_row.specialties))
        )
        row = db.session.scalars(query).unique().one_or_none()
        if row is None:
            raise NotFound
        return row

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
        forms = asked_of(row, actor)
        bench = workbench(row, actor, deciding=bool(forms))
        returning = next((one for one in forms if one.groups), None)
        fields = [name for _title, group in returning.groups for name, _label in group] if returning else []
        return self.page(
            "review/case.html",
            row=row,
            bench=bench,
            case=bench.case,
            comparisons=bench.comparisons,
            forms=forms,
            returning=returning,
            ready_fields=bench.ready_at(fields),
            list=list_[:LONGEST_LIST],
            place=self._place(row, list_, actor),
            skipping=_skips(),
            notice=accepted(row) is not None,
            left=(time_left.in_words(row.due_on), time_left.tone(row.due_on)),
            sent=sent or {},
            faults=faults,
        )

    def _place(self, row: Declaration, list_: str, actor: Actor) -> Place:
        """Where the case stands in the list that it was opened from.

        After a step it stands elsewhere, or nowhere: `next` is what came after it before.
        """
        listing = self.listing(MultiDict(parse_qsl(list_[:LONGEST_LIST])))
        rows = narrowed(self.rows(actor), listing, self.search)
        skipped = claims.held_by_others(actor) if _skips() else None
        place = place_of(db.session, rows, row, listing, skipped)
        following = whole(request.args.get(_NEXT, ""), 0)
        if not following or following == row.id:
            return place
        open_ = rows if skipped is None else rows.where(~skipped)
        kept = db.session.scalar(
            open_.where(Declaration.id == following).with_only_columns(Declaration.id).order_by(None)
        )
        return place if kept is None else replace(place, after=kept)

    @expose("/<key>/decide", methods=("POST",))
    def decide(self, key: str) -> Response | tuple[str, int]:
        """One step on one case; what was typed stays on the page when the step is refused."""
        actor, sent = self.actor, request.form
        row = self.one(key, actor)
        action, list_ = sent.get("action", ""), sent.get("list", "")
        opinion = opinion_on(row, action, sent)
        place = self._place(row, list_, actor)
        version = {row.id: whole(sent.get("version"), 0)}
        try:
            claims.settle(db.session, actor, row, anyway=sent.get("anyway") == "1")
        except Refused as refused:
            fault = (
                self.named(row),
                f"{refused} {_('Say that you take it over, or go on to another case.')}",
            )
            return self._case(row, list_, sent=sent, faults=[fault]), _CONFLICT
        outcome = perform(db.session, action, version, actor, opinion=opinion, key=idempotency_key(sent))
        if outcome.skipped:
            row = self.one(key, actor)
            return self._case(row, list_, sent=sent, faults=list(named(outcome))), _CONFLICT
        return self._onward(row, action, place, list_)

    def _onward(self, row: Declaration, action: str, place: Place, list_: str) -> Response:
        """To the next case of the list, when that was asked for and there is one; otherwise back to this one."""
        move = registry[row.type_key].flow.find(action)
        if move is not None:
            flash(_("%(case)s: %(done)s.", case=self.named(row), done=move.done), "success")
        list_ = list_[:LONGEST_LIST]
        if "onward" not in request.form:
            following = {_NEXT: place.onward} if place.onward else {}
            return redirect(self.url("show", key=row.id, list=list_, **following))
        if place.onward is None:
            return redirect(self.url("list"))
        return redirect(self.url("show", key=place.onward, list=list_))

    @expose("/<key>/compare", methods=("POST",))
    def compare(self, key: str) -> Response:
        """What other registers say is asked once more; the page that comes back says so, and waits for nothing."""
        try:
            comparisons.ask_again(db.session(), self.actor, self.key_value(key))
        except Refused as refused:
            if wants_json():
                raise
            db.session.rollback()
            flash(str(refused), "warning")
        else:
            commit()
        if wants_json():
            asked: Response = jsonify({})
            return asked
        list_ = request.form.get("list", "")[:LONGEST_LIST]
        return redirect(self.url("show", key=key, list=list_, _anchor="comparisons"))

    @expose("/<key>/compared")
    def compared(self, key: str) -> Response:
        """The comparisons alone, for the page's script, which asks until `running` is false."""
        row, known = self.one(key, self.actor), words()
        known.prepare(DICTIONARIES)
        found = comparisons_of(row, self.actor, known)
        list_ = request.args.get("list", "")[:LONGEST_LIST]
        panel = self.page("review/_comparisons.html", row=row, comparisons=found, list=list_)
        answer: Response = jsonify(running=found.running, panel=panel)
        return answer

    # --------------------------------------------------------------------------------------------------- claim

    @expose("/<key>/claim", methods=("POST",))
    def claim(self, key: str) -> Response:
        """The page's script says that the case is open, and says so again while it is."""
        held = claims.take(db.session, self.actor, self.key_value(key))
        commit()
        return self._told(held)

    @expose("/<key>/take-over", methods=("POST",))
    def take_over(self, key: str) -> Response:
        held = claims.take_over(db.session, self.actor, self.key_value(key))
        commit()
        if wants_json():
            return self._told(held)
        return redirect(self.url("show", key=key, list=request.form.get("list", "")[:LONGEST_LIST]))

    @expose("/<key>/release", methods=("POST",))
    def release(self, key: str) -> Response:
        """Sent by the page's script while the page goes away: nobody reads the answer."""
        claims.release(db.session, self.actor, self.key_value(key))
        commit()
        return self._told(None)

    def _told(self, held: Holding | None) -> Response:
        mine = held is not None and held.by(self.actor)
        answer: Response = jsonify(
            held="mine" if mine else "other" if held else "",
            name=held.name if held and not mine else "",
            since=f"{local(held.since):%H:%M}" if held else "",
            until=f"{local(held.until):%H:%M}" if held else "",
            seconds=int((held.until - held.since).total_seconds()) if held else 0,
        )
        return answer

    # --------------------------------------------------------------------------------------------------- paper

    @expose("/<key>/form", methods=("POST",))
    @writes_late
    def form(self, key: str) -> Response:
        """申报表."""
        row = self.one(key, self.actor)
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
