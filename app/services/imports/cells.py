"""What a cell of a list means: the value as it would be stored, or what is wrong with it."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, TypeAlias

from app.models.identity import RESIDENCE_PERMIT, RESIDENT_CARD
from app.models.personal import normal_id_number, normal_name
from app.services.imports.findings import Wrong
from app.services.workbooks import Cell

EARLIEST_YEAR = 2002
"""建造师执业资格制度暂行规定 (人发 2002-111) is of December 2002."""

_LONGER_THAN_NOTHING = 4
_EXACT_DIGITS = 10**15
_DOCUMENT = re.compile(r"[0-9A-Z()\u3400-\u9fff]{5,20}")
_IDEOGRAPHS = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_NAME = re.compile(rf"[{_IDEOGRAPHS}]+(?:·[{_IDEOGRAPHS}]+)*|[A-Za-z][A-Za-z .'·-]*")
# Two-character names are often stretched to the width of three: 张　三.
_STRETCHED = re.compile(rf"(?<=[{_IDEOGRAPHS}])\s+(?=[{_IDEOGRAPHS}])")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?(?:[ T]00:00(?::00)?)?")
_AROUND_UNITS = re.compile(r"\s*([年月日])\s*")
_DIGITS_OF_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_LIVELY = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
NOTHING = frozenset({"-", "--", "—", "——", "/", "\\", "无"})
"""What people type into a cell to say that there is nothing to say."""


@dataclass(frozen=True)
class Context:
    """What the meaning of a cell depends on: the dictionaries (text → code), the provinces, the day, and the cities."""

    choices: Mapping[str, Mapping[str, str]]
    allowed: Mapping[str, str]
    provinces: Mapping[str, str]
    today: date
    cities: Mapping[str, str] = field(default_factory=dict)


Meaning: TypeAlias = Callable[[Cell, Context], Any]
"""The value of a cell that is not blank; None when it says that there is nothing. Raises `Wrong`."""


def shown(value: Cell) -> str:
    """The cell as its reader sees it. Raises `Wrong` where Excel has rounded a long number."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, date):
        return value.isoformat()
    if abs(value) >= _EXACT_DIGITS:
        raise Wrong("rounded")
    return str(int(value)) if value == int(value) else repr(value)


def blank(value: Cell) -> bool:
    """Nothing to see in the cell: empty, blanks, or a lone apostrophe or invisible sign."""
    return isinstance(value, str) and (
        not value or value.isspace() or (len(value) < _LONGER_THAN_NOTHING and not code_text(value))
    )


@lru_cache(maxsize=50_000)
def code_text(text: str) -> str:
    """Half-width and upper-case, without blanks, invisible signs and the apostrophe that marks a text."""
    if not text.isascii():
        text = "".join(
            sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf"
        )
    return "".join(text.split()).strip("'`‘’").upper()


def code(value: Cell) -> str:
    """The text of a number that is no quantity. Raises `Wrong` where Excel has rounded it."""
    text = code_text(shown(value))
    if _SCIENTIFIC.fullmatch(text):
        raise Wrong("rounded")
    return text


def limited(text: str, limit: int) -> str:
    if len(text) > limit:
        raise Wrong("too_long", length=len(text), limit=limit)
    return text


def width_of(model: Any, attribute: str) -> int:
    """How many characters the column of the model takes."""
    length: int = model.__table__.c[attribute].type.length
    return length


def numbered(form: re.Pattern[str], wrong: str, limit: int) -> Meaning:
    """A number of this form; `wrong` is the code for any other."""

    def number(value: Cell, _context: Context) -> str | None:
        text = code(value)
        if text in NOTHING:
            return None
        if not form.fullmatch(text):
            raise Wrong(wrong)
        return limited(text, limit)

    return number


def prose(limit: int) -> Meaning:
    """A text of so many characters: no control signs, single blanks, and nothing that a spreadsheet would run."""

    def words(value: Cell, _context: Context) -> str | None:
        text = shown(value)
        if not text.isprintable():
            text = "".join(sign if sign.isprintable() else " " for sign in text)
        if " " in text:
            text = " ".join(text.split())
        if text in NOTHING:
            return None
        if text.startswith(_LIVELY):
            raise Wrong("lively", sign=text[0])
        return limited(text, limit)

    return words


def name(limit: int) -> Meaning:
    """The name of a person."""

    def name_of(value: Cell, _context: Context) -> str:
        text = _STRETCHED.sub("", normal_name(shown(value)))
        if not _NAME.fullmatch(text):
            raise Wrong("name_form")
        if len(text) == 1:
            raise Wrong("name_short")
        return limited(text, limit)

    return name_of


def id_number(value: Cell, _context: Context) -> str:
    return normal_id_number(code(value))


def require_document(number: str, id_type: str) -> None:
    """The numbers of other documents than ID cards have no check digit: their form is all there is to see."""
    if id_type not in {RESIDENT_CARD, RESIDENCE_PERMIT} and not _DOCUMENT.fullmatch(number):
        raise Wrong("document_form")


def choice(dictionary: str) -> Meaning:
    def chosen(value: Cell, context: Context) -> str | None:
        text = code_text(shown(value))
        found = context.choices[dictionary].get(text)
        if found is None:
            raise Wrong("choice", allowed=context.allowed[dictionary])
        return found

    return chosen


@lru_cache(maxsize=20_000)
def _day(text: str, *, month_is_enough: bool) -> date:
    found = _DATE.fullmatch(text) or _DIGITS_OF_DATE.fullmatch(text)
    if found is None or (found[3] is None and not month_is_enough):
        raise Wrong("date")
    try:
        return date(int(found[1]), int(found[2]), int(found[3] or 1))
    except ValueError:
        raise Wrong("date") from None


def any_day(value: Cell, _context: Context, *, month_is_enough: bool = False) -> date:
    # A bare number is never taken for Excel's count of days: it may as well be a slip of the pen.
    day = value
    if not isinstance(value, date):
        text = unicodedata.normalize("NFKC", shown(value)).strip()
        day = _day(_AROUND_UNITS.sub(r"\1", text), month_is_enough=month_is_enough)
    if not isinstance(day, date):
        raise Wrong("date")
    return day


def past_day(value: Cell, context: Context, *, month_is_enough: bool = False) -> date:
    day = any_day(value, context, month_is_enough=month_is_enough)
    if day > context.today:
        raise Wrong("date_late")
    return day


def past_month(value: Cell, context: Context) -> date:
    """A day that has come, of which the month is enough."""
    return past_day(value, context, month_is_enough=True)


def since_the_first(value: Cell, context: Context) -> date:
    """A day that has come, and on which there were certificates already."""
    day = past_day(value, context)
    if day.year < EARLIEST_YEAR:
        raise Wrong("date_early", first=EARLIEST_YEAR)
    return day
