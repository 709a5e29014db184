"""二级临时建造师变更查询: temporary constructors who move to the enterprise or away from it (manual 3.2.4.5)."""

from dataclasses import replace
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l

from app.security.access.roles import Role
from app.views.case_columns import DIRECTION
from app.views.declarations import act_of
from app.views.kit.columns import Column
from app.views.kit.filtering import Filter, Search
from app.views.kit.forms import Fieldset
from app.views.my_cases import CasesScreen, printing
from app.workflow.moves import Mover
from app.workflow.types import registry

_KIND = registry["temporary_transfer"]
_ANSWERS = [
    act_of(move, Role.ENTERPRISE)
    for move in _KIND.flow.moves
    if move.by in {Mover.COUNTERPARTY, Mover.HELD_UP}
]


class TransfersScreen(CasesScreen):
    """Both employers follow the transfer; the former one may answer it on its page as well as on his own screen."""

    model: ClassVar[Any] = _KIND.model
    route_base = "/temporary-transfers"
    title = _l("Temporary transfers in and out")
    position, icon = 50, "arrows-exchange"
    readers = (Role.ENTERPRISE,)
    list_columns = (
        "name", "id_number", "registration_kind",
        Column("former_enterprise_name", label=_l("From enterprise")),
        Column("enterprise_name", label=_l("To enterprise")),
        Column("submitted_at", label=_l("Declared at")), Column("state", label=_l("State of the declaration")),
    )  # fmt: skip
    further_columns = ("number", "due_on", "registration_number", "region_code")
    search = Search(name="name", id_number="id_number", hint=_l("An ID number may be typed instead"))
    filters = (
        DIRECTION,
        Filter("state"),
        Filter("submitted_at"),
    )
    show_fieldsets = (Fieldset(_l("Declaration"), ("number", "type_key", "state")),)
    actions = (
        *(replace(one, listed=False) for one in _ANSWERS),
        printing(Role.ENTERPRISE, listed=False),
    )
    empty_text = _l("No temporary constructor moves to your enterprise or away from it.")


SCREENS = (TransfersScreen,)
