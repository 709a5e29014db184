"""A stranger is found by name and number together, not too often, and never without a line in the audit."""

from datetime import date

import pytest
from sqlalchemy import delete, select, update

from app.models import AuditEntry, Declaration, Person, PolicyValue, Qualification, RealNameState
from tests.cast import ZHANG_WEI, add_constructor, login
from tests.pages import checked, fields, page
from tests.views.clerk import BASE, anew, buttons, pick, post, search, wide


@pytest.fixture
def clerk(client, cast):
    return login(client, cast.li_juan)


def rows(document) -> list:
    return document.select("table.rows tbody tr")


def test_nothing_is_shown_before_something_was_typed(clerk):
    document = page(clerk, f"{BASE}/add")
    assert rows(document) == []
    assert "没有数据" in document.get_text()
    assert "每页 20 条" in document.get_text()


@pytest.mark.parametrize(
    ("name", "number"),
    [("张伟", ""), ("", ZHANG_WEI), (" ", ZHANG_WEI)],
    ids=["no number", "no name", "a blank"],
)
def test_both_the_name_and_the_number_are_needed(clerk, name, number):
    document = search(clerk, name, number, status=422)
    assert rows(document) == []
    assert (
        fields(document.find("form", attrs={"role": "search", "method": "post"}))["person_number"] == number
    )


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("张", ZHANG_WEI),
        ("张伟", ZHANG_WEI[:-1]),
        ("张%", ZHANG_WEI),
        ("张伟", "%"),
        ("张伟", "439900199002280025"),
    ],
)
def test_what_is_not_typed_exactly_finds_nobody(clerk, name, number):
    assert rows(search(clerk, name, number)) == []


@pytest.mark.parametrize("number", [ZHANG_WEI, f" {ZHANG_WEI} ", wide(ZHANG_WEI)])
def test_who_is_typed_exactly_is_shown_with_the_columns_of_the_manual(clerk, number):
    document = search(clerk, "张伟", number)
    (row,) = rows(document)
    heads = [head.get_text(strip=True) for head in document.find("table").thead.find_all("th")]
    assert heads[1:] == ["人员姓名", "性别", "证件类型", "证件号码", "学历", "学位", "操作"]
    said = row.get_text(" ", strip=True)
    for part in ("张伟", "男", "身份证", "4399**********0019", "本科", "学士"):
        assert part in said
    assert buttons(row.find(class_="acts")) == ["选择该人员"]
    assert row["tabindex"] == "0"


@pytest.mark.both_engines
def test_who_is_not_verified_or_not_in_the_library_is_not_shown(clerk, session, cast):
    session.execute(update(Person).values(real_name_state=RealNameState.WAITING))
    session.commit()
    assert rows(search(clerk, "张伟", ZHANG_WEI)) == []
    session.execute(update(Person).values(real_name_state=RealNameState.VERIFIED))
    session.execute(delete(Qualification))
    session.commit()
    assert rows(search(clerk, "张伟", ZHANG_WEI)) == []


def test_the_limit_of_the_policy_holds_and_what_was_typed_stays(clerk, session, cast):
    session.add(PolicyValue(key="lookup_per_hour", value="3", valid_from=date(2026, 1, 1), source="测试"))
    session.commit()
    for _ in range(3):
        search(clerk, "王五", ZHANG_WEI)
    document = search(clerk, "张伟", ZHANG_WEI, status=422)
    assert rows(document) == []
    assert document.find("input", attrs={"name": "person_name"})["value"] == "张伟"
    assert clerk.get("/qualification-lookup/").status_code == 200
    checked(post(clerk, "/qualification-lookup/", id_number=ZHANG_WEI), 422)


def test_every_look_up_is_audited_without_what_was_typed(clerk, session):
    search(clerk, "张伟", ZHANG_WEI)
    search(clerk, "王五", ZHANG_WEI)
    lines = anew(session).scalars(select(AuditEntry).where(AuditEntry.action == "look_up_person")).all()
    assert [(one.subject_id != "", '"found": 1' in one.detail) for one in lines] == [
        (True, True),
        (False, False),
    ]
    assert all(ZHANG_WEI not in one.detail for one in lines)


@pytest.mark.both_engines
def test_a_look_up_beyond_the_limit_is_audited_as_refused(clerk, session):
    session.add(PolicyValue(key="lookup_per_hour", value="1", valid_from=date(2026, 1, 1), source="测试"))
    session.commit()
    search(clerk, "张伟", ZHANG_WEI)
    search(clerk, "张伟", ZHANG_WEI, status=422)
    checked(post(clerk, "/qualification-lookup/", id_number=ZHANG_WEI), 422)
    wanted = AuditEntry.action.in_(["look_up_person", "look_up_qualification"])
    lines = anew(session).scalars(select(AuditEntry).where(wanted).order_by(AuditEntry.id)).all()
    assert [(one.action, one.outcome, one.actor_name) for one in lines] == [
        ("look_up_person", "done", "李娟"),
        ("look_up_person", "refused", "李娟"),
        ("look_up_qualification", "refused", "李娟"),
    ]
    assert all(ZHANG_WEI not in one.detail and not one.subject_id for one in lines[1:])


def test_a_pick_of_another_enterprise_or_a_forged_one_is_404(app, clerk, cast, session):
    sent = fields(search(clerk, "张伟", ZHANG_WEI).find("table").find("form"))
    stranger = login(app.test_client(), cast.fang_yuan)
    assert post(stranger, f"{BASE}/add", pick=sent["pick"]).status_code == 404
    for forged in ("", "1", sent["pick"][:-1], sent["pick"].replace(".", "", 1)):
        assert post(clerk, f"{BASE}/add", pick=forged).status_code == 404
    assert anew(session).scalars(select(Declaration)).all() == []


def test_a_pick_does_not_live_for_ever(clerk, clock):
    sent = fields(search(clerk, "张伟", ZHANG_WEI).find("table").find("form"))
    clock.shift(31 * 60)
    assert post(clerk, f"{BASE}/add", pick=sent["pick"]).status_code == 404


def test_who_lost_the_verification_meanwhile_cannot_be_chosen(clerk, session):
    sent = fields(search(clerk, "张伟", ZHANG_WEI).find("table").find("form"))
    session.execute(update(Person).values(real_name_state=RealNameState.REJECTED))
    session.commit()
    assert post(clerk, f"{BASE}/add", pick=sent["pick"]).status_code == 422
    assert anew(session).scalars(select(Declaration)).all() == []


def test_the_chosen_person_is_copied_and_stays_unseen_elsewhere(clerk, session, cast):
    pick(clerk)
    row = anew(session).scalars(select(Declaration)).one()
    person = session.get_one(Person, row.person_id)
    assert (row.mobile, row.school, row.degree) == (person.mobile, person.school, person.degree)
    assert clerk.get("/real-name-counter/1").status_code == 404
    assert clerk.get("/real-name/1").status_code == 404


# ------------------------------------------------------------------------------- 二级建造师资格证信息查询


def test_the_table_of_qualifications_has_the_columns_of_the_manual(clerk, session):
    document = checked(post(clerk, "/qualification-lookup/", id_number=ZHANG_WEI))
    heads = [one.get_text(strip=True) for one in document.select("table.rows thead th")]
    assert heads == ["序号", "姓名", "证件号码", "资格证书编号", "注册专业", "签发日期", "操作"]
    held = session.scalars(
        select(Qualification).where(Qualification.name == "张伟").order_by(Qualification.id)
    )
    assert [[one.get_text(strip=True) for one in row.find_all("td")][1:] for row in rows(document)] == [
        ["张伟", "4399**********0019", one.certificate_number, specialty, str(one.issued_on), "查阅"]
        for one, specialty in zip(held, ("建筑工程", "市政公用工程"), strict=True)
    ]


def test_qualifications_are_found_by_the_whole_number_alone(clerk):
    document = checked(post(clerk, "/qualification-lookup/", id_number=ZHANG_WEI))
    assert [row.find_all("td")[4].get_text(strip=True) for row in rows(document)] == [
        "建筑工程",
        "市政公用工程",
    ]
    text = document.get_text(" ", strip=True)
    assert "土木工程" in text
    assert "管理号" in text
    assert ZHANG_WEI not in document.find("main").get_text()
    for part in (ZHANG_WEI[:10], "张伟", ""):
        status = 200 if part else 422
        assert rows(checked(post(clerk, "/qualification-lookup/", id_number=part), status)) == []


def test_officers_and_persons_have_no_look_up_of_strangers(app, session, cast):
    add_constructor(session, cast.wang_qiang, "何静", "439900199002280025")
    session.commit()
    for member in (cast.zhang_wei, cast.wang_qiang, cast.chen_jing, cast.admin):
        client = login(app.test_client(), member)
        assert client.get("/qualification-lookup/").status_code == 404
        assert post(client, "/qualification-lookup/", id_number=ZHANG_WEI).status_code == 404


def test_what_is_typed_into_the_search_is_shown_as_text(clerk):
    payload = '"><script>alert(1)</script>'
    for document in (
        search(clerk, payload, payload),
        checked(post(clerk, "/qualification-lookup/", id_number=payload)),
    ):
        assert "alert(1)" not in "".join(one.get_text() for one in document.find_all("script"))
