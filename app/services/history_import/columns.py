"""The columns of the list of historical records, and what a cell of each means (notes: 4.2, 5.3)."""

import re

from app.models import Registration
from app.models.identity import registration_number_findings, uscc_findings
from app.models.personal import normal_id_number
from app.services.imports import cells
from app.services.imports.cells import Context, width_of
from app.services.imports.columns import Column, Columns
from app.services.imports.findings import Wrong
from app.services.workbooks import Cell

_CERTIFICATE = re.compile(r"(?!-)[0-9A-Z\u3400-\u9fff()-]+")
_SEAL = re.compile(r"[0-9]{1,2}")


def registration_number(value: Cell, _context: Context) -> str:
    """注册编号 of 13 or of 17 characters."""
    text = normal_id_number(cells.code(value))
    for found in registration_number_findings(text):
        raise Wrong(found.code)
    return text


def credit_code(value: Cell, _context: Context) -> str:
    text = normal_id_number(cells.code(value))
    for found in uscc_findings(text):
        raise Wrong(found.code)
    return text


def city(value: Cell, context: Context) -> str:
    """市州: the code of one of the province's cities, by its name with or without its last character."""
    found = context.cities.get(cells.code(value))
    if found is None:
        raise Wrong("city")
    return found


def seal_check_code(value: Cell, _context: Context) -> int:
    """执业印章校验码 (notes: 5.5): later losses count on from it."""
    text = cells.code(value)
    if not _SEAL.fullmatch(text):
        raise Wrong("seal_check_code")
    return int(text)


_PERSON = (
    Column(
        "name",
        ("姓名",),
        cells.name(width_of(Registration, "name")),
        required=True,
        explanation="与证件一致；少数民族姓名各部分之间用“·”。",
    ),
    Column(
        "id_number",
        ("证件号码", "身份证号", "身份证号码", "公民身份号码", "证件号"),
        cells.id_number,
        required=True,
        explanation="身份证号为18位。本列必须是文本格式，否则 Excel 会丢失末几位。",
        width=24,
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
    Column("birth_date", ("出生日期",), cells.past_day, explanation="证件不是身份证的必须填写。"),
)
_REGISTRATION = (
    Column(
        "number",
        ("注册编号", "注册号", "注册证书编号"),
        registration_number,
        required=True,
        explanation="13位或17位，如：湘243131300001。",
        width=22,
    ),
    Column(
        "certificate_number",
        ("证书编号", "证书号", "纸质证书编号"),
        cells.numbered(_CERTIFICATE, "certificate_form", width_of(Registration, "paper_number")),
        explanation="纸质注册证书上的编号。",
        width=18,
    ),
    Column(
        "seal_check_code",
        ("执业印章校验码", "印章校验码"),
        seal_check_code,
        explanation="00至99，不填即为00。",
    ),
    Column(
        "kind",
        ("注册类型", "注册类别", "证书等级", "注册等级"),
        cells.choice("registration_kind"),
        required=True,
        dictionary="registration_kind",
        width=22,
    ),
    Column(
        "registered_on",
        ("首次注册日期", "初始注册日期", "首次注册时间"),
        cells.since_the_first,
        required=True,
        explanation="如：2013-06-28；年份须与注册编号一致。",
    ),
    Column(
        "specialty",
        ("专业", "注册专业", "专业类别"),
        cells.choice("specialty"),
        required=True,
        explanation="一人有几个专业的，每个专业填一行，其他各列相同。",
        dictionary="specialty",
    ),
    Column("begins_on", ("有效期起", "有效期开始", "起始日期"), cells.since_the_first, required=True),
    Column("ends_on", ("有效期止", "有效期至", "有效期截止", "截止日期"), cells.any_day, required=True),
)
_EMPLOYER = (
    Column(
        "enterprise_name",
        ("聘用企业", "企业名称", "聘用单位", "单位名称"),
        cells.prose(width_of(Registration, "enterprise_name")),
        required=True,
        explanation="注销的填写注销时的聘用企业。",
        width=32,
    ),
    Column(
        "uscc",
        ("统一社会信用代码", "社会统一信用代码", "信用代码"),
        credit_code,
        explanation="有效的必须填写，且企业须已在本平台开户；其他的，平台上没有该企业时可不填，只保留企业名称。",
        width=22,
    ),
    Column(
        "region_code",
        ("市州", "所在市州", "主管部门"),
        city,
        explanation="如：长沙市。平台上没有该企业时必须填写。",
    ),
)
_STATUS = (
    Column(
        "status",
        ("证书状态", "注册状态", "状态"),
        cells.choice("registration_status"),
        required=True,
        dictionary="registration_status",
    ),
    Column("cancelled_on", ("注销日期", "注销时间"), cells.since_the_first, explanation="有效的不填。"),
    Column(
        "cancelled_reason",
        ("注销原因",),
        cells.choice("cancellation_reason"),
        explanation="有效的不填。",
        dictionary="cancellation_reason",
        width=28,
    ),
    Column(
        "specialty_ended_on",
        ("专业注销日期", "专业注销时间", "专业失效日期"),
        cells.since_the_first,
        explanation="只有某一专业先于其他专业注销或失效的才填写，填在该专业所在行；与注册同日注销的不填。",
        width=16,
    ),
)

COLUMNS = Columns((*_PERSON, *_REGISTRATION, *_EMPLOYER, *_STATUS))
