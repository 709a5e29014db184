"""The desk of the municipality and of the province: what waits for whom, the case in hand, and every step on it."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar

from flask import g, request
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, func, or_, select, true
from werkzeug.wrappers import Response

from app.extensions.among import one_of
from app.extensions.clock import today
from app.extensions.database import db, plain_rows
from app.extensions.search import contains
from app.models import Declaration, Publicity
from app.security.access.roles import Actor, Role
from app.security.login.current import current_actor
from app.services import bulk_prints, claims, prints
from app.services.exports import words as said
from app.services.workload import is_under_way
from app.views import case_filters, comparisons, time_left
from app.views.case_desk import CASE_METHODS, LONGEST_LIST, CaseDesk
from app.views.decisions import acts
from app.views.kit.actions import Action, Call
from app.views.kit.columns import Column
from app.views.kit.filtering import Filter, Search
from app.views.kit.forms import Fieldset
from app.views.kit.listing import Listing
from app.views.kit.navigation import Section
from app.views.kit.records import Link
from app.views.kit.requests import commit
from app.views.papers import language, notices, pdf_answer, print_many
from app.views.specialties import SPECIALTIES
from app.workflow.states import WAITING_FOR

OFFICERS = (Role.MUNICIPAL, Role.PROVINCIAL)
_OFFERED_BATCHES, _MOST_QUESTIONS = 50, 500


def waiting(actor: Actor) -> ColumnElement[bool]:
    """What lies on this officer's desk."""
    return _waits_for(actor.roles)


@lru_cache(maxsize=_MOST_QUESTIONS)
def _waits_for(roles: frozenset[str]) -> ColumnElement[bool]:
    held = {state for role, states in WAITING_FOR.items() if role in roles for state in states}
    return one_of(Declaration.state, held)


@lru_cache(maxsize=_MOST_QUESTIONS)
def _counting(rows: Select[Any], roles: frozenset[str], day: date, soon: date) -> Select[Any]:
    """Kept as long as nothing of it changes: the rows of an actor are one and the same question all day."""
    waiting = rows.where(_waits_for(roles)).with_only_columns(func.count()).order_by(None)
    overdue, pressing = (
        waiting.where(condition)
        for condition in (Declaration.due_on < day, Declaration.due_on.between(day, soon))
    )
    # Three counts over one index: SQLite takes twice as long to tell the kinds apart row by row.
    return select(*(one.scalar_subquery() for one in (waiting, overdue, pressing)))


def _desk(choice: str) -> ColumnElement[bool]:
    if choice == "waiting":
        return waiting(current_actor())
    if choice == "cities":
        return one_of(Declaration.state, WAITING_FOR[Role.MUNICIPAL])
    return is_under_way() if choice == "under_way" else true()


def _publicities(typed: str) -> Sequence[tuple[str, str]]:
    """The latest batches whose number holds what was typed."""
    found = select(Publicity.number)
    found = found.where(contains(Publicity.number, typed)) if typed else found
    numbers = db.session.scalars(found.order_by(Publicity.id.desc()).limit(_OFFERED_BATCHES))
    return [(number, number) for number in numbers]


def _publicised_in(number: str) -> ColumnElement[bool]:
    return (
        Declaration.publicity_id == select(Publicity.id).where(Publicity.number == number).scalar_subquery()
    )


def _print(call: Call) -> Response:
    """One form at once; several are a job that shows how far it has come."""
    (row,) = call.rows
    number = str(row.number)
    pdf = prints.print_form(db.session, call.actor, row, language())
    commit()
    return pdf_answer(pdf, number)


class CaseSearch(Search):
    """A declaration is also found by its number, which has as many digits as an ID number may have."""

    def condition(self, model: Any, typed: str) -> ColumnElement[bool]:
        return or_(super().condition(model, typed), Declaration.number == typed)


class ReviewScreen(CaseDesk):
    """One screen over all kinds of declarations. What may be done with a row is asked of its flow."""

    model = Declaration
    route_base = "/review"
    title = _l("Work list")
    section = Section.REVIEWING
    position = 10
    icon = "clipboard-list"
    readers = OFFICERS
    list_columns = (
        "number",
        "name",
        "id_number",
        Column(
            "due_on",
            label=_l("Time left"),
            words=time_left.in_words,
            words_tone=time_left.tone,
        ),
        "state",
        "enterprise_name",
        SPECIALTIES,
        "type_key",
        "submitted_at",
        "region_code",
    )
    beside = ("name", "number", "state", "type_key", "due_on")
    sortable = ("number", "name", "submitted_at", "due_on")
    order = "due_on"
    search = CaseSearch("name", id_number="id_number", label=_l("Name, ID number or declaration number"))
    filters = (
        Filter(
            "desk",
            _l("Desk"),
            choices={
                "waiting": _l("Waiting for us"),
                "under_way": _l("Under way"),
                "cities": _l("With the cities"),
                "all": _l("All cases"),
            },
            where=_desk,
        ),
        Filter("type_key"),
        Filter("state"),
        Filter("due", _l("Time left"), choices=time_left.CHOICES, where=time_left.condition),
        Filter("comparison", choices=comparisons.RESULTS),
        Filter("region_code"),
        Filter("enterprise_id", _l("Enterprise")),
        Filter("publicity", _l("Publicity batch"), lookup=_publicities, where=_publicised_in),
        Filter("submitted_at"),
        *case_filters.OF_OFFICERS,
    )
    opening: ClassVar[Mapping[str, str]] = {"desk": "waiting"}
    further_columns = (
        Column(
            "due_on_day",
            label=_l("Due on"),
            text=lambda row: row.due_on or "",
            sql=lambda _words: said.day(Declaration.due_on),
        ),
        Column("comparison", words=comparisons.in_words, words_tone=comparisons.tone),
        "registration_kind",
        "gender",
        "enterprise_uscc",
        "endorsement",
        "decided_on",
        "changed_at",
    )
    show_fieldsets = (Fieldset(_l("Declaration"), ("number", "state")),)
    show_label = _l("Open the case")
    empty_text = _l("Nothing waits for you.")
    list_template = "review/list.html"
    actions = (
        *acts(),
        Action(
            "print",
            _l("Print"),
            OFFICERS,
            _print,
            single=False,
            bulk=True,
            changes=False,
            icon="printer",
            many=print_many(bulk_prints.FORM),
            many_from=2,
        ),
        notices(OFFICERS),
    )
    roles = {name: frozenset(OFFICERS) for name in CASE_METHODS}

    def named(self, row: Declaration) -> str:
        return f"{row.name} {row.number or ''}".strip()

    # ----------------------------------------------------------------------------------------------- the list

    def url(self, method: str, **values: Any) -> str:
        """A case that is opened from the list knows the list, so that it can lead to the next one."""
        if method == "show" and request.endpoint == f"{self.endpoint}.list":
            values["list"] = request.query_string.decode("ascii", "replace")[:LONGEST_LIST]
        return super().url(method, **values)

    def context(self, row: Declaration | None, actor: Actor) -> Mapping[str, Any]:
        return {"counts": self._counts(actor), "soon_days": time_left.SOON} if row is None else {}

    def read_beside(self, rows: Sequence[Any], actor: Actor) -> None:
        """Who has which of them in hand: one statement for the page."""
        g.holdings = claims.holdings(db.session, [row.id for row in rows], actor)

    def row_links(self, row: Declaration, actor: Actor) -> Sequence[Link]:
        """Beside the button that opens a case stands who has it open."""
        held = g.get("holdings", {}).get(row.id)
        if held is None:
            return ()
        return [Link(_("%(name)s has it in hand", name=held.name), self.url("show", key=row.id))]

    def known_total(self, listing: Listing, actor: Actor) -> int | None:
        """The list as it opens is what waits, and that number stands over it."""
        opened = not listing.typed and listing.filtering == self.opening
        return self._counts(actor)["waiting"] if opened else None

    def _counts(self, actor: Actor) -> Mapping[str, int]:
        """How much waits, and how much of it presses: one statement for a page."""
        if "desk" not in g:
            query = _counting(self.rows(actor), actor.roles, today(), time_left.soon())
            waiting, overdue, soon = plain_rows(db.session, query).one()
            g.desk = {"waiting": waiting, "overdue": overdue, "soon": soon}
        found: Mapping[str, int] = g.desk
        return found


SCREENS = (ReviewScreen,)
