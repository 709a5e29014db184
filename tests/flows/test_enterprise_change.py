"""企业信息变更, whole: an enterprise takes another name and moves, and its constructors' certificates follow."""

import pytest

from app.models import Enterprise
from tests.changing import NEW
from tests.flows.browser import Browser, Sent
from tests.flows.papers import text_of
from tests.flows.standing import OWN, PAPER, PHONE, Standing, chosen, kept_from, menu, papers, refuses, stands
from tests.flows.steps import Story

pytestmark = pytest.mark.both_engines

CHANGE, DESK = "企业信息变更", "企业信息变更审查"
TYPED = {
    "变更后企业名称": NEW,
    "变更后注册所在地市、区县": "邵阳市 双清区",
    "变更后企业营业地址": "湖南省邵阳市双清区示例路 1 号",
    "市场监管部门核准变更日期": "2026-05-28",
    "变更原因": "集团化改制并迁址。",
}
EVIDENCE = {"变更后的营业执照": PAPER, "市场监管部门核准变更通知书": PAPER}


def test_an_enterprise_changes_its_name_and_city_and_its_certificates_follow(story, signing):
    held = stands(story, signing)
    clerk = story.at(story.cast.li_juan)
    asked_for = the_enterprise_asks(clerk, story)
    tries = [asked_for, the_city_returns_it(story)]
    while_it_is_open_nothing_else_is_filed(clerk)
    tries += [the_enterprise_corrects_it(clerk), the_city_endorses_it(story)]
    tries += [the_province_refuses_it(story)]
    kept_from(story, tries[:1], story.cast.li_juan)
    kept_from(story, tries[1:2] + tries[3:], story.cast.wang_qiang)
    held.is_called("有效", OWN)
    the_enterprise_asks(clerk, story)
    the_city_endorses_it(story)
    approved = the_province_approves_it(story)
    kept_from(story, [approved])
    everything_says_what_is_new(story, held, clerk)
    both_cities_read_it(story, approved)


def the_enterprise_asks(clerk: Browser, story: Story) -> Sent:
    """From the fixed fields of 企业基本信息; without evidence it is not handed in."""
    menu(clerk, "企业基本信息").says("须通过变更申请")
    clerk.follow(CHANGE, clerk.document.select_one("main [role=note]")).follow("添加变更")
    clerk.says("现登记内容", OWN, "张伟").press("保存", TYPED).says("邵阳市 双清区", "缺少附件材料")
    page = clerk.url
    clerk.press("上报").press("上报", status=422).says("缺少附件材料：变更后的营业执照。")
    clerk.open(page).follow("修改").press("保存", EVIDENCE).press("上报").press("上报")
    clerk.says("已上报", "市州主管部门")
    return clerk.last


def the_city_returns_it(story: Story) -> Sent:
    officer = at_the_desk(story, story.cast.wang_qiang)
    officer.says("张伟", "集团化改制并迁址。").is_silent_about("439900198506150019")
    officer.press("退回补正").press("退回补正", status=422)
    officer.press("退回补正", {"原因": "通知书缺少核准日期。"}).says("已将该变更退回企业补正。")
    return officer.last


def while_it_is_open_nothing_else_is_filed(clerk: Browser) -> None:
    """初始, 补办 and the like wait; the pre-check says so."""
    form = chosen(clerk, "二级建造师遗失补办申报")
    damaged = {"补办原因": "污损", "遗失或污损情况说明": "浸水后字迹不清。", "污损证书照片": PAPER}
    clerk.press(
        "保存", PHONE | papers(clerk) | {"补办原因": "污损", "遗失或污损情况说明": "浸水后字迹不清。"}
    )
    clerk.open(form).press("保存", {"污损证书照片": damaged["污损证书照片"]})
    assert refuses(clerk, form, "unchanging") == "该企业正在办理企业信息变更，办结或撤回之前只能申报注销。"
    menu(clerk, "人员花名册").says("注销")


def the_enterprise_corrects_it(clerk: Browser) -> Sent:
    menu(clerk, CHANGE).follow("修改", clerk.row("退回补正"))
    clerk.says("通知书缺少核准日期。").press("保存", {"市场监管部门核准变更通知书": PAPER})
    clerk.press("上报").press("上报").says("已上报")
    return clerk.last


def the_city_endorses_it(story: Story) -> Sent:
    officer = at_the_desk(story, story.cast.wang_qiang)
    officer.press("审查上报").press("审查上报", {"意见": "材料齐全。"}).says("市级已审查")
    assert "审核通过" not in officer.buttons()
    return officer.last


def the_province_refuses_it(story: Story) -> Sent:
    province = at_the_desk(story, story.cast.chen_jing)
    form = text_of(province.fetch("打印"))
    for said in ("变更申请表", OWN, NEW, "张伟", "4399**********0019", "邵阳市"):
        assert said in form, f"{said} does not stand on the form:\n{form}"
    province.press("不予变更").press("不予变更", status=422)
    province.press("不予变更", {"原因": "资质证书名称不一致。"}).says("不予变更", "资质证书名称不一致。")
    return province.last


def the_province_approves_it(story: Story) -> Sent:
    province = at_the_desk(story, story.cast.chen_jing)
    province.press("审核通过").press("审核通过").says("办结")
    return province.last


def at_the_desk(story: Story, member) -> Browser:
    officer = menu(story.at(member), DESK)
    return officer.follow("查阅", officer.row(OWN))


def everything_says_what_is_new(story: Story, held: Standing, clerk: Browser) -> None:
    """The public page of the old certificate and of the new one, the paper itself, the register and the notices."""
    held.is_called("注册有效，新证书制证中", NEW, version=0)
    story.work()
    held.is_called("已换发", "聘用企业信息已于 2026-06-01 变更。", version=0)
    old, new = held.certificates
    assert (new.number, new.version) == (old.number, 2)
    held.is_called("有效", NEW, old.number).is_silent_about(OWN)
    assert (held.row.enterprise_name, held.row.region_code) == (NEW, "430500")
    menu(clerk, "企业基本信息").says(NEW, OWN)
    clerk.open("/certificates/")
    assert NEW in text_of(clerk.fetch("打印", within=clerk.row("张伟")))
    story.at(story.cast.zhang_wei).open("/notices/").says("聘用企业已更名", NEW)
    clerk.open("/notices/").says("企业信息变更审核通过", "企业信息变更申请：不予变更", "企业信息变更退回补正")
    clerk.open(f"/historical-records/{held.key}").says("聘用企业信息变更", f"聘用企业：{NEW}（原为 {OWN}）")


def both_cities_read_it(story: Story, approved: Sent) -> None:
    """The city that has reviewed it, and the one to which the enterprise belongs now; neither can do more with it."""
    enterprise = story.session.get_one(Enterprise, story.cast.li_juan.actor.enterprise_id)
    story.session.refresh(enterprise)
    assert enterprise.region_code == "430500"
    story.session.rollback()
    for member in (story.cast.wang_qiang, story.cast.zhao_min):
        officer = story.at(member).open("/enterprise-change-desk/?all=1")
        officer.follow("查阅", officer.row(OWN, "办结")).says(NEW, "邵阳市 双清区")
        assert not {"审核通过", "审查上报", "退回补正"} & set(officer.buttons())
        officer.is_kept_from(approved)
