"""谁查看了我的数据: a person reads who looked at his data, of no other person, and no officer's name."""

from datetime import date

import pytest
from sqlalchemy import select

from app.cli.demo.makers import attach, id_number
from app.extensions.clock import today
from app.models import Attachment, AuditEntry, Person, Qualification, RegisterAct, RegistrationLock
from app.security.access.audit import record
from app.security.access.lookup import qualifications_by_id_number, qualified_persons
from app.security.access.scope import rows_of
from app.services import locks, register_acts
from tests.cast import ZHANG_WEI, add_constructor, file_draft, login, take
from tests.desk import send
from tests.pages import page
from tests.registered import registered
from tests.views.clerk import post

URL = "/my-data-readings"


@pytest.fixture
def case(session, cast) -> int:
    """A submitted declaration of 李娟's about 张伟, so that officers may look at him."""
    key = file_draft(session, cast.li_juan, cast.zhang_wei)
    take(session, cast, key, "submit")
    return key


@pytest.fixture
def other(session, cast):
    found = add_constructor(session, cast.wang_qiang, "何静", id_number(date(1990, 2, 28), 12))
    session.commit()
    return found


def told(client, **query):
    rows = page(client, f"{URL}/", query_string=query).select("table.rows tbody tr")
    return [[cell.get_text(" ", strip=True) for cell in row.find_all("td")][1:4] for row in rows]


def look_at_everything(app, session, cast, case) -> int:
    """What the city, the province and enterprises do with 张伟's data; how many lines that makes."""
    city, clerk = (login(app.test_client(), one) for one in (cast.wang_qiang, cast.li_juan))
    for field in ("id_number", "mobile"):
        assert post(city, "/review/reveal", key=str(case), field=field).status_code == 200
    card = session.scalars(
        select(Attachment.id).where(
            Attachment.person_id == cast.zhang_wei.actor.person_id, Attachment.kind == "id_front"
        )
    ).one()
    session.rollback()
    assert city.get(f"/files/{card}").status_code == 200
    assert post(clerk, "/enterprise-declarations/act", action="print", ids=str(case)).status_code == 200
    qualified_persons(session, cast.fang_yuan.actor, "张伟", ZHANG_WEI)
    qualifications_by_id_number(session, cast.liu_yang.actor, ZHANG_WEI)
    session.commit()
    return 6


@pytest.mark.both_engines
def test_nobody_reads_the_lines_about_another_person(app, session, cast, case, other):
    look_at_everything(app, session, cast, case)
    stranger = login(app.test_client(), other)
    assert told(stranger) == []
    assert session.scalars(rows_of(AuditEntry, other.actor)).all() == []
    for member in (cast.li_juan, cast.wang_qiang, cast.chen_jing, cast.admin):
        assert session.scalars(rows_of(AuditEntry, member.actor)).all() == []
    session.rollback()
    for member in (cast.li_juan, cast.wang_qiang, cast.auditor):
        assert login(app.test_client(), member).get(f"{URL}/").status_code == 404
    assert stranger.get("/audit/").status_code == 404


@pytest.mark.both_engines
def test_every_kind_of_look_is_told_with_office_city_and_enterprise(app, session, cast, case):
    count = look_at_everything(app, session, cast, case)
    lines = told(login(app.test_client(), cast.zhang_wei))
    assert len(lines) == count
    pairs = {(who, what) for _at, who, what in lines}
    city = "市州主管部门 · 长沙市"
    assert pairs == {
        (city, "查看完整号码：证件号码"), (city, "查看完整号码：手机号码"), (city, "查看附件：身份证正照"),
        ("长沙示例建设有限公司（演示）", "打印申报表"), ("湘江样板工程有限公司（演示）", "查询人员"),
        ("邵阳示例路桥有限公司（演示）", "查询资格证"),
    }  # fmt: skip


def test_no_name_no_address_and_no_account_of_whoever_looked_is_on_the_page(app, session, cast, case):
    look_at_everything(app, session, cast, case)
    client = login(app.test_client(), cast.zhang_wei)
    text = page(client, f"{URL}/").find("main").get_text()
    for secret in ("王强", "李娟", "方圆", "127.0.0.1", "changsha"):
        assert secret not in text, secret
    assert client.get(f"{URL}/1").status_code == 404
    assert post(client, f"{URL}/export", format="csv").status_code == 404


@pytest.mark.both_engines
def test_who_was_taken_out_in_full_is_told_and_who_was_not_is_not(app, session, cast, case, other):
    take(session, cast, case, "accept", "endorse")
    session.rollback()
    assert send(
        login(app.test_client(), cast.chen_jing), "/review/export",
        format="csv", list="?all=1", unmasked="1", reason="年度数据核对",
    ).status_code == 200  # fmt: skip
    assert [line[1:] for line in told(login(app.test_client(), cast.zhang_wei))] == [
        ["省级主管部门", "导出完整信息"]
    ]
    assert told(login(app.test_client(), other)) == []
    masked = send(login(app.test_client(), cast.chen_jing), "/review/export", format="csv", list="?all=1")
    assert masked.status_code == 200
    assert len(told(login(app.test_client(), cast.zhang_wei))) == 1


@pytest.mark.both_engines
def test_the_register_the_certificate_and_the_qualification_are_his_data_too(app, session, cast):
    row = registered(session, cast.li_juan, cast.zhang_wei)
    clerk = login(app.test_client(), cast.li_juan)
    assert post(clerk, "/historical-records/reveal", key=str(row.id), field="id_number").status_code == 200
    held = session.scalars(select(Qualification.id)).first()
    certificate = row.certificates[0].id
    session.rollback()
    record(session, cast.li_juan.actor, "print", "certificate", certificate)
    record(session, cast.chen_jing.actor, "reveal", "qualification", held, field="id_number")
    record(
        session,
        cast.chen_jing.actor,
        "reveal",
        "person",
        cast.wang_qiang.actor.account_id + 500,
        field="id_number",
    )
    session.commit()
    assert len(told(login(app.test_client(), cast.zhang_wei))) == 3


@pytest.mark.both_engines
def test_the_evidence_of_a_lock_and_of_a_decided_act_is_about_him(app, session, cast):
    """Of a proposal that waits nothing is told: it would warn whom it is about."""
    row = registered(session, cast.li_juan, cast.zhang_wei)
    act = RegisterAct(
        registration_number=row.number,
        kind="correct",
        reason="录入错误。",
        document_number="1号",
        right_paper_number="湘1",
    )
    register_acts.propose(session, cast.chen_jing.actor, act)
    lock = RegistrationLock(reason="核查。", locked_on=today())
    locks.lock(session, cast.chen_jing.actor, lock, locks.Target(session.get_one(Person, row.person_id), row))
    session.add(act)
    session.flush()
    attach(session, register_acts.EVIDENCE, b"evidence", act_id=act.id)
    attach(session, locks.EVIDENCE, b"evidence", lock_id=lock.id)
    session.commit()
    papers = session.scalars(
        select(Attachment.id).where(Attachment.act_id.is_not(None) | Attachment.lock_id.is_not(None))
    ).all()
    for key in papers:
        record(session, cast.zhou_min.actor, "file.read", "attachment", key)
    session.commit()
    assert len(papers) == 2
    client = login(app.test_client(), cast.zhang_wei)
    assert len(told(client)) == 1
    register_acts.confirm(session, cast.zhou_min.actor, act.id)
    session.commit()
    assert len(told(client)) == 2


def test_his_own_looks_and_refused_ones_are_left_out_and_a_filter_narrows_the_rest(app, session, cast, case):
    look_at_everything(app, session, cast, case)
    client = login(app.test_client(), cast.zhang_wei)
    session.rollback()
    record(session, cast.zhang_wei.actor, "reveal", "declaration", case, field="id_number")
    record(session, cast.wang_qiang.actor, "reveal", "declaration", case, field="mobile", outcome="refused")
    session.commit()
    assert len(told(client)) == 6
    assert len(told(client, action="reveal")) == 2
    assert told(client, at_to="2020-01-01") == []
    page(client, f"{URL}/?_l_=en")
