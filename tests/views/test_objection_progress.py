"""The look-up of an objection: a page for everybody, an answer for the objector."""

import pytest

from app.services.objections import MOST_IN_AN_HOUR
from app.services.publicity import raise_objection
from tests.desk import declared
from tests.pages import checked, page, submit

URL = "/objections/"


@pytest.fixture
def raised(session, cast, app):
    row = declared(session, cast, "submit", "accept", "endorse", "approve", "publicise")
    with app.test_request_context():
        objection = raise_objection(
            session, row.id, objector="王某", contact="13900000000", content="该人员未在该单位工作。"
        )
        session.commit()
    return objection


def asked(client, receipt, objector):
    form = page(client, URL).find("input", id="receipt").find_parent("form")
    return submit(client, form, URL, receipt=receipt, objector=objector)


def test_a_visitor_asks_with_the_receipt_and_the_name(client, raised):
    document = checked(asked(client, raised.receipt, "王某"))
    assert document.select_one(".verdict")
    assert raised.receipt in document.find("dl").get_text()
    assert "13900000000" not in document.decode()


def test_a_wrong_name_and_a_wrong_number_get_the_same_answer(client, raised):
    answers = [
        checked(asked(client, *said), 404).find(id="problems").get_text(strip=True)
        for said in ((raised.receipt, "李某"), ("Y202601010001", "王某"))
    ]
    assert answers[0] == answers[1]


def test_what_was_typed_stays(client, raised):
    document = checked(asked(client, raised.receipt, ""), 422)
    assert document.find(id="receipt")["value"] == raised.receipt
    assert document.find(id="problems")


def test_guessing_ends_with_a_page_that_says_so(client, raised):
    for _ in range(MOST_IN_AN_HOUR):
        assert asked(client, raised.receipt, "李某").status_code == 404
    answer = asked(client, raised.receipt, "王某")
    assert answer.headers["Retry-After"]
    assert raised.receipt not in checked(answer, 429).get_text()


@pytest.mark.parametrize("text", ["\x00", "😀" * 40, "' OR 1=1 --", "a" * 5000])
def test_odd_text_is_only_text(client, raised, text):
    for said in ((text, "王某"), (raised.receipt, text)):
        assert asked(client, *said).status_code in {404, 422}


def test_the_receipt_leads_to_the_look_up(client, session, raised):
    document = page(client, f"{URL}?receipt={raised.receipt}")
    assert document.find(id="receipt")["value"] == raised.receipt
