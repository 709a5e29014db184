"""The engine under every list: who sees which row, and what an address or a form may not do."""

import pytest
from sqlalchemy import event, select

from app.models import AuditEntry, Enterprise, Job
from app.views.kit.applying import applied
from app.views.kit.filtering import Filter
from app.views.kit.words import Words
from tests.pages import checked, page, submit
from tests.views.kit.conftest import CHANGSHA, enterprise


def _audit(app, action):
    from app.extensions.database import db

    with app.app_context():
        return db.session.scalars(select(AuditEntry).where(AuditEntry.action == action)).all()


def test_a_list_shows_the_rows_of_the_own_city_only(people):
    names = page(people["wang_qiang"], "/trial/").find("tbody").get_text()
    assert "长沙示例" in names
    assert "邵阳示例" not in names


@pytest.mark.parametrize("path", ["", "/edit", "/delete"])
def test_the_officer_of_another_city_gets_404_on_every_page_of_a_row(people, path):
    url = f"/trial/{people.rows['changsha']}{path}"
    page(people["wang_qiang"], url)
    page(people["zhao_min"], url, 404)


@pytest.mark.parametrize("path", ["/edit", "/delete"])
def test_the_officer_of_another_city_changes_nothing(people, send, stored, path):
    answer = send(
        people["zhao_min"], f"/trial/{people.rows['changsha']}{path}", {"contact_name": "赵敏", "seen": "{}"}
    )
    assert answer.status_code == 404
    assert stored(Enterprise, people.rows["changsha"]).contact_name == "李娟"


def test_an_act_on_a_row_of_another_city_is_404_even_among_own_rows(people, send, stored):
    own, other = people.rows["shaoyang"], people.rows["changsha"]
    answer = send(people["zhao_min"], "/trial/act", {"action": "mark", "ids": [f"{own}:1", f"{other}:1"]})
    assert answer.status_code == 404
    assert stored(Enterprise, own).former_name is None
    assert stored(Enterprise, other).former_name is None


def test_an_act_is_done_on_the_ticked_rows(people, send, stored):
    own = people.rows["shaoyang"]
    answer = send(people["zhao_min"], "/trial/act", {"action": "mark", "ids": f"{own}:1", "back": "?page=2"})
    assert answer.status_code == 302
    assert answer.location == "/trial/?page=2"
    assert stored(Enterprise, own).former_name == "marked"


@pytest.mark.parametrize("action", ["", "unknown", "provincial", "delete", "list", "__class__"])
def test_an_unknown_act_and_the_act_of_another_role_are_404(people, send, stored, action):
    row = people.rows["changsha"]
    answer = send(people["wang_qiang"], "/trial/act", {"action": action, "ids": f"{row}:1"})
    assert answer.status_code == 404
    assert stored(Enterprise, row).former_name is None


@pytest.mark.parametrize("ids", ["x", "1:x", "-1", "99999999999", "1;2", "\u0661", "", "0", "01:1"])
def test_numbers_that_are_no_rows_are_404(people, send, ids):
    answer = send(people["wang_qiang"], "/trial/act", {"action": "mark", "ids": ids})
    assert answer.status_code == 404


def test_a_row_has_one_name_and_no_other(people, send, stored):
    row = people.rows["changsha"]
    answer = send(people["wang_qiang"], "/trial/act", {"action": "mark", "ids": f"0{row}:1"})
    assert answer.status_code == 404
    assert stored(Enterprise, row).former_name is None
    page(people["li_juan"], f"/trial/{row}")
    page(people["li_juan"], f"/trial/0{row}", 404)


@pytest.mark.parametrize("typed", ["9" * 11, "9" * 60, "-" + "9" * 59, "2147483648", "0" * 30 + "1", "--1"])
def test_a_number_that_no_column_holds_is_no_filter(typed):
    assert applied(Filter("progress"), Job, {"progress": typed}, Words(None, "en")) is None


def test_the_largest_number_of_a_column_is_a_filter():
    assert applied(Filter("progress"), Job, {"progress": "2147483647"}, Words(None, "en")) is not None


def test_an_act_without_ticked_rows_says_so(people, send):
    answer = send(people["wang_qiang"], "/trial/act", {"action": "mark"})
    checked(answer, 422)


def test_an_act_that_is_for_one_row_is_refused_for_two(people, send, trial_app):
    ids = [str(number) for number in people.rows.values()][:2]
    assert send(people["wang_qiang"], "/trial/act", {"action": "refuse", "ids": ids}).status_code == 404


def test_an_act_that_asks_is_done_only_with_its_answer(people, send, stored):
    client, row = people["wang_qiang"], people.rows["changsha"]
    asked = checked(send(client, "/trial/act", {"action": "explain", "ids": f"{row}:1"}))
    assert stored(Enterprise, row).former_name is None
    form = asked.find("textarea", attrs={"name": "reason"}).find_parent("form")
    again = checked(submit(client, form, "/trial/act"), 422)
    form = again.find("textarea", attrs={"name": "reason"}).find_parent("form")
    assert again.find(class_="invalid-feedback")
    assert submit(client, form, "/trial/act", reason="证照齐全").status_code == 302
    assert stored(Enterprise, row).former_name == "证照齐全"


def test_an_act_is_not_possible_by_a_link(people):
    assert people["wang_qiang"].get("/trial/act?action=mark&ids=1").status_code == 404


def test_a_form_without_a_token_changes_nothing(people, stored):
    row = people.rows["changsha"]
    answer = people["wang_qiang"].post("/trial/act", data={"action": "mark", "ids": str(row)})
    assert answer.status_code == 400
    assert stored(Enterprise, row).former_name is None


def test_a_role_without_the_screen_gets_404(people):
    page(people["li_juan"], "/trial/add", 404)
    page(people["chen_jing"], f"/trial/{people.rows['changsha']}/edit", 404)


def test_a_visitor_is_sent_to_the_login(people):
    answer = people.app.test_client().get("/trial/")
    assert answer.status_code == 302
    assert answer.location.startswith("/login?next=")


@pytest.mark.parametrize(
    "arguments",
    [
        "page=abc", "page=-5", "page=0", "page=99999999999999999999", "page=%00", "size=-1", "size=1000000",
        "size=x", "sort=metadata", "sort=insurance_password", "sort=id_number_index",
        "sort=-uscc; drop", "sort=-",
        "q=%00%ff", "q=" + "x" * 5000, "q=%25_%27%22", "founded_on_from=2026-13-45",
        "founded_on_from=0001-01-01",
        "founded_on_to=%00", "region_code=999999", "enterprise_type=<script>", "active=maybe", "mobile=x",
        "insurance_password=x", "id=1 or 1=1", "_flt_0_name=x", "q[]=1", "page=1&page=2",
    ],
)  # fmt: skip
def test_an_address_with_nonsense_shows_the_list(people, arguments):
    document = page(people["wang_qiang"], f"/trial/?{arguments}", follow_redirects=True)
    assert document.find(class_="list")


@pytest.mark.parametrize("column", ["insurance_site", "version", "mobile_index", "uscc"])
def test_what_cannot_be_sorted_does_not_order_the_list(people, column):
    """Ordering by a hidden column would tell its values one comparison at a time."""
    client = people["chen_jing"]

    def names(arguments):
        return [row.get_text() for row in page(client, f"/trial/?{arguments}").select("tbody tr")]

    assert names(f"sort={column}") == names(f"sort=-{column}") == names("")
    assert names("sort=name") != names("sort=-name")


def test_a_filter_on_a_hidden_column_is_ignored(people):
    for arguments in ("version=9", "former_name=x", "uscc=x", "insurance_password=x"):
        assert len(page(people["chen_jing"], f"/trial/?{arguments}").select("tbody tr")) == 2


def test_filters_narrow_and_show_what_is_on(people):
    client = people["chen_jing"]
    document = page(client, "/trial/?region_code=430100")
    assert len(document.select("tbody tr")) == 1
    assert "长沙市" in document.find(class_="chips").get_text()
    assert len(page(client, "/trial/?mobile=13800000002", follow_redirects=True).select("tbody tr")) == 1
    assert len(page(client, "/trial/?q=路桥").select("tbody tr")) == 1
    assert len(page(client, "/trial/?q=%25").select("tbody tr")) == 0


def test_a_person_is_found_by_the_whole_id_number_only(people):
    client = people["wang_qiang"]
    for typed, count in (("439900198501010015", 1), ("43990019850101001", 0), ("4399", 0), ("张", 1)):
        document = page(client, f"/trial-persons/?q={typed}", follow_redirects=True)
        assert len(document.select("tbody tr")) == count, typed


def test_an_id_number_is_masked_until_it_is_asked_for(people, send):
    client, key = people["wang_qiang"], str(people.rows["person"])
    assert "439900198501010015" not in client.get("/trial-persons/").text
    wanted = {"key": key, "field": "id_number"}
    answer = send(client, "/trial-persons/reveal", wanted, headers={"Accept": "application/json"})
    assert answer.get_json() == {"value": "439900198501010015"}
    assert [entry.subject_id for entry in _audit(people.app, "reveal")] == [key]


@pytest.mark.parametrize(
    ("key", "field"), [("9999", "id_number"), ("x", "id_number"), (None, "name"), (None, "id_number_index")]
)
def test_nothing_else_is_revealed(people, send, key, field):
    answer = send(
        people["wang_qiang"], "/trial-persons/reveal", {"key": key or people.rows["person"], "field": field}
    )
    assert answer.status_code == 404
    assert not _audit(people.app, "reveal")


def test_the_officer_of_another_city_reveals_nothing(people, send):
    data = {"key": people.rows["person"], "field": "id_number"}
    assert send(people["zhao_min"], "/trial-persons/reveal", data).status_code == 404


def test_a_row_is_deleted_after_a_question(people, stored):
    client, url = people["wang_qiang"], f"/trial/{people.rows['changsha']}/delete"
    form = page(client, url).find("form", class_="record")
    # The account of the enterprise still points at it: the database refuses, and the person reads why.
    checked(submit(client, form, url), 422)
    assert stored(Enterprise, people.rows["changsha"])


def test_a_list_asks_few_questions_however_long_it_is(people, trial_app):
    from app.extensions.database import db

    with trial_app.app_context():
        for serial in range(100, 180):
            db.session.add(enterprise(f"示例企业{serial}", CHANGSHA, serial))
        db.session.commit()
        engine = db.engine
    asked = []

    def note(_connection, _cursor, statement, *_):
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    document = page(people["wang_qiang"], "/trial/?size=100")
    event.remove(engine, "before_cursor_execute", note)
    assert len(document.select("tbody tr")) == 81
    assert len(asked) <= 8, "\n".join(asked)


def test_pages_are_turned(people, trial_app):
    from app.extensions.database import db

    with trial_app.app_context():
        for serial in range(100, 145):
            db.session.add(enterprise(f"示例企业{serial}", CHANGSHA, serial))
        db.session.commit()
    client = people["wang_qiang"]
    first, second = page(client, "/trial/?size=20"), page(client, "/trial/?size=20&page=2")
    names = [row.get_text() for document in (first, second) for row in document.select("tbody tr")]
    assert len(set(names)) == 40
    assert len(page(client, "/trial/?size=20&page=99").select("tbody tr")) == 6


def test_an_act_leaves_out_rows_in_another_state_and_names_them(people, send, stored):
    from app.extensions.database import db

    with people.app.app_context():
        resting = enterprise("停用示例企业", CHANGSHA, 300, active=False)
        db.session.add(resting)
        db.session.commit()
        key = resting.id
    client, own = people["wang_qiang"], people.rows["changsha"]
    document = page(client, "/trial/")
    row = document.find("td", string="停用示例企业").find_parent("tr")
    assert not row.find("button", value="explain")
    asked = checked(send(client, "/trial/act", {"action": "explain", "ids": [f"{own}:1", f"{key}:1"]}))
    assert "停用示例企业" in asked.find(class_="alert-warning").get_text()
    form = asked.find("textarea", attrs={"name": "reason"}).find_parent("form")
    assert submit(client, form, "/trial/act", reason="证照齐全").status_code == 302
    assert stored(Enterprise, own).former_name == "证照齐全"
    assert stored(Enterprise, key).former_name is None
    assert "停用示例企业" in page(client, "/trial/").find(class_="alert-warning").get_text()


def test_an_act_on_rows_in_another_state_alone_does_nothing(people, send, stored):
    from app.extensions.database import db

    with people.app.app_context():
        db.session.get_one(Enterprise, people.rows["changsha"]).active = False
        db.session.commit()
    data = {"action": "explain", "ids": str(people.rows["changsha"]), "confirmed": "1", "reason": "x"}
    assert send(people["wang_qiang"], "/trial/act", data).status_code == 302
    assert stored(Enterprise, people.rows["changsha"]).former_name is None
