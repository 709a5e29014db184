"""The province imports a list in the browser, and nobody else finds a way in."""

import io
import zipfile

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from app.models import AuditEntry, ImportStage, Qualification, WorkbookImport
from app.services import workbooks
from app.services.imports import life_cycle
from tests.cast import login
from tests.pages import checked, page, submit
from tests.workbooks import listed, people, sample

IMPORTS = "/qualification-imports"
UPLOAD = f"{IMPORTS}/upload"


@pytest.fixture
def chen_jing(app, cast):
    """陈静 of the province, logged in, reading English so that the words of the tests are the source's."""
    client = login(app.test_client(), cast.chen_jing)
    client.get("/?_l_=en")
    return client


def _send(client, data: bytes, name: str = "list.xlsx"):
    form = page(client, UPLOAD).find("form", attrs={"data-workbook": True})
    return submit(client, form, UPLOAD, workbook=(io.BytesIO(data), name))


def _send_large(client, size: int):
    """A body made here, since the client of the tests would leave it open in a file."""
    token = page(client, UPLOAD).find("input", attrs={"name": "csrf_token"})["value"]
    body = (
        f'--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
        '--b\r\nContent-Disposition: form-data; name="workbook"; filename="list.xlsx"\r\n\r\n'
    ).encode()
    return client.post(
        UPLOAD,
        input_stream=io.BytesIO(body + b"PK\x03\x04" + bytes(size) + b"\r\n--b--\r\n"),
        content_type="multipart/form-data; boundary=b",
        headers={"Referer": f"http://localhost{UPLOAD}"},
    )


def _upload(client, data: bytes) -> str:
    """The address of the page with what the dry run found."""
    answer = _send(client, data)
    assert answer.status_code == 302, answer.text
    return answer.location


def _press(client, url: str, act: str):
    return submit(client, page(client, url).find("form", action=f"{url}/{act}"), url)


def _count(session) -> int:
    session.rollback()
    return session.scalar(
        select(func.count()).select_from(Qualification).where(Qualification.import_id.is_not(None))
    )


@pytest.mark.both_engines
def test_a_list_goes_from_the_upload_to_the_library(chen_jing, session):
    url = _upload(chen_jing, sample())
    result = page(chen_jing, url)
    cells = [
        [cell.get_text(strip=True) for cell in row.find_all("td")]
        for row in result.select("#findings tbody tr")
    ]
    assert ["65", "C", "姓名", "“姓名” must be filled in."] in cells
    assert len([row for row in cells if row[0] == "2175"]) == 4
    assert _count(session) == 0

    marked = _press(chen_jing, url, "marked")
    assert marked.status_code == 200
    assert marked.headers["Content-Disposition"].startswith("attachment")
    sheet = load_workbook(io.BytesIO(marked.data)).worksheets[0]
    assert sheet["C65"].comment.text == "“姓名” must be filled in."
    assert sheet["C65"].fill.start_color.rgb == "FFFFC7CE"

    assert _press(chen_jing, url, "load").location == url
    session.rollback()
    kept = session.scalars(select(WorkbookImport)).one()
    assert kept.stage == ImportStage.LOADED
    assert _count(session) == kept.loaded_count == kept.good_count > 2_000
    done = page(chen_jing, url)
    assert f"{kept.loaded_count:,} rows were loaded" in done.get_text()
    assert not done.find("form", action=f"{url}/load")
    acts = select(AuditEntry.action).where(AuditEntry.subject == "qualification_import")
    assert session.scalars(acts).all() == ["check_import", "download_marked_import", "load_import"]

    again = page(chen_jing, _upload(chen_jing, sample()))
    assert "Exactly this file was loaded before." in again.get_text()
    assert "There is no row that could be loaded." in again.get_text()


def test_pressing_load_twice_loads_once(chen_jing, session):
    url = _upload(chen_jing, listed(people(9)))
    form = page(chen_jing, url).find("form", action=f"{url}/load")
    assert [submit(chen_jing, form, url).status_code for _ in range(2)] == [302, 302]
    assert _count(session) == 9


def test_a_discarded_list_is_gone(chen_jing, session):
    url = _upload(chen_jing, listed(people(9)))
    load = page(chen_jing, url).find("form", action=f"{url}/load")
    assert _press(chen_jing, url, "discard").status_code == 302
    refused = checked(submit(chen_jing, load, url), 422)
    assert "was discarded" in refused.get_text()
    assert _count(session) == 0


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        ("姓名\n".encode(), "list.csv", "not an Excel workbook"),
        (b"", "list.xlsx", "empty"),
        (listed([]), "list.xlsx", "no row under the heading row"),
        (listed(people(1), lambda book: book.active.delete_cols(4)), "list.xlsx", "证件号码"),
    ],
    ids=["no workbook", "empty", "no rows", "a heading missing"],
)
def test_a_bad_file_is_answered_on_the_page_and_changes_nothing(chen_jing, session, data, name, sentence):
    answer = checked(_send(chen_jing, data, name), 422)
    assert sentence in answer.find(id="problems").get_text()
    assert answer.find("input", id="workbook")
    assert session.scalar(select(func.count()).select_from(WorkbookImport)) == 0


def test_nothing_chosen_is_answered_on_the_page(chen_jing):
    form = page(chen_jing, UPLOAD).find("form", attrs={"data-workbook": True})
    assert "Choose a workbook" in checked(submit(chen_jing, form, UPLOAD), 422).get_text()


def test_a_file_over_fifty_megabytes_is_refused_with_its_limit(chen_jing, monkeypatch):
    monkeypatch.setattr(life_cycle, "check", lambda *_: pytest.fail("the file was read"))
    answer = checked(_send_large(chen_jing, workbooks.MOST_BYTES + 100_000), 422)
    assert "larger than 50 MB" in answer.get_text()


def test_a_request_far_over_the_limit_is_answered_with_a_page(chen_jing):
    assert checked(_send_large(chen_jing, 61 * 1024 * 1024), 413).find("h1")


def test_findings_are_read_page_by_page(chen_jing):
    url = _upload(chen_jing, listed([row | {"name": ""} for row in people(45)]))
    first, third = page(chen_jing, f"{url}?size=20"), page(chen_jing, f"{url}?size=20&page=3")
    assert [len(one.select("#findings tbody tr")) for one in (first, third)] == [20, 5]
    assert third.select("#findings tbody tr")[-1].td.get_text() == "46"
    assert len(page(chen_jing, f"{url}?page=99&size=7").select("#findings tbody tr")) == 45


def test_the_template_can_be_filled_in_and_is_a_list_itself(chen_jing):
    answer = chen_jing.get(f"{IMPORTS}/template")
    assert answer.mimetype == workbooks.MEDIA_TYPE
    book = load_workbook(io.BytesIO(answer.data))
    assert len(book.sheetnames) == 2
    sheet = book.worksheets[0]
    for column, value in enumerate(
        ("4300001", "", "张三", "439900198703140012", "", "", "2019", "", "建筑工程"), 1
    ):
        sheet.cell(2, column, value)
    sheet["N2"] = "2019-12-01"
    filled = io.BytesIO()
    book.save(filled)
    assert "1 good row" in page(chen_jing, _upload(chen_jing, filled.getvalue())).get_text()


def test_the_library_is_searched_by_whole_name_number_or_certificate_only(chen_jing):
    rows = people(3, seed=4)
    url = _upload(chen_jing, listed(rows))
    _press(chen_jing, url, "load")
    row = rows[1]
    for typed in (row["name"], row["id_number"], row["certificate_number"]):
        found = page(chen_jing, f"/qualifications/?q={typed}", follow_redirects=True)
        assert row["certificate_number"] in found.find("table").get_text()
        assert len(found.select("table tbody tr")) == 1
    for part_of_it in (row["name"][0], row["id_number"][:14], row["certificate_number"][:9]):
        assert not page(chen_jing, f"/qualifications/?q={part_of_it}", follow_redirects=True).find("table")


def test_the_library_shows_id_numbers_masked(chen_jing):
    (row,) = people(1, seed=5)
    _press(chen_jing, _upload(chen_jing, listed([row])), "load")
    found = page(chen_jing, f"/qualifications/?q={row['certificate_number']}", follow_redirects=True)
    shown = page(chen_jing, found.select_one("a.row-act")["href"])
    for document in (found, shown):
        assert row["id_number"] not in str(document)
        assert f"4399{'*' * 10}{row['id_number'][-4:]}" in document.get_text()


def test_nothing_in_the_library_can_be_changed_by_hand(app):
    methods = {
        (rule.endpoint.partition(".")[2], method)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("QualificationScreen.")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    own = {("list", "GET"), ("show", "GET"), ("export", "POST"), ("reveal", "POST")}
    assert methods == own | {(name, "POST") for name in ("find", "views", "setting")}


def test_the_page_of_an_import_holds_no_personal_data(chen_jing):
    rows = [row | {"issued_on": "去年"} for row in people(5, seed=6)]
    text = str(page(chen_jing, _upload(chen_jing, listed(rows))))
    for row in rows:
        assert row["name"] not in text
        assert row["id_number"] not in text


def _routes(number: int) -> list[tuple[str, str]]:
    one = f"{IMPORTS}/{number}"
    return [
        ("GET", "/qualifications/"), ("GET", "/qualifications/1"), ("POST", "/qualifications/export"),
        ("POST", "/qualifications/reveal"), ("GET", f"{IMPORTS}/"), ("GET", UPLOAD), ("POST", UPLOAD),
        ("GET", f"{IMPORTS}/template"), ("GET", one), ("POST", f"{one}/marked"), ("POST", f"{one}/load"),
        ("POST", f"{one}/discard"),
        *(("POST", f"{base}/{act}") for base in ("/qualifications", IMPORTS) for act in ("find", "views", "setting")),
    ]  # fmt: skip


def test_the_list_of_routes_is_complete(app):
    known = {
        (method, rule.rule.replace("<key>", "1"))
        for rule in app.url_map.iter_rules()
        if rule.endpoint.split(".")[0] in {"QualificationScreen", "QualificationImportScreen"}
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert known == set(_routes(1))


def test_every_route_is_404_for_every_other_role_and_leads_visitors_to_the_login(
    app, chen_jing, cast, session
):
    number = int(_upload(chen_jing, listed(people(1))).rpartition("/")[2])
    others = [member for member in cast if member.name not in {"陈静", "周敏"}]
    assert len(others) == 9
    for member in others:
        client = login(app.test_client(), member)
        token = page(client, "/").find("meta", attrs={"name": "csrf"})["content"]
        for method, url in _routes(number):
            answer = client.open(
                url, method=method, headers={"X-CSRFToken": token, "Referer": "http://localhost/"}
            )
            assert answer.status_code == 404, (member.name, method, url, answer.status)
    for method, url in _routes(number):
        assert app.test_client().open(url, method=method).status_code in {302, 400}, (method, url)
    assert _count(session) == 0


def test_an_import_that_does_not_exist_is_404(chen_jing):
    token = page(chen_jing, UPLOAD).find("meta", attrs={"name": "csrf"})["content"]
    for number in ("999", "x", "99999999999"):
        assert chen_jing.get(f"{IMPORTS}/{number}").status_code == 404
        for act in ("load", "discard", "marked"):
            url = f"{IMPORTS}/{number}/{act}"
            assert (
                chen_jing.post(
                    url, headers={"X-CSRFToken": token, "Referer": "http://localhost/"}
                ).status_code
                == 404
            )


def test_an_upload_without_the_token_of_the_page_is_refused(chen_jing, session):
    answer = chen_jing.post(UPLOAD, data={"workbook": (io.BytesIO(listed(people(1))), "a.xlsx")})
    assert answer.status_code == 400
    assert session.scalar(select(func.count()).select_from(WorkbookImport)) == 0


def test_a_marked_workbook_cannot_run_anything(chen_jing):
    rows = [row | {"employer": "=HYPERLINK(1)", "name": ""} for row in people(2)]

    def as_text(book):
        for number in (2, 3):
            book.active.cell(number, 6).data_type = "s"

    url = _upload(chen_jing, listed(rows, as_text))
    with zipfile.ZipFile(io.BytesIO(_press(chen_jing, url, "marked").data)) as package:
        assert b"<f>" not in b"".join(map(package.read, package.namelist()))
