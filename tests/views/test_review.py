"""The work list and the case page: who sees what, which steps may be taken, and what stays when one is refused."""

import csv
import io
import json
from datetime import date

import openpyxl
import pytest
from sqlalchemy import event, select, update

from app.declarations.initial_registration import TYPE
from app.models import Attachment, Decision, Declaration, Job, State
from tests.desk import audited, declared, officer, send, several, state_of, steps_of, ticket
from tests.pages import checked, page, submit


@pytest.fixture
def changsha(app, cast):
    return officer(app, cast.wang_qiang)


@pytest.fixture
def shaoyang(app, cast):
    return officer(app, cast.zhao_min)


@pytest.fixture
def province(app, cast):
    return officer(app, cast.chen_jing)


def decide(client, row, action, **data):
    return send(client, f"/review/{row.id}/decide", action=action, version=row.version, **data)


def jobs_of_officers(session):
    """Jobs that somebody asked for; those of the procedure run by themselves."""
    return session.scalars(select(Job).where(Job.created_by_id.is_not(None))).all()


def outsiders(cast):
    return (cast.li_juan, cast.zhang_wei, cast.province_admin, cast.admin, cast.auditor)


# ------------------------------------------------------------------------------------------------- who sees what


def test_the_officer_of_another_city_gets_404_everywhere_and_nothing_changes(
    session, cast, submitted, shaoyang
):
    other = declared(session, cast, "submit", clerk=cast.liu_yang, serial=7)
    attachment = session.scalars(
        select(Attachment.id).where(Attachment.declaration_id == submitted.id)
    ).first()
    for url in (
        f"/review/{submitted.id}",
        f"/review/{submitted.id}?list=desk%3Dwaiting",
        f"/files/{attachment}",
    ):
        assert shaoyang.get(url).status_code == 404, url
    forms = (
        (f"/review/{submitted.id}/decide", {"action": "accept", "version": submitted.version}),
        (f"/review/{submitted.id}/form", {}),
        (f"/review/{submitted.id}/notice", {}),
        ("/review/reveal", {"key": submitted.id, "field": "id_number"}),
        ("/review/act", {"action": "accept", "ids": [ticket(submitted)], "confirmed": "1"}),
        ("/review/act", {"action": "accept", "ids": [ticket(other), ticket(submitted)], "confirmed": "1"}),
        ("/review/act", {"action": "print", "ids": [ticket(submitted)]}),
        ("/review/act", {"action": "print", "ids": [ticket(other), ticket(submitted)]}),
    )
    for url, data in forms:
        assert send(shaoyang, url, **data).status_code == 404, (url, data)
    assert state_of(session, submitted.id) == state_of(session, other.id) == State.SUBMITTED
    assert not audited(session, "declaration.print")
    assert not audited(session, "reveal")
    assert not jobs_of_officers(session)


def test_the_officer_of_another_city_counts_and_exports_nothing_of_it(session, submitted, shaoyang):
    for query in ("", "?desk=", "?region_code=430100", f"?q={submitted.number}", "?state=submitted"):
        document = page(shaoyang, f"/review/{query}", follow_redirects=True)
        assert not document.select("tbody tr")
        assert [one.get_text() for one in document.select(".count-number")] == ["0", "0", "0"]
        text = send(shaoyang, f"/review/export{query}", format="csv").get_data(as_text=True)
        assert submitted.number not in text
        assert submitted.name not in text
    for query in ("?", f"?q={submitted.number}", "?region_code=430100"):
        everything = {"action": "accept", "select": "matching", "list": query}
        assert send(shaoyang, "/review/act", **everything).status_code == 422, query
    assert not jobs_of_officers(session)


def test_whoever_is_no_reviewing_officer_gets_404_on_every_route(app, session, cast, submitted):
    for member in outsiders(cast):
        client = officer(app, member)
        for url in ("/review/", f"/review/{submitted.id}", "/review/plans/1"):
            assert client.get(url).status_code == 404, (member.name, url)
        for url, data in (
            (f"/review/{submitted.id}/decide", {"action": "accept", "version": submitted.version}),
            ("/review/act", {"action": "accept", "ids": [ticket(submitted)], "confirmed": "1"}),
            ("/review/export", {"format": "csv"}),
            ("/review/plans/1", {}),
            (f"/review/{submitted.id}/form", {}),
        ):
            assert send(client, url, **data).status_code == 404, (member.name, url)
    assert state_of(session, submitted.id) == State.SUBMITTED


def test_a_visitor_is_sent_to_the_login(client, submitted):
    answer = client.get(f"/review/{submitted.id}")
    assert answer.status_code == 302
    assert answer.location.startswith("/login")


# ------------------------------------------------------------------------------------------------- the work list


def test_the_list_opens_on_what_waits_and_says_how_much_of_it_presses(session, cast, clock, changsha):
    first, second = several(session, cast, 2, "submit")
    accepted = declared(session, cast, "submit", "accept", serial=2)
    session.execute(update(Declaration).where(Declaration.id == first.id).values(due_on=date(2026, 5, 29)))
    session.execute(update(Declaration).where(Declaration.id == second.id).values(due_on=date(2026, 6, 2)))
    session.commit()
    returned = declared(session, cast, "submit", "return", serial=3)
    document = page(changsha, "/review/")
    numbers = [one.get_text() for one in document.select(".count-number")]
    assert numbers == ["3", "1", "1"]
    rows = document.select("tbody tr")
    assert [row.select_one("[data-tick]")["value"] for row in rows] == [
        ticket(row) for row in (first, second, accepted)
    ]
    words = [row.select_one("td:nth-of-type(6)").get_text(strip=True) for row in rows]
    assert "1" in words[0]
    assert [row.select_one("td:nth-of-type(6) span")["class"][1] for row in rows] == [
        "bg-red-lt",
        "bg-orange-lt",
        "bg-green-lt",
    ]
    assert returned.number not in document.get_text()
    assert returned.number in page(changsha, "/review/?desk=").get_text()


def test_an_empty_desk_says_that_nothing_waits(changsha):
    empty = page(changsha, "/review/").select_one(".empty-title").get_text()
    assert page(changsha, "/review/?due=overdue").select_one(".empty-title").get_text() != empty


def test_filters_narrow_the_list_and_the_export_alike(session, cast, changsha):
    first, second = several(session, cast, 2, "submit")
    session.execute(update(Declaration).where(Declaration.id == first.id).values(due_on=date(2026, 5, 29)))
    session.commit()
    for query in (
        "?due=overdue",
        f"?q={first.name}",
        f"?q={first.id_number}",
        f"?q={first.number}",
        "?due=overdue&state=submitted",
    ):
        text = page(changsha, f"/review/{query}", follow_redirects=True).find("tbody").get_text()
        assert first.number in text, query
        assert second.number not in text, query
        exported = send(changsha, f"/review/export{query}", format="csv").get_data(as_text=True)
        assert first.number in exported
        assert second.number not in exported


def test_a_city_cannot_count_its_cases_by_the_officer_of_the_province(session, cast, changsha, province):
    rows = several(session, cast, 2, "submit", "accept", "endorse", "approve")
    account = cast.zhou_min.actor.account_id
    session.execute(update(Declaration).where(Declaration.id == rows[1].id).values(decided_by_id=account))
    session.commit()
    url = f"/review/?desk=all&decider={account}"
    assert len(page(province, url).select("tbody tr")) == 1
    document = page(changsha, url)
    assert len(document.select("tbody tr")) == 2
    assert document.find(class_="finder-note")
    assert cast.zhou_min.name not in document.select_one("main").get_text()


def test_no_page_of_the_list_asks_the_database_row_by_row(app, session, cast, changsha):
    several(session, cast, 4, "submit")
    page(changsha, "/review/")
    with app.app_context():
        from app.extensions.database import db

        asked = []
        event.listen(db.engine, "before_cursor_execute", lambda *arguments: asked.append(arguments[2]))
        page(changsha, "/review/")
    assert len(asked) <= 15, "\n".join(asked)


def test_an_exported_cell_is_no_formula(session, cast, changsha):
    row = declared(session, cast, "submit")
    hostile = '=HYPERLINK("http://example.com","x")'
    session.execute(
        update(Declaration).where(Declaration.id == row.id).values(name="@SUM(1+1)", enterprise_name=hostile)
    )
    session.commit()
    answer = send(changsha, "/review/export", format="csv")
    cells = [cell for line in csv.reader(io.StringIO(answer.get_data(as_text=True))) for cell in line]
    assert "'@SUM(1+1)" in cells
    assert f"'{hostile}" in cells
    book = openpyxl.load_workbook(io.BytesIO(send(changsha, "/review/export", format="xlsx").data))
    found = [cell for line in book.active.iter_rows() for cell in line if cell.value]
    assert {cell.data_type for cell in found} == {"s"}
    assert not [cell for cell in found if cell.hyperlink]
    assert audited(session, "export")


# ------------------------------------------------------------------------------------------------- the case page


def test_the_case_shows_what_was_declared_the_rules_with_their_clauses_and_the_course(submitted, changsha):
    document = page(changsha, f"/review/{submitted.id}")
    text = document.get_text()
    assert submitted.name in text
    assert submitted.id_number_masked in text
    assert submitted.id_number not in document.decode()
    assert len(document.select("#checks .checklist-line")) == len(TYPE.checks)
    assert "注册建造师管理规定" in document.select_one("#checks").get_text()
    assert len(document.select("[data-paper][data-picture]")) >= len(TYPE.attachments) - 1
    assert len(document.select(".course-step")) == 1
    offered = [one["value"] for one in document.select("#decide input[name=action]")]
    assert offered == ["accept", "return", "decline"]


def test_the_case_is_valid_in_both_languages(submitted, changsha, province):
    for language in ("zh", "en"):
        page(changsha, f"/review/{submitted.id}?_l_={language}")
        page(changsha, f"/review/?_l_={language}")
        page(province, f"/review/{submitted.id}?_l_={language}")


def test_the_municipality_accepts_and_goes_on_to_the_next_case(session, cast, changsha):
    first, second = several(session, cast, 2, "submit")
    url = f"/review/{first.id}?list=desk%3Dwaiting"
    document = page(changsha, url)
    form = document.find("input", attrs={"name": "action", "value": "accept"}).find_parent("form")
    answer = submit(changsha, form, url, onward="1")
    assert answer.location == f"/review/{second.id}?list=desk%3Dwaiting"
    assert steps_of(session, first.id) == ["submit", "accept"]
    answer = submit(changsha, page(changsha, answer.location).find(
        "input", attrs={"name": "action", "value": "accept"}).find_parent("form"), answer.location)  # fmt: skip
    assert answer.location.startswith(f"/review/{second.id}")
    assert state_of(session, second.id) == State.ACCEPTED


def test_a_return_gives_reasons_at_the_fields_that_exist(session, submitted, changsha):
    answer = decide(
        changsha,
        submitted,
        "return",
        text="请补正",
        reason_phone="无法接通",
        reason_attachment_id_card="看不清",
        reason_specialties="缺一项",
        reason_state="approved",
        reason_school="   ",
    )
    assert answer.status_code == 302
    decision = session.scalars(select(Decision).where(Decision.action == "return")).one()
    assert json.loads(decision.field_reasons) == {
        "phone": "无法接通",
        "specialties": "缺一项",
        "attachment_id_card": "看不清",
    }
    assert state_of(session, submitted.id) == State.RETURNED


def test_what_the_applicant_changed_after_a_return_is_marked(session, cast, submitted, changsha):
    from tests.cast import take

    take(session, cast, submitted.id, "return")
    row = session.get_one(Declaration, submitted.id)
    row.school = "改后大学"
    session.commit()
    take(session, cast, submitted.id, "submit")
    session.rollback()
    document = page(changsha, f"/review/{submitted.id}")
    assert "said-changed" in document.find(id="said-school")["class"]
    assert "示例大学" in document.find(id="said-school").get_text()
    assert document.find("a", href="#said-school")


def test_a_reason_is_shown_as_text_and_never_as_markup(session, cast, submitted, changsha, app):
    hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    decide(changsha, submitted, "return", text=hostile, reason_phone=hostile)
    for client, url in (
        (changsha, f"/review/{submitted.id}"),
        (officer(app, cast.li_juan), f"/declarations/initial_registration/{submitted.id}"),
    ):
        answer = client.get(url, follow_redirects=True)
        if answer.status_code == 200:
            assert hostile not in answer.text
            assert "&lt;script&gt;alert(1)" in checked(answer).decode(formatter="minimal")


@pytest.mark.parametrize(
    ("action", "data"),
    [("return", {}), ("decline", {"text": "  "}), ("endorse", {"positive": "0"}), ("endorse", {})],
)
def test_a_step_without_its_reason_is_refused_and_nothing_typed_is_lost(
    session, cast, changsha, action, data
):
    row = declared(session, cast, "submit", *(["accept"] if action == "endorse" else []))
    before = steps_of(session, row.id)
    answer = decide(changsha, row, action, **data)
    document = checked(answer, 409)
    assert document.find(id="problems")
    opened = document.find("input", attrs={"name": "action", "value": action}).find_parent("details")
    assert opened.has_attr("open")
    assert steps_of(session, row.id) == before


def test_a_stale_version_is_named_and_what_was_typed_stays(session, submitted, changsha):
    session.execute(
        update(Declaration).where(Declaration.id == submitted.id).values(version=submitted.version + 1)
    )
    session.commit()
    answer = decide(changsha, submitted, "return", text="请补正材料", reason_phone="无法接通")
    document = checked(answer, 409)
    assert submitted.name in document.find(id="problems").get_text()
    assert document.find("textarea", id="text-return").get_text(strip=True) == "请补正材料"
    assert document.find("input", attrs={"name": "reason_phone"})["value"] == "无法接通"
    assert state_of(session, submitted.id) == State.SUBMITTED


def test_the_same_key_gives_the_first_answer(session, submitted, changsha):
    key = "a" * 32
    first = decide(changsha, submitted, "accept", key=key)
    again = decide(changsha, submitted, "accept", key=key)
    assert first.status_code == again.status_code == 302
    assert steps_of(session, submitted.id) == ["submit", "accept"]


def test_the_term_is_extended_once(session, cast, changsha):
    row = declared(session, cast, "submit", "accept")
    assert decide(changsha, row, "extend", text="需要专家评审").status_code == 302
    row = session.get_one(Declaration, row.id)
    assert row.due_on == date(2026, 7, 14)
    assert "extend" not in {
        one["data-step"] for one in page(changsha, f"/review/{row.id}").select("[data-step]")
    }
    assert decide(changsha, row, "extend", text="再次").status_code == 409
    assert steps_of(session, row.id) == ["submit", "accept", "extend"]


def test_each_authority_takes_its_own_steps_alone(session, cast, submitted, changsha, province):
    assert decide(province, submitted, "accept").status_code == 404
    endorsed = declared(session, cast, "submit", "accept", "endorse", serial=1)
    for action in ("approve", "refuse", "send_back", "publicise", "announce", "complete", "submit", "lapse"):
        assert decide(changsha, endorsed, action, text="理由").status_code == 404, action
        data = {"action": action, "ids": [ticket(endorsed)], "confirmed": "1", "text": "理由"}
        assert send(changsha, "/review/act", **data).status_code == 404, action
    assert send(province, "/review/act", action="accept", ids=[ticket(submitted)]).status_code == 404
    for nonsense in ("", "approved", "drop table", "publicise", "uphold"):
        assert decide(province, endorsed, nonsense, text="理由").status_code == 404
    assert state_of(session, submitted.id) == State.SUBMITTED
    assert state_of(session, endorsed.id) == State.ENDORSED


def test_the_province_approves_sends_back_returns_and_refuses(session, cast, province):
    rows = several(session, cast, 4, "submit", "accept", "endorse")
    told = {
        "approve": "approved",
        "send_back": "accepted",
        "return_to_applicant": "returned",
        "refuse": "refused",
    }
    for row, (action, state) in zip(rows, told.items(), strict=True):
        said = {"ground": "employer"} if action == "refuse" else {}
        assert decide(province, row, action, text="理由", **said).status_code == 302
        assert state_of(session, row.id) == state


def test_what_the_applicant_writes_into_a_returned_case_is_not_read_by_an_officer(
    session, cast, submitted, changsha, province
):
    from tests.cast import take

    take(session, cast, submitted.id, "return")
    row = session.get_one(Declaration, submitted.id)
    row.school = "尚未上报的学校"
    session.commit()
    for client in (changsha, province):
        document = page(client, f"/review/{submitted.id}")
        assert document.find(id="corrected")
        assert "尚未上报的学校" not in document.get_text()
        assert checked(send(client, f"/review/{submitted.id}/form"), 422)
        assert checked(send(client, "/review/act", action="print", ids=[str(submitted.id)]), 422)
    take(session, cast, submitted.id, "submit")
    document = page(changsha, f"/review/{submitted.id}")
    assert not document.find(id="corrected")
    assert "尚未上报的学校" in document.get_text()
