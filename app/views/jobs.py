"""What was asked for and runs later: how far it has come, what came of it, and the file that it made."""

import json
from typing import Any

from flask import jsonify
from flask_appbuilder import expose
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.extensions.database import db
from app.models import Declaration, Job, JobState, StoredFile
from app.security.access.roles import Role
from app.security.access.scope import rows_of
from app.services import bulk, files, prints
from app.views.kit.columns import Column
from app.views.kit.exporting import disposition
from app.views.kit.filtering import Filter
from app.views.kit.forms import Fieldset
from app.views.kit.navigation import Section
from app.views.kit.records import RecordScreen
from app.workflow.types import registry

_OFFICERS = (Role.MUNICIPAL, Role.PROVINCIAL)

KINDS: dict[str, Any] = {
    bulk.JOB: _l("Bulk decision"),
    prints.JOB: _l("Printing of application forms"),
}
"""Jobs that a person asks for; the others run by themselves and are on nobody's list."""

STATES: dict[str, tuple[Any, str]] = {
    JobState.QUEUED: (_l("Queued"), "secondary"),
    JobState.LEASED: (_l("Running"), "blue"),
    JobState.DONE: (_l("Done"), "green"),
    JobState.FAILED: (_l("Failed"), "red"),
    JobState.CANCELLED: (_l("Job cancelled"), "secondary"),
}

_OVER = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})


def _called(job: Job) -> str:
    """The kind of job, and of a bulk decision also the step."""
    kind = str(KINDS.get(job.kind, job.kind))
    action = json.loads(job.payload).get("action")
    label = next((move.label for one in registry if (move := one.flow.find(action or ""))), None)
    return f"{kind}: {label}" if label is not None else kind


class JobScreen(RecordScreen):
    """The jobs of whoever looks, and of nobody else."""

    model = Job
    route_base = "/jobs"
    title = _l("My jobs")
    section = Section.REVIEWING
    position = 90
    icon = "progress-check"
    readers = _OFFICERS
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
    roles = {"progress": frozenset(_OFFICERS), "file": frozenset(_OFFICERS)}

    def rows(self, actor: Any) -> Any:
        return super().rows(actor).where(Job.kind.in_(KINDS))

    def named(self, row: Job) -> str:
        return _called(row)

    def context(self, row: Job | None, actor: Any) -> dict[str, Any]:
        if row is None:
            return {}
        result = json.loads(row.result)
        skipped = result.get("skipped", [])
        rows = rows_of(Declaration, actor).where(Declaration.id.in_([one["id"] for one in skipped]))
        return {
            "job": row,
            "state": STATES[row.state],
            "over": row.state in _OVER,
            "result": result,
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
        """The file that the job made; 404 while there is none."""
        job = self.one(key, self.actor)
        stored = db.session.scalar(select(StoredFile).where(StoredFile.id == job.file_id))
        if stored is None:
            raise NotFound
        answer = Response(files.read(stored), content_type=stored.media_type)
        answer.headers["Content-Disposition"] = disposition(job.file_name or "file", inline=False)
        return answer


SCREENS = (JobScreen,)
