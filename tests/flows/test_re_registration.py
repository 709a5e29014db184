"""重新: who was cancelled entirely, or refused, comes back under the old number with another employer."""

from datetime import date

import pytest
from sqlalchemy import select

from app.models import PolicyValue, Registration
from tests.cast import ZHANG_WEI, file_draft, take
from tests.flows.standing import (
    NEW,
    PHONE,
    TERM,
    ZHANG,
    decided,
    hands_in,
    kept_from,
    menu,
    papers,
    refuses,
    review,
    stands,
    ticked,
)
from tests.registered import drafted

pytestmark = pytest.mark.both_engines

AGAIN = "二级建造师重新申报"
WANTED = {"人员姓名": ZHANG, "人员身份证号": ZHANG_WEI}
BOTH = ("建筑工程", "市政公用工程")


def begun(clerk) -> str:
    """From the menu to the form of 张伟, found by name and number."""
    menu(clerk, AGAIN).follow("添加申报")
    clerk.press("查询", WANTED).press("选择该人员")
    return clerk.url


def shown(clerk, name: str) -> str:
    """What stands in the form under this name, where nothing can be typed."""
    field = clerk.document.find(id=f"f-{name}")
    assert field.name not in {"input", "select", "textarea"} or field.has_attr("readonly")
    return field.get_text(strip=True)


def test_who_was_cancelled_is_registered_again_under_the_old_number(story, signing):
    held = stands(story, signing, ends={"building": date(2028, 1, 1)})
    number, old = held.row.number, held.certificates[0].number
    take(
        story.session,
        story.cast,
        drafted(story.session, story.cast, "cancellation", held.row).id,
        "submit",
        "agree",
    )
    held.is_called("已注销", "该注册已于2026-06-01注销。")
    clerk = story.at(story.cast.fang_yuan)
    form = begun(clerk)
    picked = clerk.last
    given = {
        name: shown(clerk, name) for name in ("original_number", "original_certificate_number", "ceased_on")
    }
    assert given == {
        "original_number": number, "original_certificate_number": old, "ceased_on": "2026-06-01",
    }  # fmt: skip
    assert shown(clerk, "ceased_because") == "已与聘用企业解除聘用合同关系"
    clerk.press("保存", PHONE | TERM | papers(clerk) | ticked(clerk, *BOTH)).open(form)
    kept_from(story, [picked, hands_in(clerk)], story.cast.fang_yuan)
    decided(story, "重新申报", publicity=True)
    assert (held.row.number, held.row.status, held.row.enterprise_name) == (number, "valid", NEW)
    assert held.live == {"building": date(2029, 5, 31), "municipal": date(2029, 5, 31)}
    assert held.certificates[-1].number != old
    held.is_called("有效", NEW, number)
    held.is_called("已注销", "该注册已于2026-06-01注销。", version=0)


def test_nobody_is_registered_again_who_is_registered_still(story, signing):
    """One specialty of two was cancelled: the registration stands, and 增项 is the way."""
    held = stands(story, signing, ends={"building": date(2028, 1, 1), "municipal": date(2028, 1, 1)})
    partial = drafted(story.session, story.cast, "cancellation", held.row)
    partial.specialties = partial.specialties[:1]
    story.session.commit()
    take(story.session, story.cast, partial.id, "submit", "agree")
    clerk = story.at(story.cast.fang_yuan)
    form = begun(clerk)
    clerk.press(
        "保存",
        PHONE | TERM | papers(clerk) | ticked(clerk, "建筑工程"),
    )  # fmt: skip
    assert refuses(clerk, form, "cancelled_before") == "该人员注册仍然有效，须先全部注销。"


def test_who_was_never_registered_files_for_the_first_time(story):
    clerk = story.at(story.cast.fang_yuan)
    form = begun(clerk)
    clerk.press(
        "保存",
        PHONE | TERM | papers(clerk) | ticked(clerk, *BOTH),
    )  # fmt: skip
    assert refuses(clerk, form, "cancelled_before") == "该人员从未注册，也未曾不予注册，请办理初始申报。"


def test_who_was_refused_and_never_registered_invents_nothing(story, signing):
    """The day and the ground come from the refusal. With another employer the person is entered for the first time."""
    story.session.add(
        PolicyValue(key="publicity_days", value="0", valid_from=date(2026, 1, 1), source="演示文件")
    )
    story.session.commit()
    first = file_draft(story.session, story.cast.li_juan, story.cast.zhang_wei)
    take(story.session, story.cast, first, "submit", "accept", "endorse")
    officer = review(story, story.cast.chen_jing)
    officer.press("不予注册", {"text": "聘用单位资质已被撤回。"}, status=409).says("请选择不予注册依据")
    chosen = {"不予注册依据": "聘用单位不符合注册单位要求", "text": "聘用单位资质已被撤回。"}
    officer.press("不予注册", chosen).says("不予注册依据", "聘用单位不符合注册单位要求")
    story.night()
    clerk = story.at(story.cast.fang_yuan)
    begun(clerk)
    assert shown(clerk, "refused_on") == "2026-06-01"
    assert shown(clerk, "refusal_ground") == "聘用单位不符合注册单位要求"
    assert "—" in shown(clerk, "ceased_on") or not shown(clerk, "ceased_on")
    clerk.press("保存", PHONE | TERM | papers(clerk) | ticked(clerk, *BOTH))
    hands_in(clerk)
    decided(story, "重新申报", publicity=True)
    story.session.rollback()
    row = story.session.scalars(select(Registration)).one()
    assert (row.status, row.enterprise_name) == ("valid", NEW)
    assert {one.ends_on for one in row.specialties} == {date(2029, 6, 1)}
