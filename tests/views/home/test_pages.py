"""Home pages: each role finds what waits for it, and each number is that of the list behind it."""

import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import event

from app.extensions.clock import now, today
from app.models import Claim, Declaration, Enterprise, Objection, RegisterAct, Registration
from app.services import register_acts
from tests.cast import file_draft, take
from tests.changing import asked, step
from tests.desk import declared, officer, several
from tests.house.world import build
from tests.pages import page
from tests.registered import registered

WHO = ("li_juan", "zhang_wei", "wang_qiang", "chen_jing", "province_admin", "admin", "auditor")


def shown(document: BeautifulSoup, label: str) -> int:
    """The number over this label."""
    for one in document.select("a.count"):
        if one.select_one(".count-label").get_text(strip=True) == label:
            return int(one.select_one(".count-number").get_text())
    raise AssertionError(f"There is no figure {label!r}.")


def listed(document: BeautifulSoup) -> int:
    """How many records a list says that it has."""
    found = document.select_one(".pager-count")
    return int(re.search(r"\d+", found.get_text().replace(",", ""))[0]) if found else 0


def figures(document: BeautifulSoup):
    """Every number of the page with the address of its list."""
    for one in document.select("a.count"):
        yield int(one.select_one(".count-number").get_text()), one["href"]
    for one in document.select("a.todo-number"):
        yield int(one.get_text()), one["href"]
    for row in document.select(".chart-numbers tbody tr"):
        if link := row.select_one("th a"):
            yield sum(int(cell.get_text()) for cell in row.select("td")), link["href"]
    for item in document.select("ul.line-list li"):
        number = item.find("span", recursive=False)
        if item.find("a", recursive=False) and number and number.get_text(strip=True).isdigit():
            yield int(number.get_text()), item.a["href"]


@pytest.fixture
def world(session):
    """Rows of every kind and state on every side; one claim, one overdue case, terms that end soon."""
    cast = build(session)
    rows = session.query(Declaration).filter(Declaration.state.in_(("submitted", "accepted"))).all()
    rows[0].due_on = today() - timedelta(days=2)
    rows[1].due_on = today() + timedelta(days=1)
    for row in rows[:2]:
        session.add(
            Claim(declaration_id=row.id, account_id=cast.wang_qiang.actor.account_id, until=now() + timedelta(hours=1))
        )  # fmt: skip
    for days, row in zip((-3, 5, 45), session.query(Registration).order_by(Registration.id), strict=False):
        row.ends_on = today() + timedelta(days=days)
    session.commit()
    return cast


@pytest.mark.parametrize("who", WHO)
def test_each_number_is_that_of_the_list_behind_it(app, world, who):
    client = officer(app, getattr(world, who))
    document = page(client, "/")
    checked = 0
    for number, address in figures(document):
        assert listed(page(client, address)) == number, address
        checked += 1
    assert checked >= {"zhang_wei": 0, "province_admin": 3}.get(who, 4)


@pytest.mark.parametrize("who", WHO)
def test_each_role_has_a_home_in_both_languages_that_asks_few_questions(app, world, stages, engine, who):
    client = officer(app, getattr(world, who))
    document = page(client, "/?_l_=en")
    assert document.find("nav", id="nav").find("a", href="/")["aria-current"] == "page"
    assert "Welcome" in document.h1.get_text()
    for link in document.select("main a[href]"):
        page(client, link["href"], follow_redirects=True)
    asked = []

    def note(*arguments):
        asked.append(arguments[2])

    event.listen(stages(engine).database, "before_cursor_execute", note)
    assert "欢迎" in page(client, "/?_l_=zh").h1.get_text()
    event.remove(stages(engine).database, "before_cursor_execute", note)
    statements = [one for one in asked if one.startswith(("SELECT", "INSERT", "UPDATE", "DELETE"))]
    assert len(statements) <= 14, "\n\n".join(statements)


def test_the_home_of_another_city_counts_nothing_of_ours(app, session, cast):
    row = declared(session, cast, "submit")
    session.add(
        Claim(declaration_id=row.id, account_id=cast.wang_qiang.actor.account_id, until=now() + timedelta(hours=1))
    )  # fmt: skip
    session.commit()
    document = page(officer(app, cast.zhao_min), "/")
    assert all(number == 0 for number, _address in figures(document))
    assert row.name not in document.get_text()
    assert "王强" not in document.select_one("main").get_text()


def test_the_enterprise_next_door_sees_nothing_of_ours(app, session, cast):
    row = declared(session, cast, "submit", "return")
    document = page(officer(app, cast.fang_yuan), "/")
    assert all(number == 0 for number, _address in figures(document))
    assert row.name not in document.get_text()


def test_an_enterprise_reads_why_a_case_came_back_and_how_long_it_lives(app, session, cast):
    row = declared(session, cast, "submit", "return")
    document = page(officer(app, cast.li_juan), "/?_l_=en")
    (line,) = document.select("section[aria-labelledby=returned] .case-list > li")
    text = line.get_text(" ", strip=True)
    assert row.name in text
    assert "请补正。" in text
    assert "Telephone : 联系电话无法接通。" in text
    assert "Lapses in 90 days" in text
    assert shown(document, "Returned for correction") == 1


def test_an_enterprise_sees_who_holds_its_cases_and_how_much_time_is_left(app, session, cast):
    declared(session, cast, "submit", "accept", "endorse")
    document = page(officer(app, cast.li_juan), "/?_l_=en")
    row = document.select_one("section[aria-labelledby=moving] tbody tr").get_text(" ", strip=True)
    assert "Provincial authority" in row
    assert "working days left" in row


def test_the_head_of_the_home_names_the_enterprise_that_one_acts_for(app, session, cast):
    enterprise = session.get_one(Enterprise, cast.li_juan.actor.enterprise_id)
    for member, named in ((cast.li_juan, True), (cast.fang_yuan, False), (cast.chen_jing, False)):
        head = page(officer(app, member), "/").select_one(".lead-text").get_text()
        assert (enterprise.name in head) is named


def test_an_enterprise_is_told_what_its_information_lacks(app, session, cast):
    enterprise = session.get_one(Enterprise, cast.li_juan.actor.enterprise_id)
    enterprise.postal_code = enterprise.office_phone = None
    session.commit()
    document = page(officer(app, cast.li_juan), "/?_l_=en")
    warning = document.select_one("main .alert-warning")
    assert "Office telephone" in warning.get_text()
    page(officer(app, cast.li_juan), warning.a["href"], follow_redirects=True)


def test_a_person_sees_where_the_case_is_and_what_happens_next(app, session, cast):
    take(session, cast, file_draft(session, cast.li_juan, cast.zhang_wei), "submit", "accept")
    document = page(officer(app, cast.zhang_wei), "/?_l_=en")
    marks = [one["class"][1] for one in document.select(".journey-way .stage")]
    assert marks == ["stage-done", "stage-done", "stage-now", *["stage-ahead"] * 4]
    assert [bool(one.time) for one in document.select(".journey-way .stage")] == [True, True, *[False] * 5]
    facts = document.select_one(".journey-facts").get_text(" ", strip=True)
    assert "Municipal authority" in facts
    assert "working days left" in facts
    assert "The city reviews the case and hands its opinion to the province." in facts


@pytest.mark.parametrize(
    ("steps", "mark", "words"),
    [
        (("submit", "return"), "stage-back", "corrects what has been named"),
        (("submit", "decline"), "stage-stopped", "The city has not accepted the case"),
        (("submit", "accept", "endorse", "refuse"), "stage-stopped", "has refused the registration"),
    ],
)
def test_a_person_is_told_when_the_case_does_not_go_on(app, session, cast, steps, mark, words):
    take(session, cast, file_draft(session, cast.li_juan, cast.zhang_wei), *steps)
    document = page(officer(app, cast.zhang_wei), "/?_l_=en")
    assert len(document.select(f".journey-way .{mark}")) == 1
    assert words in document.select_one(".journey-next").get_text()


def test_a_person_sees_no_draft_of_an_enterprise(app, session, cast):
    file_draft(session, cast.li_juan, cast.zhang_wei)
    document = page(officer(app, cast.zhang_wei), "/?_l_=en")
    assert document.select(".journey") == []
    assert "No declaration has been filed for you." in document.get_text()


def test_the_province_sees_open_objections_and_lists_that_close_today(app, session, world):
    document = page(officer(app, world.chen_jing), "/?_l_=en")
    open_ones = session.query(Objection).filter(Objection.state == "open").count()
    assert shown(document, "Open objections") == open_ones == 1
    closing = document.select_one("section[aria-labelledby=closing] li")
    assert "1 person" in closing.get_text(" ", strip=True)
    assert listed(page(officer(app, world.chen_jing), closing.a["href"])) == 1


def test_what_is_overdue_stands_first(app, world):
    document = page(officer(app, world.wang_qiang), "/?_l_=en")
    labels = [one.get_text() for one in document.select("a.count .count-label")]
    assert labels[:2] == ["Overdue", "Within 3 working days"]
    assert shown(document, "Overdue") == 1
    assert shown(document, "Within 3 working days") == 1


def test_the_workload_names_claims_and_steps_of_each_officer(app, world):
    document = page(officer(app, world.wang_qiang), "/?_l_=en")
    row = document.select_one("section[aria-labelledby=loads] tbody tr").get_text(" ", strip=True)
    assert row.startswith("王强 (you) 2 ")


def test_missing_holidays_of_next_year_are_told_until_they_are_set(app, session, cast, monkeypatch):
    from datetime import date

    from app.models import Holiday
    from app.views.home import administration

    monkeypatch.setattr(administration, "is_known", lambda _day: False)
    client = officer(app, cast.province_admin)
    assert "holidays of 2027 are missing" in page(client, "/?_l_=en").get_text()
    session.add(Holiday(day=date(2027, 1, 1), working=False, name="元旦"))
    session.commit()
    assert "holidays of 2027 are missing" not in page(client, "/").get_text()


def test_cities_in_which_nobody_can_accept_are_named(app, cast):
    text = page(officer(app, cast.province_admin), "/?_l_=en").select_one("main").get_text()
    assert "Yueyang" in text
    assert "Changsha" not in text


def test_the_administrator_sees_failed_jobs_and_the_seal(app, session, world):
    from app.models import Job

    session.query(Job).first().state = "failed"
    session.commit()
    document = page(officer(app, world.admin), "/?_l_=en")
    assert len(document.select("section[aria-labelledby=failed] li")) == 1
    assert "Nothing has been sealed yet." in document.get_text()
    assert document.find("progress")["max"] == "100"


def test_the_auditor_sees_who_looked_at_personal_data(app, session, cast):
    row = declared(session, cast, "submit")
    client = officer(app, cast.wang_qiang)
    from tests.desk import send

    assert send(client, "/review/reveal", key=row.id, field="id_number").status_code == 200
    document = page(officer(app, cast.auditor), "/?_l_=en")
    assert shown(document, "Show in full") == 1
    assert "王强" in document.select_one("section[aria-labelledby=lines] li").get_text()


def test_whoever_has_logged_in_still_reaches_the_portal(app, cast):
    client = officer(app, cast.li_juan)
    link = page(client, "/?_l_=en").find("a", href="/portal")
    assert link.get_text(strip=True) == "Portal"
    assert len(page(client, "/portal").select("a.entrance")) == 3


def test_an_account_without_its_city_has_an_empty_home(client, session):
    from app.security.access.roles import Role
    from tests.logins import log_in, make_account

    make_account(session, "somebody", Role.MUNICIPAL)
    log_in(client, "somebody")
    assert "Nothing has been opened" in page(client, "/?_l_=en").get_text()


def test_a_visitor_sees_the_portal(client, session):
    assert page(client, "/").select("a.entrance")


def test_the_province_sees_which_cities_have_run_out_of_time(app, session, cast):
    late = declared(session, cast, "submit", "accept")
    session.get_one(Declaration, late.id).due_on = today() - timedelta(days=1)
    session.commit()
    document = page(officer(app, cast.chen_jing), "/?_l_=en")
    (line,) = document.select("section[aria-labelledby=late] tbody tr")
    assert line.get_text(" ", strip=True) == "Changsha 1 0"
    shown_there = page(officer(app, cast.chen_jing), line.a["href"])
    assert listed(shown_there) == 1
    assert late.name in shown_there.get_text()
    for city in (cast.wang_qiang, cast.zhao_min):
        assert page(officer(app, city), "/").select("section[aria-labelledby=late]") == []


def late_of_everybody(session, cast) -> None:
    """A case each with Changsha, in the province's review and after its publicity, and two changes: all overdue."""
    rows = several(session, cast, 3, "submit", "accept")
    take(session, cast, rows[1].id, "endorse")
    take(session, cast, rows[2].id, "endorse", "approve", "publicise")
    for clerk, steps in ((cast.fang_yuan, ("submit",)), (cast.liu_yang, ("submit", "endorse"))):
        step(session, cast, asked(session, clerk), *steps)


def lines_of(document) -> list[str]:
    rows = document.select("section[aria-labelledby=late] tbody tr")
    return [row.get_text(" ", strip=True) for row in rows]


def test_whatever_is_overdue_stands_on_the_escalation_list_of_the_province(app, session, cast, clock):
    late_of_everybody(session, cast)
    client = officer(app, cast.chen_jing)
    assert lines_of(page(client, "/?_l_=en")) == []
    clock.shift(timedelta(days=60))
    client = officer(app, cast.chen_jing)
    document = page(client, "/?_l_=en")
    assert lines_of(document) == ["Provincial authority 2 1", "Changsha 1 1"]
    links = [one["href"] for one in document.select("section[aria-labelledby=late] tbody a")]
    assert [listed(page(client, url)) for url in links] == [2, 1, 1, 1]
    assert shown(document, "Changes of enterprises that are overdue") == 1


def test_the_administrator_of_the_province_sees_how_much_is_overdue_and_none_of_the_cases(
    app, session, cast, clock
):
    late_of_everybody(session, cast)
    clock.shift(timedelta(days=60))
    document = page(officer(app, cast.province_admin), "/?_l_=en")
    assert lines_of(document) == ["Provincial authority 2 1", "Changsha 1 1"]
    assert document.select("section[aria-labelledby=late] a") == []


def test_a_city_sees_its_own_overdue_changes_and_nobody_elses(app, session, cast, clock):
    late_of_everybody(session, cast)
    clock.shift(timedelta(days=60))
    document = page(officer(app, cast.wang_qiang), "/?_l_=en")
    assert shown(document, "Changes of enterprises that are overdue") == 1
    document = page(officer(app, cast.zhao_min), "/?_l_=en")
    assert "Changes of enterprises that are overdue" not in document.get_text()


def test_the_second_officer_sees_that_an_act_waits_and_whoever_proposed_it_does_not(app, session, cast):
    held = registered(session, cast.li_juan, cast.zhang_wei)
    act = RegisterAct(
        registration_number=held.number, kind="annul", reason="以欺骗手段取得注册。", document_number="1号"
    )
    register_acts.propose(session, cast.chen_jing.actor, act)
    session.add(act)
    session.commit()
    for member, number in ((cast.zhou_min, 1), (cast.chen_jing, 0)):
        client = officer(app, member)
        assert shown(page(client, "/?_l_=en"), "Acts on the register to decide") == number
        assert listed(page(client, "/register-acts/?desk=waiting")) == number
    assert (
        "Acts on the register" not in page(officer(app, cast.wang_qiang), "/?_l_=en").find("main").get_text()
    )


def test_terms_of_paper_count_among_those_that_run_out(app, session, cast):
    registered(
        session,
        cast.li_juan,
        cast.zhang_wei,
        ends={"building": today() + timedelta(days=20)},
        certified=False,
    )
    assert shown(page(officer(app, cast.li_juan), "/?_l_=en"), "Within 30 days") == 1
