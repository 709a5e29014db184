"""The plan of a bulk decision: what it says before anything is decided, and that exactly that is done."""

import csv
import io

import pytest
from sqlalchemy import select, update

from app.models import Decision, Declaration, Job, JobState, State
from app.views import plans
from tests.desk import (
    audited,
    confirmed,
    declared,
    numbers,
    officer,
    planned,
    send,
    several,
    state_of,
    steps_of,
    ticket,
)
from tests.pages import checked, page


@pytest.fixture
def changsha(app, cast):
    return officer(app, cast.wang_qiang)


def plans_made(session) -> list[Job]:
    session.rollback()
    return list(session.scalars(select(Job).where(Job.kind == "bulk_decision")))


def test_a_foreign_row_refuses_the_whole_selection_and_nothing_is_planned(session, cast, changsha):
    own = declared(session, cast, "submit")
    foreign = declared(session, cast, "submit", clerk=cast.liu_yang, serial=1)
    for ids in ([ticket(foreign)], [ticket(own), ticket(foreign)]):
        assert send(changsha, "/review/act", action="accept", ids=ids).status_code == 404
    assert plans_made(session) == []
    assert state_of(session, own.id) == state_of(session, foreign.id) == State.SUBMITTED


def test_all_that_match_are_those_of_the_officers_own_city(session, cast, changsha):
    own = declared(session, cast, "submit")
    foreign = declared(session, cast, "submit", clerk=cast.liu_yang, serial=1)
    plan = planned(changsha, "accept", list_="?state=submitted")
    document = page(changsha, plan)
    assert numbers(document) == [1, 0, 0]
    assert foreign.number not in document.get_text()
    confirmed(changsha, plan)
    assert (state_of(session, own.id), state_of(session, foreign.id)) == ("accepted", "submitted")


def test_the_plan_says_what_passes_what_cannot_and_what_has_changed(session, cast, changsha):
    rows = several(session, cast, 4, "submit")
    session.get_one(Declaration, rows[1].id).school = ""
    session.commit()
    rows[1] = session.get_one(Declaration, rows[1].id)
    session.execute(
        update(Declaration).where(Declaration.id == rows[2].id).values(version=rows[2].version + 1)
    )
    session.commit()
    rows.append(declared(session, cast, "submit", "accept", serial=4))
    plan = planned(changsha, "accept", rows)
    document = page(changsha, plan)
    assert numbers(document) == [2, 2, 1]
    groups = {
        one.summary.get_text(" ", strip=True): one.get_text() for one in document.select("details.plan-group")
    }
    assert len(groups) == 4
    for row in rows:
        assert sum(row.number in text for text in groups.values()) == 1, row.name
    stopped = document.select(".plan-stop .plan-rows")
    assert any("学校" in one.get_text() or "毕业院校" in one.get_text() for one in stopped)
    assert [steps_of(session, row.id)[-1] for row in rows] == ["submit"] * 4 + ["accept"]
    assert not audited(session, "declaration.plan")


def test_the_numbers_of_the_plan_are_the_outcome_when_nothing_changes_between(session, cast, changsha):
    rows = several(session, cast, 3, "submit")
    session.get_one(Declaration, rows[1].id).school = ""
    session.commit()
    plan = planned(changsha, "accept", list_="?state=submitted")
    assert numbers(page(changsha, plan)) == [2, 1, 0]
    url = confirmed(changsha, plan)
    left = page(changsha, url).find(id="result").select("tbody tr")
    assert [rows[1].number in line.get_text() for line in left] == [True]
    assert [state_of(session, row.id) for row in rows] == ["accepted", "submitted", "accepted"]
    (line,) = audited(session, "declaration.plan")
    assert '"rows": 2' in line.detail


def test_few_rows_are_done_while_the_officer_waits(session, cast, changsha):
    rows = several(session, cast, 2, "submit")
    confirmed(changsha, planned(changsha, "accept", rows))
    (job,) = plans_made(session)
    assert (job.state, job.progress, job.total) == (JobState.DONE, 2, 2)


def test_the_same_page_sent_twice_is_one_plan_and_decides_once(session, cast, changsha):
    rows = several(session, cast, 2, "submit")
    plan = planned(changsha, "accept", rows, key="b" * 32)
    assert planned(changsha, "accept", rows, key="b" * 32) == plan
    job = confirmed(changsha, plan)
    assert confirmed(changsha, plan) == job
    assert planned(changsha, "accept", rows, key="b" * 32) == plan
    assert changsha.get(plan).location == job
    assert [steps_of(session, row.id) for row in rows] == [["submit", "accept"]] * 2


def test_the_same_page_with_other_rows_or_another_step_is_another_plan(session, cast, changsha):
    first, second = several(session, cast, 2, "submit")
    made = {
        planned(changsha, action, rows, key="b" * 32)
        for action, rows in (("accept", [first]), ("accept", [first, second]), ("decline", [first]))
    }
    assert len(made) == 3


def test_a_plan_that_lacks_its_reason_keeps_what_was_chosen_and_can_be_sent_again(session, cast, changsha):
    (row,) = several(session, cast, 1, "submit", "accept")
    plan = planned(changsha, "endorse", [row])
    document = checked(send(changsha, plan, positive="0", text=" "), 422)
    assert document.select_one("select[name=positive] option[selected]")["value"] == "0"
    assert document.select_one(".alert-danger")
    assert state_of(session, row.id) == "accepted"
    confirmed(changsha, plan, positive="0", text="材料不符")
    assert state_of(session, row.id) == "endorsed"


def test_a_bulk_refusal_names_its_ground_and_only_one_of_the_law(session, cast, app):
    """Without a ground, and with one that the law does not know, nobody is refused."""
    province = officer(app, cast.chen_jing)
    rows = several(session, cast, 2, "submit", "accept", "endorse")
    plan = planned(province, "refuse", rows)
    for ground in ("", "nonsense"):
        document = checked(send(province, plan, text="聘用单位不符合要求", ground=ground), 422)
        assert "请选择不予注册依据" in document.select_one(".alert-danger").get_text()
        assert [state_of(session, row.id) for row in rows] == ["endorsed"] * 2
    confirmed(province, plan, text="聘用单位不符合要求", ground="employer")
    assert [state_of(session, row.id) for row in rows] == ["refused"] * 2
    grounds = session.scalars(select(Decision.ground).where(Decision.to_state == "refused")).all()
    assert grounds == ["employer"] * 2


def test_a_list_that_has_grown_since_it_was_looked_at_says_so(session, cast, changsha):
    several(session, cast, 2, "submit")
    assert page(changsha, "/review/?state=submitted").select_one("#bulk input[name=shown]")["value"] == "2"
    document = page(changsha, planned(changsha, "accept", list_="?state=submitted", shown="1"))
    assert document.select_one(".alert-warning")
    document = page(changsha, planned(changsha, "accept", list_="?state=submitted", shown="2"))
    assert not document.select_one(".alert-warning")


def test_a_row_that_the_officer_took_out_himself_is_no_change_of_the_list(session, cast, changsha):
    rows = several(session, cast, 3, "submit")
    except_ = {"except": ticket(rows[1]), "shown": "3"}
    document = page(changsha, planned(changsha, "accept", list_="?state=submitted", **except_))
    assert numbers(document) == [2, 0, 0]
    assert not document.select_one(".alert-warning")


def test_every_row_of_a_plan_stands_in_its_file_also_when_the_page_names_fewer(
    session, cast, changsha, monkeypatch
):
    monkeypatch.setattr(plans, "NAMED", 1)
    rows = several(session, cast, 3, "submit")
    plan = planned(changsha, "accept", rows)
    document = page(changsha, plan)
    assert sum(row.number in document.get_text() for row in rows) == 1
    answer = changsha.get(f"{plan}/file")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [line[0] for line in lines[1:]] == [row.number for row in rows]
    confirmed(changsha, plan)
    first, second = (page(changsha, f"{plan}/result?page={number}") for number in (1, 3))
    assert rows[0].number in first.get_text()
    assert rows[2].number in second.get_text()
    assert first.select_one("a[rel=next]")
    assert not second.select_one("a[rel=next]")


def test_there_is_no_result_before_the_plan_is_confirmed(session, cast, changsha):
    (row,) = several(session, cast, 1, "submit")
    assert changsha.get(f"{planned(changsha, 'accept', [row])}/result").status_code == 404
