"""二级建造师电子证书: who holds one, what it says, and the signed file as it was issued (manual 3.2.4.1)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_
from sqlalchemy.orm import selectinload
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.extensions.clock import today
from app.extensions.database import db
from app.models import Certificate, Registration, RegistrationStatus
from app.security.access.audit import record
from app.security.access.roles import Actor, Role
from app.security.access.scope import find, rows_of
from app.services import bulk_prints, certificates
from app.views.kit.actions import Action, Call
from app.views.kit.columns import Column
from app.views.kit.exporting import disposition
from app.views.kit.filtering import Filter, Search
from app.views.kit.forms import Fieldset
from app.views.kit.navigation import Section
from app.views.kit.records import RecordScreen
from app.views.kit.requests import commit
from app.views.papers import print_many
from app.views.register_page import (
    newest,
    printable,
    register_page,
    specialties_in_words,
    standing_with_certificate,
)

_READERS = (Role.ENTERPRISE, Role.INDIVIDUAL)


def _issued_on(row: Registration) -> str:
    found = newest(row)
    return found.issued_on.isoformat() if found else ""


def _number(row: Registration) -> str:
    found = newest(row)
    return found.number if found else ""


def hand_out(call: Call) -> Response:
    """The signed file, byte for byte as it was issued; the audit says who took it."""
    row = call.rows[0]
    held = printable(row)
    if held is None:
        raise NotFound
    certificate = find(db.session, Certificate, held.id, call.actor)
    data, name = certificates.read_file(db.session, certificate), f"{row.number}-{certificate.number}.pdf"
    record(db.session, call.actor, "print", "certificate", certificate.id, version=certificate.version)
    commit()
    answer = Response(data, content_type="application/pdf")
    answer.headers["Content-Disposition"] = disposition(name, inline=True)
    return answer


TERMS: Mapping[str, tuple[Any, int | None, int | None]] = {
    "over": (_l("Expired"), None, -1),
    "30": (_l("Within 30 days"), 0, 30),
    "60": (_l("In 31 to 60 days"), 31, 60),
    "90": (_l("In 61 to 90 days"), 61, 90),
}
"""When a registration in force ends: its words, and the days from today between which it does."""


def ends_within(term: str) -> ColumnElement[bool]:
    _label, first, last = TERMS[term]
    conditions = [Registration.status == RegistrationStatus.VALID]
    if first is not None:
        conditions.append(Registration.ends_on >= today() + timedelta(days=first))
    if last is not None:
        conditions.append(Registration.ends_on <= today() + timedelta(days=last))
    return and_(*conditions)


ENDING = Filter(
    "ends", _l("Expires in"), choices={key: term[0] for key, term in TERMS.items()}, where=ends_within
)


def certified(actor: Actor) -> Select[Any]:
    """The registrations in the scope of the actor for which a certificate was made."""
    return rows_of(Registration, actor).where(Registration.certificates.any())


class CertificatesScreen(RecordScreen):
    """The registrations that have an electronic certificate: of an enterprise's persons, or the person's own."""

    model = Registration
    route_base = "/certificates"
    title = _l("Electronic certificates")
    section, position, icon = Section.LOOKING_UP, 10, "certificate-2"
    readers = _READERS
    exporters = (Role.ENTERPRISE,)
    list_columns = (
        "name", "id_number", "number", Column("certificate", label=_l("Certificate number"), text=_number),
        "kind", Column("specialties", label=_l("Specialties"), text=specialties_in_words), "enterprise_name",
        Column("issued_on", label=_l("Issued on"), text=_issued_on), "ends_on",
        Column("standing", label=_l("Certificate status"), text=lambda row: standing_with_certificate(row)[0],
               tone=lambda row: standing_with_certificate(row)[1]),
    )  # fmt: skip
    sortable = ("name", "number", "ends_on")
    order = "-id"
    search = Search(name="name", id_number="id_number", hint=_l("An ID number may be typed instead"))
    filters = (Filter("kind"), Filter("status"), ENDING)
    show_fieldsets = (
        Fieldset(
            _l("Certificate"),
            (
                "name", "gender", "birth_date", "id_number", "number", "kind", "enterprise_name", "region_code",
                "registered_on", "ends_on",
            ),
        ),
    )  # fmt: skip
    show_template = "certificates/show.html"
    actions = (
        Action(
            "print", _l("Print"), roles=_READERS, perform=hand_out,
            when=lambda row, _actor: printable(row) is not None, tone="primary", icon="printer", changes=False,
            new_tab=True, bulk=True, many=print_many(bulk_prints.CERTIFICATE), many_from=2,
        ),
    )  # fmt: skip

    def rows(self, actor: Actor) -> Select[Any]:
        return certified(actor).options(
            selectinload(Registration.certificates), selectinload(Registration.specialties)
        )

    def named(self, row: Any) -> str:
        return f"{row.name} {row.number}"

    def context(self, row: Any, actor: Actor) -> Mapping[str, Any]:
        return {} if row is None else register_page(row, actor)


SCREENS = (CertificatesScreen,)
