"""原聘建造师历史数据: whom the enterprise had in the register, as each stood on the day of leaving (manual 3.2.4.2)."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import func

from app.extensions.database import db
from app.models import Certificate, Declaration, Departure
from app.security.access.roles import Actor, Role
from app.security.access.scope import rows_of
from app.services import departures
from app.views.kit.columns import Column
from app.views.kit.filtering import Filter, Search
from app.views.kit.forms import Fieldset
from app.views.kit.navigation import Section
from app.views.kit.records import RecordScreen
from app.views.kit.words import words
from app.views.register_page import case_links, line_of
from app.views.verification import ENDINGS


def _in_words(codes: str) -> str:
    known = words()
    return str(_(", ")).join(known.choice("specialty", code) for code in codes.split(",") if code)


def _ended(one: Certificate, left: Departure) -> str:
    """Since when and why it does not count; at the latest since the departure."""
    if one.ended_on is None or one.ended_on > left.left_on:
        return str(_("Not valid since %(date)s", date=left.left_on.isoformat()))
    if one.ended_because in ENDINGS:
        return str(ENDINGS[one.ended_because]) % {"date": one.ended_on.isoformat()}
    return str(_("Not valid since %(date)s", date=one.ended_on.isoformat()))


class FormerConstructorsScreen(RecordScreen):
    """What stands here is a copy: nothing that happens at another employer changes it."""

    model = Departure
    route_base = "/former-constructors"
    title = _l("Historical records of former constructors")
    lead = _l(
        "Each as the register said on the day of leaving. What became of the registration later is not shown."
    )
    section, position, icon = Section.LOOKING_UP, 25, "history"
    readers = (Role.ENTERPRISE,)
    list_columns = (
        "name", "id_number_shown", "number", "kind", Column("specialties", words=_in_words), "employed_since",
        "left_on", "ends_on", "status", "cancelled_on",
    )  # fmt: skip
    further_columns = ("cancelled_reason",)
    sortable = ("name", "number", "left_on", "ends_on")
    order = "-left_on"
    search = Search(name=("name", "number"), label=_l("Name or registration number"))
    filters = (
        Filter("status"),
        Filter("kind"),
        Filter(
            "specialty",
            _l("Specialty"),
            choices=lambda: words().choices("specialty"),
            where=lambda code: func.concat(",", Departure.specialties, ",").contains(f",{code},"),
        ),
        Filter("left_on"),
        Filter("ends_on"),
    )
    empty_text = _l("Nobody has left the enterprise.")
    show_fieldsets = (
        Fieldset(
            _l("Registration on the day of leaving"),
            (
                "name", "id_number_shown", "number", "kind", "status", "employed_since", "left_on", "ends_on",
                "cancelled_on", "cancelled_reason",
            ),
        ),
    )  # fmt: skip
    show_template = "register/departure.html"

    def named(self, row: Any) -> str:
        return f"{row.name} {row.number}"

    def context(self, row: Any, actor: Actor) -> Mapping[str, Any]:
        if row is None:
            return {}
        cases = case_links(rows_of(Declaration, actor), row.registration_id, actor)
        found = departures.history(db.session(), row, actor)
        return {
            "specialties": _in_words(row.specialties),
            "certificates": [(one, _ended(one, row)) for one in departures.certificates(db.session(), row)],
            "history": [line_of(one, cases, actor) for one in reversed(found)],
            "cases": list(cases.values()),
        }


SCREENS = (FormerConstructorsScreen,)
