"""会不会被退: while a clerk types, the rules answer, at their fields and with their clauses."""

import pytest
from sqlalchemy import func, select

from app.models import AuditEntry, Declaration, Qualification
from tests.cast import file_draft, login, take
from tests.pages import fields, page
from tests.registered import drafted, registered
from tests.views.clerk import BASE, anew, pick, post, record


@pytest.fixture
def clerk(client, cast):
    return login(client, cast.li_juan)


def ask(client, url: str, **typed) -> dict:
    """What the page's script asks: the form as it stands, with what was just typed."""
    sent = fields(record(page(client, url))) | typed
    answer = post(client, url.replace("/edit", "/precheck"), json=True, **sent)
    assert answer.status_code == 200, answer.text
    return answer.json


def line(answer: dict, rule: str) -> dict:
    return next(one for one in answer["lines"] if one["rule"] == rule)


def test_every_rule_is_listed_with_its_clause(clerk):
    answer = ask(clerk, pick(clerk))
    rules = [one["rule"] for one in answer["lines"]]
    assert rules == [
        "complete", "identity", "graduation", "real_name", "qualified", "specialties", "never_registered",
        "barred", "false_material", "one_under_way", "age", "continuing_education", "contract", "employer",
        "unchanging", "region", "lock", "attachments", "misconduct",
    ]  # fmt: skip
    assert all(one["clause"] for one in answer["lines"])
    assert line(answer, "real_name")["tone"] == "green"
    assert line(answer, "complete")["tone"] == "red"
    assert not answer["ready"]


def test_a_declaration_that_keeps_every_rule_is_ready(clerk, session, cast):
    answer = ask(clerk, f"{BASE}/{file_draft(session, cast.li_juan, cast.zhang_wei)}/edit")
    assert answer["ready"], answer
    assert {one["tone"] for one in answer["lines"]} == {"green"}


def test_what_is_typed_now_counts_and_not_what_is_stored(clerk, session, cast):
    url = f"{BASE}/{file_draft(session, cast.li_juan, cast.zhang_wei)}/edit"
    ended = ask(clerk, url, employed_to="2026-05-31", employed_open_ended=None)
    assert line(ended, "contract")["findings"][0]["field"] == "employed_to"
    without = ask(clerk, url, specialty="")
    assert line(without, "specialties")["tone"] == "red"
    warned = ask(clerk, url, misconduct="2024 年受警告")
    assert line(warned, "misconduct")["tone"] == "yellow"
    assert warned["ready"]


def test_what_the_right_number_says_follows_it_while_it_is_typed(clerk, session, cast):
    """A clerk sees the gender and the birth date of what stands in the field, not of what was saved before."""
    held = registered(session, cast.li_juan, cast.zhang_wei)
    row = drafted(session, cast, "id_correction", held, new_id_number="439900198506150035")
    url = f"/declarations/id-correction/{row.id}/edit"
    assert ask(clerk, url)["follows"] == {"new_gender": "男", "new_birth_date": "1985-06-15"}
    other = ask(clerk, url, new_id_number="439900199002280025")
    assert other["follows"] == {"new_gender": "女", "new_birth_date": "1990-02-28"}


def test_a_removed_paper_is_missed_at_once(clerk, session, cast):
    url = f"{BASE}/{file_draft(session, cast.li_juan, cast.zhang_wei)}/edit"
    photo = (
        page(clerk, url)
        .find(id="said-attachment_photo")
        .find("input", attrs={"name": "remove-file"})["value"]
    )
    found = line(ask(clerk, url, **{"remove-file": photo}), "attachments")["findings"]
    assert [one["field"] for one in found] == ["attachment_photo"]


def test_a_field_that_cannot_be_read_is_said_at_the_field(clerk):
    answer = ask(clerk, pick(clerk), employed_from="2026-13-45", phone="??")
    assert set(answer["faults"]) == {"employed_from", "phone"}
    assert not answer["ready"]


def test_a_date_that_was_typed_wrongly_is_called_wrong_and_not_missing(clerk):
    url = pick(clerk)
    said = {one["field"]: one["message"] for one in line(ask(clerk, url), "complete")["findings"]}
    assert said["employed_from"].endswith("未填写。")
    wrong = ask(clerk, url, employed_from="2026-13-45")
    told = {one["field"]: one["message"] for one in line(wrong, "complete")["findings"]}
    assert wrong["faults"]["employed_from"] in told["employed_from"]
    assert "未填写" not in told["employed_from"]
    assert told | {"employed_from": ""} == said | {"employed_from": ""}


@pytest.mark.both_engines
def test_asking_writes_nothing(clerk, session, cast):
    draft = file_draft(session, cast.li_juan, cast.zhang_wei)
    before = session.get_one(Declaration, draft).version
    counted = session.scalar(select(func.count()).select_from(AuditEntry))
    ask(clerk, f"{BASE}/{draft}/edit", phone="0731-12340000", misconduct="无", specialty="")
    row = anew(session).get_one(Declaration, draft)
    assert (row.version, len(row.specialties)) == (before, 2)
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == counted


@pytest.mark.both_engines
def test_another_enterprise_that_is_faster_is_told_of_without_its_data(clerk, session, cast):
    take(session, cast, file_draft(session, cast.fang_yuan, cast.zhang_wei), "submit")
    answer = ask(clerk, pick(clerk))
    (found,) = line(answer, "one_under_way")["findings"]
    assert found["message"] == "其他企业正在为该人员办理申报业务。"
    for secret in ("湘江样板", "方圆", "2026060110"):
        assert secret not in str(answer)


def test_a_draft_of_another_enterprise_is_no_obstacle(clerk, session, cast):
    file_draft(session, cast.fang_yuan, cast.zhang_wei)
    assert line(ask(clerk, pick(clerk)), "one_under_way")["tone"] == "green"


def test_old_qualifications_ask_for_hours_and_for_their_proof(clerk, session, cast):
    from datetime import date

    draft = file_draft(session, cast.li_juan, cast.zhang_wei)
    for one in session.scalars(select(Qualification)):
        one.issued_on = date(2020, 1, 1)
    for one in session.get_one(Declaration, draft).specialties:
        one.issued_on = date(2020, 1, 1)
    session.commit()
    first, second = session.scalars(select(Qualification.id).order_by(Qualification.id)).all()
    url = f"{BASE}/{draft}/edit"
    bare = ask(clerk, url)
    assert len(line(bare, "continuing_education")["findings"]) == 2
    assert "education_proof" in bare["needed"]
    hours = {
        f"mandatory-{first}": "60",
        f"elective-{first}": "60",
        f"mandatory-{second}": "30",
        f"elective-{second}": "30",
    }
    assert line(ask(clerk, url, **hours), "continuing_education")["tone"] == "green"


def test_a_session_that_ended_is_told_to_the_script(client, session, cast):
    draft = file_draft(session, cast.li_juan, cast.zhang_wei)
    sent = page(client, "/login").find("meta", attrs={"name": "csrf"})["content"]
    answer = client.post(
        f"{BASE}/{draft}/precheck", data={"csrf_token": sent}, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 401
    assert "/login" in answer.json["login"]
