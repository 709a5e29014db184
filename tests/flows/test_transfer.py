"""变更: another enterprise asks, the former employer agrees or says why not, and the province alone decides."""

from datetime import date

import pytest

from app.models import PolicyValue
from tests.cast import ZHANG_WEI
from tests.flows.standing import (
    CHOOSE,
    NEW,
    OWN,
    PAPER,
    PHONE,
    TERM,
    ZHANG,
    hands_in,
    kept_from,
    menu,
    papers,
    refuses,
    stands,
    the_province_announces,
    the_province_approves,
)
from tests.flows.steps import Story

pytestmark = pytest.mark.both_engines

ASKS, ANSWERS = "二级临时建造师变更申报", "二级临时建造师变更确认"
ORDINARY, ORDINARY_ANSWERS = "二级建造师变更申报", "二级建造师变更确认"
RELEASED = {"与原企业解除合同日期": "2026-05-20"}
WANTED = {"人员姓名": ZHANG, "人员身份证号": ZHANG_WEI}


def begun(clerk, title: str) -> str:
    menu(clerk, title).follow("添加申报")
    clerk.press("查询", {"人员姓名": ZHANG, "人员身份证号": ""}, status=422).says(
        "请同时输入姓名和身份证号码。"
    )
    clerk.press("查询", {**WANTED, "人员姓名": "张"}).says("未查询到在其他企业注册的该人员")
    clerk.press("查询", WANTED).press(CHOOSE)
    return clerk.url


def asked(story: Story, title: str) -> tuple:
    """方圆's enterprise asks for 张伟; 李娟 has it on her page."""
    clerk = story.at(story.cast.fang_yuan)
    form = begun(clerk, title)
    picked = clerk.last
    proof = {"与原聘用企业解除劳动关系证明": PAPER}
    clerk.press("保存", PHONE | TERM | papers(clerk) | RELEASED | proof).says("保存成功。")
    kept_from(story, [picked], story.cast.fang_yuan)
    handed = hands_in(clerk)
    clerk.says("待确认", OWN, NEW)
    kept_from(story, [handed], story.cast.fang_yuan, story.cast.zhang_wei)
    former = story.at(story.cast.li_juan)
    former.is_kept_from(handed)
    return clerk, former, form


@pytest.mark.parametrize(
    ("kind", "title", "answers"), [("temporary", ASKS, ANSWERS), ("registered", ORDINARY, ORDINARY_ANSWERS)]
)
def test_the_former_employer_agrees_and_the_province_moves_the_registration(
    story, signing, kind, title, answers
):
    held = stands(story, signing, kind=kind)
    story.session.add(
        PolicyValue(key="transfer_open", value="1", valid_from=date(2026, 1, 1), source="演示文件")
    )
    story.session.commit()
    ends, number = held.live, held.certificates[0].number
    clerk, former, _form = asked(story, title)
    page = clerk.url
    assert not {"同意转出", "不同意"} & set(clerk.open(page).buttons())
    menu(former, answers).row(ZHANG, NEW, "待确认")
    former.follow("查阅", former.row(ZHANG))
    case = former.last
    former.press("同意转出").press("同意转出").says("已报省级")
    consented = former.last
    kept_from(story, [case, consented], story.cast.li_juan)
    story.at(story.cast.wang_qiang).open("/review/").is_silent_about(ZHANG)
    held.is_called("有效", OWN)
    kept_from(story, [the_province_approves(story)])
    the_province_announces(story, "变更申报", publicity=False)
    story.work()
    assert (held.row.enterprise_name, held.row.employed_since, held.live) == (NEW, date(2026, 6, 1), ends)
    assert held.certificates[-1].number == number
    held.is_called("有效", NEW).is_silent_about(OWN)
    held.is_called("已换发", "持证人已于2026-06-01变更聘用企业。", OWN, version=0)
    former.open("/certificates/").is_silent_about(held.row.number)
    clerk.open("/certificates/").row(ZHANG, held.row.number)
    menu(former, answers).row(ZHANG, "办结")


def test_the_former_employer_says_why_not_and_nothing_moves(story, signing):
    held = stands(story, signing, kind="temporary")
    clerk, former, _form = asked(story, ASKS)
    menu(former, ANSWERS).follow("查阅", former.row(ZHANG))
    former.press("不同意").press("不同意", status=422)
    former.press("不同意", {"原因": "在建项目尚未竣工。"})
    menu(clerk, ASKS).follow("查阅", clerk.row(ZHANG, "退回补正")).says("在建项目尚未竣工。")
    assert "申请省级主管部门强制注销" not in clerk.buttons()
    held.is_called("有效", OWN)


def test_nobody_moves_within_a_year_nor_before_the_release(story, signing):
    held = stands(story, signing, kind="temporary")
    held.row.employed_since = date(2025, 6, 2)
    story.session.commit()
    clerk = story.at(story.cast.fang_yuan)
    form = begun(clerk, ASKS)
    proof = {"与原聘用企业解除劳动关系证明": PAPER}
    clerk.press("保存", PHONE | TERM | papers(clerk) | RELEASED | proof)
    assert refuses(clerk, form, "pause") == "该人员在现聘用企业注册未满12个月，2026-06-02起方可申报变更。"
    held.row.employed_since = date(2025, 6, 1)
    story.session.commit()
    said = refuses(clerk, form, "released", {"与原企业解除合同日期": "2026-06-02"})
    assert said.startswith("与原企业解除合同日期不能晚于")
    clerk.open(form).press("保存并上报", RELEASED).says("上报成功。")


def test_ordinary_constructors_do_not_move_until_the_province_opens_it(story, signing):
    stands(story, signing)
    clerk = story.at(story.cast.fang_yuan)
    assert ORDINARY not in clerk.open("/").document.find("nav", id="nav").get_text()
    clerk.open("/declarations/transfer/add", status=422).says("省级主管部门尚未开放该类申报。")
