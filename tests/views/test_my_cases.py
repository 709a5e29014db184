"""建造师企业申报查询 and a person's own cases: all types in one list, with the whole course, and nobody else's."""

from datetime import date

import pytest
from sqlalchemy import select, update

from app.models import AuditEntry, Declaration
from tests.cast import ZHANG_WEI, add_constructor, file_draft, login, take
from tests.desk import officer, send
from tests.flows.papers import text_of
from tests.pages import checked, page
from tests.registered import drafted, registered
from tests.views.clerk import anew, buttons, post

URL = "/enterprise-declarations"


@pytest.fixture
def clerk(client, cast):
    return login(client, cast.li_juan)


@pytest.fixture
def case(session, cast) -> int:
    """A declaration that was returned once, corrected, and endorsed."""
    key = file_draft(session, cast.li_juan, cast.zhang_wei)
    take(session, cast, key, "submit", "return", "submit", "accept", "endorse")
    return key


def test_the_list_is_filtered_by_type_kind_and_state(clerk, session, cast, case):
    other = add_constructor(session, cast.wang_qiang, "何静", "439900199002280025")
    file_draft(session, cast.li_juan, other)

    def names(**query) -> list[str]:
        return [one["姓名"] for one in listed(clerk, f"{URL}/", **query)]

    assert set(names()) == {"张伟", "何静"}
    assert names(state="endorsed") == ["张伟"]
    assert names(state="draft") == ["何静"]
    assert set(names(type_key="initial_registration", registration_kind="registered")) == {"张伟", "何静"}
    assert names(registration_kind="temporary") == []
    document = page(clerk, f"{URL}/")
    labels = [one.get_text(strip=True) for one in document.select(".filters .form-label")]
    assert {"申报类型", "注册类型", "状态"} <= set(labels)


@pytest.mark.both_engines
def test_view_shows_who_did_what_when_with_which_words_and_the_days(clerk, session, cast, case):
    document = page(clerk, f"{URL}/{case}")
    course = document.find(id="course")
    steps = [one.get_text(strip=True) for one in course.select(".course-head strong")]
    assert steps[1:] == ["受理", "上报", "退回补正", "上报"]
    text = course.get_text(" ", strip=True)
    for part in ("王强", "李娟", "市州主管部门", "企业", "符合条件。", "请补正。", "联系电话", "联系电话无法接通。", "2026-06-01",
                 "市级已审查", "当前办理方 省级主管部门", "办理期限 2026-06-30", "已用工作日 0", "剩余工作日 20"):  # fmt: skip
        assert part in text, part
    assert ZHANG_WEI not in document.get_text()


@pytest.mark.parametrize(("days", "said"), [(8, "已用工作日 6 剩余工作日 14"), (68, "已超期 28 个工作日")])
def test_used_and_left_working_days_go_with_the_calendar(app, cast, case, clock, days, said):
    clock.shift(days * 86_400)
    document = page(login(app.test_client(), cast.li_juan), f"{URL}/{case}")
    assert said in document.find(id="course").get_text(" ", strip=True)


def test_a_case_that_was_due_on_friday_is_overdue_on_saturday_wherever_it_is_told(
    app, session, cast, case, clock
):
    session.execute(update(Declaration).where(Declaration.id == case).values(due_on=date(2026, 6, 5)))
    session.commit()
    clock.shift(5 * 86_400)
    client = officer(app, cast.chen_jing)
    document = page(client, f"/review/{case}")
    assert "剩余工作日 已超期 1 个工作日" in document.find(id="course").get_text(" ", strip=True)
    assert "已超期 1 个工作日" in document.select_one(".head").get_text(" ", strip=True)
    assert "已超期 1 个工作日" in page(client, "/review/").find("tbody").get_text(" ", strip=True)


def listed(client, url, **query) -> list[dict[str, str]]:
    """The rows of a list, each value under its head."""
    document = page(client, url, query_string=query)
    heads = [one.get_text(strip=True) for one in document.select("table.rows thead th")]
    return [
        dict(zip(heads, (one.get_text(" ", strip=True) for one in row.find_all("td")), strict=True))
        for row in document.select("table.rows tbody tr")
    ]


@pytest.mark.both_engines
def test_both_lists_say_who_holds_the_case_and_how_many_days_are_left(app, session, cast):
    key = file_draft(session, cast.li_juan, cast.zhang_wei)
    seen = []
    for step in ("submit", "accept", "endorse"):
        take(session, cast, key, step)
        for member, url in ((cast.li_juan, f"{URL}/"), (cast.zhang_wei, "/my-declarations/")):
            (row,) = listed(login(app.test_client(), member), url)
            seen.append((row["状态"], row["当前办理方"], row["办理时限"]))
    assert seen == [
        ("已上报", "市州主管部门", "剩余 5 个工作日"), ("已上报", "市州主管部门", "剩余 5 个工作日"),
        ("已受理", "市州主管部门", "剩余 20 个工作日"), ("已受理", "市州主管部门", "剩余 20 个工作日"),
        ("市级已审查", "省级主管部门", "剩余 20 个工作日"), ("市级已审查", "省级主管部门", "剩余 20 个工作日"),
    ]  # fmt: skip


@pytest.mark.both_engines
def test_who_moves_to_the_enterprise_and_who_leaves_it_is_marked_and_found(app, session, cast):
    """李娟's list holds the transfer by which 方圆's enterprise takes 张伟 over, and her own declaration."""
    row = registered(session, cast.li_juan, cast.zhang_wei, kind="temporary")
    take(session, cast, drafted(session, cast, "temporary_transfer", row).id, "submit")
    file_draft(session, cast.li_juan, add_constructor(session, cast.wang_qiang, "何静", "439900199002280025"))
    former, new = (login(app.test_client(), one) for one in (cast.li_juan, cast.fang_yuan))
    assert {one["姓名"]: (one["转入或转出"], one["当前办理方"]) for one in listed(former, f"{URL}/")} == {
        "张伟": ("转出本企业", "原聘用企业"),
        "何静": ("", "申报人"),
    }
    assert [one["转入或转出"] for one in listed(new, f"{URL}/")] == ["转入本企业"]
    assert [one["姓名"] for one in listed(former, f"{URL}/", direction="out")] == ["张伟"]
    assert listed(former, f"{URL}/", direction="in") == []
    # What the database says in an export is what the page says.
    sheet = send(former, f"{URL}/export", format="csv", select="matching", list="?all=1").text
    assert "转出本企业" in sheet
    assert "原聘用企业" in sheet


def test_a_draft_is_edited_where_its_type_is_and_a_submitted_one_is_printed(clerk, session, cast):
    key = file_draft(session, cast.li_juan, cast.zhang_wei)
    cell = page(clerk, f"{URL}/").select_one("td.acts")
    assert buttons(cell) == ["查阅", "修改"]
    assert f"/declarations/initial-registration/{key}/edit" in str(cell)
    take(session, cast, key, "submit")
    assert buttons(page(clerk, f"{URL}/").select_one("td.acts")) == ["查阅", "打印"]


@pytest.mark.both_engines
def test_the_other_enterprise_sees_nothing(app, cast, case):
    for member in (cast.fang_yuan, cast.liu_yang):
        stranger = login(app.test_client(), member)
        assert "张伟" not in stranger.get(f"{URL}/").text
        assert stranger.get(f"{URL}/{case}").status_code == 404
        assert post(stranger, f"{URL}/act", action="print", ids=str(case)).status_code == 404


def test_the_person_sees_his_own_cases_only_and_no_draft_of_an_enterprise(app, session, cast, case):
    other = add_constructor(session, cast.wang_qiang, "何静", "439900199002280025")
    draft = file_draft(session, cast.li_juan, other)
    zhang = login(app.test_client(), cast.zhang_wei)
    he = login(app.test_client(), other)
    assert "长沙示例建设有限公司" in page(zhang, f"/my-declarations/{case}").get_text()
    assert len(page(zhang, "/my-declarations/").select("table.rows tbody tr")) == 1
    assert page(he, "/my-declarations/").select("table.rows tbody tr") == []
    for client, key in ((he, case), (he, draft), (zhang, draft)):
        assert client.get(f"/my-declarations/{key}").status_code == 404
    assert he.get(f"{URL}/").status_code == 404


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", ("二级建造师注册申报表", "初始申报", "建筑工程", "长沙示例建设有限公司", "示例大学")),
     ("en", ("Initial registration", "Building engineering", "Changsha", "General contracting", "First grade"))],
)  # fmt: skip
def test_the_application_form_is_printed_in_full_and_the_audit_says_so(clerk, session, cast, language, words):
    import io

    from pypdf import PdfReader

    key = file_draft(session, cast.li_juan, cast.zhang_wei)
    row = take(session, cast, key, "submit")
    page(clerk, "/declarations/initial-registration/?_l_=en")
    asked = {"language": "en"} if language == "en" else {}
    answer = post(clerk, "/declarations/initial-registration/act", action="print", ids=str(key), **asked)
    assert answer.mimetype == "application/pdf", checked(answer, 422).get_text()
    text = "".join("".join(one.extract_text() for one in PdfReader(io.BytesIO(answer.data)).pages).split())
    for word in (*words, "张伟", ZHANG_WEI, row.number):
        assert "".join(word.split()) in text, word
    entry = anew(session).scalars(select(AuditEntry).where(AuditEntry.action == "declaration.print")).one()
    assert (entry.subject, entry.subject_id) == ("declaration", str(key))
    assert ZHANG_WEI not in entry.detail


def test_a_draft_has_no_form_to_print(clerk, session, cast):
    key = file_draft(session, cast.li_juan, cast.zhang_wei)
    answer = post(clerk, "/declarations/initial-registration/act", action="print", ids=str(key))
    assert answer.status_code == 302
    assert (
        anew(session).scalars(select(AuditEntry).where(AuditEntry.action == "declaration.print")).all() == []
    )


def summary(browser, *keys):
    answer = post(browser, f"{URL}/act", action="print_summary", ids=[str(key) for key in keys])
    if answer.mimetype != "application/pdf":
        return answer
    return text_of(answer.data)


def test_an_enterprise_prints_one_list_of_what_it_hands_in(clerk, session, cast):
    filed = take(session, cast, file_draft(session, cast.li_juan, cast.zhang_wei), "submit")
    other = add_constructor(session, cast.wang_qiang, "何静", "439900199002280025")
    second = take(session, cast, file_draft(session, cast.li_juan, other), "submit")
    text = summary(clerk, second.id, filed.id)
    for words in (
        "申报汇总表",
        "长沙示例建设有限公司（演示）",
        filed.number,
        second.number,
        "初始申报",
        "建筑工程",
    ):
        assert words in text, words
    assert text.index("何静") < text.index("张伟"), "in the order in which they were ticked"
    assert ZHANG_WEI not in text
    assert "申报编号:" not in text, "a list of several forms has no number of its own"
    session.rollback()
    assert session.scalars(select(AuditEntry.action)).all().count("list.print") == 1


def test_a_draft_stands_in_no_summary_list_and_is_named(clerk, session, cast):
    filed = take(session, cast, file_draft(session, cast.li_juan, cast.zhang_wei), "submit")
    other = add_constructor(session, cast.wang_qiang, "何静", "439900199002280025")
    draft = file_draft(session, cast.li_juan, other)
    refused = checked(summary(clerk, filed.id, draft), 422).get_text()
    assert "何静" in refused
    assert "张伟" not in refused


def test_what_was_withdrawn_is_handed_in_no_more_though_it_keeps_its_number(clerk, session, cast):
    row = take(session, cast, file_draft(session, cast.li_juan, cast.zhang_wei), "submit", "withdraw")
    assert row.number
    assert "张伟" in checked(summary(clerk, row.id), 422).get_text()


@pytest.mark.parametrize(
    ("kind", "key"), [("temporary", "temporary_transfer"), ("registered", "personal_cancellation")]
)
def test_what_others_have_declared_is_handed_in_by_them(clerk, session, cast, kind, key):
    """李娟 reads a transfer away from her, and what 张伟 himself asks of her; neither is her enterprise's."""
    row = registered(session, cast.li_juan, cast.zhang_wei, kind=kind)
    others = take(session, cast, drafted(session, cast, key, row).id, "submit")
    assert [one["姓名"] for one in listed(clerk, f"{URL}/")] == ["张伟"]
    refused = checked(summary(clerk, others.id), 422).get_text()
    assert "本企业" in refused
    assert "张伟" in refused


def test_no_summary_list_has_a_declaration_of_another_enterprise(clerk, session, cast):
    theirs = take(session, cast, file_draft(session, cast.fang_yuan, cast.zhang_wei), "submit")
    assert summary(clerk, theirs.id).status_code == 404
