"""The number of a person stands in no address: not in the form's answer, not in a link, not for another session."""

import json
import re
from urllib.parse import unquote

import pytest
from sqlalchemy import select

from app.extensions.database import db
from app.models import AuditEntry
from tests.logins import log_in
from tests.pages import fields, page, submit

NUMBER, MOBILE = "439900198501010015", "13800000001"


def found(client, typed, url="/trial-persons/", field="q"):
    """The address that the search form leads to."""
    form = page(client, url).find(id="finder")
    answer = submit(client, form, url, **{field: typed})
    assert answer.status_code == 303
    return answer.location


@pytest.mark.parametrize(
    "typed",
    [
        NUMBER,
        "439900 19850101 0015",
        "４３９９００１９８５０１０１００１５",
        f"张伟 {NUMBER}",
        MOBILE,
        "E12345678",
    ],
)
def test_the_address_of_a_search_names_nobody(people, typed):
    location = found(people["wang_qiang"], typed)
    assert "q=~" in unquote(location)
    assert not re.search(r"\d{7}", unquote(location).split("q=~")[0])
    assert typed.replace(" ", "") not in unquote(location)


def test_a_person_is_found_and_no_link_of_the_page_names_him(people):
    client = people["wang_qiang"]
    location = found(client, NUMBER)
    answer = client.get(location)
    document = page(client, location)
    assert [row.select("td")[2].get_text(strip=True) for row in document.select("tbody tr")] == ["张伟"]
    assert NUMBER not in answer.text
    assert "4399**********0015" in document.select_one(".chip-on").get_text()
    for tag in document.find_all(["a", "form", "input"]):
        for name in ("href", "action", "value"):
            assert NUMBER not in unquote(str(tag.get(name, "")))


def test_a_sealed_column_is_filtered_by_without_being_named(people):
    location = found(people["chen_jing"], MOBILE, "/trial/", "mobile")
    assert MOBILE not in unquote(location)
    document = page(people["chen_jing"], location)
    assert len(document.select("tbody tr")) == 1
    assert MOBILE not in document.decode()


def test_a_number_that_was_typed_into_the_address_is_taken_out_of_it(people):
    answer = people["wang_qiang"].get(f"/trial-persons/?q={NUMBER}")
    assert answer.status_code == 302
    assert NUMBER not in unquote(answer.location)
    assert NUMBER not in answer.text


def test_the_word_of_one_session_is_nothing_to_another(people):
    location = found(people["wang_qiang"], NUMBER)
    document = page(people["chen_jing"], location)
    assert document.find(class_="finder-note")
    assert not document.select(".chip-on")
    other = people.app.test_client()
    log_in(other, "wang_qiang")
    assert page(other, location).find(class_="finder-note")


def test_a_further_filter_keeps_the_search(people):
    client = people["wang_qiang"]
    location = found(client, NUMBER)
    form = page(client, location).find(id="finder")
    assert "q" not in {name for name, value in fields(form).items() if value == NUMBER}
    answer = submit(client, form, location, gender="1")
    assert answer.location.startswith(location.split("&")[0])


def test_sorting_and_turning_keep_the_search(people):
    client = people["wang_qiang"]
    location = found(client, NUMBER)
    token = re.search(r"q=([^&]+)", location)[1]
    document = page(client, location)
    for link in document.select("a.sorter"):
        assert token in link["href"]


def test_the_audit_of_an_export_does_not_name_the_person(people, send):
    from sqlalchemy import select

    from app.extensions.database import db
    from app.models import AuditEntry

    client = people["wang_qiang"]
    address = found(client, NUMBER).partition("?")[2]
    answer = send(client, "/trial-persons/export", {"format": "csv", "list": f"?{address}"})
    text = answer.get_data(as_text=True)
    assert "张伟" in text
    assert NUMBER not in text
    with people.app.app_context():
        lines = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "export")).all()
        assert lines
        assert all(NUMBER not in str(vars(line)) for line in lines)


def test_what_a_search_form_loses_is_said_on_the_page_that_it_leads_to(people, send):
    client = people["wang_qiang"]
    answer = send(client, "/trial-persons/find", {"q": "", "q_kept": f"~{'A' * 60}"})
    assert "已结束的登录会话" in page(client, answer.location).find(class_="alert").get_text()


def searches(people) -> list[tuple]:
    with people.app.app_context():
        rows = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "search_number"))
        found = [(row.actor_name, row.subject, json.loads(row.detail)) for row in rows]
        db.session.rollback()
    return found


def test_a_search_for_the_number_of_a_person_is_written_down_once_and_masked(people):
    client, before = people["wang_qiang"], len(searches(people))
    location = found(client, NUMBER)
    for url in (location, f"{location}&page=2", f"{location}&sort=name"):
        page(client, url)
    assert client.get(f"/trial-persons/?q={NUMBER}").status_code == 302
    lines = searches(people)[before:]
    assert len(lines) == 2, "one that was typed into the form, and one that was typed into the address"
    masked = {"list": "TrialPersonScreen", "number": "4399**********0015"}
    assert {(who, subject) for who, subject, _detail in lines} == {("wang_qiang", "person")}
    assert [detail for *_rest, detail in lines] == [masked, masked]


def test_a_further_filter_beside_the_number_is_no_second_search(people):
    client = people["wang_qiang"]
    location = found(client, NUMBER)
    before = len(searches(people))
    form = page(client, location).find(id="finder")
    submit(client, form, location)
    assert len(searches(people)) == before


def test_a_search_for_a_name_is_not_written_down(people):
    before = len(searches(people))
    found(people["wang_qiang"], "张伟")
    assert len(searches(people)) == before


def test_a_sealed_filter_is_a_search_for_a_number_too(people):
    before = len(searches(people))
    found(people["chen_jing"], MOBILE, "/trial/", "mobile")
    (line,) = searches(people)[before:]
    assert line[2]["number"] == "138****0001"
