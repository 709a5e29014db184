"""The rules of a row in which an enterprise asks for one of its constructors, as far as the row itself shows them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l

from app.models import Registration
from app.models.identity import RESIDENT_CARD
from app.services.imports.cells import Context
from app.services.imports.reading import Entry, Fault, number_faults

_OF_A_RESIDENT = re.compile(r"\d{15}|\d{17}[\dX]")
_OF_THE_ROW = frozenset(
    {"name", "id_number", "number", "type", "specialties", "mandatory_hours", "elective_hours"}
)

MESSAGES: dict[str, Any] = {
    "registration_number_form": _l("A registration number has 13 or 17 characters, like 湘243131300001."),
    "nobody_meant": _l("Give the ID number or the registration number."),
    "hours": _l("Type hours as whole numbers: one for all specialties, or one for each, divided by “、”."),
    "hours_count": _l("There are %(given)s numbers of hours for %(count)s specialties."),
    "not_asked": _l("“%(heading)s” is not asked for in this kind of declaration. Leave the cell blank."),
    "not_yours": _l("This person is not registered with your enterprise."),
    "two_persons": _l("The ID number and the registration number belong to different persons."),
    "name_differs": _l("The register has another name under this number."),
    "not_offered": _l("This specialty cannot be asked for in this declaration: %(specialty)s."),
    "nothing_offered": _l("There is no specialty that could be asked for in this declaration."),
    "begun_before": _l(
        "There is a draft of this kind for the person already. This row is left aside; what is new in it has to be "
        "entered in the draft."
    ),
    "same_person": _l("Row %(other)s is about the same person. A workbook asks once for each person."),
}


@dataclass(slots=True)
class DeclarationEntry(Entry):
    """What is asked for whom; `values` are the form fields that were typed."""

    name: str | None = None
    id_number: str | None = None
    id_number_index: str | None = None
    number: str | None = None
    type: str | None = None
    specialties: tuple[str, ...] = ()
    mandatory_hours: tuple[int, ...] = ()
    elective_hours: tuple[int, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)
    registration_id: int | None = None
    """The registration that is meant, once it was found."""


def entry(row: int, values: dict[str, Any]) -> DeclarationEntry:
    said = {name: value for name, value in values.items() if name in _OF_THE_ROW}
    made = DeclarationEntry(
        row, **said, values={name: value for name, value in values.items() if name not in _OF_THE_ROW}
    )
    if made.id_number:
        made.id_number_index = Registration.id_number.columns(made.id_number)["id_number_index"]
    return made


def together(values: Mapping[str, Any], _context: Context) -> Iterator[Fault]:
    """What a row says wrongly by itself; a number of a form without a public rule is looked up as it is."""
    number = values.get("id_number")
    if number and _OF_A_RESIDENT.fullmatch(number):
        yield from number_faults(number, RESIDENT_CARD, {})
    if not number and not values.get("number"):
        yield "id_number", "nobody_meant", {}
