"""注销, from both sides: one party asks, the other agrees at once or says why not, and the province decides at last."""

from datetime import date

import pytest

from app.models import Decision
from app.tasks.deadlines import keep_deadlines
from tests.flows.standing import (
    OWN,
    PAPER,
    PHONE,
    ZHANG,
    chosen,
    hands_in,
    kept_from,
    menu,
    refuses,
    stands,
    the_province_announces,
    the_province_approves,
    ticked,
)
from tests.flows.steps import Story

pytestmark = pytest.mark.both_engines

REASON = {"注销原因": "已与聘用企业解除聘用合同关系", "解聘时间": "2026-05-29"}
BY_ENTERPRISE, BY_PERSON = "二级建造师注销申报", "二级建造师个人注销"
ASKED_PERSON, ASKED_ENTERPRISE = "企业发起注销个人确认", "二级建造师个人注销企业确认"


def begun(story: Story, by: str) -> tuple:
    """Who asks, from which menu, and who answers, under which."""
    enterprise, person = story.at(story.cast.li_juan), story.at(story.cast.zhang_wei)
    if by == BY_ENTERPRISE:
        return enterprise, person, ASKED_PERSON
    return person, enterprise, ASKED_ENTERPRISE


def asks(story: Story, by: str, *specialties: str) -> tuple:
    """A cancellation of these specialties is handed in; the one who answers has it on his page."""
    asker, answerer, title = begun(story, by)
    form = chosen(asker, by)
    asker.press("保存", PHONE | REASON | ticked(asker, *(specialties or ("建筑工程",)))).says("保存成功。")
    sent = hands_in(asker)
    asker.says("待确认")
    kept_from(story, [sent], *parties(story))
    menu(answerer, title)
    answerer.follow("查阅", answerer.row(OWN, "待确认"))
    return asker, answerer, form


def parties(story: Story) -> tuple:
    return story.cast.li_juan, story.cast.zhang_wei


@pytest.mark.parametrize("by", [BY_ENTERPRISE, BY_PERSON])
def test_what_the_one_asks_the_other_agrees_to_and_the_certificate_is_void_at_once(story, signing, by):
    held = stands(story, signing)
    asker, answerer, form = asks(story, by)
    page = asker.url
    assert not {"同意", "不同意"} & set(asker.open(page).buttons())
    assert not {"撤回", "修改", "上报"} & set(answerer.buttons())
    case = answerer.last
    asker.is_kept_from(case)
    answerer.says("已与聘用企业解除聘用合同关系", "2026-05-29")
    answerer.press("同意").says("同意后注册立即注销，主管部门不参与审核")
    answerer.press("同意")
    agreed = answerer.last
    asker.is_kept_from(agreed)
    kept_from(story, [case, agreed], *parties(story))
    held.is_called("已注销", "该证书为无效证书（注销）。", "该注册已于2026-06-01注销。")
    assert (held.row.status, held.row.cancelled_reason, held.live) == ("cancelled", "employment_ended", {})
    asker.open(page).says("办结").open(form, status=404)
    story.work()
    story.session.rollback()
    steps = [one.action for one in story.session.query(Decision).order_by(Decision.id)]
    assert steps == ["submit", "agree"], "no authority had a part in it"
    for officer in ("wang_qiang", "chen_jing"):
        story.at(getattr(story.cast, officer)).open("/review/").is_silent_about(ZHANG)


def test_one_of_two_specialties_is_given_up_and_the_certificate_goes_on_without_it(story, signing):
    held = stands(story, signing, ends={"building": date(2028, 1, 22), "municipal": date(2028, 5, 1)})
    _asker, answerer, _form = asks(story, BY_ENTERPRISE, "市政公用工程")
    answerer.press("同意").press("同意")
    story.work()
    assert set(held.live) == {"building"}
    held.is_called("有效", "建筑工程").is_silent_about("市政公用工程")
    held.is_called("已换发", "已于2026-06-01注销部分注册专业", version=0)


def test_who_disagrees_says_why_and_whoever_asked_goes_to_the_province_with_evidence(story, signing):
    held = stands(story, signing)
    asker, answerer, form = asks(story, BY_PERSON)
    answerer.press("不同意").press("不同意", status=422)
    answerer.press("不同意", {"原因": "劳动合同尚未到期。"})
    held.is_called("有效")
    menu(asker, BY_PERSON).follow("查阅", asker.row(OWN, "退回补正")).says("劳动合同尚未到期。")
    page = asker.url
    asker.press("申请省级主管部门强制注销").press("申请省级主管部门强制注销", {"原因": "企业拒不配合。"})
    asker.says("请先在附件材料中上传证明材料。")
    asker.open(form).press("保存", {"强制注销证明材料": PAPER}).says("保存成功。")
    asker.open(page).press("申请省级主管部门强制注销")
    asker.press("申请省级主管部门强制注销", {"原因": "企业拒不配合。"}).says("已报省级")
    forced = asker.last
    kept_from(story, [forced], *parties(story))
    answerer.is_kept_from(forced)
    story.at(story.cast.wang_qiang).open("/review/").is_silent_about(ZHANG)
    approved = the_province_approves(story)
    kept_from(story, [approved])
    held.is_called("有效")
    the_province_announces(story, "个人注销", publicity=False)
    story.work()
    held.is_called("已注销", "该注册已于2026-06-01注销。")
    asker.open(page).says("办结", "企业拒不配合。")


def test_a_counterparty_that_keeps_silent_gives_the_case_back_after_five_working_days(story, signing):
    held = stands(story, signing)
    asker, answerer, _form = asks(story, BY_ENTERPRISE)
    for _ in range(8):
        story.night()
    story.session.rollback()
    assert keep_deadlines(story.session) == 1
    asker = story.at(story.cast.li_juan)
    menu(asker, BY_ENTERPRISE).row(ZHANG, "退回补正")
    answerer = story.at(story.cast.zhang_wei)
    menu(answerer, ASKED_PERSON).follow("查阅", answerer.row(OWN))
    assert not {"同意", "不同意"} & set(answerer.buttons())
    held.is_called("有效")


def test_what_the_rules_refuse_is_told_with_its_reason(story, signing):
    stands(story, signing)
    clerk = story.at(story.cast.li_juan)
    form = chosen(clerk, BY_ENTERPRISE)
    clerk.press("保存", PHONE | ticked(clerk, "建筑工程"))
    said = refuses(clerk, form, "ground", {"注销原因": "依法被撤销注册"})
    assert said == "该原因只能由主管部门依职权注销。"
    assert refuses(clerk, form, "ground", {"注销原因": REASON["注销原因"]}) == "请填写解聘时间。"
    assert (
        refuses(clerk, form, "still_registered", REASON | ticked(clerk.open(form)))
        == "请至少选择一个注册专业。"
    )
