"""Forms: what may be written, what is said at once, what is never lost, and who was first."""

import io
import json

import pytest
from PIL import Image

from app.models import Attachment, AuditEntry, Enterprise
from app.services import files
from tests.pages import checked, fields, page, submit

pytestmark = pytest.mark.both_engines

PAYLOAD = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'${7*7}"


@pytest.fixture
def form(people):
    """The form of the enterprise as its clerk sees it, with its address."""
    url = f"/trial/{people.rows['changsha']}/edit"

    def fetch():
        return page(people["li_juan"], url).find("form", id="record")

    return fetch, url


def _errors(document):
    return {tag["id"].removeprefix("f-").removesuffix("-error"): tag.get_text(strip=True)
            for tag in document.find_all(class_="field-errors", id=True) if tag.get_text(strip=True)}  # fmt: skip


def test_a_form_is_saved_and_the_audit_says_so(people, form, stored):
    fetch, url = form
    answer = submit(people["li_juan"], fetch(), url, contact_name="方圆", registered_capital="5000.5")
    assert answer.location == f"/trial/{people.rows['changsha']}"
    row = stored(Enterprise, people.rows["changsha"])
    assert (row.contact_name, str(row.registered_capital), row.version) == ("方圆", "5000.500", 2)
    with people.app.app_context():
        from app.extensions.database import db

        assert db.session.query(AuditEntry).filter_by(action="change", subject="enterprise").count() == 1


def test_what_the_form_does_not_ask_is_not_written(people, form, stored):
    fetch, url = form
    answer = submit(
        people["li_juan"],
        fetch(),
        url,
        name="别人的名字",
        uscc="91430000000000000X",
        region_code="430500",
        active="",
        version="99",
        id="7",
        insurance_site="https://example.com",
        mobile_masked="x",
        mobile_cipher="x",
        enterprise_id="2",
    )
    assert answer.status_code == 302
    row = stored(Enterprise, people.rows["changsha"])
    assert row.name == "长沙示例建设有限公司"
    assert row.uscc == "914300000000000001"
    assert row.region_code == "430100"
    assert row.active
    assert row.insurance_site is None
    assert row.mobile_masked == "138****0001"


def test_all_faults_are_said_at_once_beside_their_fields(people, form, stored):
    fetch, url = form
    answer = submit(
        people["li_juan"],
        fetch(),
        url,
        contact_name="",
        founded_on="2020-02-30",
        registered_capital="viel",
        email="nobody",
        postal_code="12",
        mobile="123",
        enterprise_type="99",
        county_code="430503",
        business_address="",
    )
    document = checked(answer, 422)
    wrong = {"contact_name", "founded_on", "registered_capital", "email", "postal_code", "mobile",
             "enterprise_type", "county_code", "business_address"}  # fmt: skip
    assert set(_errors(document)) == wrong
    links = {tag["href"].removeprefix("#f-") for tag in document.select("#problems a")}
    assert links == wrong
    for name in wrong:
        assert document.find(id=f"f-{name}")["aria-invalid"] == "true"
    assert stored(Enterprise, people.rows["changsha"]).contact_name == "李娟"


def test_each_note_beside_a_field_is_told_with_it_and_apart_from_the_others(people, form):
    fetch, url = form
    document = checked(submit(people["li_juan"], fetch(), url, mobile="123"), 422)
    field = document.find(id="f-mobile")
    assert field["aria-describedby"].split() == ["f-mobile-stored", "f-mobile-error"]
    assert field["inputmode"] == "tel"
    assert field["autocomplete"] == "off"


def test_the_way_to_the_sections_says_where_something_is_wrong(people, form):
    fetch, url = form
    document = checked(submit(people["li_juan"], fetch(), url, email="x", postal_code="1"), 422)
    links = {tag["href"]: tag.get_text(" ", strip=True) for tag in document.select("[data-sections] a")}
    assert list(links) == ["#section-1", "#section-files"]
    assert "2" in links["#section-1"]
    assert document.find(id="section-1").find("h2")


def test_a_date_that_is_none_is_shown_as_it_was_typed(people, form):
    fetch, url = form
    assert fetch().find(id="f-founded_on")["type"] == "date"
    document = checked(submit(people["li_juan"], fetch(), url, founded_on="gestern"), 422)
    assert document.find(id="f-founded_on")["type"] == "text"


def test_a_sentence_that_two_rules_say_stands_once(people, form):
    fetch, url = form
    document = checked(submit(people["li_juan"], fetch(), url, contact_name="Twice"), 422)
    assert [tag.get_text(strip=True) for tag in document.select("#f-contact_name-error p")] == ["Said twice."]
    assert len(document.select("#problems li")) == 1


def test_only_a_form_with_files_may_use_the_camera(people, form):
    _fetch, url = form
    assert "camera=(self)" in people["li_juan"].get(url).headers["Permissions-Policy"]
    assert "camera=()" in people["li_juan"].get("/trial/").headers["Permissions-Policy"]


def test_what_was_typed_is_never_lost(people, form):
    fetch, url = form
    typed = {
        "contact_name": "张三", "founded_on": "gestern", "registered_capital": "1x",
        "business_scope": "一\n二 <b>",
        "former_name": "  旧名  ", "mobile": "13812",
    }  # fmt: skip
    document = checked(submit(people["li_juan"], fetch(), url, **typed), 422)
    kept = fields(document.find("form", id="record"))
    assert {name: str(kept[name]).replace("\r\n", "\n") for name in typed} == typed


def test_a_password_alone_is_not_sent_back(people, form):
    fetch, url = form
    answer = submit(people["li_juan"], fetch(), url, email="nobody", insurance_password="geheim")
    document = checked(answer, 422)
    assert "geheim" not in str(document)


def test_the_screen_s_own_rules_stop_the_save(people, form, stored):
    fetch, url = form
    document = checked(submit(people["li_juan"], fetch(), url, contact_name="Nobody", email="x"), 422)
    assert set(_errors(document)) == {"contact_name", "email"}
    assert stored(Enterprise, people.rows["changsha"]).contact_name == "李娟"


def test_a_sealed_value_stays_when_nothing_is_typed(people, form, stored):
    fetch, url = form
    document = fetch()
    assert "13800000001" not in str(document)
    assert submit(people["li_juan"], document, url).status_code == 302
    assert stored(Enterprise, people.rows["changsha"]).mobile_masked == "138****0001"
    assert submit(people["li_juan"], fetch(), url, mobile="139 0000 0009").status_code == 302
    assert stored(Enterprise, people.rows["changsha"]).mobile_masked == "139****0009"


def test_a_stored_secret_never_comes_back(people, form):
    fetch, url = form
    assert submit(people["li_juan"], fetch(), url, insurance_password="streng geheim").status_code == 302
    for address in (url, f"/trial/{people.rows['changsha']}", "/trial/"):
        assert "streng geheim" not in people["li_juan"].get(address).text


def test_the_second_of_two_sees_what_the_first_has_saved(people, form, stored):
    _fetch, url = form
    first = page(people["li_juan"], url).find("form", id="record")
    second = page(people["wang_qiang"], url).find("form", id="record")
    assert submit(people["li_juan"], first, url, contact_name="先到").status_code == 302
    answer = submit(people["wang_qiang"], second, url, contact_name="后到", former_name="旧名")
    document = checked(answer, 409)
    assert "先到" in document.find(class_="field-theirs").get_text()
    again = document.find("form", id="record")
    assert fields(again)["contact_name"] == "后到"
    assert fields(again)["former_name"] == "旧名"
    assert stored(Enterprise, people.rows["changsha"]).contact_name == "先到"
    assert submit(people["wang_qiang"], again, url).status_code == 302
    assert stored(Enterprise, people.rows["changsha"]).contact_name == "后到"


@pytest.mark.parametrize("seen", ["", "null", "[]", "{", '{"contact_name": 1}', "[" * 200_000])
def test_a_forged_mark_of_what_was_seen_is_a_conflict_and_no_error(people, form, seen):
    fetch, url = form
    checked(submit(people["li_juan"], fetch(), url, seen=seen), 409)


def test_the_mark_holds_no_values(people, form):
    fetch, _url = form
    marks = json.loads(fields(fetch())["seen"])
    assert all(len(mark) == 10 for mark in marks.values())


def test_script_in_every_field_is_text_on_every_page(people, form):
    fetch, url = form
    answer = submit(
        people["li_juan"],
        fetch(),
        url,
        former_name=PAYLOAD,
        contact_name=PAYLOAD[:50],
        business_address=PAYLOAD,
        business_scope=PAYLOAD,
    )
    assert answer.status_code == 302
    wrong = submit(people["li_juan"], fetch(), url, email=PAYLOAD, founded_on=PAYLOAD, former_name=PAYLOAD)
    pages = [checked(wrong, 422)]
    pages += [
        page(people["li_juan"], address) for address in (url, "/trial/", f"/trial/{people.rows['changsha']}")
    ]
    pages.append(page(people["wang_qiang"], "/trial/?q=" + PAYLOAD.replace("#", "")))
    for document in pages:
        assert not [one for one in document.find_all("script") if "alert" in one.get_text()]
        assert not document.find_all(onerror=True)
        assert "49" not in document.get_text().replace("7*7", "")


def test_a_row_that_is_added_has_what_was_asked_and_no_more(people):
    """The trial screen cannot name the owner, so the database refuses and nothing is kept."""
    document = page(people["chen_jing"], "/trial/add").find("form", id="record")
    answer = submit(people["chen_jing"], document, "/trial/add", business_address="示例路 2 号", name="x")
    text = checked(answer, 422).get_text()
    assert "IntegrityError" not in text
    assert "INSERT" not in text


def picture(size=(600, 840), colour="white", kind="PNG") -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    out.seek(0)
    return out


def test_files_come_to_their_row_and_outlive_a_wrong_form(people, form):
    fetch, url = form
    client = people["li_juan"]
    sent = {"file-photo": (picture(), "me.png"), "file-scan": (picture(), "a/b/../scan 1.png")}
    wrong = checked(submit(client, fetch(), url, email="nobody", **sent), 422)
    assert len(wrong.select(".upload-file img")) == 2
    shown = wrong.select_one(".upload-file img")["src"]
    assert client.get(shown).mimetype == "image/jpeg"
    assert people["wang_qiang"].get(shown).status_code == 404
    assert submit(client, wrong.find("form", id="record"), url, email="").status_code == 302
    document = page(client, f"/trial/{people.rows['changsha']}")
    links = [tag["href"] for tag in document.select("a.attachment")]
    assert len(links) == 2
    assert client.get(links[0]).status_code == 200
    assert people["wang_qiang"].get(links[0]).status_code == 200
    assert people["zhao_min"].get(links[0]).status_code == 404
    assert people.app.test_client().get(links[0]).status_code == 302
    with people.app.app_context():
        from app.extensions.database import db

        names = {one.kind: one.file_name for one in db.session.query(Attachment)}
    assert names == {"photo": "me.jpg", "scan": "scan 1.jpg"}


def test_a_wrong_file_is_a_fault_like_any_other(people, form):
    fetch, url = form
    sent = {"file-photo": (io.BytesIO(b"<svg onload=alert(1)>"), "me.png")}
    document = checked(submit(people["li_juan"], fetch(), url, **sent), 422)
    assert document.select_one(".upload .invalid-feedback")


def test_more_files_than_fit_are_a_fault(people, form):
    fetch, url = form
    sent = {"file-scan": [(picture(), f"{number}.png") for number in range(3)]}
    document = checked(submit(people["li_juan"], fetch(), url, **sent), 422)
    assert len(document.select(".upload-file")) == 3


def test_a_file_is_removed(people, form):
    fetch, url = form
    client = people["li_juan"]
    assert submit(client, fetch(), url, **{"file-scan": (picture(), "1.png")}).status_code == 302
    held = fetch().find("input", attrs={"name": "remove-file"})["value"]
    assert submit(client, fetch(), url, **{"remove-file": held}).status_code == 302
    assert not fetch().find("input", attrs={"name": "remove-file"})


def test_a_token_of_another_account_brings_no_file(people, form):
    fetch, url = form
    wrong = checked(
        submit(people["li_juan"], fetch(), url, email="x", **{"file-scan": (picture(), "1.png")}), 422
    )
    token = wrong.find("input", attrs={"name": "held-scan"})["value"]
    other = page(people["wang_qiang"], url).find("form", id="record")
    assert submit(people["wang_qiang"], other, url, **{"held-scan": token}).status_code == 404
    assert submit(people["li_juan"], fetch(), url, **{"held-photo": token}).status_code == 302
    assert "1.jpg" not in str(page(people["li_juan"], f"/trial/{people.rows['changsha']}"))


def test_whoever_sends_files_without_end_is_told_so(people, form, monkeypatch):
    fetch, url = form
    monkeypatch.setattr(files, "MOST_AN_HOUR", 1)
    for expected in (False, True):
        document = fetch()
        data = fields(document) | {"contact_name": "Nobody", "file-scan": (picture(), "a.png")}
        answer = people["li_juan"].post(url, data=data, headers={"Referer": "http://localhost/"})
        assert ("小时" in checked(answer, 422).get_text() or "hour" in answer.text) is expected
