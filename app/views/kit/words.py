"""Codes in words: dictionaries, regions, states and kinds of declarations, read once for each state of them."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from flask import g
from flask_babel import get_locale
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from app.extensions.database import db
from app.models import DictionaryEntry, Region
from app.models.details import GRADED, translated_grades
from app.models.region import HUNAN
from app.views.kit.remembered import remembered
from app.workflow import states
from app.workflow.types import registry

Choice = tuple[str, str]

_PROVINCE = 2
"""The digits of a region's code that name the province."""


class _Entry(NamedTuple):
    label: str
    label_zh: str
    active: bool


class _Region(NamedTuple):
    name: str
    parent_code: str | None
    in_force: bool


class Words:
    """The words of one language. They hold no row of a session, so that they may outlive the request."""

    def __init__(self, session: Session | scoped_session[Session], language: str) -> None:
        self._session = session
        self._chinese = language == "zh"
        self._entries: dict[str, dict[str, _Entry]] = {}
        self._regions: dict[str, dict[str, _Region]] = {}
        # In the language that is spoken now, which is this one: later it may be another.
        self._states = {code: str(label) for code, label in states.LABELS.items()}
        self._types = {kind.key: str(kind.label) for kind in registry}

    def prepare(self, dictionaries: Iterable[str]) -> None:
        """Read several dictionaries in one statement; those already read are not read again."""
        missing = sorted(set(dictionaries) - self._entries.keys())
        if not missing:
            return
        found: dict[str, dict[str, _Entry]] = {name: {} for name in missing}
        kept = DictionaryEntry
        rows = self._session.execute(
            select(kept.dictionary, kept.code, kept.label_zh, kept.label_en, kept.active)
            .where(kept.dictionary.in_(missing))
            .order_by(kept.position, kept.id)
        )
        for row in rows:
            label = row.label_zh if self._chinese else row.label_en
            found[row.dictionary][row.code] = _Entry(label, row.label_zh, row.active)
        self._entries.update(found)

    def _dictionary(self, name: str) -> dict[str, _Entry]:
        self.prepare((name,))
        return self._entries[name]

    def choice(self, dictionary: str, code: str | None) -> str:
        """The word for a code; the code itself when the dictionary does not know it."""
        if not code:
            return ""
        entry = self._dictionary(dictionary).get(code)
        return entry.label if entry else code

    def choices(self, dictionary: str, kept: str | None = None) -> list[Choice]:
        """What may be chosen now, and `kept`: the value that a row has, even when it is out of use."""
        return [
            (code, entry.label)
            for code, entry in self._dictionary(dictionary).items()
            if entry.active or code == kept
        ]

    def translated(self, dictionary: str) -> dict[str, str]:
        """Chinese words that are stored as such, like the specialties of a list, in the page's language."""
        return {entry.label_zh: entry.label for entry in self._dictionary(dictionary).values()}

    def grades(self, stored: str) -> str:
        """企业资质等级, which is stored in Chinese."""
        if self._chinese:
            return stored
        self.prepare(GRADED)
        return translated_grades(
            stored, {zh: word for one in GRADED for zh, word in self.translated(one).items()}
        )

    def whole(self, dictionary: str) -> dict[str, str]:
        """Every code of a dictionary with its word, those out of use too: rows keep them."""
        return {code: entry.label for code, entry in self._dictionary(dictionary).items()}

    def every_region(self, *, path: bool = False) -> dict[str, str]:
        """Every region by its code, the cities first, since most rows name one of them."""
        codes = sorted(
            self._session.scalars(select(Region.code)), key=lambda code: (not code.endswith("00"), code)
        )
        return {code: self.region_path(code) if path else self.region(code) for code in codes}

    def _province(self, code: str) -> dict[str, _Region]:
        prefix = code[:_PROVINCE]
        if prefix not in self._regions:
            rows = self._session.execute(
                select(Region.code, Region.name, Region.name_en, Region.parent_code, Region.valid_to)
                .where(Region.code.startswith(prefix, autoescape=True))
                .order_by(Region.code)
            )
            self._regions[prefix] = {
                row.code: _Region(
                    row.name if self._chinese else row.name_en, row.parent_code, row.valid_to is None
                )
                for row in rows
            }
        return self._regions[prefix]

    def region(self, code: str | None) -> str:
        if not code:
            return ""
        found = self._province(code).get(code)
        return found.name if found else code

    def region_path(self, code: str | None) -> str:
        """`长沙市 岳麓区` for a county, the name alone for a city or a province."""
        if not code:
            return ""
        found = self._province(code).get(code)
        if found is None:
            return code
        above = self._province(code).get(found.parent_code or "")
        if above is None or above.parent_code is None:
            return found.name
        return f"{above.name} {found.name}"

    def regions_in(self, parent: str, kept: str | None = None) -> list[Choice]:
        """The regions directly below one, without those whose code was retired (but with `kept`)."""
        return [
            (code, row.name)
            for code, row in self._province(parent).items()
            if row.parent_code == parent and (row.in_force or code == kept)
        ]

    def cities(self, province: str = HUNAN) -> list[Choice]:
        return self.regions_in(province)

    def counties(self, city: str, kept: str | None = None) -> list[Choice]:
        return self.regions_in(city, kept)

    def every_county(self, kept: str | None = None) -> list[Choice]:
        """Every county with its city, city by city."""
        return [
            (code, f"{name} {county}")
            for city, name in self.cities()
            for code, county in self.counties(city, kept)
        ]

    def state(self, value: str | None) -> tuple[str, str]:
        """The name of a declaration's state, and its colour."""
        code = value or ""
        return self._states.get(code, code), states.TONES.get(code, "secondary")

    def states(self) -> list[Choice]:
        return list(self._states.items())

    def declaration_type(self, key: str | None) -> str:
        return self._types.get(key or "", key or "")

    def declaration_types(self) -> list[Choice]:
        return list(self._types.items())


def words() -> Words:
    """The words of the language of this page, or of a part of it that is written in another one."""
    locale: Any = get_locale()
    held: tuple[Any, Words] | None = g.get("words")
    if held is None or held[0] is not locale:
        language = locale.language if locale else "zh"
        held = g.words = (locale, remembered(f"words:{language}", lambda: Words(db.session, language)))
    return held[1]
