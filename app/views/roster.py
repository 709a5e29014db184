"""人员花名册: every constructor of the enterprise on the renewal radar, and drafts for many with one click."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask import g
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

from app.extensions.clock import today
from app.extensions.database import db
from app.models import Declaration, Registration, RegistrationKind, RegistrationStatus
from app.security.access.roles import Actor, Role
from app.security.access.scope import rows_of
from app.services import locks, roster
from app.services.roster import Drafted, Reading
from app.views.certificates import ENDING
from app.views.kit.actions import Action, Call
from app.views.kit.columns import Column
from app.views.kit.filtering import Filter, Search
from app.views.kit.forms import Fieldset
from app.views.kit.navigation import Section
from app.views.kit.policies import policy_today
from app.views.kit.records import RecordScreen
from app.views.kit.requests import commit
from app.views.kit.words import words
from app.views.my_cases import ENDPOINTS
from app.views.register_page import case_links, specialties_in_words, standing
from app.views.registrations import SPECIALTY
from app.workflow.lock_rules import told
from app.workflow.radar import LABELS, TONES, Possibility, Stage
from app.workflow.types import Picker, registry

_RENEWING = {
    str(RegistrationKind.REGISTERED): registry["renewal"],
    str(RegistrationKind.TEMPORARY): registry["temporary_extension"],
}
"""What lets a registration of each kind run on."""
_RENEWABLE = frozenset({Stage.OPEN, Stage.ANY_TIME})
_STATUSES = {
    RegistrationStatus.VALID.value: _l("Registered"),
    RegistrationStatus.CANCELLED.value: LABELS[Stage.CANCELLED],
}
_AHEAD = frozenset({Stage.SOON, Stage.LATER})


def _at(stage: str) -> ColumnElement[bool]:
    """The registrations that the radar shows at this stage."""
    return roster.at_stage(Stage(stage), policy_today(), today())


def _reading(row: Registration) -> Reading:
    """The radar of this row, read beside the page or, for one row alone, now."""
    known: dict[int, Reading] = g.setdefault("radar", {})
    if row.id not in known:
        known.update(roster.read(db.session(), (row,)))
    return known[row.id]


def _stage(row: Registration) -> Stage:
    return roster.stage_of(row, policy_today(), today())


def _window(row: Registration) -> str:
    """What matters next of the window: until when it is open, from when, or since when it is not."""
    reading = _reading(row)
    first = min(
        (one for one in reading.windows if one.stage is reading.stage),
        key=lambda one: one.ends_on,
        default=None,
    )
    if first is None or first.opens_on is None or first.closes_on is None:
        return ""
    if reading.stage is Stage.OPEN:
        return str(_("Until %(date)s", date=first.closes_on.isoformat()))
    if reading.stage in _AHEAD:
        return str(_("From %(date)s on", date=first.opens_on.isoformat()))
    return str(_("Closed since %(date)s", date=first.closes_on.isoformat()))


def _possible(row: Registration) -> str:
    """The types that are open; where none is, what stands against the one that lets the registration run on."""
    reading = _reading(row)
    found = str(_(", ")).join(str(one.kind.label) for one in reading.possibilities if one.open)
    if found:
        return found
    running_on = reading.of(_RENEWING[row.kind])
    against = running_on.hindrances if running_on else ()
    return f"{_('Nothing')}{_(': ')}{against[0]}" if against else str(_("Nothing"))


def _may_run_on(row: Registration, _actor: Actor) -> bool:
    """By its dates alone; where the radar of the row was read already, by all that it knows."""
    known: Reading | None = g.get("radar", {}).get(row.id)
    possible = known.of(_RENEWING[row.kind]) if known is not None else None
    return _stage(row) in _RENEWABLE and (possible is None or possible.open)


def _begin(call: Call) -> Response:
    """Drafts for the rows, and what became of each; sent again, it finds the drafts that it has made."""
    made = roster.draft_many(db.session(), call.actor, call.rows, _RENEWING)
    commit()
    return Response(
        call.screen.page("register/drafted.html", lines=[_drafted(one) for one in made]), mimetype="text/html"
    )


def _drafted(one: Drafted) -> tuple[Drafted, str, Sequence[str]]:
    row = one.declaration
    url = f"{ENDPOINTS[row.type_key]}.edit" if row is not None else ""
    return one, url, [str(reason) for reason in one.reasons]


class RosterScreen(RecordScreen):
    """What can be done for whom today; it opens with those who are registered."""

    model = Registration
    route_base = "/roster"
    title = _l("Roster and renewal radar")
    section, position, icon = Section.LOOKING_UP, 60, "users"
    readers = (Role.ENTERPRISE,)
    list_columns = (
        "name", "id_number", "number",
        Column("specialties", label=_l("Specialties"), text=specialties_in_words), "ends_on",
        Column("stage", label=_l("Renewal radar"), text=lambda row: LABELS[_stage(row)],
               tone=lambda row: TONES[_stage(row)]),
        Column("window", label=_l("Renewal can be filed"), text=_window),
        Column("possible", label=_l("Can be filed today"), text=_possible),
    )  # fmt: skip
    further_columns = ("kind", "gender", "employed_since", "registered_on")
    sortable = ("name", "number", "ends_on")
    order = "ends_on"
    search = Search(name="name", id_number="id_number", hint=_l("An ID number may be typed instead"))
    filters = (
        Filter("status", choices=_STATUSES),
        Filter(
            "stage", _l("Renewal radar"), choices={str(stage): LABELS[stage] for stage in Stage}, where=_at
        ),
        Filter("kind"),
        SPECIALTY,
        ENDING,
        Filter("ends_on", _l("Last day of validity")),
    )
    opening: ClassVar[Mapping[str, str]] = {"status": RegistrationStatus.VALID.value}
    empty_text = _l("No constructor is registered with your enterprise.")
    show_fieldsets = (
        Fieldset(
            _l("Registration"),
            (
                "name",
                "gender",
                "birth_date",
                "id_number",
                "number",
                "kind",
                "employed_since",
                "ends_on",
                "cancelled_on",
                "cancelled_reason",
            ),
        ),
    )
    show_template = "register/roster.html"
    actions = (
        Action(
            "begin_renewal", _l("Begin renewals"), roles=(Role.ENTERPRISE,), perform=_begin,
            when=_may_run_on, bulk=True, tone="primary", icon="calendar-plus",
        ),
    )  # fmt: skip

    def rows(self, actor: Actor) -> Select[Any]:
        return roster.on_the_roster(actor).options(selectinload(Registration.specialties))

    def named(self, row: Any) -> str:
        return f"{row.name} {row.number}"

    def read_beside(self, rows: Sequence[Any], actor: Actor) -> None:
        g.setdefault("radar", {}).update(roster.read(db.session(), rows))

    def context(self, row: Any, actor: Actor) -> Mapping[str, Any]:
        if row is None:
            return {}
        reading = _reading(row)
        return {
            "locks": [told(one) for one in locks.holding(db.session(), (row,))[row.id]],
            "standing": standing(row),
            "stage": (str(LABELS[reading.stage]), TONES[reading.stage]),
            "windows": [
                (words().choice("specialty", one.specialty), one, str(LABELS[one.stage]), TONES[one.stage])
                for one in reading.windows
            ],
            "possibilities": [_offered(one) for one in reading.possibilities],
            "cases": list(case_links(rows_of(Declaration, actor), row.id, actor).values()),
        }


def _offered(one: Possibility) -> tuple[str, str, bool, str, Sequence[str]]:
    """A type, its picker and whether that has to find the person first, the specialties, and what stands against it.

    Who is not registered with the enterprise is looked up like anybody: by name and number, counted and written down.
    """
    known = words()
    held = ", ".join(known.choice("specialty", code) for code in one.specialties)
    reasons = [str(reason) for reason in one.hindrances]
    looked_up = one.kind.picker is Picker.QUALIFIED_PERSON
    return str(one.kind.label), f"{ENDPOINTS[one.kind.key]}.add", looked_up, held, reasons


SCREENS = (RosterScreen,)
