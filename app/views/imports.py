"""The screen of one kind of list: upload, dry run, the marked workbook back, load or discard, and their history."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any, ClassVar

from flask import flash, redirect, request, url_for
from flask_appbuilder import expose
from flask_babel import get_locale, gettext as _, lazy_gettext as _l, ngettext
from sqlalchemy import Select
from werkzeug.wrappers import Response

from app.extensions.clock import today
from app.extensions.database import db
from app.extensions.refused import Refused
from app.models import ImportStage, Job, JobState, WorkbookImport
from app.security.access.roles import Actor, Role
from app.services import workbooks
from app.services.imports import life_cycle, loading
from app.services.imports.findings import RowFinding
from app.services.imports.kinds import ImportKind
from app.services.imports.template import template as empty_list
from app.services.imports.words import context_on
from app.views.kit.columns import Column
from app.views.kit.exporting import file_answer
from app.views.kit.filtering import Filter
from app.views.kit.forms import Fieldset
from app.views.kit.listing import SIZES, Listing, whole
from app.views.kit.records import Link, RecordScreen
from app.views.kit.requests import note_job, writes_late

_FINDINGS_ON_A_PAGE = 100
# What a form adds to the file that it sends: its other fields and their boundaries.
_FORM_BYTES = 64 * 1024
_UNPROCESSABLE = 422
_RUNNING = (JobState.QUEUED, JobState.LEASED)

STAGES: Mapping[str, tuple[Any, str]] = {
    ImportStage.CHECKED: (_l("Checked, not loaded"), "blue"),
    ImportStage.LOADED: (_l("Loaded"), "green"),
    ImportStage.DISCARDED: (_l("Discarded"), "secondary"),
}


class FindingPages(Listing):
    """The pages of what a dry run found; all of it was counted, so that every page can be reached."""

    @property
    def capped(self) -> bool:
        return False

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))


def _uploader(kept: WorkbookImport) -> str:
    return kept.uploaded_by.display_name if kept.uploaded_by else _("Command line")


def roles_of(*importers: Role) -> Mapping[str, frozenset[Role]]:
    """The acts of such a screen, and who may do them."""
    return dict.fromkeys(("upload", "template", "marked", "load", "discard"), frozenset(importers))


class ImportScreen(RecordScreen):
    """Declared for each kind with the kind, where it stands in the menu, and what its counts are called."""

    kind: ClassVar[ImportKind[Any]]
    known_label: ClassVar[Any] = _l("Known already")
    loaded_text: ClassVar[Any] = ""
    """What loading has done, with `%(count)s`."""
    template_name: ClassVar[Any]
    lead_of_upload: ClassVar[Any] = _l(
        "The list is only checked at first. Every error is named with its row and column; "
        "nothing is loaded before you confirm."
    )
    explanation: ClassVar[Any] = _l(
        "Nothing is loaded yet. Loading takes all good rows at once; rows with errors are left out and can be "
        "uploaded again when they are corrected."
    )

    model = WorkbookImport
    icon = "file-import"
    exporters = ()
    order = "-uploaded_at"
    filters = (
        Filter(
            "stage",
            choices={code: text for code, (text, _tone) in STAGES.items()},
            where=lambda code: WorkbookImport.stage == code,
            label=_l("Progress"),
        ),
        Filter("uploaded_at"),
    )
    show_fieldsets = (
        Fieldset(_l("Upload"), ("file_name", "uploaded_at", "loaded_at", "discarded_at", "loaded_count")),
    )
    show_template = "imports/import.html"
    empty_text = _l("No list has been imported yet.")

    def __init_subclass__(cls, **kwargs: Any) -> None:
        cls.list_columns = (
            "uploaded_at",
            "file_name",
            Column("uploaded_by", label=_l("Uploaded by"), text=_uploader),
            Column("stage", text=lambda row: STAGES[row.stage][0], tone=lambda row: STAGES[row.stage][1]),
            "row_count",
            "good_count",
            Column("known_count", label=cls.known_label),
            "bad_count",
            "loaded_count",
            "loaded_at",
        )
        super().__init_subclass__(**kwargs)

    def rows(self, actor: Actor) -> Select[Any]:
        return super().rows(actor).where(WorkbookImport.kind == self.kind.key)

    def named(self, row: WorkbookImport) -> str:
        return row.file_name

    def toolbar(self, actor: Actor) -> Sequence[Link]:
        return (
            Link(_l("Upload a workbook"), self.url("upload"), "upload", "primary"),
            Link(_l("Download the template"), self.url("template"), "download"),
        )

    def load_label(self, count: int) -> str:
        """The words on the button that loads so many rows."""
        return str(ngettext("Load %(rows)s good row", "Load %(rows)s good rows", count, rows=f"{count:,}"))

    def told(self, row: WorkbookImport) -> str:
        """What loading has done."""
        return str(self.loaded_text) % {"count": f"{row.loaded_count:,}"}

    def context(self, row: WorkbookImport | None, actor: Actor) -> Mapping[str, Any]:
        if row is None:
            return {}
        found = life_cycle.findings_of(self.kind, row)
        job = loading.newest_job(db.session(), row)
        loads = row.stage == ImportStage.CHECKED and job is not None and job.state in _RUNNING
        return {
            "stage": STAGES[row.stage],
            "job": job,
            "loads": loads,
            "follows": job is not None and self._is_asker(job),
            "open": row.stage == ImportStage.CHECKED and not loads,
            "findings": _pages_of(found.rows),
            "to_do": [*found.aside, *found.to_do],
            "marks": bool(found.rows or found.aside),
            "sizes": SIZES,
            "notices": [one.message for one in found.notices],
            "before": life_cycle.loaded_before(db.session, row, actor),
        }

    @expose("/upload", methods=("GET", "POST"))
    @writes_late
    def upload(self) -> str | Response | tuple[str, int]:
        if request.method == "GET":
            return self._upload_page(None)
        try:
            kept = self._check()
        except Refused as refused:
            db.session.rollback()
            return self._upload_page(refused), _UNPROCESSABLE
        return redirect(self.url("show", key=kept.id))

    def _check(self) -> WorkbookImport:
        if (request.content_length or 0) > workbooks.MOST_BYTES + _FORM_BYTES:
            raise workbooks.refusal("too_big")
        sent = request.files.get("workbook")
        if sent is None or not sent.filename:
            raise Refused(_l("Choose a workbook first."))
        with closing(sent):
            data = sent.stream.read(workbooks.MOST_BYTES + 1)
        return life_cycle.check(db.session, self.kind, data, sent.filename, self.actor)

    def _upload_page(self, refused: Refused | None) -> str:
        return self.page(
            "imports/upload.html",
            refused=refused,
            columns=self.kind.columns,
            most_bytes=workbooks.MOST_BYTES,
            most_megabytes=workbooks.MOST_MEGABYTES,
            most_rows=f"{self.kind.most_rows:,}",
        )

    @expose("/template")
    def template(self) -> Response:
        """The empty list, with the dictionaries as they are today."""
        allowed = context_on(db.session, today()).allowed
        return file_answer(empty_list(self.kind, allowed), f"{self.template_name}.xlsx")

    @expose("/<key>/marked", methods=("POST",))
    @writes_late
    def marked(self, key: str) -> Response:
        kept = self.one(key, self.actor)
        name = _("%(file)s (errors marked)", file=kept.file_name.removesuffix(".xlsx"))
        data = life_cycle.marked_workbook(db.session, self.kind, kept.id, self.actor)
        return file_answer(data, f"{name}.xlsx")

    @expose("/<key>/load", methods=("POST",))
    @writes_late
    def load(self, key: str) -> Response:
        kept = self.one(key, self.actor)
        number, locale = kept.id, get_locale()
        language = locale.language if locale else "zh"
        job = loading.load_or_ask(db.session(), self.kind, kept, self.actor, language)
        if job is None:
            flash(self.told(self.one(key, self.actor)), "success")
            return redirect(self.url("show", key=number))
        if not self._is_asker(job):
            return redirect(self.url("show", key=number))
        note_job()
        return redirect(url_for("JobScreen.show", key=job.id))

    def _is_asker(self, job: Job) -> bool:
        """A job is shown to whoever asked for it alone; colleagues follow it on the page of the import."""
        return job.created_by_id == self.actor.account_id

    @expose("/<key>/discard", methods=("POST",))
    @writes_late
    def discard(self, key: str) -> Response:
        life_cycle.discard(db.session, self.kind, self.one(key, self.actor).id, self.actor)
        flash(_("The workbook was deleted; nothing was loaded from it."), "success")
        return redirect(self.url("list"))


def _pages_of(findings: Sequence[RowFinding]) -> FindingPages:
    size = whole(request.args.get("size"), _FINDINGS_ON_A_PAGE)
    size = size if size in SIZES else _FINDINGS_ON_A_PAGE
    kept = {"size": str(size)} if size != _FINDINGS_ON_A_PAGE else {}
    pages = FindingPages(WorkbookImport, kept, size, "", "", (), total=len(findings))
    pages.page = min(max(1, whole(request.args.get("page"), 1)), pages.pages)
    start = (pages.page - 1) * size
    pages.rows = findings[start : start + size]
    return pages
