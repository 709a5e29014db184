"""The province's 资格证 library: looking somebody up in it, and importing lists into it."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, or_

from app.models import Qualification
from app.models.personal import normal_name
from app.security.access.roles import Role
from app.services.imports.cells import code_text
from app.services.qualification_import.kind import QUALIFICATIONS
from app.views.imports import ImportScreen, roles_of
from app.views.kit.filtering import Filter, Search
from app.views.kit.forms import Fieldset
from app.views.kit.navigation import Section
from app.views.kit.records import RecordScreen

_ROLES = (Role.PROVINCIAL,)


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


class QualificationImportScreen(ImportScreen):
    """资格证导入."""

    kind = QUALIFICATIONS
    route_base = "/qualification-imports"
    title = _l("Import qualifications")
    section = Section.QUALIFICATIONS
    position = 20
    readers = _ROLES
    roles = roles_of(*_ROLES)
    known_label = _l("Already in the library")
    loaded_text = _l("%(count)s rows were loaded into the library.")
    template_name = _l("Qualifications (template)")


SCREENS = (QualificationScreen, QualificationImportScreen)
