"""The printed form of each type has every line that is the type's own: fields, specialties, papers and promises."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest

from app.cli.demo.filing import file_declaration
from app.extensions.clock import today
from app.models import Enterprise, Person, PolicyValue
from app.services import prints
from app.workflow.types import registry
from tests.cast import take
from tests.registered import drafted, filer, registered

RIGHT_NUMBER = "439900199002280025"
EMPLOYED, EMPLOYS = "本人已受聘且只受聘于本申报表所列聘用企业", "本企业已聘用该申请人"
GIVES_UP, LETS_GO = "本人申请（同意）注销本申报表所列注册", "本企业申请（同意）注销本申报表所列注册"
RELEASES = "原聘用企业意见"
PAPERS = {
    "photo": "一寸免冠照片",
    "id": "身份证扫描件",
    "contract": "劳动合同",
    "insurance": "社保证明",
    "hours": "继续教育证明",
    "qualification": "资格证书扫描件",
    "diploma": "学历证书扫描件",
    "release": "与原聘用企业解除劳动关系证明",
    "ground": "符合注销情形的证明",
    "evidence": "强制注销证明材料",
    "loss": "遗失声明",
    "damage": "污损证书照片",
    "police": "公安机关或考试主管部门证明",
}


def ends(left=600):
    """Two registered specialties; the second one ends a month later."""
    return {"building": today() + timedelta(days=left), "highway": today() + timedelta(days=left + 30)}


def _about(key, *, kind="registered", left=600, **typed):
    def begin(session, cast):
        row = registered(session, cast.li_juan, cast.zhang_wei, kind=kind, ends=ends(left))
        row.seal_check_code = 1
        session.commit()
        return drafted(session, cast, key, row, **typed)

    return begin


def _of_person(session, cast, key, **typed):
    person = session.get_one(Person, cast.zhang_wei.actor.person_id)
    row = file_declaration(session, registry[key], cast.li_juan.actor, person, **typed)
    session.commit()
    return row


def _first(session, cast):
    return _of_person(
        session, cast, "initial_registration", misconduct="无不良情形", other_registrations="一级造价工程师"
    )


def _again(session, cast):
    row = registered(session, cast.li_juan, cast.zhang_wei)
    take(session, cast, drafted(session, cast, "cancellation", row).id, "submit", "agree")
    return _of_person(session, cast, "re_registration", misconduct="无不良情形")


def _moving(session, cast):
    session.add(PolicyValue(key="transfer_open", value="1", valid_from=date(2026, 1, 1), source="演示文件"))
    session.commit()
    return _about("transfer")(session, cast)


def _some(session, cast):
    """Of two specialties one is to be renewed."""
    row = _about(
        "renewal",
        left=60,
        achievements="星城广场项目经理",
        other_registrations="无",
        remarks="公路到期不延续",
    )(session, cast)
    row.specialties[:] = [one for one in row.specialties if one.specialty == "building"]
    session.commit()
    return row


@dataclass(frozen=True)
class Form:
    """One type: how a case of it is begun, and what its form says of its own in this order of the paper."""

    begin: Callable[..., Any]
    says: tuple[str, ...]
    papers: tuple[str, ...]
    promises: tuple[str, ...] = (EMPLOYED, EMPLOYS)
    silent: tuple[str, ...] = field(default=(GIVES_UP, LETS_GO, RELEASES))


EMPLOYMENT = ("聘用开始时间{employed}", "是否长期是")
EDUCATION = ("毕业院校", "所学专业", "毕业时间", "学历", "学位")
REGISTRATION = ("注册编号{number}", "证书编号{certificate}", "有效期至{highway}")
TERMS = ("建筑工程{building}", "公路工程{highway}")
CANCELLING = ("注销专业", *TERMS, "注销原因已与聘用企业解除聘用合同关系", "解聘时间{dismissed}", "情况说明—")
GIVING_UP: dict[str, Any] = {"promises": (GIVES_UP, LETS_GO), "silent": (EMPLOYED, EMPLOYS, RELEASES)}
QUALIFIED = ("资格证书编号", "管理号", "申请注册专业", "必修学时", "市政公用工程")
FORMER = (
    *("原聘用企业长沙示例建设有限公司（演示）", "原企业法定代表人{representative}"),
    *("原企业工商注册地长沙市芙蓉区", "原企业联系人{contact}", "原企业联系电话{phone}"),
    "与原企业解除合同日期{released}",
)
MOVING: dict[str, Any] = {
    "promises": (EMPLOYED, RELEASES, EMPLOYS),
    "silent": (GIVES_UP, LETS_GO),
    "papers": ("photo", "id", "contract", "release", "insurance"),
}

FORMS = {
    "initial_registration": Form(
        _first,
        (*QUALIFIED, *EDUCATION, *EMPLOYMENT, "处罚或不良情形无不良情形", "其它注册情况一级造价工程师"),
        ("photo", "id", "diploma", "qualification", "contract", "hours", "insurance"),
    ),
    "re_registration": Form(
        _again,
        (
            *QUALIFIED,
            *("原注册编号{original}", "失效日期{ceased}", "失效原因已与聘用企业解除聘用合同关系"),
            *(*EDUCATION, *EMPLOYMENT, "处罚或不良情形无不良情形"),
        ),
        ("photo", "id", "diploma", "qualification", "contract", "hours", "insurance"),
    ),
    "addition": Form(
        _about("addition", misconduct="无不良情形"),
        ("已注册专业", *TERMS, *QUALIFIED, *REGISTRATION, *EMPLOYMENT, "处罚或不良情形无不良情形"),
        ("photo", "id", "qualification", "contract", "hours", "insurance"),
    ),
    "renewal": Form(
        _some,
        (
            *("是否延续", "建筑工程{building}是6060", "公路工程{highway}否——", *REGISTRATION, *EMPLOYMENT),
            *("主要业绩星城广场项目经理", "其它注册情况无", "备注公路到期不延续"),
        ),
        ("photo", "id", "contract", "hours", "insurance"),
    ),
    "replacement": Form(
        _about("replacement"),
        (
            *TERMS,
            *REGISTRATION,
            "执业印章校验码01",
            "补办原因遗失",
            *("遗失声明刊登媒体湖南日报（演示）", "遗失声明刊登日期", "遗失或污损情况说明办公室搬迁时遗失"),
        ),
        ("photo", "id", "loss", "damage"),
    ),
    "cancellation": Form(
        _about("cancellation"),
        (*CANCELLING[:3], *REGISTRATION, *CANCELLING[3:], "申请注销人企业", "是否强制注销否"),
        ("ground", "evidence"),
        **GIVING_UP,
    ),
    "personal_cancellation": Form(
        _about("personal_cancellation"),
        (*CANCELLING[:3], *REGISTRATION, *CANCELLING[3:], "申请注销人建造师本人", "是否强制注销否"),
        ("ground", "evidence"),
        **GIVING_UP,
    ),
    "id_correction": Form(
        _about("id_correction", new_id_number=RIGHT_NUMBER),
        (
            *TERMS,
            *("事项变更前变更后", "证件号码439900198506150019439900199002280025"),
            *("性别男女", "出生日期1985-06-151990-02-28", "号码错误原因首次登记时录入错误（演示）。"),
            *REGISTRATION,
        ),
        ("id", "police"),
    ),
    "temporary_transfer": Form(
        _about("temporary_transfer", kind="temporary"),
        (*TERMS, *REGISTRATION, *FORMER, *EMPLOYMENT),
        **MOVING,
    ),
    "transfer": Form(_moving, (*TERMS, *REGISTRATION, *FORMER, *EMPLOYMENT), **MOVING),
    "temporary_extension": Form(
        _about("temporary_extension", kind="temporary"),
        ("建筑工程{building}6060", "公路工程{highway}6060", *REGISTRATION, *EMPLOYMENT),
        ("photo", "id", "contract", "hours"),
    ),
    "temporary_cancellation": Form(
        _about("temporary_cancellation", kind="temporary"),
        (*CANCELLING[:3], *REGISTRATION, *CANCELLING[3:]),
        ("ground",),
        **GIVING_UP,
    ),
}


def read(pdf):
    """The words of a paper, cell by cell, without the blanks that breaking lines leaves."""
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return "".join(done.stdout.decode().split())


def facts_of(row, enterprise):
    """What differs from case to case, as the paper writes it."""
    days = ends(60) if row.type_key == "renewal" else ends()
    found = {
        "number": getattr(row, "registration_number", ""),
        "certificate": getattr(row, "certificate_number", ""),
        "original": getattr(row, "original_number", ""),
        "ceased": getattr(row, "ceased_on", ""),
        "employed": today() - timedelta(days=60),
        "dismissed": today() - timedelta(days=3),
        "released": today() - timedelta(days=20),
        "representative": enterprise.legal_representative,
        "contact": enterprise.contact_name,
        "phone": enterprise.office_phone,
    }
    return {name: str(value) for name, value in (found | days).items()}


def test_a_translation_says_the_qualifications_of_the_employer_in_english(app, session, cast):
    row = FORMS["initial_registration"].begin(session, cast)
    row.qualification_grade = "施工总承包 市政公用工程 二级、专业承包 古建筑工程 一级"
    session.commit()
    with app.test_request_context("/?_l_=en"):
        text = read(prints.print_form(session, cast.li_juan.actor, row, "en"))
    assert (
        "GeneralcontractingMunicipalpublicworksSecondgrade,Specialisedcontracting古建筑工程Firstgrade" in text
    )


def test_every_type_has_its_lines_here(app):
    assert set(FORMS) == {kind.key for kind in registry}


@pytest.mark.parametrize("key", FORMS)
def test_the_form_says_everything_that_is_its_types_own(app, session, cast, key):
    expected = FORMS[key]
    row = expected.begin(session, cast)
    row = take(session, cast, row.id, "submit")
    said = facts_of(row, session.get_one(Enterprise, cast.li_juan.actor.enterprise_id))
    with app.test_request_context():
        text = read(prints.print_form(session, filer(cast, registry[key]).actor, row, "zh"))
    lines = [line.format(**said) for line in expected.says]
    assert [line for line in lines if line not in text] == []
    papers = [f"{place}{PAPERS[one]}1" for place, one in enumerate(expected.papers, 1)]
    assert [one for one in papers if one not in text] == []
    assert text.count("申报材料清单") == 1
    places = [text.find(one) for one in expected.promises]
    assert places == sorted(places)
    assert min(places) > 0
    assert [one for one in expected.silent if one in text] == []
    assert "电子邮箱" not in text
