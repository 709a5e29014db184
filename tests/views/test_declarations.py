"""The clerk files a declaration: from the list of the manual to the submission, and never another one's."""

import re
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.models import Attachment, AuditEntry, Declaration, DeclaredSpecialty, Qualification, State
from app.workflow.call import Opinion
from app.workflow.perform import perform
from tests.cast import ZHANG_WEI, add_constructor, file_draft, login, take
from tests.pages import checked, fields, page
from tests.views.clerk import BASE, act, anew, buttons, pick, post, record, save, send, token, wide


@pytest.fixture
def clerk(client, cast):
    return login(client, cast.li_juan)


@pytest.fixture
def draft(session, cast) -> int:
    """A draft of 李娟's that keeps every rule."""
    return file_draft(session, cast.li_juan, cast.zhang_wei)


def stored(session, key: int) -> Declaration:
    return anew(session).get_one(Declaration, key)


def test_the_list_has_the_columns_and_buttons_of_the_manual(clerk, draft):
    document = page(clerk, f"{BASE}/")
    heads = [head.get_text(strip=True) for head in document.find("table").thead.find_all("th")]
    assert heads[2:] == [
        "申报主管部门", "姓名", "证件号码", "企业名称", "注册类型", "注册专业", "上报时间", "状态", "操作",
    ]  # fmt: skip
    row = document.find("table").tbody.tr.get_text(" ", strip=True)
    assert "长沙市" in row
    assert "张伟" in row
    assert "4399**********0019" in row
    assert ZHANG_WEI not in document.get_text()
    assert {"添加申报", "刷新"} <= {
        link.get_text(strip=True) for link in document.find(class_="head-tools").find_all("a")
    }
    assert document.find("select", attrs={"name": "size"}).find("option", selected=True)["value"] == "30"
    assert document.find("input", attrs={"name": "page"})


@pytest.mark.parametrize(
    ("typed", "found"), [("张伟", 1), (ZHANG_WEI, 1), ("李伟", 0), (ZHANG_WEI[:-1] + "X", 0)]
)
def test_the_list_is_searched_by_name_or_whole_id_number(clerk, draft, typed, found):
    document = page(clerk, f"{BASE}/", query_string={"q": typed}, follow_redirects=True)
    assert len(document.select("table.rows tbody tr")) == found


def test_form_and_case_page_say_the_registration_kind_and_the_employer_as_the_manual_does(
    clerk, session, draft
):
    row = stored(session, draft)
    employer = {
        "企业名称": row.enterprise_name, "企业类型": "省内企业", "法定代表人": row.legal_representative,
        "所在市州(县区)": "长沙市 芙蓉区", "企业性质": "私营有限责任公司", "通讯地址": row.enterprise_address,
        "企业资质证书编号": row.qualification_certificate_number, "企业资质等级": "施工总承包 建筑工程 一级",
    }  # fmt: skip
    for url in (f"{BASE}/{draft}/edit", f"{BASE}/{draft}"):
        document = page(clerk, url)
        head = document.select_one(".lead-text").get_text(" ", strip=True)
        assert "注册类型：二级注册建造师" in head
        assert "申报主管部门：长沙市" in head
        assert "初始申报" in document.h1.get_text()
        said = {
            one.dt.get_text(strip=True): one.dd.get_text(strip=True)
            for one in document.select(".datagrid-item")
        }
        assert {label: said.get(label) for label in employer} == employer


def test_a_draft_begins_with_the_person_and_the_enterprise_filled_in(clerk, session, cast):
    url = pick(clerk)
    document = page(clerk, url)
    text = document.get_text(" ", strip=True)
    for said in (
        "张伟",
        "4399**********0019",
        "长沙示例建设有限公司（演示）",
        "长沙市",
        "施工总承包 建筑工程 一级",
    ):
        assert said in text
    sent = fields(record(document))
    assert not {"name", "id_number", "id_type", "gender", "birth_date", "region_code", "state"} & set(sent)
    assert sent["school"] == "示例大学"
    row = anew(session).scalars(select(Declaration)).one()
    assert (row.state, row.enterprise_id, row.person_id) == (
        State.DRAFT, cast.li_juan.actor.enterprise_id, cast.zhang_wei.actor.person_id,
    )  # fmt: skip
    assert row.id_number == ZHANG_WEI
    assert row.number is None


def test_choosing_the_same_person_again_opens_the_draft_that_was_begun(clerk, session):
    assert pick(clerk) == pick(clerk)
    assert anew(session).scalar(select(func.count()).select_from(Declaration)) == 1


def test_a_draft_is_saved_with_gaps_and_keeps_what_was_typed(clerk, session):
    url = pick(clerk)
    answer = save(clerk, url, phone="0731-88880000", school="", employed_from="2026-03-01")
    assert answer.status_code == 302
    row = anew(session).scalars(select(Declaration)).one()
    assert (row.phone, row.school, row.employed_from) == ("0731-88880000", None, date(2026, 3, 1))
    assert row.state == State.DRAFT
    assert fields(record(page(clerk, url)))["phone"] == "0731-88880000"


def test_what_was_typed_stays_when_one_field_is_wrong(clerk, session):
    url = pick(clerk)
    document = checked(save(clerk, url, phone="not a number", misconduct="无", school="新学校"), 422)
    sent = fields(record(document))
    assert (sent["phone"], sent["misconduct"], sent["school"]) == ("not a number", "无", "新学校")
    assert record(document).find(id="f-phone-error")
    assert anew(session).scalars(select(Declaration)).one().school == "示例大学"


def test_specialties_are_ticked_and_unticked(clerk, session):
    url = pick(clerk)
    held = session.scalars(select(Qualification).order_by(Qualification.id)).all()
    save(clerk, url, specialty=[str(one.id) for one in held])
    row = anew(session).scalars(select(Declaration)).one()
    assert {one.specialty for one in row.specialties} == {"building", "municipal"}
    assert row.specialties_text == "建筑工程、市政公用工程"
    save(clerk, url, specialty=str(held[1].id))
    assert [one.specialty for one in stored(session, row.id).specialties] == ["municipal"]


def test_hours_are_asked_for_only_where_the_qualification_is_old(clerk, session, cast):
    number = "439900199002280025"
    add_constructor(session, cast.wang_qiang, "何静", number, ("building",), issued_on=date(2020, 5, 1))
    session.commit()
    url = pick(clerk, "何静", number)
    (one,) = session.scalars(select(Qualification).where(Qualification.name == "何静"))
    document = page(clerk, url)
    assert document.find("input", attrs={"name": f"mandatory-{one.id}"})
    wrong = checked(save(clerk, url, **{"specialty": str(one.id), f"mandatory-{one.id}": "sixty"}), 422)
    assert fields(record(wrong))[f"mandatory-{one.id}"] == "sixty"
    hours = {f"mandatory-{one.id}": "60", f"elective-{one.id}": wide("60")}
    assert save(clerk, url, specialty=str(one.id), **hours).status_code == 302
    entry = anew(session).scalars(select(DeclaredSpecialty)).one()
    assert (entry.mandatory_hours, entry.elective_hours) == (60, 60)
    assert not page(clerk, pick(clerk)).find("input", attrs={"name": re.compile("^mandatory-")})


def test_a_foreign_qualification_cannot_be_slipped_in(clerk, session, cast):
    add_constructor(session, cast.wang_qiang, "何静", "439900199002280025", ("highway",))
    session.commit()
    url = pick(clerk)
    foreign = session.scalars(select(Qualification.id).where(Qualification.name == "何静")).one()
    save(clerk, url, specialty=str(foreign))
    assert anew(session).scalars(select(DeclaredSpecialty)).all() == []


@pytest.mark.both_engines
def test_after_the_submission_only_view_and_print_remain(clerk, session, draft):
    cell = page(clerk, f"{BASE}/").select_one("table.rows tbody td.acts")
    assert buttons(cell) == ["查阅", "修改", "删除"]
    answer = save(clerk, f"{BASE}/{draft}/edit", then="submit")
    assert answer.headers["Location"] == f"{BASE}/{draft}"
    row = stored(session, draft)
    assert (row.state, row.number[:8]) == (State.SUBMITTED, "20260601")
    cell = page(clerk, f"{BASE}/").select_one("table.rows tbody td.acts")
    assert buttons(cell) == ["查阅", "打印"]
    for method in ("get", "post"):
        assert getattr(clerk, method)(f"{BASE}/{draft}/edit").status_code in {400, 404}
    assert post(clerk, f"{BASE}/{draft}/edit", phone="0731-11112222").status_code == 404
    assert post(clerk, f"{BASE}/{draft}/delete").status_code == 404
    assert stored(session, draft).phone == row.phone


def test_an_incomplete_draft_is_saved_but_not_submitted_and_says_why(clerk, session):
    url = pick(clerk)
    answer = save(clerk, url, then="submit", phone="0731-88880000")
    assert answer.headers["Location"] == url
    document = page(clerk, url)
    warned = document.find(class_="alert-warning").get_text()
    assert "已保存，但未能上报" in warned
    assert "聘用开始时间未填写" in warned  # on a telephone the pre-check stands below the form
    row = anew(session).scalars(select(Declaration)).one()
    assert (row.state, row.phone) == (State.DRAFT, "0731-88880000")


def test_reasons_stand_at_the_fields_they_name_and_the_declaration_goes_again(clerk, session, cast, draft):
    row = take(anew(session), cast, draft, "submit")
    opinion = Opinion(
        "请核对联系方式。", field_reasons={"phone": "电话无法接通。", "attachment_photo": "请换白底照片。"}
    )
    perform(session, "return", {draft: row.version}, cast.wang_qiang.actor, opinion=opinion)
    document = page(clerk, f"{BASE}/{draft}/edit")
    assert "电话无法接通。" in document.find(id="said-phone").get_text()
    assert "请换白底照片。" in document.find(id="said-attachment_photo").get_text()
    assert "请核对联系方式。" in document.find(id="returned").get_text()
    cell = page(clerk, f"{BASE}/").select_one("table.rows tbody td.acts")
    assert buttons(cell) == ["查阅", "修改", "打印"]
    save(clerk, f"{BASE}/{draft}/edit", then="submit", phone="0731-88887777")
    row = stored(session, draft)
    assert (row.state, row.phone) == (State.SUBMITTED, "0731-88887777")
    assert "0731-88887777" in page(clerk, f"{BASE}/{draft}").find(id="said-phone").get_text()


def test_a_withdrawn_declaration_may_be_changed_but_not_deleted(clerk, session, cast, draft):
    version = take(session, cast, draft, "submit").version
    tools = page(clerk, f"{BASE}/{draft}").find(class_="head-tools")
    assert {"撤回", "打印"} <= set(buttons(tools))
    assert act(clerk, BASE, "withdraw", f"{draft}:{version}").status_code == 302
    assert stored(session, draft).state == State.DRAFT
    cell = page(clerk, f"{BASE}/").select_one("table.rows tbody td.acts")
    assert buttons(cell) == ["查阅", "修改"]
    assert post(clerk, f"{BASE}/{draft}/delete").status_code == 404


@pytest.mark.on_postgresql
def test_a_draft_that_is_deleted_in_two_windows_at_once_is_gone_once(clerk, session, stages, draft):
    """The second window waits for the first, and is told that there is no such draft."""
    token(clerk)
    with Session(stages("postgresql").database) as other, ThreadPoolExecutor(1) as window:
        other.execute(delete(Attachment).where(Attachment.declaration_id == draft))
        other.delete(other.get_one(Declaration, draft))
        other.flush()
        second = window.submit(post, clerk, f"{BASE}/{draft}/delete")
        wait([second], timeout=1)
        other.commit()
        assert second.result().status_code == 404


def test_a_draft_is_deleted_with_its_papers(clerk, session, draft):
    page(clerk, f"{BASE}/{draft}/delete")
    assert post(clerk, f"{BASE}/{draft}/delete").status_code == 302
    assert anew(session).get(Declaration, draft) is None
    assert clerk.get(f"{BASE}/{draft}").status_code == 404


def test_nothing_can_be_declared_until_the_enterprise_is_complete(clerk, session, cast):
    from app.models import Enterprise

    session.execute(update(Enterprise).values(office_phone=None, contact_name=""))
    session.commit()
    document = page(clerk, f"{BASE}/add")
    said = document.find(class_="alert-list").get_text(" ", strip=True)
    assert "办公电话" in said
    assert "联系人姓名" in said
    assert not document.find("input", attrs={"name": "person_number"})
    assert "办公电话" in page(clerk, f"{BASE}/").find(class_="alert-list").get_text()
    checked(post(clerk, f"{BASE}/add", person_name="张伟", person_number=ZHANG_WEI), 422)
    assert anew(session).scalars(select(Declaration)).all() == []


def test_no_field_that_is_not_asked_for_is_ever_written(clerk, session, cast, draft):
    before = stored(session, draft)
    fixed = {name: getattr(before, name) for name in (
        "state", "enterprise_id", "region_code", "person_id", "number", "name", "id_number", "birth_date", "type_key",
        "enterprise_name", "initiator", "decided_by_id",
    )}  # fmt: skip
    forged = {
        "state": "approved", "enterprise_id": "3", "region_code": "430500", "person_id": "9", "number": "1",
        "name": "某某", "id_number": "439900199002280025", "birth_date": "1999-01-01", "type_key": "renewal",
        "enterprise_name": "别家", "initiator": "person", "decided_by_id": "1", "version": "99",
    }  # fmt: skip
    assert save(clerk, f"{BASE}/{draft}/edit", **forged, phone="0731-88886666").status_code == 302
    after = stored(session, draft)
    assert {name: getattr(after, name) for name in fixed} == fixed
    assert after.phone == "0731-88886666"


def test_two_clerks_do_not_overwrite_each_other(app, clerk, session, cast, draft):
    url = f"{BASE}/{draft}/edit"
    other = login(app.test_client(), cast.li_juan)
    mine, theirs = (fields(record(page(one, url))) for one in (clerk, other))
    assert send(other, url, theirs, phone="0731-11110000").status_code == 302
    document = checked(send(clerk, url, mine, phone="0731-22220000"), 409)
    assert fields(record(document))["phone"] == "0731-22220000"
    assert "0731-11110000" in document.get_text()
    assert stored(session, draft).phone == "0731-11110000"


def test_two_clerks_do_not_overwrite_each_others_specialties(app, clerk, session, cast, draft):
    url = f"{BASE}/{draft}/edit"
    mine = fields(record(page(clerk, url)))
    held = session.scalars(select(Qualification.id).order_by(Qualification.id)).all()
    save(login(app.test_client(), cast.li_juan), url, specialty=str(held[1]))
    document = checked(send(clerk, url, mine, specialty=str(held[0])), 422)
    assert "注册专业" in document.find(id="problems").get_text()
    assert [one.qualification_id for one in stored(session, draft).specialties] == [held[1]]


PAYLOADS = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "${7*7}", "';DROP TABLE person;--")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_is_typed_is_shown_as_text_and_never_runs(clerk, session, cast, draft, payload):
    save(clerk, f"{BASE}/{draft}/edit", misconduct=payload, school=payload)
    for url in (f"{BASE}/{draft}", f"{BASE}/{draft}/edit"):
        document = page(clerk, url)
        assert not document.find("script", string=re.compile("alert"))
        assert not document.find("img", attrs={"onerror": True})
        assert payload in document.get_text() or payload in str(fields(record(document)).values())
    row = take(anew(session), cast, draft, "submit")
    perform(session, "return", {draft: row.version}, cast.wang_qiang.actor,
            opinion=Opinion(payload, field_reasons={"school": payload}))  # fmt: skip
    document = page(clerk, f"{BASE}/{draft}/edit")
    assert payload in document.find(id="said-school").get_text()
    assert not document.find("img", attrs={"onerror": True})


def routes(key: int, attachment: int) -> list[tuple[str, str, dict]]:
    return [
        ("get", f"{BASE}/{key}", {}),
        ("get", f"{BASE}/{key}/edit", {}),
        ("post", f"{BASE}/{key}/edit", {"phone": "0731-99990000"}),
        ("get", f"{BASE}/{key}/delete", {}),
        ("post", f"{BASE}/{key}/delete", {}),
        ("post", f"{BASE}/{key}/precheck", {}),
        ("post", f"{BASE}/act", {"action": "print", "ids": str(key)}),
        ("post", f"{BASE}/act", {"action": "submit", "ids": str(key), "confirmed": "1"}),
        ("post", f"{BASE}/act", {"action": "withdraw", "ids": str(key), "confirmed": "1"}),
        ("post", f"{BASE}/reveal", {"key": str(key), "field": "id_number"}),
        ("get", f"/files/{attachment}", {}),
        ("get", f"/enterprise-declarations/{key}", {}),
        ("post", "/enterprise-declarations/act", {"action": "print", "ids": str(key)}),
    ]


@pytest.mark.both_engines
@pytest.mark.parametrize("steps", [(), ("submit",), ("submit", "return")])
def test_the_clerk_of_another_enterprise_gets_404_on_every_route(app, session, cast, draft, steps):
    from app.models import Attachment

    take(session, cast, draft, *steps)
    before = stored(session, draft).version
    attachment = session.scalars(
        select(Attachment.id).where(Attachment.declaration_id == draft).limit(1)
    ).one()
    for stranger in (cast.fang_yuan, cast.liu_yang):
        client = login(app.test_client(), stranger)
        for method, url, data in routes(draft, attachment):
            answer = post(client, url, **data) if method == "post" else client.get(url)
            assert answer.status_code == 404, f"{stranger.name} {method} {url}: {answer.status}"
    assert stored(session, draft).version == before


@pytest.mark.parametrize(
    "who", ["zhang_wei", "wang_qiang", "chen_jing", "province_admin", "admin", "auditor"]
)
def test_only_enterprises_have_this_screen(app, cast, draft, who):
    client = login(app.test_client(), getattr(cast, who))
    for method, url, data in routes(draft, 0):
        if url.startswith(BASE):
            answer = post(client, url, **data) if method == "post" else client.get(url)
            assert answer.status_code == 404, f"{method} {url}: {answer.status}"
    assert client.get(f"{BASE}/").status_code == 404
    assert client.get(f"{BASE}/add").status_code == 404


def test_a_visitor_is_sent_to_the_login(client, draft):
    answer = client.get(f"{BASE}/{draft}")
    assert answer.status_code == 302
    assert "/login" in answer.headers["Location"]


def test_revealing_the_id_number_is_audited(clerk, session, draft):
    answer = post(clerk, f"{BASE}/reveal", json=True, key=str(draft), field="id_number")
    assert answer.json == {"value": ZHANG_WEI}
    assert anew(session).scalars(
        select(AuditEntry).where(AuditEntry.action == "reveal")
    ).one().subject_id == str(draft)
