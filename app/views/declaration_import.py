"""批量申报: an enterprise fills in one workbook for many of its constructors, and its good rows become drafts."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _, lazy_gettext as _l, ngettext

from app.models import State, WorkbookImport
from app.security.access.roles import Actor, Role
from app.services.declaration_import.kind import declarations_of
from app.views.declarations import SCREENS as DECLARATION_SCREENS
from app.views.imports import ImportScreen, roles_of
from app.views.kit.navigation import Section
from app.workflow.types import registry

_ROLES = (Role.ENTERPRISE,)


class DeclarationImportScreen(ImportScreen):
    """One row for each person; what has to be attached is named, and the drafts are submitted as any other."""

    kind = declarations_of(registry)
    route_base = "/declaration-imports"
    title = _l("Declare by workbook")
    lead = _l(
        "One workbook for up to %(rows)s of your constructors. Its good rows become drafts, to which the papers are "
        "added before they are submitted.",
        rows=kind.most_rows,
    )
    section = Section.DECLARING
    position = 900
    readers = _ROLES
    roles = roles_of(*_ROLES)
    known_label = _l("Drafts begun before")
    template_name = _l("Declare by workbook (template)")
    lead_of_upload = _l(
        "The workbook is only checked at first, by the same rules as each form. Every error is named with its row "
        "and column; nothing is filed before you confirm."
    )
    explanation = _l(
        "Nothing is filed yet. All good rows become drafts at once; rows with errors are left out. Correct them in "
        "the same workbook and upload it again: a draft that exists is not made twice."
    )
    show_template = "imports/drafts.html"
    empty_text = _l("No workbook has been uploaded yet.")

    def load_label(self, count: int) -> str:
        return str(ngettext("Make %(num)s draft", "Make %(num)s drafts", count))

    def told(self, row: WorkbookImport) -> str:
        if not row.loaded_count:
            return str(_("No draft was made."))
        return str(
            ngettext(
                "%(num)s draft was made. Add the papers and submit it.",
                "%(num)s drafts were made. Add the papers and submit them.",
                row.loaded_count,
            )
        )

    def context(self, row: WorkbookImport | None, actor: Actor) -> Mapping[str, Any]:
        known = super().context(row, actor)
        lists = [
            (screen.title, url_for(f"{screen.__name__}.list", state=State.DRAFT))
            for screen in DECLARATION_SCREENS
            if screen.kind.in_workbook
        ]
        return {**known, "lists": lists} if row is not None else known


SCREENS = (DeclarationImportScreen,)
