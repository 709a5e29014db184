"""The headings of the list (notes: 6.2): which column holds what, in any order, by any usual name."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from openpyxl.utils import get_column_letter

from app.extensions.refused import Refused
from app.services.workbooks import Cell, Row

_ENOUGH = 3
"""As many known headings make a row the heading row."""


@dataclass(frozen=True)
class Column:
    """One column of the list. The first name is the template's; the others are seen in other lists."""

    attribute: str
    names: tuple[str, ...]
    required: bool = False
    explanation: str = ""

    @property
    def heading(self) -> str:
        return self.names[0]


COLUMNS = (
    Column(
        "certificate_number",
        ("资格证号", "资格证书编号", "资格证书号", "资格证编号", "证书编号", "证书号"),
        required=True,
        explanation="资格证书上的编号，全省唯一。",
    ),
    Column(
        "management_number",
        ("管理号", "资格证管理号", "资格证书管理号", "证书管理号"),
        explanation="资格考试的管理号。",
    ),
    Column("name", ("姓名",), required=True, explanation="与证件一致；少数民族姓名各部分之间用“·”。"),
    Column(
        "id_number",
        ("证件号码", "身份证号", "身份证号码", "身份证件号码", "公民身份号码", "证件号"),
        required=True,
        explanation="身份证号为18位。本列必须是文本格式，否则 Excel 会把它变成 4.3E+17，丢失末几位。",
    ),
    Column("province", ("省份", "取得省份", "所在省份", "省"), explanation="取得资格的省份，如：湖南省。"),
    Column("employer", ("工作单位", "现工作单位", "单位名称"), explanation="取得资格时的工作单位。"),
    Column(
        "year_obtained",
        ("取得年份", "取得年度", "取得资格年份", "资格取得年份"),
        required=True,
        explanation="四位年份，如：2019。",
    ),
    Column("method", ("取得方式", "资格取得方式"), explanation="不填即为考试。"),
    Column(
        "specialty",
        ("专业类别", "专业", "资格专业", "报考专业"),
        required=True,
        explanation="一人有几个专业的，每个专业填一行。",
    ),
    Column("school", ("毕业学校", "毕业院校")),
    Column("graduation_date", ("毕业时间", "毕业日期"), explanation="如：2012-06 或 2012-06-30。"),
    Column("major", ("所学专业",)),
    Column("education", ("最高学历", "学历")),
    Column(
        "issued_on",
        ("签发时间", "签发日期", "发证日期", "发证时间"),
        required=True,
        explanation="资格证书的签发日期，如：2019-12-20。",
    ),
    Column("id_type", ("证件类型", "证件种类"), explanation="不填即为身份证。"),
    Column("gender", ("性别",), explanation="填写时须与身份证号一致。"),
    Column("birth_date", ("出生日期",), explanation="填写时须与身份证号一致。"),
)

BY_ATTRIBUTE = {column.attribute: column for column in COLUMNS}
_BY_NAME = {name: column for column in COLUMNS for name in column.names}
# What offices add to a heading: a star for "required", a colon, a remark in brackets.
_ADDED = re.compile(r"[\s*:]|[(\[【].*?[)\]】]")


def _column(cell: Cell) -> Column | None:
    return (
        _BY_NAME.get(_ADDED.sub("", unicodedata.normalize("NFKC", cell))) if isinstance(cell, str) else None
    )


def is_heading(cells: Sequence[Cell]) -> bool:
    return len({column.attribute for cell in cells if (column := _column(cell))}) >= _ENOUGH


@dataclass(frozen=True)
class Layout:
    """Where each attribute stands in one workbook: its column, counted from 1."""

    places: dict[str, int]
    unused: tuple[str, ...] = ()

    def place(self, attribute: str) -> int:
        """The column of the attribute; the first column of the list where the workbook does not have it."""
        return self.places.get(attribute) or min(self.places.values())


def layout_of(heading: Row) -> Layout:
    """Read the heading row. Raises `Refused` that names every heading which is missing or doubled."""
    places: dict[str, int] = {}
    doubled, unused = [], []
    for number, cell in enumerate(heading.cells, 1):
        column = _column(cell)
        if column is None:
            if not isinstance(cell, str) or cell.strip():
                unused.append(get_column_letter(number))
        elif column.attribute in places:
            doubled.append(column.heading)
        else:
            places[column.attribute] = number
    missing = [column.heading for column in COLUMNS if column.required and column.attribute not in places]
    faults = []
    if missing:
        faults.append(_l("These headings are missing: %(headings)s.", headings="、".join(missing)))
    if doubled:
        faults.append(_l("These headings stand twice: %(headings)s.", headings="、".join(doubled)))
    if faults:
        raise Refused(
            _l("The heading row (row %(row)s) is not the template's.", row=heading.number), findings=faults
        )
    return Layout(places, tuple(unused))
