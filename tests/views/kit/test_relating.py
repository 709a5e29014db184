"""A field that points at another row: searched on the server, within the scope, and never read as a whole."""

import pytest
from sqlalchemy import event

from app.models import Enterprise, EnterpriseQualification
from app.views.kit import relating
from tests.pages import checked, fields, page, submit
from tests.views.kit.conftest import CHANGSHA, SHAOYANG, enterprise

pytestmark = pytest.mark.both_engines

URL = "/trial-qualifications"
JSON = {"Accept": "application/json"}


@pytest.fixture
def found(people):
    """What the search of the field finds: names, and whether there are more."""

    def search(who, typed="", **arguments):
        answer = people[who].get(
            f"{URL}/related/enterprise_id", query_string={"q": typed, **arguments}, headers=JSON
        )
        assert answer.status_code == 200, answer.text
        return [one["text"] for one in answer.json["items"]], answer.json["more"]

    return search


@pytest.fixture
def add(people):
    def send(who, **typed):
        form = page(people[who], f"{URL}/add").find("form", id="record")
        return submit(people[who], form, f"{URL}/add", **{"certificate_number": "D1", **typed})

    return send


@pytest.fixture
def held(trial_app):
    """The enterprises of the qualifications that are stored."""
    from app.extensions.database import db

    def read():
        with trial_app.app_context():
            return [one.enterprise_id for one in db.session.query(EnterpriseQualification)]

    return read


def _many(app, count, region):
    from app.extensions.database import db

    with app.app_context():
        db.session.add_all(
            enterprise(f"样板企业{serial:05}", region, 1000 + serial) for serial in range(count)
        )
        db.session.commit()


def test_the_officer_of_another_city_finds_none_of_them(found):
    assert found("wang_qiang", "示例") == (["长沙示例建设有限公司"], False)
    assert found("zhao_min", "示例") == (["邵阳示例路桥有限公司"], False)
    assert found("zhao_min", "长沙") == ([], False)


def test_a_row_of_another_city_is_refused_as_not_in_the_list(people, add, held):
    document = checked(add("wang_qiang", enterprise_id=str(people.rows["shaoyang"])), 422)
    assert document.find(id="f-enterprise_id")["aria-invalid"] == "true"
    assert "邵阳" not in document.get_text()
    assert held() == []


@pytest.mark.parametrize("value", ["999", "x", "-1", "1e3", "９", "1" * 30, "1 OR 1=1"])
def test_what_is_no_row_is_refused_as_not_in_the_list(add, held, value):
    assert add("wang_qiang", enterprise_id=value).status_code == 422
    assert held() == []


def test_nothing_chosen_is_asked_for_where_the_column_needs_it(add):
    document = checked(add("wang_qiang", enterprise_id=""), 422)
    assert document.find(id="f-enterprise_id-error")


def test_a_row_of_the_own_city_is_stored_and_shown_by_its_name(people, add, held):
    own = people.rows["changsha"]
    assert add("wang_qiang", enterprise_id=str(own)).status_code == 302
    assert held() == [own]
    control = page(people["wang_qiang"], f"{URL}/1/edit").find(id="f-enterprise_id")
    assert [(one["value"], one.get_text()) for one in control.find_all("option")][1:] == [
        (str(own), "长沙示例建设有限公司")
    ]


def test_what_was_chosen_stays_when_something_else_is_wrong(people, add):
    document = checked(
        add("wang_qiang", enterprise_id=str(people.rows["changsha"]), certificate_number=""), 422
    )
    control = document.find(id="f-enterprise_id")
    assert control.find("option", selected=True).get_text() == "长沙示例建设有限公司"


def test_a_value_that_left_the_scope_may_stay_but_is_not_named(people, add, held, trial_app):
    from app.extensions.database import db

    own = people.rows["changsha"]
    assert add("wang_qiang", enterprise_id=str(own)).status_code == 302
    form = page(people["wang_qiang"], f"{URL}/1/edit").find("form", id="record")
    with trial_app.app_context():
        db.session.get_one(Enterprise, own).region_code = SHAOYANG
        db.session.commit()
    assert people["wang_qiang"].get(f"{URL}/1/edit").status_code == 404
    answer = submit(people["zhao_min"], page(people["zhao_min"], f"{URL}/1/edit").find("form", id="record"),
                    f"{URL}/1/edit", certificate_number="D2")  # fmt: skip
    assert answer.status_code == 302
    assert fields(form)["enterprise_id"] == str(own)
    assert held() == [own]


def test_who_may_not_open_the_form_may_not_search_in_it(people):
    address = f"{URL}/related/enterprise_id"
    for who in ("li_juan", "chen_jing", "auditor", "admin"):
        assert people[who].get(address, headers=JSON).status_code == 404
    assert people["wang_qiang"].get(f"{address}?key=77", headers=JSON).status_code == 404
    assert people.app.test_client().get(address, headers=JSON).status_code == 401


@pytest.mark.parametrize("name", ["certificate_number", "id", "__class__", "x"])
def test_other_fields_are_not_searched(people, name):
    assert people["wang_qiang"].get(f"{URL}/related/{name}", headers=JSON).status_code == 404


def test_a_screen_without_such_a_field_has_no_search(people):
    assert people["wang_qiang"].get("/trial/related/name", headers=JSON).status_code == 404


def test_thirty_at_a_time_and_word_that_there_are_more(people, found):
    _many(people.app, relating.AT_ONCE + 5, CHANGSHA)
    names, more = found("wang_qiang", "样板")
    assert (len(names), more) == (relating.AT_ONCE, True)
    assert names == sorted(names)
    assert found("wang_qiang", "样板企业00003") == (["样板企业00003"], False)


def test_a_whole_code_finds_its_row_and_a_part_of_it_does_not(found):
    assert found("wang_qiang", "914300000000000001") == (["长沙示例建设有限公司"], False)
    assert found("wang_qiang", "9143000000") == ([], False)


@pytest.mark.parametrize("typed", ["%", "_", "\\", "'", "\x00", "x" * 500, "🙂"])
def test_odd_text_finds_nothing_and_breaks_nothing(found, typed):
    assert found("wang_qiang", typed)[1] is False


def test_the_page_of_the_form_reads_no_more_with_many_rows(people):
    from app.extensions.database import db

    def asked():
        statements = []
        with people.app.app_context():
            bound = db.engine
        note = lambda *arguments: statements.append(arguments[2])  # noqa: E731 - one line is enough
        event.listen(bound, "before_cursor_execute", note)
        try:
            size = len(people["wang_qiang"].get(f"{URL}/add").data)
        finally:
            event.remove(bound, "before_cursor_execute", note)
        return len(statements), size

    asked()
    few = asked()
    _many(people.app, 300, CHANGSHA)
    many = asked()
    assert few[0] == many[0] <= 6
    assert abs(many[1] - few[1]) < 100
