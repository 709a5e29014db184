"""企业信息变更 on the screen: what a clerk types, what an officer reads and decides, and who reads nothing of it."""

import pytest
from sqlalchemy import select

from app.cli.demo.makers import id_number
from app.models import Attachment, Enterprise, EnterpriseChange, Notice
from app.services import enterprise_change_forms
from tests.cast import add_constructor, file_draft, take
from tests.changing import NEW, SHUANGQING, asked, step
from tests.desk import officer, send
from tests.flows.papers import text_of
from tests.house.world import BORN
from tests.pages import checked, fields, page
from tests.registered import registered
from tests.statements import listening
from tests.views.test_consultations import picture

BASE, DESK = "/enterprise-changes", "/enterprise-change-desk"


def stored(session) -> EnterpriseChange:
    session.rollback()
    return session.scalars(select(EnterpriseChange).order_by(EnterpriseChange.id.desc())).first()


def save(client, url, **values):
    """Send the form as it stands with these values."""
    form = page(client, url).find("form", id="record")
    return send(client, url, **{**fields(form), **values})


def act(app, member, base, action, row, **values):
    data = {"action": action, "ids": [f"{row.id}:{row.version}"], "confirmed": "1", "back": "show", **values}
    return send(officer(app, member), f"{base}/act", **data)


@pytest.fixture
def clerk(app, cast):
    return officer(app, cast.li_juan)


@pytest.fixture
def submitted(session, cast) -> EnterpriseChange:
    row = asked(session, cast.li_juan)
    step(session, cast, row, "submit")
    return row


def test_an_officer_reads_what_the_rules_say_and_not_that_he_may_submit(app, cast, submitted):
    checks = page(officer(app, cast.wang_qiang), f"{DESK}/{submitted.id}").find(id="checks")
    text = checks.get_text(" ", strip=True)
    assert "各项核查均符合。" in text
    assert "上报" not in text
    assert not checks.select('a[href^="#said-"]')


def test_the_form_begins_with_what_is_registered_and_shows_whom_it_is_about(session, cast, clerk):
    held = registered(session, cast.li_juan, cast.zhang_wei)
    document = page(clerk, f"{BASE}/add")
    sent = fields(document.find("form", id="record"))
    enterprise = session.get_one(Enterprise, cast.li_juan.actor.enterprise_id)
    assert (sent["new_name"], sent["new_uscc"], sent["new_county_code"]) == (
        enterprise.name, enterprise.uscc, enterprise.county_code
    )  # fmt: skip
    assert enterprise.name in document.select_one("section[aria-labelledby=present]").get_text()
    concerned = document.select_one("section[aria-labelledby=concerned]").get_text(" ", strip=True)
    assert "张伟" in concerned
    assert held.number in concerned
    assert held.id_number_masked in concerned
    assert held.id_number not in document.decode()


def test_what_is_typed_is_kept_with_its_files_and_the_city_follows_from_the_county(session, clerk):
    answer = save(
        clerk, f"{BASE}/add", new_name="长沙示例建设集团有限公司(演示)", new_county_code=SHUANGQING,
        changed_on="2026-05-20", reason="迁址", **{"file-business_licence": picture()},
    )  # fmt: skip
    row = stored(session)
    assert answer.location == f"{BASE}/{row.id}"
    assert (row.new_name, row.new_region_code, row.region_code) == (NEW, "430500", "430100")
    assert session.scalars(
        select(Attachment.kind).where(Attachment.enterprise_change_id == row.id)
    ).all() == ["business_licence"]
    text = (
        page(clerk, answer.location).select_one("section[aria-labelledby=compared]").get_text(" ", strip=True)
    )
    assert "邵阳市 双清区" in text
    assert "不变" in text


def test_a_wrong_credit_code_is_refused_and_nothing_is_lost(session, clerk):
    document = checked(save(clerk, f"{BASE}/add", new_uscc="91439900MA0000017X", reason="集团化"), 422)
    assert document.find(id="problems")
    assert fields(document.find("form", id="record"))["reason"] == "集团化"
    assert stored(session) is None


def test_whoever_adds_a_second_one_is_led_to_the_first(session, cast, clerk):
    row = asked(session, cast.li_juan)
    assert clerk.get(f"{BASE}/add").location == f"{BASE}/{row.id}/edit"
    step(session, cast, row, "submit")
    assert clerk.get(f"{BASE}/add").location == f"{BASE}/{row.id}"
    checked(send(clerk, f"{BASE}/add", new_name=NEW), 422)
    session.rollback()
    assert len(session.scalars(select(EnterpriseChange)).all()) == 1


def test_what_was_handed_in_is_not_edited_and_a_draft_is_deleted_with_its_files(
    app, session, cast, clerk, submitted
):
    assert clerk.get(f"{BASE}/{submitted.id}/edit").status_code == 404
    assert clerk.get(f"{BASE}/{submitted.id}/delete").status_code == 404
    other = officer(app, cast.fang_yuan)
    row = asked(session, cast.fang_yuan)
    assert send(other, f"{BASE}/{row.id}/delete").status_code == 302
    assert stored(session).id == submitted.id
    left = session.scalars(
        select(Attachment.enterprise_change_id).where(Attachment.enterprise_change_id.is_not(None))
    )
    assert set(left) == {submitted.id}


def test_open_cases_are_named_with_links_and_hold_it_up(app, session, cast, clerk):
    held = registered(session, cast.li_juan, cast.zhang_wei, kind="temporary")
    own = add_constructor(session, cast.wang_qiang, "林峰", id_number(BORN, 71))
    session.commit()
    mine = file_draft(session, cast.li_juan, own)
    take(session, cast, mine, "submit")
    theirs = file_draft(session, cast.fang_yuan, cast.zhang_wei)
    take(session, cast, theirs, "submit")
    row = asked(session, cast.li_juan)
    document = page(clerk, f"{BASE}/{row.id}")
    section = document.select_one("section[aria-labelledby=held-up]")
    assert [one["href"] for one in section.find_all("a")] == [f"/enterprise-declarations/{mine}"]
    assert "张伟" in section.get_text()
    assert held.id_number not in document.decode()
    assert document.select_one('[data-rule="no_open_case"].checklist-red')
    told = checked(act(app, cast.li_juan, BASE, "submit", row), 422)
    assert "2 件在办业务" in told.get_text()
    assert stored(session).state == "draft"


def test_an_officer_reads_before_and_after_beside_the_evidence(app, session, cast, submitted):
    registered(session, cast.li_juan, cast.zhang_wei)
    client = officer(app, cast.wang_qiang)
    listed = page(client, f"{DESK}/").select_one("table.rows").get_text(" ", strip=True)
    assert "长沙示例建设有限公司（演示）" in listed
    assert "企业名称" in listed
    document = page(client, f"{DESK}/{submitted.id}")
    marked = document.select("section[aria-labelledby=compared] .changed-line")
    assert [one.th.get_text() for one in marked] == ["企业名称"]
    assert marked[0].find("del").get_text() == "长沙示例建设有限公司（演示）"
    assert NEW in marked[0].get_text()
    assert len(document.select("[data-paper]")) == 2
    assert "张伟" in document.select_one("section[aria-labelledby=concerned]").get_text()
    assert {one.get_text(strip=True) for one in document.select(".page-actions button, form button")} >= {
        "审查上报", "退回补正", "打印"
    }  # fmt: skip
    assert "审核通过" not in document.get_text()


def test_a_return_that_is_sent_twice_is_answered_twice_and_done_once(app, session, cast, submitted):
    client = officer(app, cast.wang_qiang)
    data = {
        "action": "return", "ids": [f"{submitted.id}:{submitted.version}"], "confirmed": "1", "back": "show",
        "words": "请补正。", "key": "twice",
    }  # fmt: skip
    for _ in range(2):
        answer = send(client, f"{DESK}/act", **data)
        assert (answer.status_code, answer.location) == (302, f"{DESK}/")
    assert [one.action for one in stored(session).steps] == ["submit", "return"]
    assert send(client, f"{DESK}/act", **data | {"key": "another"}).status_code == 404
    assert send(client, f"{DESK}/act", **data | {"action": "endorse"}).status_code == 404


def test_a_return_leads_back_to_the_list_and_the_reason_stands_at_the_form(
    app, session, cast, clerk, submitted
):
    assert checked(act(app, cast.wang_qiang, DESK, "return", submitted), 422)
    answer = act(app, cast.wang_qiang, DESK, "return", submitted, words="通知书未载明日期。")
    assert answer.location == f"{DESK}/"
    assert officer(app, cast.wang_qiang).get(f"{DESK}/{submitted.id}").status_code == 404
    assert (
        "通知书未载明日期。"
        in page(clerk, f"{BASE}/{submitted.id}/edit").find(id="returned").parent.get_text()
    )
    session.rollback()
    key = session.scalars(select(Notice.id).where(Notice.kind == "enterprise_change_returned")).one()
    session.rollback()
    assert send(clerk, "/notices/act", action="open", ids=[str(key)]).location == f"{BASE}/{submitted.id}"


def test_the_notice_of_the_person_leads_to_the_registration(app, session, cast, submitted):
    held = registered(session, cast.li_juan, cast.zhang_wei)
    step(session, cast, submitted, "endorse", "approve")
    key = session.scalars(select(Notice.id).where(Notice.kind == "employer_renamed")).one()
    session.rollback()
    person = officer(app, cast.zhang_wei)
    assert NEW in page(person, "/notices/").get_text()
    assert (
        send(person, "/notices/act", action="open", ids=[str(key)]).location == f"/my-registrations/{held.id}"
    )


@pytest.mark.parametrize("name", ["fang_yuan", "liu_yang", "zhang_wei", "wang_qiang", "chen_jing"])
def test_for_everybody_but_its_clerk_the_page_of_the_enterprise_does_not_exist(
    app, session, cast, submitted, name
):
    client = officer(app, getattr(cast, name))
    for path in ("", "/edit", "/delete"):
        assert client.get(f"{BASE}/{submitted.id}{path}").status_code == 404
    for action in ("submit", "withdraw", "print"):
        assert act(app, getattr(cast, name), BASE, action, submitted).status_code == 404


@pytest.mark.parametrize("name", ["zhao_min", "li_juan", "fang_yuan", "province_admin", "admin", "auditor"])
def test_for_everybody_but_its_authorities_the_page_of_the_desk_does_not_exist(
    app, session, cast, submitted, name
):
    client = officer(app, getattr(cast, name))
    assert client.get(f"{DESK}/{submitted.id}").status_code == 404
    for action in ("endorse", "return", "approve", "refuse", "return_to_applicant", "print"):
        assert act(app, getattr(cast, name), DESK, action, submitted, words="x").status_code == 404
    assert stored(session).state == "submitted"


def test_its_files_are_read_by_those_who_read_the_change(app, session, cast, submitted):
    file = session.scalars(
        select(Attachment.id).where(Attachment.enterprise_change_id == submitted.id)
    ).first()
    session.rollback()
    names = ("li_juan", "wang_qiang", "chen_jing", "fang_yuan", "zhao_min", "zhang_wei", "admin")
    seen = {name: officer(app, getattr(cast, name)).get(f"/files/{file}").status_code for name in names}
    assert seen == dict.fromkeys(names[:3], 200) | dict.fromkeys(names[3:], 404)


def test_while_it_is_open_the_enterprise_does_not_change_beside_it(session, cast, clerk, submitted):
    url = f"/enterprise/{cast.li_juan.actor.enterprise_id}/edit"
    sent = fields(page(clerk, url).find("form", id="record"))
    assert not {"business_address", "legal_representative", "county_code"} & set(sent)
    assert (
        send(clerk, url, **{**sent, "fax": "0731-88888888", "business_address": "另一处"}).status_code == 302
    )
    session.rollback()
    enterprise = session.get_one(Enterprise, cast.li_juan.actor.enterprise_id)
    assert (enterprise.fax, enterprise.business_address) == ("0731-88888888", submitted.old_address)
    step(session, cast, submitted, "withdraw")
    assert "business_address" in fields(page(clerk, url).find("form", id="record"))


MOST = {"li_juan": {f"{BASE}/": 4, f"{BASE}/1": 8}, "wang_qiang": {f"{DESK}/": 4, f"{DESK}/1": 14}}


@pytest.mark.parametrize("who", MOST)
def test_a_page_asks_no_more_for_more_constructors(app, session, cast, submitted, stages, engine, who):
    client = officer(app, getattr(cast, who))
    counted = []
    for first, last in ((1, 2), (3, 9)):
        session.rollback()  # the page was written down meanwhile
        for serial in range(first, last):
            person = add_constructor(session, cast.wang_qiang, f"示例{serial}", id_number(BORN, serial))
            registered(session, cast.li_juan, person)
        session.rollback()
        with listening(stages(engine).database) as ask:
            asked_for = {url: ask(lambda url=url: client.get(url)) for url in MOST[who]}
        assert {url: answer.status_code for url, (answer, _) in asked_for.items()} == dict.fromkeys(
            MOST[who], 200
        )
        counted.append({url: len(heard) for url, (_, heard) in asked_for.items()})
    assert counted[0] == counted[1]
    assert all(counted[0][url] <= most for url, most in MOST[who].items()), counted[0]


def test_the_fixed_fields_lead_to_the_change(cast, clerk):
    for path in ("", "/edit"):
        document = page(clerk, f"/enterprise/{cast.li_juan.actor.enterprise_id}{path}")
        assert document.select_one(f'main a[href="{BASE}/"]')


def test_the_home_of_each_authority_counts_what_waits_for_it(app, session, cast, submitted):
    def waiting(member) -> str:
        document = page(officer(app, member), "/?_l_=en")
        (figure,) = [one for one in document.select("a.count") if "Changes of enterprises" in one.get_text()]
        return figure.select_one(".count-number").get_text()

    authorities = (cast.wang_qiang, cast.zhao_min, cast.chen_jing)
    assert [waiting(one) for one in authorities] == ["1", "0", "0"]
    step(session, cast, submitted, "endorse")
    assert [waiting(one) for one in authorities] == ["0", "0", "1"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_application_says_before_and_after_and_names_everybody_masked(
    app, session, cast, submitted, language
):
    held = registered(session, cast.li_juan, cast.zhang_wei)
    for member, base in ((cast.li_juan, BASE), (cast.wang_qiang, DESK)):
        client = officer(app, member)
        shown = page(client, f"{base}/{submitted.id}?_l_=en")
        assert shown.select_one('form input[name="language"][value="en"]') is not None
        ids = [f"{submitted.id}:{submitted.version}"]
        asked = {"language": "en"} if language == "en" else {}
        answer = send(client, f"{base}/act", action="print", ids=ids, confirmed="1", **asked)
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
        text = text_of(answer.data)
        for said in (
            submitted.number,
            NEW,
            "长沙示例建设有限公司（演示）",
            "张伟",
            held.number,
            held.id_number_masked,
        ):
            assert said in text, f"{said} does not stand on the form:\n{text}"
        assert held.id_number not in text
        assert ("变更申请表" in text) is (language == "zh")


def test_many_constructors_stand_in_an_annex_of_the_same_paper(app, session, cast, submitted, monkeypatch):
    monkeypatch.setattr(enterprise_change_forms, "MOST_ON_FORM", 0)
    held = registered(session, cast.li_juan, cast.zhang_wei)
    text = text_of(act(app, cast.li_juan, BASE, "print", submitted).data)
    assert "共1人，名单附后。" in text
    for said in (
        "张伟",
        held.number,
        held.id_number_masked,
        "下列人员均注册于长沙示例建设有限公司（演示）。",
    ):
        assert said in text, f"{said} does not stand in the annex:\n{text}"
    assert held.id_number not in text


def test_a_draft_that_was_never_handed_in_is_not_printed(app, session, cast):
    row = asked(session, cast.li_juan)
    assert act(app, cast.li_juan, BASE, "print", row).mimetype != "application/pdf"
