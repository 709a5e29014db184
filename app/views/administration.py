"""The administrators' screens over reference data: policy values, holidays, dictionaries, regions."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import inspect

from app.extensions.clock import now, today
from app.extensions.database import db
from app.models import DictionaryEntry, Holiday, PolicyValue, Region
from app.models.policy import DEFINITIONS
from app.security.access.roles import Actor, Role
from app.views.dictionary_names import DICTIONARIES
from app.views.kit.columns import Column
from app.views.kit.filtering import Filter, Search, day
from app.views.kit.forms import Field, Fieldset
from app.views.kit.navigation import Section
from app.views.kit.records import RecordScreen
from app.views.policies_in_force import in_force, in_words

_NUMBERS = re.compile(r"[0-9]{1,3}(,[0-9]{1,3})*")
_WRITERS = (Role.PROVINCIAL_ADMINISTRATOR,)
_READERS = (Role.PROVINCIAL_ADMINISTRATOR, Role.PROVINCIAL, Role.AUDITOR)


def _policies() -> list[tuple[str, Any]]:
    return [(one.key, one.label) for one in DEFINITIONS.values()]


def _value_in_words(row: PolicyValue) -> str:
    definition = DEFINITIONS.get(row.key)
    return row.value if definition is None else in_words(definition, row.value)


def _whole_number(value: str, most: int) -> Iterator[tuple[str, Any]]:
    if not (value.isascii() and value.isdigit()):
        yield "value", _("This policy needs a whole number.")
    elif int(value) > most:
        yield "value", _("At most %(most)s is possible here.", most=most)


class PolicyScreen(RecordScreen):
    """政策值: each value holds from a date on and names what it rests on; the past is never rewritten."""

    model = PolicyValue
    route_base = "/policies"
    title = _l("Policy values")
    lead = _l(
        "Days, ages, limits and formats that the province sets. What it has not set holds by the default below."
    )
    section, position, icon = Section.SETTINGS, 10, "adjustments"
    readers, adders, editors, deleters = _READERS, _WRITERS, _WRITERS, _WRITERS
    list_columns = (
        Column("key", choices=_policies),
        Column("value", text=_value_in_words),
        "valid_from",
        "valid_to",
        "source",
        "changed_at",
    )
    sortable = ("valid_from", "changed_at")
    order = "-valid_from"
    filters = (Filter("key", choices=_policies), Filter("valid_from"), Filter("valid_to"))
    show_fieldsets = (
        Fieldset(
            _l("Policy value"),
            (
                Field("key", choices=_policies),
                "value",
                "valid_from",
                "valid_to",
                "source",
                "note",
                "changed_at",
            ),
        ),
    )
    form_fieldsets = (
        Fieldset(
            _l("Policy value"),
            (
                Field("key", choices=_policies),
                Field("value", hint=_l("A number; a day as in 2026-06-01; for yes or no write 1 or 0.")),
                Field(
                    "valid_from", hint=_l("Not before today: what was decided under a value stays decided.")
                ),
                "valid_to",
                Field(
                    "source",
                    wide=True,
                    hint=_l("The document with its number, or the decision that sets the value."),
                ),
                "note",
            ),
        ),
    )

    list_template = "settings/policies.html"

    def context(self, row: PolicyValue | None, actor: Actor) -> Mapping[str, Any]:
        """Beside the list what holds today: most of it is nowhere else to be read, since nobody has set it."""
        return {"in_force": in_force(db.session(), today())} if row is None else {}

    def named(self, row: PolicyValue) -> str:
        definition = DEFINITIONS.get(row.key)
        return f"{definition.label if definition else row.key} ({row.valid_from})"

    def may_edit(self, row: PolicyValue, actor: Actor) -> bool:
        return row.valid_from > today()

    def may_delete(self, row: PolicyValue, actor: Actor) -> bool:
        return row.valid_from > today()

    def check(self, row: PolicyValue, actor: Actor) -> Iterable[tuple[str, Any]]:
        definition = DEFINITIONS.get(row.key or "")
        value = row.value or ""
        if definition and definition.kind == "int":
            yield from _whole_number(value, definition.most)
        if definition and definition.kind == "text" and len(value) > definition.longest:
            yield "value", _("At most %(count)s characters.", count=definition.longest)
        if definition and definition.kind == "bool" and value not in {"0", "1"}:
            yield "value", _("Write 1 for yes or 0 for no.")
        if definition and definition.kind == "date" and day(value) is None:
            yield "value", _("Write the day as in 2026-06-01.")
        if definition and definition.kind == "numbers" and not _NUMBERS.fullmatch(value):
            yield "value", _("Write whole numbers with commas between them, as in 90,60,30,7.")
        begins: date | None = row.valid_from
        if begins and begins < today():
            yield "valid_from", _("A value cannot begin in the past.")
        if begins and row.valid_to and row.valid_to < begins:
            yield "valid_to", _("It ends before it begins.")

    def before_save(self, row: PolicyValue, actor: Actor, *, added: bool) -> None:
        row.changed_by_id, row.changed_at = actor.account_id, now()


class HolidayScreen(RecordScreen):
    """Exceptions over the national calendar: the province's days off and its make-up working days."""

    model = Holiday
    route_base = "/holidays"
    title = _l("Holidays")
    lead = _l("National holidays are known already; enter only what differs from them.")
    section, position, icon = Section.SETTINGS, 20, "calendar"
    readers, adders, editors, deleters = _READERS, _WRITERS, _WRITERS, _WRITERS
    list_columns = ("day", "name", "working")
    sortable = ("day",)
    order = "-day"
    filters = (Filter("day"), Filter("working"))
    form_fieldsets = (Fieldset(_l("Holiday"), ("day", "name", "working")),)

    def named(self, row: Holiday) -> str:
        return f"{row.day} {row.name}"


_DICTIONARY = Column("dictionary", choices=DICTIONARIES)


class DictionaryScreen(RecordScreen):
    """字典: an entry that went out of use is switched off; old declarations still hold it."""

    model = DictionaryEntry
    route_base = "/dictionaries"
    title = _l("Dictionaries")
    section, position, icon = Section.SETTINGS, 30, "book"
    readers, adders, editors = _READERS, _WRITERS, _WRITERS
    list_columns = (_DICTIONARY, "code", "label_zh", "label_en", "short_zh", "position", "active", "source")
    sortable = ("dictionary", "code", "position")
    order = "dictionary"
    page_size = 50
    search = Search(name=("label_zh", "label_en", "dictionary"), label=_l("Name or dictionary"))
    filters = (Filter("dictionary", choices=DICTIONARIES), Filter("active"))
    form_fieldsets = (
        Fieldset(
            _l("Dictionary entry"),
            (
                Field("dictionary", choices=DICTIONARIES),
                "code",
                "label_zh",
                "label_en",
                "short_zh",
                "position",
                "active",
                Field("source", wide=True),
            ),
        ),
    )

    def form_for(self, row: Any, actor: Actor) -> tuple[Fieldset, ...]:
        """Dictionary and code of a stored entry stand in other tables and do not change."""
        if not inspect(row).persistent:
            return tuple(self.form_fieldsets)
        (group,) = self.form_fieldsets
        fixed = (Field("dictionary", choices=DICTIONARIES, readonly=True), Field("code", readonly=True))
        return (Fieldset(group.title, (*fixed, *group.fields[2:])),)

    def named(self, row: DictionaryEntry) -> str:
        return f"{DICTIONARIES.get(row.dictionary, row.dictionary)} {row.code} {row.label_zh}"


class RegionScreen(RecordScreen):
    """行政区划: a code that was retired gets its last day and stays, because ID numbers keep it for life."""

    model = Region
    route_base = "/regions"
    title = _l("Regions")
    section, position, icon = Section.SETTINGS, 40, "map-pin"
    readers, editors = _READERS, _WRITERS
    list_columns = ("code", "name", "name_en", Column("parent_code"), "valid_from", "valid_to")
    sortable = ("code",)
    order = "code"
    page_size = 50
    search = Search(name=("name", "name_en", "code"), label=_l("Name or code"))
    form_fieldsets = (
        Fieldset(_l("Region"), (Field("code", readonly=True), "name", "name_en", "valid_from", "valid_to")),
    )

    def check(self, row: Region, actor: Actor) -> Iterable[tuple[str, Any]]:
        if row.valid_from and row.valid_to and row.valid_to < row.valid_from:
            yield "valid_to", _("It ends before it begins.")


SCREENS = (PolicyScreen, HolidayScreen, DictionaryScreen, RegionScreen)
