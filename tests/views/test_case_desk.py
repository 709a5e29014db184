"""Claims on the page of a case: who has it in hand, who takes it over, and where a decision leads."""

import re

import pytest
from sqlalchemy import select

from app.models import Claim, Declaration, State
from tests.cast import take
from tests.desk import audited, colleague_of, declared, officer, send, several, state_of
from tests.pages import checked, page

NEVER_FILED = "尚未上报的学校"


@pytest.fixture
def changsha(app, cast):
    return officer(app, cast.wang_qiang)


@pytest.fixture
def second(app, session, cast):
    """The browser of a second officer of Changsha."""
    return officer(app, colleague_of(session, cast.wang_qiang))


def claim(client, row, act="claim"):
    return send(client, f"/review/{row.id}/{act}")


def decide(client, row, action, **data):
    return send(client, f"/review/{row.id}/decide", action=action, version=row.version, **data)


def edited(session, cast, key, *actions, **values):
    """The applicant has the case back after these steps, and writes."""
    take(session, cast, key, *actions)
    row = session.get_one(Declaration, key)
    for name, value in values.items():
        setattr(row, name, value)
    session.commit()
    return row


def test_the_officer_of_another_city_gets_404_for_claim_take_over_and_release(
    app, session, cast, submitted, changsha
):
    claim(changsha, submitted)
    shaoyang = officer(app, cast.zhao_min)
    for act in ("claim", "take-over", "release"):
        assert claim(shaoyang, submitted, act).status_code == 404, act
    (held,) = session.scalars(select(Claim)).all()
    assert held.account_id == cast.wang_qiang.actor.account_id


def test_whoever_is_no_reviewing_officer_gets_404_for_claims(app, session, cast, submitted):
    for member in (cast.li_juan, cast.zhang_wei, cast.province_admin, cast.admin, cast.auditor):
        client = officer(app, member)
        for act in ("claim", "take-over", "release"):
            assert claim(client, submitted, act).status_code == 404, (member.name, act)
    assert not session.scalars(select(Claim)).all()


def test_to_open_the_page_writes_nothing_and_its_script_claims_the_case(session, submitted, changsha):
    document = page(changsha, f"/review/{submitted.id}")
    assert not session.scalars(select(Claim)).all()
    session.rollback()
    address = document.select_one("[data-claim]")["data-claim"]
    told = send(changsha, address).json
    assert (told["held"], told["name"], told["seconds"]) == ("mine", "", 900)
    assert session.scalars(select(Claim)).one().declaration_id == submitted.id


def test_a_colleague_reads_who_has_the_case_in_hand_on_the_page_and_in_the_list(
    app, cast, submitted, changsha, second
):
    claim(changsha, submitted)
    holder = page(second, f"/review/{submitted.id}").find(id="holder")
    assert "王强" in holder.get_text()
    assert not holder.has_attr("hidden")
    assert "王强" in page(second, "/review/").find("tbody").get_text()
    assert claim(second, submitted).json["held"] == "other"
    assert page(changsha, f"/review/{submitted.id}").find(id="holder").has_attr("hidden")
    applicant = officer(app, cast.li_juan)
    for url in ("/declarations/initial-registration/", f"/declarations/initial-registration/{submitted.id}"):
        assert "王强" not in page(applicant, url).get_text()


def test_a_case_is_taken_over_from_the_page(session, submitted, changsha, second):
    claim(changsha, submitted)
    answer = claim(second, submitted, "take-over")
    assert answer.status_code == 302
    assert answer.location.startswith(f"/review/{submitted.id}")
    assert claim(changsha, submitted).json["name"] == "孙丽"
    assert len(audited(session, "claim.take_over")) == 1


def test_a_case_that_is_left_is_free(session, submitted, changsha, second):
    claim(changsha, submitted)
    assert claim(changsha, submitted, "release").status_code == 200
    assert claim(second, submitted).json["held"] == "mine"


def test_a_step_on_another_s_case_asks_once_more_and_loses_nothing(session, submitted, changsha, second):
    claim(changsha, submitted)
    answer = decide(second, submitted, "return", text="请补正材料", reason_phone="无法接通")
    document = checked(answer, 409)
    assert "王强" in document.find(id="problems").get_text()
    assert document.find("textarea", id="text-return").get_text(strip=True) == "请补正材料"
    assert document.find("input", attrs={"name": "reason_phone"})["value"] == "无法接通"
    assert document.select_one("#step-return input[name=anyway]")
    assert state_of(session, submitted.id) == State.SUBMITTED
    assert decide(second, submitted, "return", text="请补正材料", anyway="1").status_code == 302
    assert state_of(session, submitted.id) == State.RETURNED
    assert len(audited(session, "claim.take_over")) == 1
    assert not session.scalars(select(Claim)).all()


def test_the_step_of_the_holder_ends_his_claim(session, submitted, changsha):
    claim(changsha, submitted)
    assert decide(changsha, submitted, "accept").status_code == 302
    assert not session.scalars(select(Claim)).all()


def test_the_next_case_is_one_that_nobody_else_has_in_hand_unless_the_officer_wants_it(
    session, cast, changsha, second
):
    first, held, third = several(session, cast, 3, "submit")
    claim(changsha, held)
    url = f"/review/{first.id}?list=desk%3Dwaiting%26sort%3Dnumber"
    follows = page(second, url).select_one("[data-next]")["href"]
    assert follows.startswith(f"/review/{third.id}?")
    assert page(changsha, url).select_one("[data-next]")["href"].startswith(f"/review/{held.id}?")
    second.set_cookie("review-skip", "no")
    assert page(second, url).select_one("[data-next]")["href"].startswith(f"/review/{held.id}?")
    second.delete_cookie("review-skip")
    answer = decide(second, first, "accept", onward="1", list="desk=waiting&sort=number")
    assert answer.location.startswith(f"/review/{third.id}?")
    assert page(second, answer.location).select_one(".alert-success").get_text(strip=True) == (
        f"{first.name} {first.number} 已办理：受理。"
    )


@pytest.mark.parametrize("list_", ["desk=waiting&sort=due_on", "desk=all&sort=due_on"])
@pytest.mark.parametrize("chosen", [0, 2])
def test_who_stays_with_a_returned_case_still_gets_to_the_next_one_of_his_list(
    session, cast, changsha, second, list_, chosen
):
    """The return ends the clock by which the list is in order: the case falls to its end, or out of it."""
    rows = several(session, cast, 3, "submit")
    following = rows[1]
    answer = decide(changsha, rows[chosen], "return", list=list_, text="请补正。")
    onward = page(changsha, answer.location).select_one("[data-next]")["href"]
    assert onward.startswith(f"/review/{following.id}?")
    decide(second, following, "return", anyway="1", text="请补正。")
    left = page(changsha, answer.location).select_one("[data-next]")
    assert ("all" in list_) == (left is not None and left["href"].startswith(f"/review/{following.id}?"))


@pytest.mark.parametrize("address", ["", "_l_=zh", "sort=-number", "size=20&_l_=en"])
def test_a_case_has_its_place_among_the_rows_of_the_list_that_it_was_opened_from(
    session, cast, changsha, address
):
    several(session, cast, 2, "submit")
    declared(session, cast, "submit", "accept", "endorse", serial=3)  # lies with the province now
    list_ = page(changsha, f"/review/?{address}")
    rows = list_.select("table.rows tbody tr")
    assert len(rows) == 2
    opened = page(changsha, rows[0].select_one("td.acts a")["href"])
    assert re.findall(r"\d+", opened.select_one(".case-place span").get_text()) == ["1", "2"]
