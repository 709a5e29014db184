"""Declarations of every type in one list: 建造师企业申报查询 for an enterprise, and a person's own cases."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask import url_for
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import Select
from werkzeug.wrappers import Response

from app.extensions.database import db
from app.models import Declaration
from app.security.access.roles import Actor, Role
from app.services import bulk_prints, prints
from app.views import case_filters, time_left
from app.views.case_columns import DIRECTION, DUE_DAY, HOLDER, LEFT, WAY
from app.views.declarations import SCREENS as TYPE_SCREENS, act_of, followed, is_printable, print_form
from app.views.kit.actions import Action, Call
from app.views.kit.filtering import Filter, Search
from app.views.kit.forms import Fieldset
from app.views.kit.navigation import Section
from app.views.kit.records import Link, RecordScreen
from app.views.kit.requests import commit
from app.views.papers import language, notices, pdf_answer, print_many
from app.views.specialties import SPECIALTIES
from app.workflow.moves import Mover
from app.workflow.perform import legal_moves
from app.workflow.types import registry

ENDPOINTS = {screen.kind.key: screen.__name__ for screen in TYPE_SCREENS}


def printing(role: Role, *, listed: bool = True) -> Action:
    return Action(
        "print", _l("Print"), roles=(role,), perform=print_form,
        when=lambda row, _actor: is_printable(row), icon="printer", changes=False, new_tab=True,
        listed=listed, bulk=role is Role.ENTERPRISE, many=print_many(bulk_prints.FORM), many_from=2,
    )  # fmt: skip


def ending(role: Role) -> tuple[Action, ...]:
    """What a person or an enterprise may do with a case of others that holds it up."""
    moves = {move.action: move for kind in registry for move in kind.flow.moves if move.by is Mover.HELD_UP}
    return tuple(act_of(move, role) for move in moves.values())


def _summary(call: Call) -> Response:
    """企业申请汇总表, in the order of the list."""
    pdf = prints.print_summary(db.session(), call.actor, [row.id for row in call.rows], language())
    commit()
    return pdf_answer(pdf, str(_("Summary list of declarations")))


_SUMMARY = Action(
    "print_summary", _l("Print a summary list"), (Role.ENTERPRISE,), _summary, single=False, bulk=True,
    changes=False, new_tab=True, icon="list-check",
)  # fmt: skip


class CasesScreen(RecordScreen):
    """A list to follow cases; what their parties do, but for ending a dispute, is done on the screens of the types."""

    section, icon = Section.LOOKING_UP, "clipboard-list"
    sortable = ("name", "submitted_at", "due_on", "state")
    order = "-changed_at"
    filters: ClassVar[Sequence[Filter]] = (
        Filter("type_key"), Filter("registration_kind"), Filter("state"),
        Filter("due", _l("Time left"), choices=time_left.CHOICES, where=time_left.condition),
        Filter("submitted_at"),
    )  # fmt: skip
    show_template = "declarations/show.html"

    def named(self, row: Any) -> str:
        return f"{row.name} {row.number or ''}".strip()

    def row_links(self, row: Any, actor: Actor) -> Sequence[Link]:
        endpoint = ENDPOINTS.get(row.type_key)
        if endpoint is None or not any(move.action == "submit" for move in legal_moves(row, actor)):
            return ()
        return (Link(_l("Edit"), url_for(f"{endpoint}.edit", key=row.id), "pencil", "primary"),)

    def context(self, row: Any, actor: Actor) -> Mapping[str, Any]:
        return followed(row, actor)


class EnterpriseCasesScreen(CasesScreen):
    """建造师企业申报查询 (manual 3.2.4.3)."""

    model = Declaration
    route_base = "/enterprise-declarations"
    title = _l("Declarations of the enterprise")
    position = 30
    readers = (Role.ENTERPRISE,)
    list_columns = (
        "name", "id_number", "type_key", "state", HOLDER, LEFT, WAY, SPECIALTIES, "registration_kind",
        "submitted_at", "enterprise_name", "region_code",
    )  # fmt: skip
    further_columns = ("number", DUE_DAY)
    search = Search(name="name", id_number="id_number", hint=_l("An ID number may be typed instead"))
    show_fieldsets = (Fieldset(_l("Declaration"), ("number", "type_key", "state")),)
    filters = (*CasesScreen.filters, case_filters.PROGRESS, DIRECTION)
    actions = (
        printing(Role.ENTERPRISE), notices((Role.ENTERPRISE,)), _SUMMARY, *ending(Role.ENTERPRISE),
    )  # fmt: skip


class OwnCasesScreen(CasesScreen):
    """What enterprises have declared about the person, and what he has declared himself."""

    model = Declaration
    route_base = "/my-declarations"
    title = _l("My declarations")
    position = 10
    readers = (Role.INDIVIDUAL,)
    exporters = ()
    list_columns = (
        "number", "enterprise_name", "type_key", "state", HOLDER, LEFT, SPECIALTIES, "registration_kind",
        "submitted_at", "region_code",
    )  # fmt: skip
    further_columns = (DUE_DAY,)
    show_fieldsets = (Fieldset(_l("Declaration"), ("number", "type_key", "state")),)
    actions = (printing(Role.INDIVIDUAL), *ending(Role.INDIVIDUAL))

    def rows(self, actor: Actor) -> Select[Any]:
        return super().rows(actor).where(Declaration.person_id == actor.person_id)


SCREENS = (EnterpriseCasesScreen, OwnCasesScreen)
