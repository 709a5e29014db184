"""The province's 资格证 library: looking somebody up in it, and importing lists into it."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any

from flask import flash, redirect, request
from flask_appbuilder import expose
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import ColumnElement, or_
from werkzeug.wrappers import Response

from app.extensions.clock import today
from app.extensions.database import db
from app.extensions.refused import Refused
from app.models import ImportStage, Qualification, QualificationImport
from app.models.personal import normal_name
from app.security.access.roles import Actor, Role
from app.services import qualifications, workbooks
from app.services.qualification_import.cells import code_text
from app.services.qualification_import.columns import COLUMNS
from app.services.qualification_import.findings import RowFinding
from app.services.qualification_import.template import template as empty_list
from app.services.qualification_import.words import context_on
from app.views.kit.columns import Column
from app.views.kit.exporting import file_answer
from app.views.kit.filtering import Filter, Search
from app.views.kit.forms import Fieldset
from app.views.kit.listing import SIZES, Listing, whole
from app.views.kit.navigation import Section
from app.views.kit.records import Link, RecordScreen
from app.views.kit.requests import writes_late

_ROLES = (Role.PROVINCIAL,)
_FINDINGS_ON_A_PAGE = 100
# What a form adds to the file that it sends: its other fields and their boundaries.
_FORM_BYTES = 64 * 1024
_UNPROCESSABLE = 422

STAGES: Mapping[str, tuple[Any, str]] = {
    ImportStage.CHECKED: (_l("Checked, not loaded"), "blue"),
    ImportStage.LOADED: (_l("Loaded"), "green"),
    ImportStage.DISCARDED: (_l("Discarded"), "secondary"),
}


class LibrarySearch(Search):
    """One box for a whole name, a whole ID number or a whole certificate number."""

    def condition(self, model: Any, typed: str) -> ColumnElement[bool]:
        return or_(
            model.name == normal_name(typed),
            model.certificate_number == code_text(typed),
            model.id_number.equals(model, typed),
        )


class QualificationScreen(RecordScreen):
    """The library, to be read: what stands in it came with an import."""

    model = Qualification
    route_base = "/qualifications"
    title = _l("Qualification library")
    section = Section.QUALIFICATIONS
    position = 10
    icon = "certificate"
    readers = _ROLES
    list_columns = (
        "name", "id_number", "certificate_number", "specialty", "year_obtained", "method", "issued_on",
        "employer",
    )  # fmt: skip
    sortable = ("year_obtained", "issued_on", "certificate_number")
    order = "-id"
    search = LibrarySearch(
        ("name",),
        label=_l("Name, ID number or certificate number"),
        hint=_l("Typed in full"),
    )
    filters = (Filter("specialty"), Filter("method"), Filter("year_obtained"), Filter("issued_on"))
    show_fieldsets = (
        Fieldset(_l("Holder"), ("name", "gender", "id_type", "id_number", "employer")),
        Fieldset(
            _l("Qualification"),
            (
                "certificate_number", "management_number", "province_code", "specialty", "year_obtained",
                "method", "issued_on",
            ),
        ),
        Fieldset(_l("Education"), ("school", "graduation_date", "major", "education")),
    )  # fmt: skip
    empty_text = _l("The library is empty. Import a list of qualifications first.")


class Findings(Listing):
    """The pages of what a dry run found; all of it was counted, so that every page can be reached."""

    @property
    def capped(self) -> bool:
        return False

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))


def _uploader(kept: QualificationImport) -> str:
    return kept.uploaded_by.display_name if kept.uploaded_by else _("Command line")


class QualificationImportScreen(RecordScreen):
    """Upload → dry run → the marked workbook back → load or discard; and the history of all that."""

    model = QualificationImport
    route_base = "/qualification-imports"
    title = _l("Import qualifications")
    section = Section.QUALIFICATIONS
    position = 20
    icon = "file-import"
    readers = _ROLES
    exporters = ()
    list_columns = (
        "uploaded_at",
        "file_name",
        Column("uploaded_by", label=_l("Uploaded by"), text=_uploader),
        Column("stage", text=lambda row: STAGES[row.stage][0], tone=lambda row: STAGES[row.stage][1]),
        "row_count",
        "good_count",
        "known_count",
        "bad_count",
        "loaded_count",
        "loaded_at",
    )
    order = "-uploaded_at"
    filters = (
        Filter(
            "stage",
            choices={code: text for code, (text, _tone) in STAGES.items()},
            where=lambda code: QualificationImport.stage == code,
            label=_l("Progress"),
        ),
        Filter("uploaded_at"),
    )
    show_fieldsets = (
        Fieldset(_l("Upload"), ("file_name", "uploaded_at", "loaded_at", "discarded_at", "loaded_count")),
    )
    show_template = "qualifications/import.html"
    empty_text = _l("No list has been imported yet.")
    roles: Mapping[str, frozenset[Role]] = dict.fromkeys(
        ("upload", "template", "marked", "load", "discard"), frozenset(_ROLES)
    )

    def named(self, row: QualificationImport) -> str:
        return row.file_name

    def toolbar(self, actor: Actor) -> Sequence[Link]:
        return (
            Link(_l("Upload a workbook"), self.url("upload"), "upload", "primary"),
            Link(_l("Download the template"), self.url("template"), "download"),
        )

    def context(self, row: QualificationImport | None, actor: Actor) -> Mapping[str, Any]:
        if row is None:
            return {}
        findings, notices = qualifications.findings_of(row)
        pages = _pages_of(findings)
        return {
            "stage": STAGES[row.stage],
            "open": row.stage == ImportStage.CHECKED,
            "findings": pages,
            "sizes": SIZES,
            "notices": [one.message for one in notices],
            "before": qualifications.loaded_before(db.session, row, actor),
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

    def _check(self) -> QualificationImport:
        if (request.content_length or 0) > workbooks.MOST_BYTES + _FORM_BYTES:
            raise workbooks.refusal("too_big")
        sent = request.files.get("workbook")
        if sent is None or not sent.filename:
            raise Refused(_l("Choose a workbook first."))
        with closing(sent):
            data = sent.stream.read(workbooks.MOST_BYTES + 1)
        return qualifications.check(db.session, data, sent.filename, self.actor)

    def _upload_page(self, refused: Refused | None) -> str:
        return self.page(
            "qualifications/upload.html",
            refused=refused,
            columns=COLUMNS,
            most_bytes=workbooks.MOST_BYTES,
            most_megabytes=workbooks.MOST_MEGABYTES,
            most_rows=f"{workbooks.MOST_ROWS:,}",
        )

    @expose("/template")
    def template(self) -> Response:
        """The empty list, with the dictionaries as they are today."""
        allowed = context_on(db.session, today()).allowed
        return file_answer(empty_list(allowed), _("Qualifications (template)") + ".xlsx")

    @expose("/<key>/marked", methods=("POST",))
    @writes_late
    def marked(self, key: str) -> Response:
        kept = self.one(key, self.actor)
        name = _("%(file)s (errors marked)", file=kept.file_name.removesuffix(".xlsx"))
        return file_answer(qualifications.marked_workbook(db.session, kept.id, self.actor), f"{name}.xlsx")

    @expose("/<key>/load", methods=("POST",))
    @writes_late
    def load(self, key: str) -> Response:
        kept = qualifications.load(db.session, self.one(key, self.actor).id, self.actor)
        flash(_("%(count)s rows were loaded into the library.", count=kept.loaded_count), "success")
        return redirect(self.url("show", key=kept.id))

    @expose("/<key>/discard", methods=("POST",))
    @writes_late
    def discard(self, key: str) -> Response:
        qualifications.discard(db.session, self.one(key, self.actor).id, self.actor)
        flash(_("The workbook was deleted; nothing was loaded from it."), "success")
        return redirect(self.url("list"))


def _pages_of(findings: Sequence[RowFinding]) -> Findings:
    size = whole(request.args.get("size"), _FINDINGS_ON_A_PAGE)
    size = size if size in SIZES else _FINDINGS_ON_A_PAGE
    kept = {"size": str(size)} if size != _FINDINGS_ON_A_PAGE else {}
    pages = Findings(QualificationImport, kept, size, "", "", (), total=len(findings))
    pages.page = min(max(1, whole(request.args.get("page"), 1)), pages.pages)
    start = (pages.page - 1) * size
    pages.rows = findings[start : start + size]
    return pages


SCREENS = (QualificationScreen, QualificationImportScreen)
