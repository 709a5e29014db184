"""Documents of invented people for the tests of paper, in both languages."""

from datetime import UTC, date, datetime

from app.printing.documents import (
    AcceptanceNotice,
    ApplicationForm,
    EnterpriseDetails,
    Field,
    ListedPerson,
    NameList,
    PersonDetails,
    Section,
)
from app.printing.promises import applicant_promise, enterprise_promise
from app.printing.sections import QualificationRow, qualification_section

PRINTED_AT = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
CHINESE = {
    ": ": "：",
    "Declaration number": "申报编号",
    "Name": "姓名",
    "Page %(page)s of %(pages)s": "第 %(page)s 页 共 %(pages)s 页",
    "Printed at %(time)s": "打印时间：%(time)s",
    "Promise of the applicant": "申请人承诺",
    "Second-grade constructor registration: application form": "二级建造师注册申报表",
}


def words(language):
    """Stands for gettext; most labels stay English, since the catalogues are not the matter here."""

    def gettext(message, **values):
        text = CHINESE.get(message, message) if language == "zh" else message
        return text % values if values else text

    return gettext


def person(**changes):
    values = {
        "name": "张伟",
        "gender": "男",
        "birth_date": date(1985, 6, 15),
        "ethnicity": "汉族",
        "id_type": "居民身份证",
        "id_number": "439900198506150019",
        "mobile": "13900000001",
        "phone": "0731-00000000",
    }
    return PersonDetails(**(values | changes))


def enterprise(**changes):
    values = {
        "name": "湖南虚构建设工程有限公司",
        "uscc": "91430000100000016R",
        "legal_representative": "王虚构",
        "registered_place": "湖南省长沙市岳麓区",
        "enterprise_type": "施工企业",
        "address": "湖南省长沙市岳麓区虚构路88号虚构大厦12层1201室",
        "contact": "李娟",
        "contact_phone": "13900000002",
        "qualification_kind": "非招标代理机构",
        "qualification_grade": "一级",
        "qualification_number": "D143000001",
    }
    return EnterpriseDetails(**(values | changes))


def form(language="zh", **changes):
    gettext = words(language)
    qualification = QualificationRow(
        number="湘2132023000123",
        management_number="2023043990000123",
        specialty="建筑工程",
        issued_on=date(2023, 12, 1),
    )
    values = {
        "language": language,
        "number": "2026112201000001",
        "printed_at": PRINTED_AT,
        "declaration_type": "初始申报",
        "registration_kind": "二级注册建造师",
        "authority": "长沙市住房和城乡建设局",
        "person": person(),
        "enterprise": enterprise(),
        "sections": (
            Section("教育与聘用", (Field("毕业院校", "湖南虚构大学"), Field("是否长期", "☑ 是 ☐ 否"))),
            qualification_section((qualification,), gettext),
        ),
        "promises": (applicant_promise(gettext), enterprise_promise(gettext)),
    }
    return ApplicationForm(**(values | changes))


def notice(language="zh"):
    return AcceptanceNotice(
        language=language,
        number="2026112201000001",
        printed_at=PRINTED_AT,
        accepted_on=date(2026, 11, 20),
        enterprise="湖南虚构建设工程有限公司",
        applicant="张伟",
        matter="二级建造师初始注册",
        contact="李娟",
        mobile="13900000002",
        officer="王强",
        authority="长沙市住房和城乡建设局",
        notice="申请材料齐全、符合法定形式，予以受理。",
    )


def name_list(language="zh", persons=60):
    lines = (
        ListedPerson(
            "欧阳喆堃",
            f"4399**********{n:04d}",
            f"湖南虚构建设工程有限公司第{n}分公司",
            "建筑工程、市政公用工程",
        )
        for n in range(1, persons + 1)
    )
    return NameList(
        language=language,
        number="S2026001",
        printed_at=PRINTED_AT,
        title="二级建造师初始注册符合条件的人员名单",
        introduction=("根据《注册建造师管理规定》，下列人员符合二级建造师初始注册条件，现予公示。",),
        persons=tuple(lines),
        authority="湖南省住房和城乡建设厅",
        dated=date(2026, 11, 22),
    )
