"""What a cell of the list means: the value in the library's form, or what is wrong with it."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from app.models import Qualification
from app.models.identity import RESIDENCE_PERMIT, RESIDENT_CARD
from app.models.personal import normal_id_number, normal_name
from app.services.qualification_import.findings import Wrong
from app.services.workbooks import Cell

EARLIEST_YEAR = 2002
"""建造师执业资格制度暂行规定 (人发 2002-111) is of December 2002."""

_LONGER_THAN_NOTHING = 4
_EXACT_DIGITS = 10**15
_CERTIFICATE = re.compile(r"[0-9A-Z\u3400-\u9fff()\u3014\u3015\[\]-]+")
_MANAGEMENT = re.compile(r"[0-9A-Z]+")
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
# What people type into a cell to say that there is nothing to say.
_NOTHING = frozenset({"-", "--", "—", "——", "/", "\\", "无"})


_LIMITS: dict[str, int] = {
    name: Qualification.__table__.c[name].type.length
    for name in ("certificate_number", "management_number", "name", "employer", "school", "major")
}


@dataclass(frozen=True)
class Context:
    """What the meaning of a cell depends on: the dictionaries (text → code), the provinces, the day."""

    choices: Mapping[str, Mapping[str, str]]
    allowed: Mapping[str, str]
    provinces: Mapping[str, str]
    today: date


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


def _code(value: Cell) -> str:
    text = code_text(shown(value))
    if _SCIENTIFIC.fullmatch(text):
        raise Wrong("rounded")
    return text


def _limited(attribute: str, text: str) -> str:
    limit = _LIMITS[attribute]
    if len(text) > limit:
        raise Wrong("too_long", length=len(text), limit=limit)
    return text


def prose(attribute: str, value: Cell) -> str | None:
    """A text of the library: no control signs, single blanks, and nothing that a spreadsheet would run."""
    text = shown(value)
    if not text.isprintable():
        text = "".join(sign if sign.isprintable() else " " for sign in text)
    if " " in text:
        text = " ".join(text.split())
    if text in _NOTHING:
        return None
    if text.startswith(_LIVELY):
        raise Wrong("lively", sign=text[0])
    return _limited(attribute, text)


def certificate_number(value: Cell, _context: Context) -> str:
    text = _code(value)
    if not _CERTIFICATE.fullmatch(text) or text.startswith("-"):
        raise Wrong("certificate_form")
    return _limited("certificate_number", text)


def management_number(value: Cell, _context: Context) -> str | None:
    text = _code(value)
    if text in _NOTHING:
        return None
    if not _MANAGEMENT.fullmatch(text):
        raise Wrong("management_form")
    return _limited("management_number", text)


def name(value: Cell, _context: Context) -> str:
    text = _STRETCHED.sub("", normal_name(shown(value)))
    if not _NAME.fullmatch(text):
        raise Wrong("name_form")
    if len(text) == 1:
        raise Wrong("name_short")
    return _limited("name", text)


def id_number(value: Cell, _context: Context) -> str:
    return normal_id_number(_code(value))


def require_document(number: str, id_type: str) -> None:
    """The numbers of other documents than ID cards have no check digit: their form is all there is to see."""
    if id_type not in {RESIDENT_CARD, RESIDENCE_PERMIT} and not _DOCUMENT.fullmatch(number):
        raise Wrong("document_form")


def _choice(dictionary: str) -> Callable[[Cell, Context], str | None]:
    def chosen(value: Cell, context: Context) -> str | None:
        text = code_text(shown(value))
        code = context.choices[dictionary].get(text)
        if code is None:
            raise Wrong("choice", allowed=context.allowed[dictionary])
        return code

    return chosen


def province(value: Cell, context: Context) -> str:
    code = context.provinces.get(code_text(shown(value)))
    if code is None:
        raise Wrong("province")
    return code


def year(value: Cell, context: Context) -> int:
    text = code_text(shown(value)).removesuffix("度").removesuffix("年")
    if not text.isdecimal() or not EARLIEST_YEAR <= int(text) <= context.today.year:
        raise Wrong("year", first=EARLIEST_YEAR, last=context.today.year)
    return int(text)


@lru_cache(maxsize=20_000)
def _day(text: str, *, month_is_enough: bool) -> date:
    found = _DATE.fullmatch(text) or _DIGITS_OF_DATE.fullmatch(text)
    if found is None or (found[3] is None and not month_is_enough):
        raise Wrong("date")
    try:
        return date(int(found[1]), int(found[2]), int(found[3] or 1))
    except ValueError:
        raise Wrong("date") from None


def _past(value: Cell, context: Context, *, month_is_enough: bool = False) -> date:
    # A bare number is never taken for Excel's count of days: it may as well be a slip of the pen.
    day = value
    if not isinstance(value, date):
        text = unicodedata.normalize("NFKC", shown(value)).strip()
        day = _day(_AROUND_UNITS.sub(r"\1", text), month_is_enough=month_is_enough)
    if not isinstance(day, date):
        raise Wrong("date")
    if day > context.today:
        raise Wrong("date_late")
    return day


def birth_date(value: Cell, context: Context) -> date:
    return _past(value, context)


def graduation_date(value: Cell, context: Context) -> date:
    return _past(value, context, month_is_enough=True)


def issued_on(value: Cell, context: Context) -> date:
    day = _past(value, context)
    if day.year < EARLIEST_YEAR:
        raise Wrong("date_early", first=EARLIEST_YEAR)
    return day


MEANINGS: dict[str, Callable[[Cell, Context], Any]] = {
    "certificate_number": certificate_number,
    "management_number": management_number,
    "name": name,
    "id_type": _choice("id_type"),
    "id_number": id_number,
    "gender": _choice("gender"),
    "birth_date": birth_date,
    "province": province,
    "employer": lambda value, _context: prose("employer", value),
    "year_obtained": year,
    "method": _choice("qualification_method"),
    "specialty": _choice("specialty"),
    "school": lambda value, _context: prose("school", value),
    "graduation_date": graduation_date,
    "major": lambda value, _context: prose("major", value),
    "education": _choice("education"),
    "issued_on": issued_on,
}
