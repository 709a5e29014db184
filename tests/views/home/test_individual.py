"""The home of a person where two parties decide: what waits for an answer, and what consent and silence do."""

from datetime import timedelta

import pytest

from app.cli.demo.filing import file_declaration
from app.models import Declaration, Person, State
from app.workflow.types import registry
from tests.cast import add_constructor, login, take
from tests.desk import officer
from tests.pages import checked, page, submit
from tests.registered import registered


def begun(session, cast, key, filer, *steps) -> Declaration:
    """A declaration about 张伟 that `filer` has begun, after these steps."""
    kind = registry[key]
    row = registered(session, cast.li_juan, cast.zhang_wei, kind=str(kind.registration_kind))
    person = session.get_one(Person, row.person_id)
    made = file_declaration(session, kind, filer.actor, person, row)
    session.commit()
    found = take(session, cast, made.id, *steps)
    session.refresh(found)
    return found


def home(app, member):
    return page(officer(app, member), "/?_l_=en")


def following(document) -> str:
    return document.select_one(".journey-next").get_text(" ", strip=True)


def test_what_waits_for_his_answer_leads_to_where_he_answers(app, session, cast):
    row = begun(session, cast, "cancellation", cast.li_juan, "submit")
    client = login(app.test_client(), cast.zhang_wei)
    document = page(client, "/?_l_=en")
    asked = document.find(id="asked")
    text = asked.get_text(" ", strip=True)
    for part in ("Waiting for my confirmation", "长沙示例建设有限公司", "Building", "working days left"):
        assert part in text, text
    assert asked.a["href"] == f"/confirmations/cancellation/{row.id}"
    answering = page(client, asked.a["href"])
    assert {"Agree", "Disagree"} <= {one.get_text(strip=True) for one in answering.select("button")}
    said = following(document)
    assert "You are asked to agree or to disagree" in said
    assert row.due_on.isoformat() in said
    assert "Now held by You" in document.select_one(".journey-facts").get_text(" ", strip=True)


def test_another_person_and_the_enterprise_that_asked_are_not_asked(app, session, cast):
    begun(session, cast, "cancellation", cast.li_juan, "submit")
    other = add_constructor(session, cast.wang_qiang, "何静", "439900199002280025")
    session.commit()
    for member in (other, cast.li_juan):
        assert home(app, member).find(id="asked") is None


def test_a_draft_of_the_enterprise_asks_nobody(app, session, cast):
    begun(session, cast, "cancellation", cast.li_juan)
    assert home(app, cast.zhang_wei).find(id="asked") is None


def test_what_the_person_began_waits_for_the_enterprise(app, session, cast):
    begun(session, cast, "personal_cancellation", cast.zhang_wei, "submit")
    document = home(app, cast.zhang_wei)
    assert document.find(id="asked") is None
    assert "The enterprise is asked to agree" in following(document)
    assert [one["class"][1] for one in document.select(".journey-way .stage")] == ["stage-done", "stage-now"]


@pytest.mark.parametrize(
    ("steps", "words", "marks"),
    [
        (("submit", "disagree"), "ask the province to decide", ["back", "ahead"]),
        (("submit", "go_unanswered"), "ask the province to decide", ["back", "ahead"]),
        (("submit", "agree"), "has come to its end", ["done", "done"]),
    ],
    ids=lambda one: one[-1] if isinstance(one, tuple) else None,
)
def test_each_end_of_the_question_is_told(app, session, cast, steps, words, marks):
    begun(session, cast, "cancellation", cast.li_juan, *steps)
    document = home(app, cast.zhang_wei)
    assert words in following(document)
    assert [one["class"][1].removeprefix("stage-") for one in document.select(".journey-way .stage")] == marks


def test_a_transfer_tells_that_the_former_employer_is_asked(app, session, cast):
    row = registered(session, cast.li_juan, cast.zhang_wei, kind="temporary")
    made = file_declaration(
        session,
        registry["temporary_transfer"],
        cast.fang_yuan.actor,
        session.get_one(Person, row.person_id),
        row,
    )
    session.commit()
    take(session, cast, made.id, "submit")
    assert "The former employer is asked to agree" in following(home(app, cast.zhang_wei))
    take(session, cast, made.id, "consent")
    assert "The province examines the case" in following(home(app, cast.zhang_wei))


def test_what_the_province_sent_back_after_the_consent_is_told_as_no_dispute(app, session, cast):
    begun(session, cast, "temporary_transfer", cast.fang_yuan, "submit", "consent", "return_to_applicant")
    told = following(home(app, cast.zhang_wei))
    assert "corrects what has been named" in told
    assert "you can end it" not in told


def test_a_person_who_disagreed_reads_from_when_on_he_may_end_it_and_ends_it(app, session, cast, clock):
    row = begun(session, cast, "cancellation", cast.li_juan, "submit", "disagree")
    assert "from 2026-06-24 on you can end it" in following(home(app, cast.zhang_wei))
    clock.shift(timedelta(days=23))
    client = login(app.test_client(), cast.zhang_wei)
    url = f"/my-declarations/{row.id}"
    form = page(client, url).find("button", value="end_dispute").find_parent("form")
    asked = submit(client, form, url, action="end_dispute")
    form = checked(asked).find(id="answer-opinion").find_parent("form")
    assert submit(client, form, url, opinion="企业长期搁置。").status_code == 302
    session.rollback()
    session.refresh(row)
    assert row.state == State.LAPSED
