"""The register to be read: 建造师历史数据 for an enterprise (manual 3.2.4.2), and 注册登记 for the authorities."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, case, exists, or_
from sqlalchemy.orm import selectinload

from app.extensions.clock import today
from app.extensions.database import db
from app.models import RegisteredSpecialty, Registration, RegistrationLock
from app.security.access.roles import Actor, Role
from app.services import locks
from app.views.certificates import ENDING
from app.views.kit.columns import Column
from app.views.kit.filtering import Filter, Search
from app.views.kit.forms import Field, Fieldset
from app.views.kit.navigation import Section
from app.views.kit.records import Link, RecordScreen
from app.views.kit.words import words
from app.views.locks import STATES, state_of
from app.views.register_page import register_page, specialties_in_words, standing
from app.workflow.checks import LockFacts


def _asks_for(code: str) -> ColumnElement[bool]:
    return Registration.specialties.any(
        (RegisteredSpecialty.specialty == code) & RegisteredSpecialty.removed_on.is_(None)
    )


SPECIALTY = Filter(
    "specialty", _l("Specialty"), choices=lambda: words().choices("specialty"), where=_asks_for
)


_SEALS: Mapping[Any, str] = {number: f"{number:02d}" for number in range(100)}
"""The check code as seal and certificate bear it: two digits."""


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
                "region_code", "employed_since", "registered_on", "ends_on", Field("seal_check_code", choices=_SEALS),
                "cancelled_on",
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
_PAPER = Column(
    "paper",
    label=_l("Certificate"),
    text=lambda row: _("Electronic") if row.certificates else _("Paper"),
    tone=lambda row: "blue" if row.certificates else "secondary",
)
_SPECIALTIES = Column("specialties", label=_l("Specialties"), text=specialties_in_words)


class HistoricalRecordsScreen(RegisterScreen):
    """建造师历史数据: whom the enterprise has in the register, the cancelled too; who left stands in a list of its own."""

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
    empty_text = _l("No constructor of the enterprise stands in the register.")

    def toolbar(self, actor: Actor) -> Sequence[Link]:
        former = Link(_l("Former constructors"), url_for("FormerConstructorsScreen.list"), "history")
        return [*super().toolbar(actor), former]


class OwnRegistrationsScreen(RegisterScreen):
    """我的注册: what the register says of oneself, of paper or not, with its history; also when it has ended."""

    model = Registration
    route_base = "/my-registrations"
    title = _l("My registrations")
    lead = _l("What the register says of you, whether the certificate is electronic or of paper.")
    section, position, icon = Section.LOOKING_UP, 5, "id"
    readers = (Role.INDIVIDUAL,)
    exporters = ()
    search = Search(name="number", label=_l("Registration number"))
    list_columns = (
        "number", "kind", _SPECIALTIES, "enterprise_name", "registered_on", "ends_on", _STANDING, _PAPER,
        "cancelled_on",
    )  # fmt: skip
    further_columns = ("name", "paper_number", "employed_since", "cancelled_reason")
    filters = (Filter("status"), Filter("kind"))
    empty_text = _l("You do not stand in the register.")
    show_template = "register/own.html"

    def rows(self, actor: Actor) -> Select[Any]:
        return super().rows(actor).options(selectinload(Registration.certificates))


def _locked() -> ColumnElement[bool]:
    """The registrations that a lock holds up today, of themselves or of their person."""
    return exists().where(
        RegistrationLock.person_id == Registration.person_id,
        or_(RegistrationLock.registration_id.is_(None), RegistrationLock.registration_id == Registration.id),
        RegistrationLock.holds_on(today()),
    )


def _lock_of(row: Registration) -> Sequence[LockFacts]:
    known: dict[int, Sequence[LockFacts]] = g.setdefault("locked", {})
    if row.id not in known:
        known.update(locks.holding(db.session(), (row,)))
    return known[row.id]


_LOCK = Column(
    "lock",
    label=_l("Lock"),
    text=lambda row: _("Locked") if _lock_of(row) else "",
    tone=lambda row: "red" if _lock_of(row) else "",
    sql=lambda _words: case((_locked(), _("Locked")), else_=""),
)


class RegistrationsScreen(RegisterScreen):
    """注册登记: the register of the province, or of one's own city."""

    model = Registration
    route_base = "/registrations"
    title = _l("Registrations")
    section, position, icon = Section.REGISTER, 10, "books"
    readers = (Role.MUNICIPAL, Role.PROVINCIAL)
    list_columns = (
        "name", "id_number", "number", "kind", _SPECIALTIES, "enterprise_name", "ends_on", _STANDING,
        _LOCK, "region_code",
    )  # fmt: skip
    further_columns = (
        "gender", "employed_since", "registered_on", "cancelled_on", "cancelled_reason",
        Column("seal_check_code", choices=_SEALS),
    )  # fmt: skip
    filters = (
        Filter("status"), Filter("kind"), SPECIALTY, ENDING, Filter("enterprise_id", _l("Employer")),
        Filter("region_code"), Filter("cancelled_on"), Filter("registered_on"),
        Filter("lock", _l("Lock"), choices={"1": _l("Locked")}, where=lambda _choice: _locked()),
    )  # fmt: skip
    empty_text = _l("Nobody stands in the register.")
    show_template = "register/authority.html"

    def read_beside(self, rows: Sequence[Any], actor: Actor) -> None:
        g.setdefault("locked", {}).update(locks.holding(db.session(), rows))

    def context(self, row: Any, actor: Actor) -> Mapping[str, Any]:
        """With every lock and its reason, which the authorities alone read."""
        if row is None:
            return {}
        found = locks.history(db.session(), actor, row)
        return {
            **super().context(row, actor),
            "locked": [(one, *STATES[state_of(one)]) for one in found],
            "may_lock": actor.has(Role.PROVINCIAL),
        }


SCREENS = (HistoricalRecordsScreen, OwnRegistrationsScreen, RegistrationsScreen)
