"""重新: who was cancelled entirely, or refused, comes back under the old number with another employer."""

from datetime import date

import pytest

from tests.cast import ZHANG_WEI, take
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
    assert clerk.document.find(id="f-original_number")["value"] == number
    clerk.press("保存", PHONE | TERM | papers(clerk) | ticked(clerk, *BOTH))
    said = refuses(clerk, form, "as_registered_before", {"原注册编号": "湘2432526000009"})
    assert said == f"注册登记中的原注册编号为{number}，与填报不一致。"
    said = refuses(clerk, form, "as_registered_before", {"原注册编号": number, "失效日期": "2026-05-31"})
    assert said == "注册登记中原注册的失效日期为2026-06-01。"
    clerk.open(form).press("保存", {"失效日期": "2026-06-01"})
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
        PHONE | TERM | papers(clerk) | ticked(clerk, "建筑工程")
        | {"失效日期": "2026-05-01", "失效原因": "已与聘用企业解除聘用合同关系"},
    )  # fmt: skip
    assert refuses(clerk, form, "cancelled_before") == "该人员注册仍然有效，须先全部注销。"


def test_who_was_never_registered_files_for_the_first_time(story):
    clerk = story.at(story.cast.fang_yuan)
    form = begun(clerk)
    clerk.press(
        "保存",
        PHONE | TERM | papers(clerk) | ticked(clerk, *BOTH)
        | {"失效日期": "2026-05-01", "失效原因": "已与聘用企业解除聘用合同关系"},
    )  # fmt: skip
    assert refuses(clerk, form, "cancelled_before") == "该人员从未注册，也未曾不予注册，请办理初始申报。"
