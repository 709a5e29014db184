"""What was asked for and runs later: how far it has come, what came of it, and the file that it made."""

import json
from typing import Any

from flask import jsonify, redirect, session
from flask_appbuilder import expose
from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.extensions.database import db
from app.extensions.refused import Refused
from app.models import Declaration, Job, JobState
from app.security.access.roles import Role
from app.security.access.scope import rows_of
from app.services import bulk, bulk_prints, jobs, large_files
from app.services.exports import asking
from app.services.exports.lists import exportable
from app.services.exports.making import MEDIA_TYPES
from app.services.imports import loading
from app.views.kit.columns import Column, plain
from app.views.kit.exporting import disposition
from app.views.kit.filtering import Filter
from app.views.kit.forms import Fieldset
from app.views.kit.navigation import Section
from app.views.kit.records import RecordScreen
from app.views.kit.requests import NOTED, commit
from app.workflow.types import registry

_ASKERS = (
    Role.ENTERPRISE, Role.MUNICIPAL, Role.PROVINCIAL, Role.PROVINCIAL_ADMINISTRATOR, Role.AUDITOR,
)  # fmt: skip
"""Whoever can ask for something that takes long; everybody sees his own jobs alone."""

KINDS: dict[str, Any] = {
    asking.JOB: _l("Export"),
    bulk.JOB: _l("Bulk decision"),
    bulk_prints.JOB: _l("Printing"),
    loading.JOB: _l("Import"),
}
"""Jobs that a person asks for; the others run by themselves and are on nobody's list."""

STATES: dict[str, tuple[Any, str]] = {
    JobState.QUEUED: (_l("Queued"), "secondary"),
    JobState.LEASED: (_l("Running"), "blue"),
    JobState.DONE: (_l("Done"), "green"),
    JobState.FAILED: (_l("Failed"), "red"),
    JobState.CANCELLED: (_l("Job cancelled"), "secondary"),
}

_OPEN = (JobState.QUEUED, JobState.LEASED)
_MOST_NOTED = 5
_NAMED = 100
"""Rows that were not done and are named on the page of the job; all of them stand in its result."""

_OVER = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})


def _called(job: Job) -> str:
    """The kind of job, and what it is about: the step of a bulk decision, the list of an export."""
    kind = str(KINDS.get(job.kind, job.kind))
    payload = json.loads(job.payload)
    label = next(
        (move.label for one in registry if (move := one.flow.find(payload.get("action") or ""))), None
    )
    if job.kind == asking.JOB:
        label = exportable(payload["list"]).title
    return f"{kind}{_(': ')}{label}" if label is not None else kind


class JobScreen(RecordScreen):
    """The jobs of whoever looks, and of nobody else."""

    model = Job
    route_base = "/jobs"
    title = _l("My jobs")
    section = Section.REVIEWING
    position = 90
    icon = "progress-check"
    readers = _ASKERS
    exporters = ()
    list_columns = (
        Column("kind", text=_called),
        Column("state", text=lambda job: STATES[job.state][0], tone=lambda job: STATES[job.state][1]),
        Column("done", label=_l("Done so far"), text=lambda job: f"{job.progress} / {job.total}"),
        "created_at",
        "finished_at",
    )
    show_fieldsets = (Fieldset(_l("Job"), ("created_at", "finished_at")),)
    filters = (Filter("state", choices={state: label for state, (label, _tone) in STATES.items()}),)
    order = "-created_at"
    empty_text = _l("You have not asked for anything that takes long.")
    show_template = "jobs/job.html"
    roles = {name: frozenset(_ASKERS) for name in ("progress", "file", "cancel", "note")}

    def rows(self, actor: Any) -> Any:
        return super().rows(actor).where(Job.kind.in_(KINDS), Job.state != JobState.PLANNED)

    def named(self, row: Job) -> str:
        return _called(row)

    def context(self, row: Job | None, actor: Any) -> dict[str, Any]:
        if row is None:
            return {}
        payload, result = json.loads(row.payload), json.loads(row.result)
        skipped = result.get("skipped", [])[:_NAMED]
        about: Any = bulk_prints.model_of(payload.get("paper", ""))
        rows = rows_of(about, actor).where(about.id.in_([one["id"] for one in skipped]))
        return {
            "job": row,
            "state": STATES[row.state],
            "stopping": row.state == JobState.LEASED and row.cancel_asked_at is not None,
            "fetchable": jobs.file_of(db.session(), row) is not None,
            "until": plain(row.keep_until) if row.keep_until else "",
            "over": row.state in _OVER,
            "result": result,
            "named": skipped,
            "planned": row.kind == bulk.JOB,
            "printed": row.kind == bulk_prints.JOB,
            "list": payload.get("about", {}).get("list", ""),
            "reviews": actor.has(Role.MUNICIPAL, Role.PROVINCIAL) and about is Declaration,
            "about": {one.id: one for one in db.session.scalars(rows)} if skipped else {},
        }

    @expose("/<key>/progress")
    def progress(self, key: str) -> Response:
        """For the page's script, which asks until `over` is true."""
        job = self.one(key, self.actor)
        answer: Response = jsonify(done=job.progress, total=job.total, over=job.state in _OVER)
        return answer

    @expose("/<key>/file")
    def file(self, key: str) -> Response:
        """The file that the job made; 404 while there is none, and when its time is over."""
        job = self.one(key, self.actor)
        stored = jobs.file_of(db.session(), job)
        if stored is None:
            raise NotFound
        name = job.file_name or "file"
        kind = MEDIA_TYPES.get(name.rsplit(".", 1)[-1], stored.media_type)
        answer = Response(large_files.pieces(stored), content_type=kind)
        answer.headers["Content-Length"] = str(stored.size)
        answer.headers["Content-Disposition"] = disposition(name, inline=False)
        return answer

    @expose("/<key>/cancel", methods=("POST",))
    def cancel(self, key: str) -> Response:
        """Stop the job: at once while it waits, at its next step while it runs. What is done stays done."""
        job = self.one(key, self.actor, locked=True)
        if job.state in _OVER:
            raise Refused(_("The job is over already."))
        jobs.ask_to_cancel(job)
        commit()
        return redirect(self.url("show", key=key))

    @expose("/note")
    def note(self) -> Response:
        """What is under way, for the note in the head of every page; it is asked only while something is."""
        query = self.rows(self.actor).where(Job.state.in_(_OPEN)).order_by(Job.id.desc()).limit(_MOST_NOTED)
        found = [
            {
                "name": _called(job),
                "url": self.url("show", key=job.id),
                "done": job.progress,
                "total": job.total,
            }
            for job in db.session.scalars(query)
        ]
        if not found:
            session.pop(NOTED, None)
        answer: Response = jsonify(jobs=found)
        return answer


SCREENS = (JobScreen,)
