"""临时建造师: more time within the limits of age and policy, and the end of a registration, both reviewed."""

import json
from datetime import date

import pytest
from sqlalchemy import select

from app.models import Certificate, PolicyValue
from app.services import certificates
from tests.flows.papers import text_of
from tests.flows.standing import (
    PAPER,
    PHONE,
    TERM,
    Standing,
    chosen,
    decided,
    hands_in,
    hours,
    kept_from,
    papers,
    refuses,
    stands,
    ticked,
)
from tests.registered import registered

pytestmark = pytest.mark.both_engines

EXTENSION, CANCELLATION = "二级临时建造师延期申报", "二级临时建造师注销申报"
GROUND = {"注销原因": "已与聘用企业解除聘用合同关系", "解聘时间": "2026-05-29"}


def set_(story, key: str, value: str) -> None:
    story.session.add(PolicyValue(key=key, value=value, valid_from=date(2026, 1, 1), source="演示文件"))
    story.session.commit()


def test_a_temporary_term_runs_on_to_the_last_day_of_all(story, signing):
    held = stands(story, signing, kind="temporary", ends={"building": date(2026, 9, 30)})
    set_(story, "temporary_last_day", "2027-12-31")
    clerk = story.at(story.cast.li_juan)
    form = chosen(clerk, EXTENSION)
    begun = clerk.last
    clerk.press("保存", PHONE | TERM | papers(clerk) | hours(clerk, 60, 30))
    assert "现填报必修60学时、选修30学时" in refuses(clerk, form, "renewal_education")
    clerk.open(form).press("保存", hours(clerk, 60, 60))
    kept_from(story, [begun, hands_in(clerk)], story.cast.li_juan)
    decided(story, "延期申报", publicity=False)
    assert held.live == {"building": date(2027, 12, 31)}
    assert held.certificates[-1].number == held.certificates[0].number
    held.is_called("有效", "2027-12-31")
    held.is_called("已换发", "已于2026-06-01延续注册。", "2026-09-30", version=0)
    form = chosen(clerk, EXTENSION)
    clerk.press("保存", PHONE | TERM | papers(clerk) | hours(clerk, 60, 60))
    assert refuses(clerk, form, "temporary_end") == "临时建造师注册不得延期至2027-12-31以后。"


def test_who_is_sixty_is_not_extended(story, signing):
    stands(story, signing, kind="temporary")
    set_(story, "temporary_age_limit", "40")
    clerk = story.at(story.cast.li_juan)
    form = chosen(clerk, EXTENSION)
    clerk.press("保存", PHONE | TERM | papers(clerk) | hours(clerk, 60, 60))
    assert refuses(clerk, form, "temporary_age") == "年满40周岁的，不再办理临时建造师延期。"


def test_the_end_of_a_temporary_registration_is_reviewed_and_shown(story, signing):
    held = stands(story, signing, kind="temporary")
    clerk = story.at(story.cast.li_juan)
    form = chosen(clerk, CANCELLATION)
    begun = clerk.last
    clerk.press("保存", PHONE | GROUND | ticked(clerk, "建筑工程"))
    assert refuses(clerk, form, "attachments") == "缺少附件材料：符合注销情形的证明。"
    clerk.open(form).press("保存", {"符合注销情形的证明": PAPER})
    kept_from(story, [begun, hands_in(clerk)], story.cast.li_juan)
    held.is_called("有效")
    decided(story, "临时", publicity=False)
    assert (held.row.status, held.live) == ("cancelled", {})
    held.is_called("已注销", "该注册已于2026-06-01注销。")
    clerk.open("/enterprise-declarations/").row("张伟", "办结")


def face_of(held, version=-1):
    """The words of the signed file of this version."""
    session = held.story.session
    return text_of(certificates.read_file(session, held.certificates[version]))


def test_a_temporary_certificate_is_told_from_an_ordinary_one_at_the_first_glance(story, signing):
    held = stands(story, signing, kind="temporary")
    assert "二级临时建造师注册证书" in face_of(held)
    assert "证书类别：二级注册临时建造师" in face_of(held)
    held.is_called("有效", "证书类别", "二级注册临时建造师", "二级临时建造师注册证书")


def test_the_certificate_of_an_ordinary_constructor_names_its_kind_as_well(story, signing):
    held = stands(story, signing)
    assert "证书类别：二级注册建造师" in face_of(held)
    assert "临时" not in face_of(held)
    assert "签名日期" in face_of(held)
    held.is_called("有效", "证书类别", "二级注册建造师").is_silent_about("临时")


def test_a_face_that_was_frozen_before_it_named_the_kind_is_drawn_and_verified_with_it(story, signing):
    row = registered(story.session, story.cast.li_juan, story.cast.zhang_wei, kind="temporary")
    issuing = story.session.scalars(select(Certificate).where(Certificate.registration_id == row.id)).one()
    said = json.loads(issuing.face)
    assert said.pop("kind") == "二级注册临时建造师"
    issuing.face = json.dumps(said, ensure_ascii=False)
    story.session.commit()
    story.work()
    held = Standing(story, row.id)
    assert "证书类别：二级注册临时建造师" in face_of(held)
    held.is_called("有效", "二级注册临时建造师")
