"""Codes in words: dictionaries, regions, states and kinds of declarations, read at most once in a request."""

from collections.abc import Iterable
from typing import Any

from flask import g
from flask_babel import get_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions.database import db
from app.models import DictionaryEntry, Region
from app.workflow import states
from app.workflow.types import registry

Choice = tuple[str, str]

_PROVINCE = 2
"""The digits of a region's code that name the province."""


class Words:
    """The words of one request, in the language of that request."""

    def __init__(self, session: Session, language: str) -> None:
        self._session = session
        self._chinese = language == "zh"
        self._entries: dict[str, dict[str, DictionaryEntry]] = {}
        self._regions: dict[str, dict[str, Region]] = {}

    def prepare(self, dictionaries: Iterable[str]) -> None:
        """Read several dictionaries in one statement; those already read are not read again."""
        missing = sorted(set(dictionaries) - self._entries.keys())
        if not missing:
            return
        self._entries.update({name: {} for name in missing})
        rows = self._session.scalars(
            select(DictionaryEntry)
            .where(DictionaryEntry.dictionary.in_(missing))
            .order_by(DictionaryEntry.position, DictionaryEntry.id)
        )
        for row in rows:
            self._entries[row.dictionary][row.code] = row

    def _dictionary(self, name: str) -> dict[str, DictionaryEntry]:
        self.prepare((name,))
        return self._entries[name]

    def _label(self, entry: DictionaryEntry) -> str:
        return entry.label_zh if self._chinese else entry.label_en

    def choice(self, dictionary: str, code: str | None) -> str:
        """The word for a code; the code itself when the dictionary does not know it."""
        if not code:
            return ""
        entry = self._dictionary(dictionary).get(code)
        return self._label(entry) if entry else code

    def choices(self, dictionary: str, kept: str | None = None) -> list[Choice]:
        """What may be chosen now, and `kept`: the value that a row has, even when it is out of use."""
        return [
            (code, self._label(entry))
            for code, entry in self._dictionary(dictionary).items()
            if entry.active or code == kept
        ]

    def translated(self, dictionary: str) -> dict[str, str]:
        """Chinese words that are stored as such, like the specialties of a list, in the page's language."""
        return {entry.label_zh: self._label(entry) for entry in self._dictionary(dictionary).values()}

    def _province(self, code: str) -> dict[str, Region]:
        prefix = code[:_PROVINCE]
        if prefix not in self._regions:
            rows = self._session.scalars(
                select(Region).where(Region.code.startswith(prefix, autoescape=True)).order_by(Region.code)
            )
            self._regions[prefix] = {row.code: row for row in rows}
        return self._regions[prefix]

    def region(self, code: str | None) -> str:
        if not code:
            return ""
        found = self._province(code).get(code)
        return self._name(found) if found else code

    def region_path(self, code: str | None) -> str:
        """`长沙市 岳麓区` for a county, the name alone for a city or a province."""
        if not code:
            return ""
        found = self._province(code).get(code)
        if found is None:
            return code
        above = self._province(code).get(found.parent_code or "")
        if above is None or above.parent_code is None:
            return self._name(found)
        return f"{self._name(above)} {self._name(found)}"

    def _name(self, region: Region) -> str:
        return region.name if self._chinese else region.name_en

    def regions_in(self, parent: str, kept: str | None = None) -> list[Choice]:
        """The regions directly below one, without those whose code was retired (but with `kept`)."""
        return [
            (code, self._name(row))
            for code, row in self._province(parent).items()
            if row.parent_code == parent and (row.valid_to is None or code == kept)
        ]

    def cities(self, province: str = "430000") -> list[Choice]:
        return self.regions_in(province)

    def counties(self, city: str, kept: str | None = None) -> list[Choice]:
        return self.regions_in(city, kept)

    @staticmethod
    def state(value: str | None) -> tuple[str, str]:
        """The name of a declaration's state, and its colour."""
        return str(states.LABELS.get(value or "", value or "")), states.TONES.get(value or "", "secondary")

    @staticmethod
    def states() -> list[Choice]:
        return [(code, str(label)) for code, label in states.LABELS.items()]

    @staticmethod
    def declaration_type(key: str | None) -> str:
        known = registry.types.get(key or "")
        return str(known.label) if known else key or ""

    @staticmethod
    def declaration_types() -> list[Choice]:
        return [(kind.key, str(kind.label)) for kind in registry]


def words() -> Words:
    """The words of the current request."""
    if "words" not in g:
        locale: Any = get_locale()
        g.words = Words(db.session, locale.language if locale else "zh")
    found: Words = g.words
    return found
