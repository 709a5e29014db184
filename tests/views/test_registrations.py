"""The register to be read: an enterprise and an authority see their own, with a history that loses nothing."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.cli.demo.filing import file_declaration
from app.cli.demo.makers import attach
from app.extensions.clock import today
from app.models import Person, RegisterAct, Registration, RegistrationEvent
from app.security.access.scope import rows_of
from app.services import register_acts
from app.services.lapsing import strike_off_ended
from app.workflow.types import registry
from tests.cast import ZHANG_WEI, add_constructor, login, take
from tests.pages import page
from tests.registered import registered
from tests.views.clerk import post

HISTORY, REGISTER, OWN = "/historical-records", "/registrations", "/my-registrations"


@pytest.fixture
def zhang(session, cast) -> int:
    """张伟 stands in the register of 李娟's enterprise."""
    return registered(session, cast.li_juan, cast.zhang_wei).id


def cancel(session, cast, key: int) -> None:
    row = session.get_one(Registration, key)
    kind = registry["cancellation"]
    asked = file_declaration(session, kind, cast.li_juan.actor, session.get_one(Person, row.person_id), row)
    session.commit()
    take(session, cast, asked.id, "submit", "agree")


def carried_out(session, cast, key: int, kind: str, **right) -> RegisterAct:
    """An act of the province about this registration, proposed by 陈静 and decided by 周敏."""
    row = session.get_one(Registration, key)
    act = RegisterAct(
        registration_number=row.number,
        kind=kind,
        reason="经查证属实。",
        document_number="湘建决〔2026〕8号（演示）",
        **right,
    )
    register_acts.propose(session, cast.chen_jing.actor, act)
    session.add(act)
    session.flush()
    attach(session, register_acts.EVIDENCE, b"evidence", act_id=act.id)
    register_acts.confirm(session, cast.zhou_min.actor, act.id)
    session.commit()
    return act


def move_to(session, cast, key: int) -> None:
    """方圆's enterprise takes the temporary constructor over from 李娟's."""
    row = session.get_one(Registration, key)
    asked = file_declaration(
        session, registry["temporary_transfer"], cast.fang_yuan.actor,
        session.get_one(Person, row.person_id), row,
    )  # fmt: skip
    session.commit()
    take(session, cast, asked.id, "submit", "consent", "approve", "announce")


def names(client, url, **query):
    rows = page(client, f"{url}/", query_string=query).select("table.rows tbody tr")
    return [row.find_all("td")[2].get_text(strip=True) for row in rows]


@pytest.mark.both_engines
def test_another_enterprise_and_another_city_see_nothing_of_it(app, session, cast, zhang):
    for member, url in (
        (cast.fang_yuan, HISTORY), (cast.liu_yang, HISTORY), (cast.zhao_min, REGISTER),
    ):  # fmt: skip
        stranger = login(app.test_client(), member)
        assert names(stranger, url) == []
        assert stranger.get(f"{url}/{zhang}").status_code == 404
        assert post(stranger, f"{url}/reveal", key=str(zhang), field="id_number").status_code == 404
        assert session.scalars(rows_of(RegistrationEvent, member.actor)).all() == []


def test_a_screen_is_for_its_own_role_alone(app, cast, zhang):
    for member, url in (
        (cast.li_juan, REGISTER), (cast.zhang_wei, REGISTER), (cast.wang_qiang, HISTORY),
        (cast.zhang_wei, HISTORY), (cast.auditor, REGISTER),
    ):  # fmt: skip
        assert login(app.test_client(), member).get(f"{url}/{zhang}").status_code == 404


@pytest.mark.both_engines
def test_the_enterprise_finds_whom_it_has_and_had_by_status_and_kind(app, session, cast, zhang):
    other = add_constructor(session, cast.wang_qiang, "何静", "439900199002280025")
    registered(session, cast.li_juan, other, kind="temporary")
    clerk = login(app.test_client(), cast.li_juan)
    cancel(session, cast, zhang)
    assert set(names(clerk, HISTORY)) == {"张伟", "何静"}
    assert names(clerk, HISTORY, status="cancelled") == ["张伟"]
    assert names(clerk, HISTORY, status="valid") == ["何静"]
    assert names(clerk, HISTORY, kind="registered") == ["张伟"]
    assert names(clerk, HISTORY, kind="temporary") == ["何静"]
    labels = [one.get_text(strip=True) for one in page(clerk, f"{HISTORY}/").select(".filters .form-label")]
    assert {"证书状态", "注册类型"} <= set(labels)


@pytest.mark.both_engines
def test_the_page_tells_every_change_in_words_and_links_to_the_case(app, session, cast, zhang):
    cancel(session, cast, zhang)
    clerk = login(app.test_client(), cast.li_juan)
    document = page(clerk, f"{HISTORY}/{zhang}")
    steps = document.select("#history .course-step")
    assert [one.find("strong").get_text() for one in steps] == ["登记注销", "登记注册"]
    last, first = (one.get_text(" ", strip=True) for one in steps)
    ends_on = (today() + timedelta(days=600)).isoformat()
    for part in ("2026-06-01 注销注册：已与聘用企业解除聘用合同关系", "建筑工程", ends_on):
        assert part in last, last
    assert "长沙示例建设有限公司" in first
    assert ZHANG_WEI not in document.get_text()
    link = steps[0].find("a")
    assert page(clerk, link["href"])
    assert [one.get_text(strip=True) for one in document.select("#cases tbody td a")] == ["注销申报"]
    row = session.get_one(Registration, zhang)
    session.refresh(row)
    assert (row.status, row.ends_on.isoformat()) == ("cancelled", ends_on)


ENDINGS = {
    "annulled": ("依职权撤销", "该注册已于2026-06-01被撤销。"),
    "revoked": ("依职权吊销", "该注册已于2026-06-01被吊销。"),
}


@pytest.mark.parametrize(("kind", "status"), [("annul", "annulled"), ("revoke", "revoked")])
def test_what_the_authority_has_ended_says_so_with_the_number_of_the_decision(
    app, session, cast, zhang, kind, status
):
    act = carried_out(session, cast, zhang, kind)
    label, sentence = ENDINGS[status]
    for member, url in (
        (cast.li_juan, HISTORY), (cast.zhang_wei, OWN), (cast.wang_qiang, REGISTER), (cast.chen_jing, REGISTER),
    ):  # fmt: skip
        step = page(login(app.test_client(), member), f"{url}/{zhang}").select("#history .course-step")[0]
        said = step.get_text(" ", strip=True)
        assert label in said, said
        terms = page(login(app.test_client(), member), f"{url}/{zhang}").select_one("td .badge.bg-red-lt")
        assert terms.get_text(strip=True) == f"2026-06-01 {label.removeprefix('依职权')}"
        assert sentence in said, said
        assert act.document_number in said, said
        assert "恢复" not in said
        links = [one["href"] for one in step.select("a")]
        # The act with its evidence is the province's alone.
        assert links == ([f"/register-acts/{act.id}"] if member is cast.chen_jing else [])


def test_a_correction_is_told_in_sentences_with_what_stood_there_before(app, session, cast, zhang):
    row = session.get_one(Registration, zhang)
    was = {name: getattr(row, name) for name in ("gender", "birth_date", "registered_on")}
    other = {"1": ("女", "2"), "2": ("男", "1")}[was["gender"]]
    carried_out(
        session, cast, zhang, "correct", right_name="张玮", right_gender=other[1],
        right_birth_date=date(1985, 6, 16), right_registered_on=date(2024, 1, 2), right_paper_number="湘0012345",
    )  # fmt: skip
    step = page(login(app.test_client(), cast.zhang_wei), f"{OWN}/{zhang}").select("#history .course-step")[0]
    said = step.get_text(" ", strip=True)
    for part in (
        "登记更正", "姓名：张玮（原为 张伟）", f"性别：{other[0]}（原为 ",
        f"出生日期：1985-06-16（原为 {was['birth_date']}）",
        f"首次注册日期：2024-01-02（原为 {was['registered_on']}）", "纸质证书编号：湘0012345",
    ):  # fmt: skip
        assert part in said, said


def test_what_was_struck_off_is_called_so(app, session, cast):
    row = registered(session, cast.li_juan, cast.zhang_wei, ends={"building": today() - timedelta(days=1)})
    strike_off_ended(session, today())
    step = page(login(app.test_client(), cast.li_juan), f"{HISTORY}/{row.id}").select(
        "#history .course-step"
    )[0]
    assert "到期失效" in step.get_text(" ", strip=True)
    assert "2026-06-01 注销注册：注册有效期满且未延续注册" in step.get_text(" ", strip=True)


@pytest.mark.both_engines
def test_a_person_reads_his_registration_of_paper_and_nobody_elses(app, session, cast):
    row = registered(session, cast.li_juan, cast.zhang_wei, certified=False)
    row.paper_number = "湘0012345"
    session.commit()
    other = add_constructor(session, cast.wang_qiang, "何静", "439900199002280025")
    session.commit()
    person = login(app.test_client(), cast.zhang_wei)
    link = page(person, "/").select_one("section[aria-labelledby=registrations] a")
    assert link["href"] == f"{OWN}/{row.id}"
    listed = page(person, f"{OWN}/").select("table.rows tbody tr")
    assert len(listed) == 1
    assert "纸质" in listed[0].get_text(" ", strip=True)
    document = page(person, link["href"])
    assert "湘0012345" in document.get_text()
    assert document.select("#history .course-step")
    stranger = login(app.test_client(), other)
    assert stranger.get(link["href"]).status_code == 404
    assert page(stranger, f"{OWN}/").select("table.rows tbody tr") == []
    assert login(app.test_client(), cast.li_juan).get(link["href"]).status_code == 404


@pytest.mark.both_engines
def test_a_new_employer_sees_the_history_and_none_of_the_former_ones_cases(app, session, cast):
    row = registered(session, cast.li_juan, cast.zhang_wei, kind="temporary")
    move_to(session, cast, row.id)
    new = page(login(app.test_client(), cast.fang_yuan), f"{HISTORY}/{row.id}")
    told = new.select_one("#history .course-step").get_text(" ", strip=True)
    assert "湘江样板工程有限公司（演示）（原为 长沙示例建设有限公司（演示））" in told
    assert len(new.select("#cases tbody tr")) == 1


@pytest.mark.both_engines
def test_city_and_province_read_the_register_and_can_change_nothing(app, session, cast, zhang):
    other = add_constructor(session, cast.zhao_min, "何静", "439900199002280025")
    registered(session, cast.liu_yang, other)
    city, province = (login(app.test_client(), one) for one in (cast.wang_qiang, cast.chen_jing))
    assert names(city, REGISTER) == ["张伟"]
    assert set(names(province, REGISTER)) == {"张伟", "何静"}
    assert names(province, REGISTER, region_code="430500") == ["何静"]
    assert names(province, REGISTER, q="何") == ["何静"]
    assert names(province, REGISTER, ends="over") == []
    for client in (city, province):
        document = page(client, f"{REGISTER}/{zhang}")
        assert document.find(id="history")
        for act in ("add", f"{zhang}/edit", f"{zhang}/delete", "act"):
            assert client.get(f"{REGISTER}/{act}").status_code in {404, 405}


def test_the_check_code_of_the_seal_has_its_two_digits_as_on_the_seal(app, cast, zhang):
    for member, url in ((cast.chen_jing, REGISTER), (cast.li_juan, HISTORY), (cast.zhang_wei, OWN)):
        document = page(login(app.test_client(), member), f"{url}/{zhang}")
        assert "执业印章校验码 00" in document.find("dl").get_text(" ", strip=True)
    province = login(app.test_client(), cast.chen_jing)
    post(province, f"{REGISTER}/setting", columns_sent="1", columns=["name", "seal_check_code"], list="?")
    shown = page(province, f"{REGISTER}/").select("table.rows tbody td")
    assert shown[-2].get_text(strip=True) == "00"


def test_both_languages_are_whole_pages(app, session, cast, zhang):
    cancel(session, cast, zhang)
    client = login(app.test_client(), cast.chen_jing)
    english = page(client, f"{REGISTER}/{zhang}?_l_=en").find(id="history").get_text(" ", strip=True)
    assert "The registration was cancelled on 2026-06-01: The employment ended." in english
    assert "Building" in english
    events = session.scalars(select(RegistrationEvent.action)).all()
    assert events == ["enter", "cancel"]


def test_specialties_stand_as_chinese_writes_them_and_a_number_on_one_line(client, session, cast):
    ends = today() + timedelta(days=600)
    row = registered(session, cast.li_juan, cast.zhang_wei, ends={"building": ends, "municipal": ends})
    cells = page(login(client, cast.li_juan), f"{HISTORY}/").select("table.rows tbody tr td")
    assert "建筑工程、市政公用工程" in [one.get_text(strip=True) for one in cells]
    (number,) = [one for one in cells if one.get_text(strip=True) == row.number]
    assert number["class"] == ["nowrap"]
