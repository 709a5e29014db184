"""确认: what the other party of a declaration is asked to agree to, one list for each type that has such a party."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select

from app.models import Declaration, Party, State
from app.security.access.roles import Actor, Role
from app.views.declarations import ONE_PERSONS, act_of, followed, is_printable, print_form
from app.views.kit.actions import Action
from app.views.kit.filtering import Filter, Search
from app.views.kit.forms import Fieldset
from app.views.kit.navigation import Section
from app.views.kit.records import RecordScreen
from app.views.specialties import SPECIALTIES
from app.workflow.moves import Mover
from app.workflow.types import DeclarationType, registry

_CONFIRMERS: Mapping[str, tuple[Role, Any, str]] = {
    Party.ENTERPRISE: (Role.ENTERPRISE, Declaration.enterprise_id, "enterprise_id"),
    Party.FORMER_EMPLOYER: (Role.ENTERPRISE, Declaration.former_enterprise_id, "enterprise_id"),
    Party.PERSON: (Role.INDIVIDUAL, Declaration.person_id, "person_id"),
}
"""Who answers as which party: the role, the column that names the party, and what the actor is known by."""


class ConfirmationScreen(RecordScreen):
    """The declarations of one type that the actor has to answer or has answered (manual 3.2.3.7, 3.2.3.9)."""

    kind: ClassVar[DeclarationType]
    answering: ClassVar[bool] = True
    """Here a party answers: pages that say what waits for somebody lead here."""

    section, icon = Section.DECLARING, "user-check"
    list_columns = (
        "name", "id_number", "enterprise_name", "registration_kind", SPECIALTIES, "submitted_at", "due_on", "state",
    )  # fmt: skip
    sortable = ("name", "submitted_at", "due_on", "state")
    order = "-submitted_at"
    search = Search(name="name", id_number="id_number", hint=_l("An ID number may be typed instead"))
    filters = (Filter("state"), Filter("submitted_at"))
    empty_text = _l("Nobody has asked for your confirmation.")
    show_template = "declarations/show.html"

    def rows(self, actor: Actor) -> Select[Any]:
        """Those in which the actor is the other party, from their submission on."""
        _role, column, known_by = _CONFIRMERS[str(self.kind.counterparty)]
        return (
            super()
            .rows(actor)
            .where(
                Declaration.counterparty == self.kind.counterparty,
                Declaration.state != State.DRAFT,
                column == getattr(actor, known_by),
            )
        )

    def named(self, row: Any) -> str:
        return f"{row.name} {row.number or ''}".strip()

    def context(self, row: Any, actor: Actor) -> Mapping[str, Any]:
        return followed(row, actor)


def screen_of(kind: DeclarationType) -> type[ConfirmationScreen]:
    """The screen of the other party of a type; its name and address come from the type's key."""
    role = _CONFIRMERS[str(kind.counterparty)][0]
    moves = [act_of(move, role) for move in kind.flow.moves if move.by in {Mover.COUNTERPARTY, Mover.HELD_UP}]
    printing = Action(
        "print", _l("Print"), roles=(role,), perform=print_form,
        when=lambda row, _actor: is_printable(row), icon="printer", changes=False, new_tab=True,
    )  # fmt: skip
    values: dict[str, Any] = {
        "__module__": __name__,
        "__doc__": f"Made from the type {kind.key}.",
        "kind": kind,
        "switch": kind.switch,
        "model": kind.model,
        "route_base": f"/confirmations/{kind.key.replace('_', '-')}",
        "title": kind.confirmation_title,
        "position": kind.confirmation_position or kind.position,
        "readers": (role,),
        "show_fieldsets": [Fieldset(title, tuple(names)) for title, names in kind.fieldsets],
        "actions": (*moves, printing),
    }
    if role is Role.INDIVIDUAL:
        values |= ONE_PERSONS
    name = "".join(word.title() for word in kind.key.split("_"))
    return type(f"{name}ConfirmationScreen", (ConfirmationScreen,), values)


SCREENS = tuple(screen_of(kind) for kind in registry if kind.counterparty is not None)
