"""Every answer: its headers, its number, and what people read when something goes wrong."""

import gzip
import json

import pytest
from sqlalchemy import event
from sqlalchemy.orm.exc import StaleDataError

from app.views.kit.journal import JsonLines
from tests.pages import checked, page
from tests.views.kit import trial

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@pytest.mark.parametrize(
    "url", ["/", "/nowhere", "/trial/", "/trial/99999", "/static/css/platform.css", "/login"]
)
def test_every_answer_carries_the_headers(people, url):
    answer = people["wang_qiang"].get(url)
    answer.close()
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "object-src 'none'" in policy
    assert "unsafe" not in policy
    assert len(answer.headers["X-Request-ID"]) == 32


def test_pages_of_an_account_are_not_kept_by_the_browser(people):
    assert people["wang_qiang"].get("/trial/").headers["Cache-Control"] == "no-store"
    assert people["wang_qiang"].get("/nowhere").headers["Cache-Control"] == "no-store"


def test_a_file_that_a_script_imports_is_asked_for_anew(people):
    # Its address has no mark of its content, so that an old copy would stay after an update.
    with people.app.test_client().get("/static/js/words.js") as answer:
        assert "no-cache" in answer.headers["Cache-Control"]
        assert answer.headers["ETag"]


def test_static_files_are_kept_for_long(people):
    answer = people.app.test_client().get("/static/css/platform.css?v=1")
    answer.close()
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers


def test_the_answer_to_a_file_that_is_not_there_is_kept_by_nobody_else(people):
    url = "/static/js/nothing.js"
    assert people["wang_qiang"].get(url).headers["Cache-Control"] == "no-store"
    assert "private" in people.app.test_client().get(url).headers["Cache-Control"]


def test_each_answer_has_a_nonce_and_a_number_of_its_own(people):
    client = people.app.test_client()
    first, second = client.get("/"), client.get("/")
    assert first.headers["Content-Security-Policy"] != second.headers["Content-Security-Policy"]
    assert first.headers["X-Request-ID"] != second.headers["X-Request-ID"]


def test_a_number_that_a_client_sends_is_not_taken(people):
    answer = people.app.test_client().get("/", headers={"X-Request-ID": "x" * 32})
    assert answer.headers["X-Request-ID"] != "x" * 32


@pytest.mark.parametrize("url", ["/publicity", "/help?x=1"])
def test_a_redirect_never_leads_to_the_host_that_a_request_names(people, url):
    answer = people.app.test_client().get(url, base_url="http://forger.example")
    assert answer.headers["Location"].startswith(f"/{url.strip('/').partition('?')[0]}/")
    assert "forger.example" not in answer.text


def test_a_file_with_a_name_that_no_file_can_have_is_not_there(people):
    answer = people.app.test_client().get(f"/static/{'a' * 3000}")
    assert answer.status_code == 404


def test_who_comes_second_by_a_moment_is_told_to_read_the_page_again(people, monkeypatch, send):
    """Both wrote the same row; the database let the first one in, and nothing of the second is kept."""
    from app.views.kit import records

    def too_late(*_args, **_kwargs):
        raise StaleDataError("UPDATE statement expected to update 1 row(s); 0 were matched.")

    monkeypatch.setattr(records.acting, "act", too_late)
    answer = send(people["wang_qiang"], "/trial/act", {"action": "mark", "ids": "1"})
    assert answer.status_code == 409
    assert "他人刚刚先一步" in answer.text
    assert "UPDATE" not in checked(answer, 409).get_text()


def test_an_unforeseen_error_shows_its_number_and_no_more(people, monkeypatch, caplog):
    def fail(self, row):
        raise RuntimeError("secret of the database: SELECT 1")

    monkeypatch.setattr(trial.TrialScreen, "named", fail)
    monkeypatch.setitem(people.app.config, "PROPAGATE_EXCEPTIONS", False)
    answer = people["wang_qiang"].get(f"/trial/{people.rows['changsha']}")
    document = checked(answer, 500)
    number = answer.headers["X-Request-ID"]
    assert number[:12] in document.get_text()
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    (told,) = [record for record in caplog.records if record.levelname == "ERROR"]
    line = json.loads(JsonLines().format(told))
    assert line["request"] == number
    assert "RuntimeError" in line["trace"]


def test_a_refusal_is_a_sentence(people, send):
    answer = send(
        people["wang_qiang"], "/trial/act", {"action": "refuse", "ids": str(people.rows["changsha"])}
    )
    assert "The trial was refused." in checked(answer, 422).get_text()


def test_a_script_gets_a_refusal_as_json(people, send):
    answer = send(
        people["wang_qiang"],
        "/trial/act",
        {"action": "refuse", "ids": str(people.rows["changsha"])},
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 422
    assert answer.get_json()["message"] == "The trial was refused."


def test_a_wrong_method_says_which_is_right(people):
    answer = people["wang_qiang"].put("/trial/")
    assert answer.status_code in {400, 405}
    answer = people.app.test_client().delete("/")
    assert answer.status_code in {400, 405}


def test_a_form_that_is_too_large_is_refused(people, send):
    answer = send(
        people["li_juan"], f"/trial/{people.rows['changsha']}/edit", {"contact_name": "x" * 3_000_000}
    )
    assert answer.status_code == 413
    assert "RequestEntityTooLarge" not in answer.text


def test_the_log_holds_the_route_and_no_personal_data(people, caplog):
    people["wang_qiang"].get("/trial-persons/?q=439900198501010015")
    (told,) = [record for record in caplog.records if record.name == "platform.requests"]
    line = json.loads(JsonLines().format(told))
    assert line["route"] == "/trial-persons/"
    assert line["status"] == 302
    assert isinstance(line["account"], int)
    assert "439900198501010015" not in json.dumps(line)


def test_a_get_changes_nothing(people):
    from app.extensions.database import db

    written = []

    def note(_connection, _cursor, statement, *_):
        if not statement.startswith("SELECT"):
            written.append(statement)

    with people.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    for url in ("/trial/", f"/trial/{people.rows['changsha']}", f"/trial/{people.rows['changsha']}/edit"):
        page(people["wang_qiang"], url)
    event.remove(engine, "before_cursor_execute", note)
    assert not [one for one in written if not one.startswith("BEGIN")]


# Chinese comes last, since the session keeps the language and others use this client after us.
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_pages_are_whole_in_both_languages(people, language):
    client = people["wang_qiang"]
    for url in (
        "/",
        "/trial/",
        f"/trial/{people.rows['changsha']}",
        f"/trial/{people.rows['changsha']}/edit",
    ):
        document = page(client, f"{url}?_l_={language}")
        assert document.html["lang"].startswith(language)


def test_the_style_is_packed_for_those_who_can_unpack_it(people):
    client = people.app.test_client()
    url = "/static/vendor/tabler/tabler.min.css"
    with client.get(url) as plain, client.get(url, headers={"Accept-Encoding": "br, gzip"}) as packed:
        assert packed.headers["Content-Encoding"] == "gzip"
        assert packed.mimetype == plain.mimetype == "text/css"
        assert "Accept-Encoding" in plain.headers["Vary"]
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert gzip.decompress(packed.data) == plain.data
        assert len(packed.data) < len(plain.data) / 5


@pytest.mark.parametrize("name", ["../../config.py", "..%2f..%2fconfig.py", "vendor", "nothing.css"])
def test_only_static_files_are_static_files(people, name):
    with people.app.test_client().get(f"/static/{name}") as answer:
        assert answer.status_code == 404
