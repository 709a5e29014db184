"""The rules of a historical record, of all its cells together, and of a row among the others of its list."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from app.models import Registration, RegistrationStatus
from app.models.identity import RESIDENCE_PERMIT, RESIDENT_CARD, birth_date_of, gender_of
from app.services.history_import.columns import COLUMNS
from app.services.imports.cells import Context
from app.services.imports.reading import (
    Entry,
    Fault,
    Reading,
    find_other_names,
    groups,
    number_faults,
    other,
)

_SHORT_NUMBER = 13

MESSAGES: dict[str, Any] = {
    "registration_number_form": _l("A registration number has 13 or 17 characters, like 湘243131300001."),
    "certificate_form": _l(
        "The number of a paper certificate has only letters, digits, Chinese characters, brackets and “-”."
    ),
    "seal_check_code": _l("The check code of the seal has two digits, from 00 to 99."),
    "city": _l("This is no city of the province."),
    "employer_code": _l("A registration that is valid needs the credit code of its employer."),
    "employer_city": _l("The platform does not know this enterprise: please give the city as well."),
    "uscc_check": _l("The check character of this unified social credit code is wrong."),
    "uscc_form": _l(
        "A unified social credit code has 18 digits and capital letters, without I, O, S, V and Z."
    ),
    "number_year": _l("According to the registration number the first registration was in %(year)s."),
    "term_reversed": _l("The term ends before it begins."),
    "begins_early": _l("The term begins before the first registration."),
    "not_cancelled": _l("A registration that is valid has no date and no reason of a cancellation."),
    "cancelled_early": _l("The cancellation lies before the first registration."),
    "specialty_ended_early": _l("The specialty was cancelled before its term begins."),
    "specialty_ended_late": _l("The specialty was cancelled after the registration itself was."),
    "specialty_left": _l(
        "All specialties of this registration were cancelled, and the registration is valid. One has to be left."
    ),
    "specialty_last": _l(
        "All specialties were cancelled before the registration was. The last of them ends with the registration."
    ),
    "same_number": _l(
        "Row %(other)s has the same registration number with other data. What differs: %(headings)s."
    ),
    "same_specialty": _l("Row %(other)s has the same registration number and the same specialty."),
    "same_certificate": _l(
        "Row %(other)s has the same certificate number under another registration number."
    ),
    "two_live": _l(
        "Row %(other)s is another valid registration of the same person and kind. Only one can be valid."
    ),
    "held_back": _l(
        "Row %(other)s of the same registration has an error, and a registration is loaded with all its rows."
    ),
    "enterprise_unknown": _l("No enterprise with this code is known to the platform."),
    "enterprise_name": _l("The enterprise with this code has another name in the platform."),
    "past_age": _l("The term runs past %(last)s, the last day that the age limit allows."),
    "person_name": _l("The platform knows this ID number with another name."),
    "register_live": _l(
        "The register holds a valid registration of this person and kind under another number."
    ),
    "register_differs": _l(
        "The register already holds this registration number with other data. What differs: %(headings)s."
    ),
    "certificate_known": _l("The register already holds this certificate number for another registration."),
    "under_way": _l("A declaration of this person is under way. Load the record when it has ended."),
}


@dataclass(slots=True)
class HistoryEntry(Entry):
    """What could be read of one row: a registration and one of its specialties; the blind index compares."""

    name: str | None = None
    id_type: str = RESIDENT_CARD
    id_number: str | None = None
    id_number_index: str | None = None
    gender: str | None = None
    birth_date: date | None = None
    number: str | None = None
    certificate_number: str | None = None
    seal_check_code: int | None = None
    kind: str | None = None
    registered_on: date | None = None
    specialty: str | None = None
    begins_on: date | None = None
    ends_on: date | None = None
    enterprise_name: str | None = None
    uscc: str | None = None
    region_code: str | None = None
    status: str | None = None
    cancelled_on: date | None = None
    cancelled_reason: str | None = None
    specialty_ended_on: date | None = None
    """When this specialty went, before the rest of the registration."""

    @property
    def live(self) -> bool:
        return self.status == RegistrationStatus.VALID


OF_REGISTRATION = (
    "name", "id_type", "id_number_index", "gender", "birth_date", "certificate_number", "kind", "registered_on",
    "uscc", "region_code", "seal_check_code", "status", "cancelled_on", "cancelled_reason",
)  # fmt: skip
"""What all rows of one registration say alike."""

_HEADINGS = COLUMNS.headings | {"id_number_index": COLUMNS.headings["id_number"]}


def headings(attributes: Sequence[str]) -> str:
    return "、".join(dict.fromkeys(_HEADINGS[name] for name in attributes))


def entry(row: int, values: dict[str, Any]) -> HistoryEntry:
    if number := values.get("id_number"):
        values["id_number_index"] = Registration.id_number.columns(number)["id_number_index"]
        values.setdefault("gender", gender_of(number))
        values.setdefault("birth_date", birth_date_of(number))
    return HistoryEntry(row, **values)


def together(values: Mapping[str, Any], _context: Context) -> Iterator[Fault]:
    """What contradicts itself within one row, as far as its cells could be read."""
    number, id_type = values.get("id_number"), values.get("id_type") or RESIDENT_CARD
    if number is not None:
        yield from number_faults(number, id_type, values)
    if id_type not in {RESIDENT_CARD, RESIDENCE_PERMIT} and not values.get("birth_date"):
        yield "birth_date", "missing", {}
    yield from _term_faults(values)
    yield from _cancellation_faults(values)
    yield from _specialty_faults(values)


def _term_faults(values: Mapping[str, Any]) -> Iterator[Fault]:
    first, begins, ends = (values.get(name) for name in ("registered_on", "begins_on", "ends_on"))
    if first and (number := values.get("number")) and first.year != (year := _year_of(number)):
        yield "registered_on", "number_year", {"year": year}
    if begins and ends and ends < begins:
        yield "ends_on", "term_reversed", {}
    if begins and first and begins < first:
        yield "begins_on", "begins_early", {}


def _year_of(number: str) -> int:
    """初始注册年份: the two or four digits before the serial (notes: 5.3)."""
    return 2000 + int(number[-7:-5]) if len(number) == _SHORT_NUMBER else int(number[-9:-5])


def _cancellation_faults(values: Mapping[str, Any]) -> Iterator[Fault]:
    status, ended = values.get("status"), values.get("cancelled_on")
    if status is None:
        return
    if status == RegistrationStatus.VALID:
        for name in ("cancelled_on", "cancelled_reason"):
            if values.get(name):
                yield name, "not_cancelled", {}
        return
    if ended is None:
        yield "cancelled_on", "missing", {}
    elif (first := values.get("registered_on")) and ended < first:
        yield "cancelled_on", "cancelled_early", {}
    if status == RegistrationStatus.CANCELLED and not values.get("cancelled_reason"):
        yield "cancelled_reason", "missing", {}


def _specialty_faults(values: Mapping[str, Any]) -> Iterator[Fault]:
    went = values.get("specialty_ended_on")
    if went is None:
        return
    if (begins := values.get("begins_on")) and went < begins:
        yield "specialty_ended_on", "specialty_ended_early", {}
    if (ended := values.get("cancelled_on")) and went > ended:
        yield "specialty_ended_on", "specialty_ended_late", {}


def find_conflicts(entries: Sequence[HistoryEntry], reading: Reading[HistoryEntry]) -> None:
    """Rows of one list that cannot be true together; each of them is found, since any may be wrong."""
    for group in groups(entries, lambda one: one.number):
        _find_in_registration(group, reading)
    _find_nothing_left(entries, reading)
    for group in groups(entries, lambda one: one.certificate_number):
        _find_apart(group, reading, "certificate_number", "same_certificate")
    for group in groups(entries, _living):
        _find_apart(group, reading, "number", "two_live")
    find_other_names(entries, reading)


def _find_nothing_left(entries: Sequence[HistoryEntry], reading: Reading[HistoryEntry]) -> None:
    """A registration ends with its last specialty, and one that is valid has one that is."""
    rows: dict[str, list[HistoryEntry]] = {}
    for one in entries:
        rows.setdefault(one.number or "", []).append(one)
    for group in rows.values():
        head = next((one for one in group if one.status), group[0])
        ended = next((one.cancelled_on for one in group if one.cancelled_on), None)
        went = [one for one in group if one.specialty_ended_on not in (None, ended)]
        if head.number and head.status and len(went) == len(group):
            for one in went:
                reading.spoil(one, "specialty_ended_on", "specialty_left" if head.live else "specialty_last")


def _living(one: HistoryEntry) -> tuple[str, str] | None:
    return (one.id_number_index, one.kind) if one.live and one.id_number_index and one.kind else None


def _find_in_registration(group: Sequence[HistoryEntry], reading: Reading[HistoryEntry]) -> None:
    """A blank cell contradicts nothing, so that what is said of the registration may stand in one of its rows."""
    different = [name for name in OF_REGISTRATION if len({getattr(one, name) for one in group} - {None}) > 1]
    if different:
        for one in group:
            reading.spoil(
                one, "number", "same_number", other=other(group, one).row, headings=headings(different)
            )
    for alike in groups(group, lambda one: one.specialty):
        for one in alike[1:]:
            same = (one.begins_on, one.ends_on) == (alike[0].begins_on, alike[0].ends_on)
            code = "repeated" if same and not different else "same_specialty"
            reading.spoil(one, "specialty", code, other=alike[0].row)


def _find_apart(
    group: Sequence[HistoryEntry], reading: Reading[HistoryEntry], attribute: str, code: str
) -> None:
    """Rows that share what only rows of one registration may share."""
    for one in group:
        stranger = next(
            (two for two in group if two.number and one.number and two.number != one.number), None
        )
        if stranger is not None:
            reading.spoil(one, attribute, code, other=stranger.row)


def hold_back(entries: Sequence[HistoryEntry], reading: Reading[HistoryEntry]) -> None:
    """A registration comes in with all its rows or not at all."""
    for group in groups(entries, lambda one: one.number):
        wrong = next((one for one in group if not one.sound), None)
        for one in group if wrong else ():
            if one.sound and wrong:
                reading.spoil(one, "number", "held_back", other=wrong.row)
