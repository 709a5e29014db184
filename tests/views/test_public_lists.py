"""What everybody reads: lists with masked numbers, an objection while the period runs, and nothing else."""

import re

import pytest
from sqlalchemy import select

from app.models import Announcement, Declaration, Objection, Publicity
from app.models.personal import public_id_mask
from app.services.publicity import MOST_IN_AN_HOUR
from tests.desk import audited, declared, several
from tests.pages import checked, page, submit

_DAY = 86_400
_APPROVED = ("submit", "accept", "endorse", "approve")
FIELDS = {"objector": "王某", "contact": "13900000000", "content": "该人员未在该单位工作。"}


@pytest.fixture
def publicised(session, cast):
    return declared(session, cast, *_APPROVED, "publicise")


def number_of(session, model=Publicity) -> str:
    session.rollback()
    number = session.scalars(select(model.number).order_by(model.id.desc())).first()
    session.rollback()
    return number


def object_to(client, number, row, **values):
    url = f"/publicity/{number}/objections/{row.id}"
    form = page(client, url).find("textarea", id="content").find_parent("form")
    return submit(client, form, url, **{**FIELDS, **values})


def objections(session) -> list[Objection]:
    session.rollback()
    return list(session.scalars(select(Objection)))


def test_the_list_shows_who_is_meant_and_nothing_that_is_not_needed(session, client, publicised):
    number = number_of(session)
    assert number in page(client, "/publicity/").get_text()
    document = page(client, f"/publicity/{number}")
    heads = [one.get_text(strip=True) for one in document.select("table thead th")]
    assert len(heads) == 7
    cells = [one.get_text(" ", strip=True) for one in document.select("table tbody td")]
    assert cells[1:6] == [
        publicised.name, public_id_mask(publicised.id_number_masked), publicised.enterprise_name,
        publicised.specialties_text, "长沙市",
    ]  # fmt: skip
    text = document.decode()
    for secret in ("id_number", "school", "phone", "number", "enterprise_uscc"):
        assert getattr(publicised, secret) not in text
    assert not re.search(r"\d{17}[\dX]", text)
    assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", text)


def test_reading_the_lists_opens_no_session(session, client, publicised):
    for url in ("/publicity/", f"/publicity/{number_of(session)}", "/announcements/"):
        answer = client.get(url)
        assert "Set-Cookie" not in answer.headers


def test_a_name_is_found_within_its_list_and_a_wild_card_is_a_letter(session, cast, client):
    first, second = several(session, cast, 2, *_APPROVED)
    from tests.cast import take

    take(session, cast, first.id, "publicise")
    number = number_of(session)
    take(session, cast, second.id, "publicise")
    session.rollback()
    assert first.name in page(client, f"/publicity/{number}?q={first.name[0]}").find("tbody").get_text()
    for text in (second.name, "%", "_", "' OR 1=1 --", "\x00"):
        assert (
            not page(client, f"/publicity/{number}", query_string={"q": text}).select("tbody tr")
            or text == "\x00"
        )


def test_lists_that_do_not_exist_are_404(client, publicised):
    for url in (
        "/publicity/S2026060110999",
        "/publicity/x",
        "/publicity/S/objections/1",
        "/announcements/S1",
    ):
        assert client.get(url).status_code == 404


def test_nonsense_in_the_address_is_no_error(session, client, publicised):
    number = number_of(session)
    for query in (
        "?page=0",
        "?page=-1",
        "?page=abc",
        "?page=99999999999999",
        "?print=1&page=9",
        "?q=" + "长" * 500,
    ):
        assert client.get(f"/publicity/{number}{query}").status_code == 200
        assert client.get(f"/publicity/{query}").status_code == 200


def test_the_list_for_the_printer_has_everybody_and_no_search(session, client, publicised):
    document = page(client, f"/publicity/{number_of(session)}?print=1")
    assert publicised.name in document.find("tbody").get_text()
    assert not document.find(id="q")
    assert document.find("button", attrs={"data-print": True})


def test_an_objection_gets_a_receipt_number(session, client, publicised):
    number = number_of(session)
    document = checked(object_to(client, number, publicised))
    (objection,) = objections(session)
    assert objection.receipt == "Y202606010001"
    assert objection.receipt in document.get_text()
    assert (objection.objector, objection.contact, objection.content) == tuple(FIELDS.values())
    assert len(audited(session, "objection.raise")) == 1


def test_the_same_form_sent_twice_is_one_objection(session, client, publicised):
    number = number_of(session)
    first = object_to(client, number, publicised, key="c" * 32)
    again = object_to(client, number, publicised, key="c" * 32)
    assert len(objections(session)) == 1
    receipt = objections(session)[0].receipt
    assert receipt in first.text
    assert receipt in again.text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("objector", "  "),
        ("contact", ""),
        ("contact", "1"),
        ("contact", "长沙市"),
        ("contact", "somebody@"),
        ("contact", "139" * 40),
        ("content", "\n \t"),
        ("content", "a"),
        ("content", "不 实 ！"),
        ("content", "长" * 2001),
    ],
)
def test_an_incomplete_objection_keeps_what_was_typed(session, client, publicised, field, value):
    document = checked(object_to(client, number_of(session), publicised, **{field: value}), 422)
    assert document.find(id=f"{field}-error")
    kept = "objector" if field != "objector" else "contact"
    assert document.find(id=kept)["value"] == FIELDS[kept]
    assert objections(session) == []


@pytest.mark.parametrize(
    "contact", ["139 0000 0000", "0731-88888888", "（0731）88888888", "somebody@example.org"]
)
def test_whoever_can_be_called_or_written_to_is_heard(session, client, publicised, contact):
    object_to(client, number_of(session), publicised, contact=contact)
    assert [one.contact for one in objections(session)] == [contact]


def test_markup_in_an_objection_stays_text(session, client, publicised):
    hostile = "<script>alert(1)</script>"
    document = object_to(client, number_of(session), publicised, content=hostile, objector="").text
    assert hostile not in document
    assert "&lt;script&gt;" in document


def test_only_a_publicised_person_of_this_list_can_be_objected_to(session, cast, client, publicised):
    number = number_of(session)
    others = [
        declared(session, cast, "submit", serial=1),
        declared(session, cast, *_APPROVED, serial=2),
        declared(session, cast, *_APPROVED, "publicise", serial=3),
    ]
    for key in (*(row.id for row in others), 0, 99_999, 2**40):
        url = f"/publicity/{number}/objections/{key}"
        assert client.get(url).status_code == 404
        token = page(client, "/login").find("input", attrs={"name": "csrf_token"})["value"]
        data = {"csrf_token": token, **FIELDS}
        assert client.post(url, data=data, headers={"Referer": "http://localhost/"}).status_code == 404
    assert objections(session) == []


def test_the_form_is_closed_when_the_period_is_over(session, client, clock, publicised):
    number = number_of(session)
    url = f"/publicity/{number}/objections/{publicised.id}"
    form = page(client, url).find("textarea", id="content").find_parent("form")
    clock.shift(9 * _DAY)
    assert client.get(url).status_code == 200
    clock.shift(_DAY)
    assert client.get(url).status_code == 404
    assert not page(client, f"/publicity/{number}").select("tbody a")
    assert submit(client, form, url, **FIELDS).status_code in {400, 404}
    assert objections(session) == []


def test_an_objection_without_a_token_is_refused(session, client, publicised):
    url = f"/publicity/{number_of(session)}/objections/{publicised.id}"
    assert client.post(url, data=FIELDS).status_code == 400
    assert objections(session) == []


def test_one_address_objects_so_often_and_no_more(session, client, publicised):
    number = number_of(session)
    for _ in range(MOST_IN_AN_HOUR):
        assert object_to(client, number, publicised).status_code == 200
    refused = checked(object_to(client, number, publicised), 422)
    assert refused.find("textarea", id="content").get_text().strip() == FIELDS["content"]
    assert len(objections(session)) == MOST_IN_AN_HOUR


def test_a_refused_person_cannot_be_objected_to_any_more(session, cast, client, publicised, app):
    number = number_of(session)
    object_to(client, number, publicised)
    from tests.desk import officer, send

    (objection,) = objections(session)
    send(
        officer(app, cast.chen_jing), "/desk/objections/act",
        action="uphold", ids=[str(objection.id)], confirmed="1", text="属实", ground="employer",
    )  # fmt: skip
    document = page(client, f"/publicity/{number}")
    assert publicised.name in document.get_text()
    assert not document.select("tbody a")
    assert client.get(f"/publicity/{number}/objections/{publicised.id}").status_code == 404


def test_the_announcement_lists_who_was_registered(session, cast, client):
    from tests.cast import take

    row = declared(session, cast, *_APPROVED, "publicise")
    session.get_one(Declaration, row.id)
    batch = session.scalars(select(Publicity)).one()
    batch.closes_on = batch.opens_on
    session.commit()
    take(session, cast, row.id, "announce")
    listed = page(client, f"/publicity/{number_of(session)}")
    assert row.name in listed.get_text()
    assert not listed.select("tbody a")
    number = number_of(session, Announcement)
    assert number in page(client, "/announcements/").get_text()
    document = page(client, f"/announcements/{number}")
    cells = [one.get_text(" ", strip=True) for one in document.select("table tbody td")]
    assert cells[1:] == [
        row.name,
        public_id_mask(row.id_number_masked),
        row.enterprise_name,
        row.specialties_text,
        "长沙市",
    ]


def test_both_languages_are_whole_pages(session, client, publicised):
    number = number_of(session)
    for language in ("zh", "en"):
        for path in ("", number, f"{number}/objections/{publicised.id}"):
            page(client, f"/publicity/{path}?_l_={language}")
        page(client, f"/announcements/?_l_={language}")
    english = page(client, f"/publicity/{number}?_l_=en").find("tbody").get_text()
    assert publicised.specialties_text not in english
    assert "Changsha" in english


def found(client, url="/publicity/", **query):
    document = page(client, url, query_string=query)
    return [
        [cell.get_text(" ", strip=True) for cell in row.find_all("td")] for row in document.select("tbody tr")
    ]


@pytest.mark.both_engines
def test_a_person_is_found_in_all_lists_with_what_they_show_and_no_more(session, cast, client):
    first, second = several(session, cast, 2, *_APPROVED, "publicise")
    assert len(found(client)) == 2
    ((name, number, enterprise, specialties, city, kind, batch, _period),) = found(client, q=first.name)
    assert (name, number, enterprise) == (
        first.name, public_id_mask(first.id_number_masked), first.enterprise_name,
    )  # fmt: skip
    assert (specialties, city, kind) == (first.specialties_text, "长沙市", "初始申报")
    document = page(client, "/publicity/", query_string={"q": first.name})
    assert page(client, document.select_one("tbody a")["href"]).find("tbody").get_text().count(first.name)
    assert [line[0] for line in found(client, enterprise="长沙示例", batch=batch)] == [first.name]
    assert {line[0] for line in found(client, enterprise="长沙示例")} == {first.name, second.name}
    text = document.decode()
    for secret in ("id_number", "school", "phone", "number", "enterprise_uscc"):
        assert getattr(first, secret) not in text


@pytest.mark.both_engines
def test_lists_are_narrowed_by_batch_and_type(session, client, publicised):
    number = number_of(session)
    assert [line[0] for line in found(client, batch=number[-4:])] == [number]
    assert [line[0] for line in found(client, type="initial_registration")] == [number]
    assert found(client, type="renewal") == []
    assert found(client, batch="%") == []
    offered = [one["value"] for one in page(client, "/publicity/").select("#type option")]
    assert "renewal" in offered
    assert "replacement" not in offered


def test_what_is_not_on_a_list_is_found_by_nobody(session, cast, client, publicised):
    hidden = declared(session, cast, *_APPROVED, serial=5, name="藏名")
    for url in ("/publicity/", "/announcements/"):
        assert found(client, url, q=hidden.name) == []
    assert found(client, "/announcements/", q=publicised.name) == []
    assert len(found(client, q=publicised.name[0])) == 1, "one character lists the batches and no person"
    assert "至少输入" in page(client, "/publicity/", query_string={"q": publicised.name[0]}).get_text()
    assert "Set-Cookie" not in client.get(f"/publicity/?q={publicised.name}").headers


def test_within_a_list_an_enterprise_is_found(session, client, publicised):
    number = number_of(session)
    assert len(found(client, f"/publicity/{number}", enterprise="示例建设")) == 1
    assert found(client, f"/publicity/{number}", enterprise="湘江") == []


@pytest.mark.parametrize(
    "query", ["?page=999&q=长沙", "?type=nothing", "?q=%00%00", "?batch=" + "9" * 300, "?q=' OR 1=1 --"]
)
def test_nonsense_in_a_search_is_no_error(client, publicised, query):
    for url in ("/publicity/", "/announcements/"):
        assert client.get(f"{url}{query}").status_code == 200
