"""One step for all declarations that a filter finds: counted, confirmed, frozen, and performed by a job."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import Select, select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.extensions.clock import today
from app.extensions.database import db
from app.extensions.refused import Refused
from app.models import Declaration, Job
from app.security.access.policies import policy_on
from app.security.access.scope import rows_of
from app.services import bulk
from app.views.decisions import fields_for, opinion_of
from app.views.kit.access import Screen
from app.views.kit.listing import Listing, narrowed, read_listing, whole
from app.views.kit.requests import commit, idempotency_key
from app.views.kit.words import words
from app.views.review import OFFICERS, ReviewScreen
from app.workflow.calendar import add_working_days, exceptions
from app.workflow.flows import Batch, Move

_CONFLICT, _UNPROCESSABLE = 409, 422


class MatchingScreen(Screen):
    """The list is that of the review screen, with the same filters and the same scope."""

    route_base = "/review/matching"
    default_view = "choose"
    title = _l("Decide all that match")
    roles = {name: frozenset(OFFICERS) for name in ("choose", "plan")}

    @expose("/")
    def choose(self) -> str:
        """Which steps the matching declarations stand before, and how many before each."""
        listing, rows = self._asked()
        moves = [one for one in bulk.moves_of(self.actor) if one.bulk]
        counted = [(move, bulk.count(db.session, move.action, rows)) for move in moves]
        return self.page(
            "review/matching.html",
            listing=listing,
            arguments=listing.kept(),
            counted=[one for one in counted if one[1]],
            most=bulk.MOST,
        )

    @expose("/<action>", methods=("GET", "POST"))
    def plan(self, action: str) -> str | Response | tuple[str, int]:
        """Confirm one step and plan it. What the officer saw counted is what is frozen, or he is asked again."""
        move = next((one for one in bulk.moves_of(self.actor) if one.action == action and one.bulk), None)
        if move is None:
            raise NotFound
        listing, rows = self._asked()
        if request.method == "GET":
            return self._confirm(move, listing, bulk.count(db.session, action, rows))
        key = idempotency_key(request.form)
        known = db.session.scalar(select(Job.id).where(Job.key == bulk.job_key(self.actor, key)))
        if known is not None:
            return redirect(url_for("JobScreen.show", key=known))
        frozen = bulk.freeze(db.session, action, rows)
        if len(frozen) != whole(request.form.get("counted"), -1):
            fault = _("The list has changed since you opened this page. Please look at the number again.")
            return self._confirm(move, listing, len(frozen), fault=fault), _CONFLICT
        opinion = opinion_of(request.form)
        try:
            job = bulk.plan(db.session, self.actor, action, frozen, opinion=opinion, key=key)
        except Refused as refused:
            db.session.rollback()
            return self._confirm(move, listing, len(frozen), fault=str(refused)), _UNPROCESSABLE
        commit()
        return redirect(url_for("JobScreen.show", key=job.id))

    def _asked(self) -> tuple[Listing, Select[Any]]:
        """The list that the address describes, and its rows in the scope of the actor."""
        listing = read_listing(
            Declaration,
            request.args,
            words(),
            search=ReviewScreen.search,
            filters=ReviewScreen.filters,
            sortable=(),
            order="",
            size=ReviewScreen.page_size,
        )
        return listing, narrowed(rows_of(Declaration, self.actor), listing, ReviewScreen.search)

    def _confirm(self, move: Move, listing: Listing, count: int, fault: str = "") -> str:
        return self.page(
            "review/plan.html",
            move=move,
            listing=listing,
            arguments=listing.kept(),
            count=count,
            fields=fields_for(move),
            list=self._list(move) if move.batch else {},
            sent=request.form,
            fault=fault,
        )

    def _list(self, move: Move) -> Mapping[str, Any]:
        """From when to when a list that is opened today would run."""
        day = today()
        policy = policy_on(db.session, day)
        if move.batch is not Batch.PUBLICITY:
            return {"opens_on": day, "two_persons": policy.holds("two_person_rule")}
        days = policy.number("publicity_days")
        closes_on = add_working_days(day, days, exceptions(db.session))
        return {"opens_on": day, "closes_on": closes_on, "days": days}


SCREENS = (MatchingScreen,)
