"""The columns of the workbook: who is meant, what is asked, and every field that the offered types ask to be typed."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Boolean, Date, Integer, Text

from app.models import Registration
from app.models.details import PersonDetails
from app.services.filing import GIVEN
from app.services.history_import.columns import registration_number
from app.services.imports import cells
from app.services.imports.cells import Context, Meaning, code_text, shown, width_of
from app.services.imports.columns import Column, Columns
from app.services.imports.findings import Wrong
from app.services.workbooks import Cell
from app.workflow.types import DeclarationType, Hours

TYPES, YES_NO = "declaration_type", "yes_no"
"""What the template calls the values that stand in no dictionary."""

_LONGEST_TEXT = 2_000
_MOST_HOURS = 9_999
_DIVIDED = re.compile(r"[、,，;；/\s]+")
_SAID = {
    "是": True,
    "Y": True,
    "YES": True,
    "TRUE": True,
    "否": False,
    "N": False,
    "NO": False,
    "FALSE": False,
}
_YES_NO = "是、否"


def columns_of(kinds: Iterable[DeclarationType]) -> Columns:
    """The columns for these types; what only some of them ask says so in its explanation."""
    offered = list(kinds)
    fields: dict[str, Column] = {}
    for kind in offered:
        for name in typed(kind):
            if name not in fields:
                asking = [one.in_workbook[0] for one in offered if name in typed(one)]
                fields[name] = _field(kind, name, asking, everybody=len(asking) == len(offered))
    return Columns((*_who(), *_what(offered), *fields.values()))


def typed(kind: DeclarationType) -> list[str]:
    """The fields that somebody has to type: neither what the register gives nor what the person has said of himself."""
    asked = kind.model.__mapper__.columns
    return [name for name in kind.fields if name in asked and name not in GIVEN | vars(PersonDetails).keys()]


def types(offered: Iterable[DeclarationType]) -> Mapping[str, DeclarationType]:
    """Every name by which a type may be asked for."""
    return {code_text(name): kind for kind in offered for name in kind.in_workbook}


def offered_values(offered: Iterable[DeclarationType]) -> dict[str, str]:
    return {TYPES: "、".join(kind.in_workbook[0] for kind in offered), YES_NO: _YES_NO}


def _who() -> tuple[Column, ...]:
    return (
        Column("name", ("姓名",), cells.name(width_of(Registration, "name")), required=True),
        Column(
            "id_number",
            ("证件号码", "身份证号", "身份证号码", "公民身份号码", "证件号"),
            cells.id_number,
            explanation="与注册编号至少填一项。本列必须是文本格式，否则 Excel 会丢失末几位。",
            width=24,
        ),
        Column(
            "number",
            ("注册编号", "注册号"),
            registration_number,
            explanation="与证件号码至少填一项。",
            width=20,
        ),
    )


def _what(offered: list[DeclarationType]) -> tuple[Column, ...]:
    known = types(offered)
    names = "、".join(kind.in_workbook[0] for kind in offered)

    def type_of(value: Cell, _context: Context) -> str:
        found = known.get(code_text(shown(value)))
        if found is None:
            raise Wrong("choice", allowed=names)
        return found.key

    asking = "、".join(kind.in_workbook[0] for kind in offered if kind.hours is not Hours.NEVER)
    hint = f"用于{asking}。各专业学时相同的填一个数；不同的按专业顺序用顿号分开，如：60、30。"
    return (
        Column("type", ("申报类型", "申报事项"), type_of, required=True, dictionary=TYPES),
        Column(
            "specialties",
            ("专业", "申报专业", "注册专业"),
            specialties,
            explanation="几个专业用顿号分开；不填即为可以申报的全部专业。",
            dictionary="specialty",
            several=True,
            width=26,
        ),
        Column("mandatory_hours", ("必修学时",), hours, explanation=hint),
        Column("elective_hours", ("选修学时",), hours, explanation=hint),
    )


def specialties(value: Cell, context: Context) -> tuple[str, ...]:
    """The codes of the specialties in a cell, each once."""
    known = context.choices["specialty"]
    names = [code_text(one) for one in _DIVIDED.split(shown(value)) if one]
    if any(name not in known for name in names):
        raise Wrong("choice", allowed=context.allowed["specialty"])
    return tuple(dict.fromkeys(known[name] for name in names))


def hours(value: Cell, _context: Context) -> tuple[int, ...]:
    """One number for all specialties, or one for each."""
    parts = [code_text(one) for one in _DIVIDED.split(shown(value)) if one]
    if not all(part.isdecimal() and int(part) <= _MOST_HOURS for part in parts):
        raise Wrong("hours")
    return tuple(map(int, parts))


def _yes_or_no(value: Cell, _context: Context) -> bool:
    found = _SAID.get(code_text(shown(value)))
    if found is None:
        raise Wrong("choice", allowed=_YES_NO)
    return found


def _whole(value: Cell, _context: Context) -> int:
    text = code_text(shown(value))
    if not text.isdecimal() or int(text) > _MOST_HOURS:
        raise Wrong("hours")
    return int(text)


def _field(kind: DeclarationType, name: str, asking: list[str], *, everybody: bool) -> Column:
    """The column of a form field, from what its column in the database says of itself."""
    described: Any = kind.model.__mapper__.columns[name]
    dictionary = described.info.get("dictionary", "")
    boolean = isinstance(described.type, Boolean)
    return Column(
        name,
        (str(described.comment),),
        _meaning(described, dictionary),
        explanation="" if everybody else f"用于{'、'.join(asking)}。",
        dictionary=YES_NO if boolean else dictionary,
        width=28 if isinstance(described.type, Text) or dictionary else 16,
    )


def _meaning(described: Any, dictionary: str) -> Meaning:
    if dictionary:
        return cells.choice(dictionary)
    if isinstance(described.type, Date):
        return cells.any_day
    if isinstance(described.type, Boolean):
        return _yes_or_no
    if isinstance(described.type, Integer):
        return _whole
    return cells.prose(getattr(described.type, "length", None) or _LONGEST_TEXT)
