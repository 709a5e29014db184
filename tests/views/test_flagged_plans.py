"""What other registers say, in the plan of a bulk decision and in what came of it: nobody decides on flags unseen."""

import csv
import io
from datetime import date

import pytest
from sqlalchemy import update

from app.models import Declaration, PolicyValue
from tests.desk import confirmed, declared, numbers, officer, planned, send, several, state_of
from tests.neighbours import OTHER, OWN, work
from tests.pages import page
from tests.registered import registered


@pytest.fixture
def changsha(app, cast):
    return officer(app, cast.wang_qiang)


@pytest.fixture
def flagged(app, session, cast, neighbours):
    """A clear case, one that is insured elsewhere, and one that is also registered elsewhere."""
    rows = clear, insured, twice = several(session, cast, 3, "submit")
    neighbours.insure(clear.id_number, OWN)
    neighbours.insure(insured.id_number, OTHER)
    neighbours.insure(twice.id_number, OTHER)
    elsewhere = registered(session, cast.liu_yang, cast.zhang_wei, kind="temporary", certified=False)
    elsewhere.person_id = twice.person_id
    session.commit()
    work(app)
    return rows


def folds(document) -> dict[str, list[str]]:
    """The flags that the plan names, and the addresses of the cases under each."""
    return {
        one.summary.get_text(" ", strip=True): [link["href"] for link in one.select(".plan-rows a")]
        for one in document.select(".plan-flag")
    }


def table(client, plan: str) -> dict[str, list[str]]:
    lines = list(csv.reader(io.StringIO(client.get(f"{plan}/file").data.decode("utf-8-sig"))))
    assert lines[0][-1] == "比对"
    return {line[0]: line[3:] for line in lines[1:]}


def test_the_plan_of_a_bulk_decision_counts_what_carries_a_flag(app, session, cast, neighbours, changsha):
    clear, other, unknown = several(session, cast, 3, "submit")
    neighbours.insure(clear.id_number, OWN)
    neighbours.insure(other.id_number, OTHER)
    neighbours.silence(unknown.id_number)
    work(app)
    address = planned(changsha, "accept", [clear, other, unknown])
    document = page(changsha, address)
    assert numbers(document) == [3, 0, 0]
    marks = document.select_one(".plan-marks").get_text(" ", strip=True)
    assert "有异常 1" in marks
    assert "结果未知 1" in marks
    assert "无异常 1" in marks
    confirmed(changsha, address)
    assert [state_of(session, one.id) for one in (clear, other, unknown)] == ["accepted"] * 3


def test_the_marks_of_a_plan_add_up_to_what_can_be_decided(
    app, session, cast, neighbours, changsha, submitted
):
    new = declared(session, cast, "submit", serial=1)
    neighbours.insure(submitted.id_number, OTHER)
    work(app)
    session.execute(update(Declaration).where(Declaration.id == new.id).values(comparison=None))
    session.commit()
    document = page(changsha, planned(changsha, "accept", [submitted, new]))
    assert numbers(document) == [2, 0, 0]
    marks = document.select_one(".plan-marks").get_text(" ", strip=True)
    assert "未比对 1" in marks


def test_a_plan_against_which_nothing_speaks_has_no_marks(
    app, session, cast, neighbours, changsha, submitted
):
    neighbours.insure(submitted.id_number, OWN)
    work(app)
    assert not page(changsha, planned(changsha, "accept", [submitted])).select(".plan-marks")


@pytest.mark.both_engines
def test_the_plan_names_each_flag_and_the_cases_that_carry_it(session, changsha, flagged):
    _clear, insured, twice = flagged
    document = page(changsha, planned(changsha, "accept", flagged))
    assert folds(document) == {
        "1 有异常：重复注册": [f"/review/{twice.id}"],
        "2 有异常：社会保险": [f"/review/{insured.id}", f"/review/{twice.id}"],
    }
    assert all("open" in one.attrs for one in document.select(".plan-flag"))
    passing = {
        one.a["href"]: one.get_text(" ", strip=True) for one in document.select(".plan-pass .plan-rows li")
    }
    assert "有异常：重复注册、社会保险" in passing[f"/review/{twice.id}"]


@pytest.mark.both_engines
def test_the_file_of_the_plan_and_that_of_its_result_say_of_each_row_what_speaks_against_it(
    session, changsha, flagged
):
    clear, insured, twice = flagged
    said = {
        clear.number: "无异常",
        insured.number: "有异常：社会保险",
        twice.number: "有异常：重复注册、社会保险",
    }
    plan = planned(changsha, "accept", flagged)
    assert table(changsha, plan) == {number: ["可以办理", "", text] for number, text in said.items()}
    confirmed(changsha, plan)
    assert table(changsha, plan) == {number: ["受理", "", text] for number, text in said.items()}


def test_the_result_is_narrowed_to_what_carried_a_flag_when_it_was_decided(
    app, session, neighbours, changsha, flagged
):
    _clear, insured, twice = flagged
    plan = planned(changsha, "accept", flagged)
    neighbours.insure(insured.id_number, OWN)
    send(changsha, f"/review/{insured.id}/compare")
    confirmed(changsha, plan)
    work(app)
    document = page(changsha, f"{plan}/result?show=flagged")
    assert document.select_one(".plan-filter [aria-current]").get_text() == "有异常 2"
    assert [one["href"] for one in document.select("tbody a")] == [
        f"/review/{insured.id}",
        f"/review/{twice.id}",
    ]
    assert "有异常：重复注册、社会保险" in document.select("tbody tr")[1].get_text(" ", strip=True)


def test_where_no_row_carried_a_flag_the_result_says_nothing_of_flags(
    app, session, neighbours, changsha, submitted
):
    neighbours.insure(submitted.id_number, OWN)
    work(app)
    plan = planned(changsha, "accept", [submitted])
    confirmed(changsha, plan)
    assert "有异常" not in page(changsha, f"{plan}/result").get_text()


def test_a_comparison_that_the_province_has_switched_off_is_named_in_no_plan(session, changsha, flagged):
    session.add(PolicyValue(key="compare_duplicate", value="0", valid_from=date(2020, 1, 1), source="测试"))
    session.commit()
    assert list(folds(page(changsha, planned(changsha, "accept", flagged)))) == ["2 有异常：社会保险"]


def test_a_row_that_a_rule_stops_is_named_under_its_rule_and_under_no_flag(session, cast, changsha, flagged):
    _clear, insured, twice = flagged
    send(changsha, f"/review/{insured.id}/decide", action="accept", version=insured.version)
    document = page(changsha, planned(changsha, "accept", [insured, twice]))
    assert numbers(document) == [1, 1, 0]
    assert folds(document)["1 有异常：社会保险"] == [f"/review/{twice.id}"]
