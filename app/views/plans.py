"""The plan of a bulk decision: what would pass, what cannot and why, what has changed; said yes to once, then told."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.extensions.clock import today
from app.extensions.database import db
from app.extensions.refused import Refused
from app.models import ComparisonKind, Declaration, JobState
from app.security.access.policies import policy_on
from app.security.access.roles import Role
from app.security.access.scope import rows_of
from app.services import bulk
from app.services.exports.harmless import harmless
from app.views import comparisons
from app.views.decisions import fields_for, opinion_of
from app.views.kit.access import Screen
from app.views.kit.acting import ACTED
from app.views.kit.exporting import file_answer
from app.views.kit.listing import whole
from app.views.kit.requests import writes_late
from app.views.papers import language
from app.workflow.calendar import add_working_days, exceptions
from app.workflow.foresight import Foreseen
from app.workflow.moves import Batch, Move

_UNPROCESSABLE = 422
NAMED = 100
"""So many rows of one kind stand on the page; all of them stand in its file."""

DONE, LEFT, FLAGGED = "done", "left", "flagged"
"""What the result may be narrowed to."""

_DECIDING = frozenset({Role.MUNICIPAL, Role.PROVINCIAL})


@dataclass(frozen=True)
class Group:
    """Rows of a plan that have one thing in common."""

    title: str
    rows: Sequence[Foreseen]

    @property
    def named(self) -> Sequence[Foreseen]:
        return self.rows[:NAMED]

    @property
    def more(self) -> int:
        return len(self.rows) - len(self.named)


class PlanScreen(Screen):
    """A plan is seen and confirmed by whoever made it, and by nobody else."""

    route_base = "/review/plans"
    default_view = "plan"
    title = _l("Plan of a bulk decision")
    roles = dict.fromkeys(("plan", "file", "result"), _DECIDING)

    @expose("/<key>", methods=("GET", "POST"))
    @writes_late
    def plan(self, key: str) -> str | Response | tuple[str, int]:
        """What would become of each row; the form below it says yes to exactly that."""
        plan = bulk.find_plan(db.session(), self.actor, key)
        if plan.confirmed:
            return redirect(url_for("JobScreen.show", key=key))
        if request.method != "POST":
            return self._page(plan)
        opinion = opinion_of(request.form)
        with_changed = "with_changed" in request.form
        try:
            bulk.confirm(
                db.session(), self.actor, plan, opinion, with_changed=with_changed, language=language()
            )
        except Refused as refused:
            db.session.rollback()
            plan = bulk.find_plan(db.session(), self.actor, key)
            return self._page(plan, fault=str(refused)), _UNPROCESSABLE
        flash("ReviewScreen", ACTED)
        return redirect(url_for("JobScreen.show", key=key))

    @expose("/<key>/file")
    def file(self, key: str) -> Response:
        """Every row of the plan as CSV; once the work is over, what became of each."""
        plan = bulk.find_plan(db.session(), self.actor, key)
        lines = _result_lines(plan) if plan.confirmed else _plan_lines(plan)
        told = {one.id: one for one in self._rows([line[0] for line in lines])}
        compared = _compared(plan)
        written = io.StringIO()
        table = csv.writer(written)
        table.writerow(
            [
                _("Declaration number"), _("Name"), _("Enterprise name"), _("Result"), _("Reason"),
                _("Comparison"),
            ]
        )  # fmt: skip
        for row_id, word, reason in lines:
            row = told.get(row_id)
            about = (row.number, row.name, row.enterprise_name) if row else (row_id, "", "")
            cells = (*about, word, reason, compared.get(row_id, ""))
            table.writerow([harmless(str(text or "")) for text in cells])
        body = written.getvalue().encode("utf-8-sig")
        return file_answer(body, f"{plan.move.label}-{key}.csv")

    @expose("/<key>/result")
    def result(self, key: str) -> str:
        """What became of each row, page by page; 404 before the plan was confirmed."""
        plan = bulk.find_plan(db.session(), self.actor, key)
        if not plan.confirmed:
            raise NotFound
        lines = _result_lines(plan)
        parts = {
            "": lines,
            DONE: [line for line in lines if not line[2]],
            LEFT: [line for line in lines if line[2]],
            FLAGGED: [line for line in lines if line[0] in plan.flags],
        }
        show = request.args.get("show", "")
        wanted = parts.get(show, lines)
        pages = max(1, -(-len(wanted) // NAMED))
        number = min(max(1, whole(request.args.get("page"), 1)), pages)
        part = wanted[(number - 1) * NAMED : number * NAMED]
        return self.page(
            "review/result.html",
            plan=plan,
            move=plan.move,
            lines=part,
            told={one.id: one for one in self._rows([line[0] for line in part])},
            counts={name: len(part) for name, part in parts.items()},
            compared=_compared(plan),
            show=show if show in parts else "",
            number=number,
            pages=pages,
        )

    def _page(self, plan: bulk.Plan, fault: str = "") -> str:
        passing = Group(_("Will pass"), plan.passing)
        changed = Group(_("Changed since you looked"), plan.changed)
        stopped, flagged = _stopped(plan), _flagged(plan)
        shown = [one.id for group in (passing, changed, *stopped, *flagged) for one in group.named]
        return self.page(
            "review/plan.html",
            plan=plan,
            move=plan.move,
            passing=passing,
            changed=changed,
            stopped=stopped,
            flagged=flagged,
            told={one.id: one for one in self._rows(shown)},
            fields=fields_for(plan.move),
            marks=_marks(plan),
            said=comparisons.in_words,
            said_of=lambda one: comparisons.flags_in_words(one.comparison, plan.flags.get(one.id, ())),
            tone=comparisons.tone,
            list=self._list(plan.move) if plan.move.batch else {},
            at_once=bulk.AT_ONCE,
            sent=request.form,
            fault=fault,
        )

    def _rows(self, keys: Sequence[int]) -> Sequence[Any]:
        """What a row is called, for those that the actor may see now."""
        columns = (Declaration.id, Declaration.number, Declaration.name, Declaration.enterprise_name)
        query = rows_of(Declaration, self.actor).where(Declaration.id.in_(keys)).with_only_columns(*columns)
        found: Sequence[Any] = db.session.execute(query).all()
        return found

    def _list(self, move: Move) -> Mapping[str, Any]:
        """From when to when a list that is opened today would run."""
        day = today()
        policy = policy_on(db.session(), day)
        if move.batch is not Batch.PUBLICITY:
            return {"opens_on": day, "two_persons": policy.holds("two_person_rule")}
        days = policy.number("publicity_days")
        closes_on = add_working_days(day, days, exceptions(db.session()))
        return {"opens_on": day, "closes_on": closes_on, "days": days}


def _marks(plan: bulk.Plan) -> list[tuple[str, int]]:
    """How many carry each result, and none under ``; nothing when other registers speak against none of them."""
    found = [(result, plan.marks.get(result, 0)) for result in comparisons.RESULTS]
    if not any(n for _result, n in found[:-1]):
        return []
    compared = sum(n for _result, n in found)
    rest = sum(one.cause is None for one in plan.rows) - compared
    return [one for one in (*found, ("", rest)) if one[1]]


def _flagged(plan: bulk.Plan) -> list[Group]:
    """A group for each comparison that speaks against rows that would be decided."""
    groups = [Group(comparisons.kind_in_words(kind), plan.flagged_by(kind)) for kind in ComparisonKind]
    return [one for one in groups if one.rows]


def _compared(plan: bulk.Plan) -> dict[int, str]:
    """What other registers said of each row when the plan was made."""
    return {
        one.id: comparisons.flags_in_words(one.comparison, plan.flags.get(one.id, ())) for one in plan.rows
    }


def _stopped(plan: bulk.Plan) -> list[Group]:
    """A group for each reason; a row that several rules stop stands under each of them."""
    groups: dict[str, list[Foreseen]] = {}
    for one in plan.stopped:
        for title in one.rules or (one.reason,):
            groups.setdefault(title, []).append(one)
    return [Group(title, rows) for title, rows in sorted(groups.items(), key=lambda one: -len(one[1]))]


def _plan_lines(plan: bulk.Plan) -> list[tuple[int, str, str]]:
    """Of each row its number, what is foreseen, and why."""
    lines = []
    for one in plan.rows:
        word = _("Changed since you looked") if one.changed else _("Will pass")
        if one.cause is not None:
            word = _("Cannot pass")
        lines.append((one.id, word, " ".join([one.reason, *one.findings])))
    return lines


def _result_lines(plan: bulk.Plan) -> list[tuple[int, str, str]]:
    """What became of each row; a job that was stopped before it began has left them all."""
    result = json.loads(plan.job.result)
    if not result and plan.job.state == JobState.CANCELLED:
        return [(one.id, _("Not done"), _("You stopped the work before its turn came.")) for one in plan.rows]
    done = [(key, str(plan.move.done), "") for key in result.get("done", ())]
    left = [
        (one["id"], _("Not done"), " ".join([one["reason"], *one["findings"]]))
        for one in result.get("skipped", ())
    ]
    return sorted([*done, *left])


SCREENS = (PlanScreen,)
