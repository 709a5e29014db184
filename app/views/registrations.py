"""The register to be read: 建造师历史数据 for an enterprise (manual 3.2.4.2), and 注册登记 for the authorities."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import selectinload

from app.models import RegisteredSpecialty, Registration
from app.security.access.roles import Actor, Role
from app.views.certificates import ENDING
from app.views.kit.columns import Column
from app.views.kit.filtering import Filter, Search
from app.views.kit.forms import Fieldset
from app.views.kit.navigation import Section
from app.views.kit.records import RecordScreen
from app.views.kit.words import words
from app.views.register_page import register_page, specialties_in_words, standing


def _asks_for(code: str) -> ColumnElement[bool]:
    return Registration.specialties.any(
        (RegisteredSpecialty.specialty == code) & RegisteredSpecialty.removed_on.is_(None)
    )


SPECIALTY = Filter(
    "specialty", _l("Specialty"), choices=lambda: words().choices("specialty"), where=_asks_for
)


class RegisterScreen(RecordScreen):
    """Registrations of both kinds, those that ended too. Nobody changes the register on a screen."""

    icon = "history"
    sortable = ("name", "number", "registered_on", "ends_on", "cancelled_on")
    order = "-id"
    search = Search(
        name=("name", "number"), id_number="id_number", label=_l("Name, ID number or registration number")
    )
    show_fieldsets = (
        Fieldset(
            _l("Registration"),
            (
                "name", "gender", "birth_date", "id_number", "number", "paper_number", "kind", "enterprise_name",
                "region_code", "employed_since", "registered_on", "ends_on", "seal_check_code", "cancelled_on",
                "cancelled_reason",
            ),
        ),
    )  # fmt: skip
    show_template = "register/show.html"

    def rows(self, actor: Actor) -> Select[Any]:
        return super().rows(actor).options(selectinload(Registration.specialties))

    def named(self, row: Any) -> str:
        return f"{row.name} {row.number}"

    def context(self, row: Any, actor: Actor) -> Mapping[str, Any]:
        return {} if row is None else register_page(row, actor)


_STANDING = Column(
    "standing",
    label=_l("Certificate status"),
    text=lambda row: standing(row)[0],
    tone=lambda row: standing(row)[1],
)
_SPECIALTIES = Column("specialties", label=_l("Specialties"), text=specialties_in_words)


class HistoricalRecordsScreen(RegisterScreen):
    """建造师历史数据: whom the enterprise has in the register and whom it had, filtered by 证书状态 and 注册类型."""

    model = Registration
    route_base = "/historical-records"
    title = _l("Historical records of constructors")
    section, position = Section.LOOKING_UP, 20
    readers = (Role.ENTERPRISE,)
    list_columns = (
        "name", "id_number", "number", "kind", _SPECIALTIES, "registered_on", "ends_on", _STANDING,
        "cancelled_on",
    )  # fmt: skip
    further_columns = ("gender", "employed_since", "cancelled_reason")
    filters = (Filter("status"), Filter("kind"), SPECIALTY, Filter("ends_on"), Filter("cancelled_on"))
    empty_text = _l("No constructor of the enterprise has ever stood in the register.")


class RegistrationsScreen(RegisterScreen):
    """注册登记: the register of the province, or of one's own city."""

    model = Registration
    route_base = "/registrations"
    title = _l("Registrations")
    section, position, icon = Section.REGISTER, 10, "books"
    readers = (Role.MUNICIPAL, Role.PROVINCIAL)
    list_columns = (
        "name", "id_number", "number", "kind", _SPECIALTIES, "enterprise_name", "ends_on", _STANDING,
        "region_code",
    )  # fmt: skip
    further_columns = (
        "gender", "employed_since", "registered_on", "cancelled_on", "cancelled_reason", "seal_check_code",
    )  # fmt: skip
    filters = (
        Filter("status"), Filter("kind"), SPECIALTY, ENDING, Filter("enterprise_id", _l("Employer")),
        Filter("region_code"), Filter("cancelled_on"), Filter("registered_on"),
    )  # fmt: skip
    empty_text = _l("Nobody stands in the register.")


SCREENS = (HistoricalRecordsScreen, RegistrationsScreen)
