"""First registrations that the rules refuse: told by the pre-check while one types, and by the server in the end."""

from datetime import date

import pytest

from app.cli.demo.makers import id_number
from tests.cast import ZHANG_WEI, add_constructor
from tests.flows.browser import Browser
from tests.flows.steps import BASE, fill_in, refused, sample

pytestmark = pytest.mark.both_engines


@pytest.fixture
def clerk(story) -> Browser:
    return story.at(story.cast.li_juan)


def newcomer(story, name: str, born: date, issued_on: date) -> str:
    """Somebody verified and qualified for building; the ID number."""
    number = id_number(born, 771)
    add_constructor(story.session, story.cast.wang_qiang, name, number, issued_on=issued_on)
    story.session.commit()
    return number


def test_while_one_enterprise_declares_a_person_no_other_can(story, clerk):
    """Drafts do not count; who was first is not told; when the first calls its declaration back, the way is free."""
    rival = story.at(story.cast.fang_yuan)
    mine, theirs = fill_in(clerk, "张伟", ZHANG_WEI), fill_in(rival, "张伟", ZHANG_WEI)
    assert mine != theirs
    clerk.open(mine).press("保存并上报").says("上报成功。")
    said = refused(rival, theirs, "one_under_way")
    assert said == "其他企业正在为该人员办理申报业务。"
    rival.is_silent_about("长沙示例建设有限公司", "202606011000001", "李娟")
    clerk.open(f"{BASE}/").follow("查阅", clerk.row("张伟")).press("撤回").press("撤回")
    rival.open(theirs).press("保存并上报").says("上报成功。")
    assert refused(clerk, mine, "one_under_way") == said


def test_a_person_of_sixty_four_years_and_ten_months_can_only_be_cancelled(story, clerk):
    number = newcomer(story, "老陈", date(1961, 8, 1), date(2025, 9, 1))
    form = fill_in(clerk, "老陈", number)
    said = refused(clerk, form, "age")
    assert said == "该人员即将年满 65 周岁，自 2026-05-03 起只能办理注销申报。"


def test_the_last_day_before_the_age_gate_is_early_enough(story, clerk):
    number = newcomer(story, "老陈", date(1961, 8, 31), date(2025, 9, 1))
    form = fill_in(clerk, "老陈", number)
    clerk.open(form).press("保存并上报").says("上报成功。")


def test_an_overdue_qualification_needs_hours_and_their_proof(story, clerk):
    number = newcomer(story, "何静", date(1990, 2, 28), date(2020, 5, 1))
    form = fill_in(clerk, "何静", number, 继续教育证明=sample("diploma.jpg"))
    assert "须有继续教育必修 60 学时、选修 60 学时" in refused(clerk, form, "continuing_education")
    said = refused(clerk, form, "continuing_education", 必修学时="60", 选修学时="59")
    assert "现填写必修 60 学时、选修 59 学时" in said
    said = refused(clerk, form, "continuing_education", 必修学时="120", 选修学时="0")
    assert "现填写必修 120 学时、选修 0 学时" in said
    clerk.open(form)
    proof = clerk.document.find(id="said-attachment_education_proof").find(
        "input", attrs={"name": "remove-file"}
    )
    clerk.press("保存", {proof: True, "必修学时": "60", "选修学时": "60"})
    assert refused(clerk, form, "attachments") == "缺少附件材料：继续教育证明。"
    clerk.open(form).press("保存并上报", {"继续教育证明": sample("diploma.jpg")}).says("上报成功。")


def test_a_contract_that_has_ended_is_refused_and_an_open_ended_one_is_not(story, clerk):
    form = fill_in(clerk, "张伟", ZHANG_WEI, 聘用结束时间="2026-05-31")
    assert refused(clerk, form, "contract") == "聘用期已经结束。"
    assert "请清空该项" in refused(clerk, form, "contract", 聘用结束时间="2029-05-31", 是否长期=True)
    assert "不得晚于申报日期" in refused(clerk, form, "contract", 聘用开始时间="2026-06-02", 是否长期=False)
    typed = {"聘用开始时间": "2026-06-01", "聘用结束时间": "", "是否长期": True}
    clerk.open(form).press("保存并上报", typed).says("上报成功。")
