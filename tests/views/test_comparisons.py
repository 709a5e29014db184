"""What other registers say of a case: read by its reviewers alone, and in nobody's way."""

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from app.models import Comparison, Declaration, Job, JobState, PolicyValue
from app.security.access.scope import rows_of
from app.workflow.comparing import JOB
from simulators.server import Fault
from tests.cast import file_draft, login, take
from tests.desk import audited, officer, send, several, state_of
from tests.neighbours import OTHER, OTHER_NAME, OWN, work
from tests.pages import page


@pytest.fixture
def flagged(app, session, cast, neighbours, submitted):
    """Somebody else has the person insured."""
    neighbours.insure(submitted.id_number, OTHER)
    work(app)
    return submitted


@pytest.fixture
def changsha(app, cast):
    return officer(app, cast.wang_qiang)


def section(client, key: int):
    return page(client, f"/review/{key}").select_one("#comparisons")


def line(client, key: int, kind: str) -> str:
    return section(client, key).select_one(f"[data-comparison={kind}]").get_text(" ", strip=True)


# ------------------------------------------------------------------------------------------------- who sees what


@pytest.mark.both_engines
def test_the_officers_of_the_city_and_of_the_province_read_what_was_found(
    app, session, cast, changsha, flagged
):
    text = line(changsha, flagged.id, "insurance")
    assert "有异常" in text
    assert f"2026-05：由{OTHER_NAME}参保，申报企业未参保" in text
    assert "2026-06-01" in text
    assert "数据截至2026-05-31" in text
    assert "买断社会保险" in text
    assert "无异常" in line(changsha, flagged.id, "duplicate")
    assert flagged.id_number not in section(changsha, flagged.id).get_text()
    assert OTHER_NAME in line(officer(app, cast.chen_jing), flagged.id, "insurance")
    head = page(changsha, f"/review/{flagged.id}").select_one(".lead-text").get_text()
    assert "有异常" in head


@pytest.mark.both_engines
def test_the_officer_of_another_city_the_enterprise_and_the_person_find_nothing(app, session, cast, flagged):
    for member in (
        cast.zhao_min,
        cast.li_juan,
        cast.liu_yang,
        cast.zhang_wei,
        cast.province_admin,
        cast.admin,
        cast.auditor,
    ):
        assert not session.scalars(rows_of(Comparison, member.actor)).all(), member.name
        client = officer(app, member)
        assert client.get(f"/review/{flagged.id}").status_code == 404, member.name
        assert client.get(f"/review/{flagged.id}/compared").status_code == 404, member.name
        assert send(client, f"/review/{flagged.id}/compare").status_code == 404, member.name
    assert len(session.scalars(rows_of(Comparison, cast.wang_qiang.actor)).all()) == 2
    assert not audited(session, "declaration.compare_again")


@pytest.mark.parametrize("who", ["li_juan", "person"])
def test_the_parties_of_a_case_do_not_read_what_its_reviewers_read(app, session, cast, neighbours, who):
    neighbours.insure(cast.zhang_wei.login_name, OTHER)
    row = take(session, cast, draft(session, cast), "submit")
    work(app)
    member, base = (
        (cast.li_juan, "/declarations/initial-registration")
        if who == "li_juan"
        else (cast.zhang_wei, "/my-declarations")
    )
    client = login(app.test_client(), member)
    for url in (f"{base}/{row.id}", f"{base}/", f"{base}/?comparison=flagged", "/"):
        text = page(client, url).get_text()
        assert OTHER_NAME not in text, url
        assert "有异常" not in text, url
    listed = [len(page(client, f"{base}/{query}").select("tbody tr")) for query in ("", "?comparison=clear")]
    assert listed == [1, 1]
    exported = send(client, f"{base}/export?", format="csv")
    assert "有异常" not in exported.get_data(as_text=True)


def test_a_person_reads_that_others_were_asked_about_him_and_not_what_they_said(
    app, session, cast, neighbours
):
    neighbours.insure(cast.zhang_wei.login_name, OTHER)
    take(session, cast, draft(session, cast), "submit")
    work(app)
    text = page(login(app.test_client(), cast.zhang_wei), "/my-data-readings/").get_text()
    assert "与其他系统比对" in text
    assert OTHER_NAME not in text
    assert "有异常" not in text


def draft(session, cast) -> int:
    return file_draft(session, cast.li_juan, cast.zhang_wei)


# -------------------------------------------------------------------------------------------------- in nobody's way


@pytest.mark.both_engines
@pytest.mark.parametrize("fault", [Fault.ERROR, Fault.WRONG_SIGNATURE])
def test_a_case_is_accepted_and_endorsed_while_the_other_side_is_down_and_the_page_says_so(
    app, session, cast, neighbours, changsha, submitted, fault
):
    neighbours.insurance.fault = fault
    assert "尚未比对" in line(changsha, submitted.id, "insurance")
    work(app)
    text = line(changsha, submitted.id, "insurance")
    assert "结果未知" in text
    assert ("对方系统未答复" if fault is Fault.ERROR else "对方答复有误") in text
    for action in ("accept", "endorse"):
        version = session.scalar(select(Declaration.version).where(Declaration.id == submitted.id))
        session.rollback()
        answer = send(
            changsha, f"/review/{submitted.id}/decide", action=action, version=version, positive="1"
        )
        assert answer.status_code == 302, action
    assert state_of(session, submitted.id) == "endorsed"
    assert "结果未知" in line(changsha, submitted.id, "insurance")


def test_a_flag_refuses_nothing_and_the_page_that_was_open_stays_good(session, changsha, flagged):
    answer = send(changsha, f"/review/{flagged.id}/decide", action="accept", version=flagged.version)
    assert answer.status_code == 302
    assert state_of(session, flagged.id) == "accepted"


def test_a_platform_that_is_connected_with_nobody_says_that_nothing_is_known(app, changsha, submitted):
    work(app)
    assert "尚未接入" in line(changsha, submitted.id, "insurance")
    assert "再次比对" not in line(changsha, submitted.id, "insurance")


def test_a_case_that_is_compared_with_nothing_has_no_section(session, cast, changsha, submitted):
    session.add_all(
        PolicyValue(key=f"compare_{kind}", value="0", valid_from=date(2020, 1, 1), source="测试")
        for kind in ("insurance", "duplicate")
    )
    session.commit()
    assert section(changsha, submitted.id) is None


def test_an_old_result_is_called_old(app, clock, session, cast, flagged):
    clock.shift(timedelta(days=30))
    assert "已过" not in line(officer(app, cast.wang_qiang), flagged.id, "insurance")
    clock.shift(timedelta(days=1))
    assert "该结果已过31天" in line(officer(app, cast.wang_qiang), flagged.id, "insurance")


# ------------------------------------------------------------------------------------------------------- once more


@pytest.mark.both_engines
def test_an_officer_has_a_case_compared_again_once_however_often_he_presses(
    app, session, clock, neighbours, changsha, flagged
):
    neighbours.insure(flagged.id_number, OWN)
    clock.shift(timedelta(minutes=1))
    for _ in range(2):
        answer = send(changsha, f"/review/{flagged.id}/compare", list="desk=waiting")
        assert answer.location.endswith(f"/review/{flagged.id}?list=desk%3Dwaiting#comparisons")
    waiting = session.scalars(select(Job).where(Job.kind == JOB, Job.state == JobState.QUEUED)).all()
    assert len(waiting) == 1
    session.rollback()
    asked = neighbours.insurance.asked
    assert work(app) == 1
    assert neighbours.insurance.asked == asked + 1
    assert "无异常" in line(changsha, flagged.id, "insurance")
    clock.shift(timedelta(minutes=1))
    send(changsha, f"/review/{flagged.id}/compare")
    work(app)
    assert neighbours.insurance.asked == asked + 2


def panel(client, key: int):
    """The comparisons as the page's script fetches them."""
    told = client.get(f"/review/{key}/compared").json
    shown = BeautifulSoup(told["panel"], "html.parser").select_one("#comparisons")
    assert shown.has_attr("data-running") == told["running"]
    return shown


@pytest.mark.both_engines
def test_the_page_says_that_the_comparison_runs_and_what_the_script_fetches_says_when_it_is_done(
    app, clock, neighbours, changsha, flagged
):
    neighbours.insure(flagged.id_number, OWN)
    assert not section(changsha, flagged.id).has_attr("data-running")
    clock.shift(timedelta(minutes=1))
    send(changsha, f"/review/{flagged.id}/compare")
    for shown in (section(changsha, flagged.id), panel(changsha, flagged.id)):
        assert shown.has_attr("data-running")
        assert "正在比对" in shown.select_one("[role=status]").get_text()
        assert not shown.select("button")
        assert shown.select_one("noscript a")["href"] == f"/review/{flagged.id}"
    work(app)
    shown = panel(changsha, flagged.id)
    assert not shown.has_attr("data-running")
    assert shown.select_one("form[data-compare] button")
    assert "无异常" in shown.select_one("[data-comparison=insurance]").get_text()


def test_the_page_says_when_those_who_keep_silent_are_asked_again(
    app, clock, neighbours, changsha, submitted
):
    neighbours.silence(submitted.id_number)
    work(app)
    clock.shift(timedelta(seconds=10))
    send(changsha, f"/review/{submitted.id}/compare")
    assert panel(changsha, submitted.id).has_attr("data-running")
    work(app)
    shown = panel(changsha, submitted.id)
    assert not shown.has_attr("data-running")
    assert "下次尝试时间：2026-06-01 09:32" in shown.get_text()


def test_the_script_of_the_page_asks_without_leaving_it(session, changsha, flagged):
    session.add(
        PolicyValue(key="comparisons_per_hour", value="1", valid_from=date(2020, 1, 1), source="测试")
    )
    session.commit()
    token = page(changsha, "/account/sessions").find("input", attrs={"name": "csrf_token"})["value"]
    headers = {"Accept": "application/json", "X-CSRFToken": token, "Referer": "http://localhost/"}
    asked, refused = (changsha.post(f"/review/{flagged.id}/compare", headers=headers) for _ in range(2))
    assert (asked.status_code, asked.json) == (200, {})
    assert refused.status_code == 422
    assert "要求比对次数过多" in refused.json["message"]


def test_nobody_asks_for_comparisons_without_end(app, session, neighbours, changsha, flagged):
    session.add(
        PolicyValue(key="comparisons_per_hour", value="2", valid_from=date(2020, 1, 1), source="测试")
    )
    session.commit()
    for _ in range(3):
        send(changsha, f"/review/{flagged.id}/compare")
    assert "要求比对次数过多" in page(changsha, f"/review/{flagged.id}").get_text()
    assert len(audited(session, "declaration.compare_again")) == 2


def test_an_answer_that_could_not_be_had_again_leaves_the_last_one(app, clock, neighbours, changsha, flagged):
    neighbours.silence(flagged.id_number)
    clock.shift(timedelta(minutes=1))
    send(changsha, f"/review/{flagged.id}/compare")
    work(app)
    text = line(changsha, flagged.id, "insurance")
    assert "再次比对未获答复" in text
    assert OTHER_NAME in text


def test_what_was_said_before_the_return_is_not_said_of_what_was_handed_in_since(
    session, cast, clock, changsha, flagged
):
    clock.shift(timedelta(minutes=1))
    take(session, cast, flagged.id, "return", "submit")
    text = line(changsha, flagged.id, "insurance")
    assert "尚未比对" in text
    assert OTHER_NAME not in text


def test_what_has_been_decided_is_not_compared_again(session, cast, changsha, flagged):
    take(session, cast, flagged.id, "return")
    assert not section(changsha, flagged.id).select("form")
    assert send(changsha, f"/review/{flagged.id}/compare").status_code == 404


# ------------------------------------------------------------------------------------------------------------ lists


def test_the_work_list_is_narrowed_by_what_was_found(app, session, cast, neighbours, changsha):
    clear, other, unknown = several(session, cast, 3, "submit")
    neighbours.insure(clear.id_number, OWN)
    neighbours.insure(other.id_number, OTHER)
    neighbours.silence(unknown.id_number)
    work(app)
    for value, row, word in (
        ("clear", clear, "无异常"),
        ("flagged", other, "有异常"),
        ("unknown", unknown, "结果未知"),
    ):
        document = page(changsha, f"/review/?comparison={value}")
        assert [one["value"] for one in document.select("tbody [data-tick]")] == [f"{row.id}:{row.version}"]
        assert word in " ".join(one.get_text() for one in document.select(".chip"))
    heads = [one.get_text(strip=True) for one in page(changsha, "/review/").select("thead th")]
    assert "比对" not in heads


def test_the_column_is_there_for_whoever_chooses_it(app, session, cast, changsha, flagged):
    data = {"columns_sent": "1", "columns": ["number", "comparison"], "list": "?"}
    assert send(changsha, "/review/setting", **data).status_code == 302
    document = page(changsha, "/review/")
    heads = [one.get_text(strip=True) for one in document.select("thead th")]
    assert "比对" in heads
    assert document.select_one("tbody .bg-orange-lt").get_text() == "有异常"
    exported = send(changsha, "/review/export?", format="csv").get_data(as_text=True)
    assert "有异常" in exported


def test_an_unknown_value_of_the_filter_is_no_error(changsha, flagged):
    assert changsha.get("/review/?comparison=%00&comparison=nonsense").status_code in {200, 302}
    document = page(changsha, "/review/?comparison=nonsense", follow_redirects=True)
    assert document.select("main")
