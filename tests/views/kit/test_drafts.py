"""Forms keep what is typed by themselves, give it back when asked, and never over newer data unseen."""

import pytest

from app.models import Enterprise, FormDraft
from app.services import form_drafts
from tests.pages import fields, page, submit

pytestmark = pytest.mark.both_engines


@pytest.fixture
def keep(trial_app):
    """Keep as the page's script does: JSON with the token of the browser."""

    def keep(client, key, *typed, version=1, status=200):
        token = page(client, "/account/sessions").find("meta", attrs={"name": "csrf"})["content"]
        body = {"key": str(key), "version": version, "fields": [list(one) for one in typed]}
        answer = client.post("/trial/keep", json=body, headers=_headers(token))
        assert answer.status_code == status, answer.text
        return answer

    return keep


def _headers(token):
    return {"X-CSRFToken": token, "Accept": "application/json", "Referer": "http://localhost/"}


@pytest.fixture
def kept(trial_app):
    """The input that is kept now: form and fields."""
    from app.extensions.database import db

    def read():
        with trial_app.app_context():
            return {one.form: form_drafts.fields_of(one) for one in db.session.query(FormDraft)}

    return read


@pytest.fixture
def changsha(people):
    return people.rows["changsha"]


def _edit(key):
    return f"/trial/{key}/edit"


def test_the_form_of_another_enterprise_or_city_cannot_be_kept(people, keep, kept, changsha):
    keep(people["li_juan"], people.rows["shaoyang"], ("contact_name", "x"), status=404)
    keep(people["zhao_min"], changsha, ("contact_name", "x"), status=404)
    assert kept() == {}


def test_who_may_not_open_the_form_may_not_keep_it(people, keep, kept, changsha):
    keep(people["chen_jing"], changsha, ("contact_name", "x"), status=404)  # reads, but does not edit
    keep(people["li_juan"], "", ("contact_name", "x"), status=404)  # edits, but does not add
    keep(people["auditor"], changsha, ("contact_name", "x"), status=404)
    keep(people["wang_qiang"], 999, ("contact_name", "x"), status=404)
    assert kept() == {}


def test_nobody_is_shown_what_another_account_has_typed(people, keep, changsha):
    keep(people["li_juan"], changsha, ("contact_name", "未保存"))
    other = page(people["wang_qiang"], f"{_edit(changsha)}?restore=1")
    assert other.find(class_="form-offer") is None
    assert fields(other.find("form", id="record"))["contact_name"] == "李娟"
    assert "未保存" not in str(other)


def test_input_that_was_kept_is_offered_and_never_filled_in_by_itself(people, keep, changsha):
    keep(people["li_juan"], changsha, ("contact_name", "未保存"))
    document = page(people["li_juan"], _edit(changsha))
    assert document.find(class_="form-offer").find("a")["href"] == f"{_edit(changsha)}?restore=1"
    assert fields(document.find("form", id="record"))["contact_name"] == "李娟"


def test_restored_input_stands_in_the_form_and_is_gone_when_it_is_saved(people, keep, kept, changsha, stored):
    client = people["li_juan"]
    form = page(client, _edit(changsha)).find("form", id="record")
    typed = {**fields(form), "contact_name": "未保存", "founded_on": "gestern"}
    keep(client, changsha, *[(name, value) for name, value in typed.items() if isinstance(value, str)])
    document = page(client, f"{_edit(changsha)}?restore=1")
    again = document.find("form", id="record")
    assert (fields(again)["contact_name"], fields(again)["founded_on"]) == ("未保存", "gestern")
    assert again.has_attr("data-unsaved")
    assert document.find(class_="field-theirs") is None
    assert submit(client, again, _edit(changsha), founded_on="2001-05-20").status_code == 302
    assert stored(Enterprise, changsha).contact_name == "未保存"
    assert kept() == {}
    assert page(client, _edit(changsha)).find(class_="form-offer") is None


def test_over_newer_data_the_page_says_so_and_shows_both(people, keep, changsha, stored):
    mine, theirs = people["li_juan"], people["wang_qiang"]
    seen = fields(page(mine, _edit(changsha)).find("form", id="record"))["seen"]
    keep(mine, changsha, ("contact_name", "我的"), ("business_address", "示例路 1 号"), ("seen", seen))
    first = page(mine, _edit(changsha)).find(class_="form-offer").get_text()
    submit(
        theirs, page(theirs, _edit(changsha)).find("form", id="record"), _edit(changsha), contact_name="先到"
    )
    second = page(mine, _edit(changsha)).find(class_="form-offer").get_text()
    assert first != second  # it says that the record was saved since
    document = page(mine, f"{_edit(changsha)}?restore=1")
    assert "先到" in document.find(id="f-contact_name-theirs").get_text()
    assert fields(document.find("form", id="record"))["contact_name"] == "我的"
    assert stored(Enterprise, changsha).contact_name == "先到"


def test_passwords_consents_and_tokens_are_not_kept(people, keep, kept, changsha):
    keep(
        people["li_juan"],
        changsha,
        ("insurance_password", "geheim"),
        ("insurance_user", "wer"),
        ("new_password", "geheim"),
        ("csrf_token", "x"),
        ("agreed", "1"),
        ("contact_name", "方圆"),
    )
    assert kept() == {f"TrialScreen {changsha}": [("contact_name", "方圆")]}


def test_a_file_of_the_form_comes_back_with_the_input(people, keep, changsha):
    from tests.views.kit.test_saving import picture

    client = people["li_juan"]
    form = page(client, _edit(changsha)).find("form", id="record")
    wrong = submit(client, form, _edit(changsha), email="x", **{"file-scan": (picture(), "1.png")})
    token = page_of(wrong).find("input", attrs={"name": "held-scan"})["value"]
    keep(client, changsha, ("held-scan", token), ("held-photo", "forged"))
    restored = page(client, f"{_edit(changsha)}?restore=1")
    assert len(restored.select(".upload-file img")) == 1


def page_of(answer):
    from tests.pages import checked

    return checked(answer, 422)


def test_discarding_opens_the_form_as_it_is_stored(people, keep, kept, changsha):
    keep(people["li_juan"], changsha, ("contact_name", "未保存"))
    form = page(people["li_juan"], _edit(changsha)).find(class_="form-offer").find("form")
    assert submit(people["li_juan"], form, _edit(changsha)).location == _edit(changsha)
    assert kept() == {}


def test_input_of_a_row_that_is_added_is_kept_as_well(people, keep, changsha):
    keep(people["chen_jing"], "", ("contact_name", "新的"), version=None)
    assert page(people["chen_jing"], "/trial/add").find(class_="form-offer")
    form = page(people["chen_jing"], "/trial/add?restore=1").find("form", id="record")
    assert fields(form)["contact_name"] == "新的"


def test_a_row_that_is_deleted_takes_the_input_with_it(people, keep, kept):
    shaoyang = people.rows["shaoyang"]
    keep(people["zhao_min"], shaoyang, ("contact_name", "未保存"))
    url = f"/trial/{shaoyang}/delete"
    form = page(people["zhao_min"], url).select_one("main form")
    assert submit(people["zhao_min"], form, url).location == "/trial/"
    assert kept() == {}


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"key": 1, "fields": []},
        {"key": "1", "fields": "x"},
        {"key": "1", "fields": [["a"]]},
        {"key": "1", "fields": [["a", 1]]},
        {"key": "1", "fields": [["a", "\x00"]]},
        {"key": "1", "fields": [["a", "\ud800"]]},
        {"key": "1", "fields": [["\udfff", "a"]]},
        {"key": "1", "fields": [["a", "b"]] * 301},
        {"key": "1", "version": "x", "fields": []},
        {"key": "1", "version": 2**40, "fields": []},
    ],
)
def test_what_no_page_sends_is_refused_without_an_error(people, body):
    client = people["li_juan"]
    token = page(client, "/account/sessions").find("meta", attrs={"name": "csrf"})["content"]
    assert client.post("/trial/keep", json=body, headers=_headers(token)).status_code == 400


def test_a_nest_of_brackets_is_refused_without_an_error(people):
    client = people["li_juan"]
    token = page(client, "/account/sessions").find("meta", attrs={"name": "csrf"})["content"]
    answer = client.post(
        "/trial/keep", data="[" * 100_000, content_type="application/json", headers=_headers(token)
    )
    assert answer.status_code == 400
    assert answer.json["message"]


def test_more_than_fits_is_refused_with_a_sentence(people, keep, kept, changsha):
    answer = keep(people["li_juan"], changsha, ("business_scope", "字" * 60_001), status=422)
    assert answer.json["message"]
    assert kept() == {}


def test_nothing_is_kept_without_the_token_of_the_session(people, kept, changsha):
    body = {"key": str(changsha), "version": 1, "fields": [["contact_name", "x"]]}
    answer = people["li_juan"].post("/trial/keep", json=body, headers=_headers("forged"))
    assert answer.status_code == 401
    assert kept() == {}
