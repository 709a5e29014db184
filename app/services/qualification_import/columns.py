"""The columns of the list of 资格证 (notes: 6.2), and what a cell of each means."""

import re

from app.models import Qualification
from app.services.imports import cells
from app.services.imports.cells import EARLIEST_YEAR, Context, code_text, shown, width_of
from app.services.imports.columns import Column, Columns
from app.services.imports.findings import Wrong
from app.services.workbooks import Cell

_CERTIFICATE = re.compile(r"(?!-)[0-9A-Z\u3400-\u9fff()\u3014\u3015\[\]-]+")
_MANAGEMENT = re.compile(r"[0-9A-Z]+")


def certificate_number(value: Cell, _context: Context) -> str:
    text = cells.code(value)
    if not _CERTIFICATE.fullmatch(text):
        raise Wrong("certificate_form")
    return cells.limited(text, width_of(Qualification, "certificate_number"))


def province(value: Cell, context: Context) -> str:
    found = context.provinces.get(code_text(shown(value)))
    if found is None:
        raise Wrong("province")
    return found


def year(value: Cell, context: Context) -> int:
    text = code_text(shown(value)).removesuffix("度").removesuffix("年")
    if not text.isdecimal() or not EARLIEST_YEAR <= int(text) <= context.today.year:
        raise Wrong("year", first=EARLIEST_YEAR, last=context.today.year)
    return int(text)


COLUMNS = Columns(
    (
        Column(
            "certificate_number",
            ("资格证号", "资格证书编号", "资格证书号", "资格证编号", "证书编号", "证书号"),
            certificate_number,
            required=True,
            explanation="资格证书上的编号，全省唯一。",
            width=22,
        ),
        Column(
            "management_number",
            ("管理号", "资格证管理号", "资格证书管理号", "证书管理号"),
            cells.numbered(_MANAGEMENT, "management_form", width_of(Qualification, "management_number")),
            explanation="资格考试的管理号。",
            width=26,
        ),
        Column(
            "name",
            ("姓名",),
            cells.name(width_of(Qualification, "name")),
            required=True,
            explanation="与证件一致；少数民族姓名各部分之间用“·”。",
        ),
        Column(
            "id_number",
            ("证件号码", "身份证号", "身份证号码", "身份证件号码", "公民身份号码", "证件号"),
            cells.id_number,
            required=True,
            explanation="身份证号为18位。本列必须是文本格式，否则 Excel 会把它变成 4.3E+17，丢失末几位。",
            width=24,
        ),
        Column(
            "province",
            ("省份", "取得省份", "所在省份", "省"),
            province,
            explanation="取得资格的省份，如：湖南省。",
        ),
        Column(
            "employer",
            ("工作单位", "现工作单位", "单位名称"),
            cells.prose(width_of(Qualification, "employer")),
            explanation="取得资格时的工作单位。",
            width=32,
        ),
        Column(
            "year_obtained",
            ("取得年份", "取得年度", "取得资格年份", "资格取得年份"),
            year,
            required=True,
            explanation="四位年份，如：2019。",
        ),
        Column(
            "method",
            ("取得方式", "资格取得方式"),
            cells.choice("qualification_method"),
            explanation="不填即为考试。",
            dictionary="qualification_method",
        ),
        Column(
            "specialty",
            ("专业类别", "专业", "资格专业", "报考专业"),
            cells.choice("specialty"),
            required=True,
            explanation="一人有几个专业的，每个专业填一行。",
            dictionary="specialty",
        ),
        Column("school", ("毕业学校", "毕业院校"), cells.prose(width_of(Qualification, "school")), width=24),
        Column(
            "graduation_date",
            ("毕业时间", "毕业日期"),
            cells.past_month,
            explanation="如：2012-06 或 2012-06-30。",
        ),
        Column("major", ("所学专业",), cells.prose(width_of(Qualification, "major"))),
        Column("education", ("最高学历", "学历"), cells.choice("education"), dictionary="education"),
        Column(
            "issued_on",
            ("签发时间", "签发日期", "发证日期", "发证时间"),
            cells.since_the_first,
            required=True,
            explanation="资格证书的签发日期，如：2019-12-20。",
        ),
        Column(
            "id_type",
            ("证件类型", "证件种类"),
            cells.choice("id_type"),
            explanation="不填即为身份证。",
            dictionary="id_type",
        ),
        Column(
            "gender",
            ("性别",),
            cells.choice("gender"),
            explanation="填写时须与身份证号一致。",
            dictionary="gender",
        ),
        Column("birth_date", ("出生日期",), cells.past_day, explanation="填写时须与身份证号一致。"),
    )
)
