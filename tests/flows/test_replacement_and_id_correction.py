"""补办 and 身份证号变更: a certificate in place of a lost one, and a right number in place of a wrong one."""

from dataclasses import replace
from datetime import date

import pytest

from app.cli.demo import PASSWORD
from tests.cast import ZHANG_WEI, add_constructor, login
from tests.flows.browser import Browser
from tests.flows.standing import (
    PAPER,
    PHONE,
    ZHANG,
    chosen,
    decided,
    hands_in,
    kept_from,
    papers,
    refuses,
    stands,
)

pytestmark = pytest.mark.both_engines

REPLACEMENT, CORRECTION = "二级建造师遗失补办申报", "二级建造师身份证号变更申报"
RIGHT, OF_SOMEBODY = "439900198506150035", "439900199002280025"
LOST = {"补办原因": "遗失", "遗失或污损情况说明": "办公室搬迁时遗失。", "遗失声明": PAPER}
STATEMENT = {"遗失声明刊登媒体": "湖南日报", "遗失声明刊登日期": "2026-05-20"}


def test_who_finds_a_lost_certificate_reads_that_it_was_reported_lost(story, signing):
    held = stands(story, signing)
    old = held.certificates[0].number
    clerk = story.at(story.cast.li_juan)
    form = chosen(clerk, REPLACEMENT)
    begun = clerk.last
    clerk.press("保存", PHONE | LOST | papers(clerk) | STATEMENT | {"遗失声明刊登媒体": ""})
    assert refuses(clerk, form, "loss") == "请填写遗失声明刊登媒体。"
    assert "遗失声明刊登日期" in refuses(clerk, form, "loss", STATEMENT | {"遗失声明刊登日期": "2026-06-02"})
    clerk.open(form).press("保存", STATEMENT)
    kept_from(story, [begun, hands_in(clerk)], story.cast.li_juan)
    held.is_called("有效")
    decided(story, "遗失补办申报", publicity=False)
    new = held.certificates[-1]
    assert (new.number != old, new.version, held.row.seal_check_code) == (True, 2, 1)
    held.is_called("有效", new.number)
    held.is_called("已换发", "该证书已声明遗失，并于2026-06-01补办。", old, version=0)


def test_a_damaged_certificate_is_shown_and_no_loss_is_spoken_of(story, signing):
    held = stands(story, signing)
    clerk = story.at(story.cast.li_juan)
    form = chosen(clerk, REPLACEMENT)
    clerk.press(
        "保存", PHONE | papers(clerk) | {"补办原因": "污损", "遗失或污损情况说明": "浸水后字迹不清。"}
    )
    assert refuses(clerk, form, "attachments") == "缺少附件材料：污损证书照片。"
    clerk.open(form).press("保存", {"污损证书照片": PAPER})
    hands_in(clerk)
    decided(story, "遗失补办申报", publicity=False)
    assert held.row.seal_check_code == 0
    held.is_called("已换发", "该证书已污损，并于2026-06-01补办。", version=0).is_silent_about("遗失")


def test_a_wrong_number_is_put_right_and_the_person_logs_in_with_the_right_one(story, signing):
    held = stands(story, signing)
    add_constructor(story.session, story.cast.wang_qiang, "王芳", OF_SOMEBODY)
    story.session.commit()
    clerk = story.at(story.cast.li_juan)
    form = chosen(clerk, CORRECTION)
    cause = {"号码错误原因": "首次登记时录入错误。"}
    clerk.press("保存", PHONE | cause | papers(clerk) | {"正确的证件号码": RIGHT[:-1] + "6"})
    police = {"公安机关或考试主管部门证明": PAPER}
    clerk.open(form).press("保存", police)
    assert "校验位不正确" in refuses(clerk, form, "right_number")
    said = refuses(clerk, form, "free_number", {"正确的证件号码": OF_SOMEBODY})
    assert said == "该证件号码已登记在他人名下，请联系省级主管部门核实。"
    clerk.is_silent_about("王芳")
    assert "无需更正" in refuses(clerk, form, "another_number", {"正确的证件号码": ZHANG_WEI})
    clerk.open(form).press("保存", {"正确的证件号码": RIGHT})
    handed = hands_in(clerk)
    kept_from(story, [handed], story.cast.li_juan)
    decided(story, "身份证号变更申报", publicity=False)
    held.is_called("有效", "4399*************5")
    held.is_called("已换发", "持证人信息已于2026-06-01更正。", version=0)
    assert held.row.birth_date == date(1985, 6, 15)
    assert login(story.app.test_client(), replace(story.cast.zhang_wei, login_name=RIGHT))
    wrong = Browser(story.app.test_client())
    wrong.open("/login").press("登录", {"username": ZHANG_WEI, "password": PASSWORD}, status=422)


def test_a_number_that_is_not_in_the_library_needs_the_proof_of_the_police(story, signing):
    stands(story, signing)
    clerk = story.at(story.cast.li_juan)
    form = chosen(clerk, CORRECTION)
    clerk.press("保存", PHONE | papers(clerk) | {"号码错误原因": "录入错误。", "正确的证件号码": RIGHT})
    said = refuses(clerk, form, "attachments")
    assert said == "缺少附件材料：公安机关或考试主管部门证明。"
    assert ZHANG in clerk.text
