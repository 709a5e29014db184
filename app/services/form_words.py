"""Codes as printed forms say them, in Chinese or as a reference translation."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import DictionaryEntry, Region
from app.models.details import GRADED, read_terms, translated_grades
from app.printing.documents import Language, Translate


class FormWords:
    """Codes as the form prints them: every dictionary and region once for each form."""

    def __init__(self, session: Session, language: Language, translate: Translate) -> None:
        rows = session.scalars(select(DictionaryEntry)).all()
        chinese = language == "zh"
        self._entries = {
            (one.dictionary, one.code): one.label_zh if chinese else one.label_en for one in rows
        }
        self._of_chinese = {one.label_zh: one.label_en for one in rows if one.dictionary in GRADED}
        self._session, self._chinese, self.translate = session, chinese, translate

    def choice(self, dictionary: str, code: str | None) -> str:
        return self._entries.get((dictionary, code or ""), code or "")

    def place(self, code: str | None) -> str:
        """A county with its city; a city alone."""
        found = self._session.get(Region, code) if code else None
        above = self._session.get(Region, found.parent_code) if found and found.parent_code else None
        named = self.region(code)
        return named if above is None or above.parent_code is None else f"{self.region(above.code)} {named}"

    def terms(self, stored: str | None) -> list[tuple[str, date]]:
        """Specialties with their last days."""
        return [(self.choice("specialty", code), ends_on) for code, ends_on in read_terms(stored)]

    def grades(self, stored: str | None) -> str:
        """企业资质等级, which is stored in Chinese."""
        return stored or "" if self._chinese else translated_grades(stored or "", self._of_chinese)

    def region(self, code: str | None) -> str:
        found = self._session.get(Region, code) if code else None
        if found is None:
            return code or ""
        return found.name if self._chinese else found.name_en

    def flag(self, value: bool) -> str:  # noqa: FBT001 - it is the value that is put into words
        return str(self.translate("Yes")) if value else str(self.translate("No"))

    def value(self, info: dict[str, Any], value: Any) -> str:
        if value is None or value == "":
            return ""
        if isinstance(value, bool):
            return self.flag(value)
        if isinstance(value, date):
            return value.isoformat()
        if info.get("dictionary"):
            return self.choice(info["dictionary"], value)
        return self.place(value) if info.get("region") else str(value)
