"""Acts on a selection: few rows are named and done, many go to the act that takes them, nobody else's rows do."""

import pytest
from sqlalchemy import func, select

from app.models import Enterprise
from tests.pages import checked, page, submit
from tests.views.kit.conftest import CHANGSHA, SHAOYANG, enterprise

ALL = {"select": "matching", "list": "?"}
OF_ANOTHER_SESSION = f"~{'A' * 60}"


@pytest.fixture
def many(people):
    """So many enterprises of Changsha that no page names them all, and some of Shaoyang."""
    from app.extensions.database import db

    with people.app.app_context():
        for serial in range(100, 305):
            db.session.add(enterprise(f"示例企业{serial}", CHANGSHA, serial))
        for serial in range(400, 403):
            db.session.add(enterprise(f"示例企业{serial}", SHAOYANG, serial))
        db.session.commit()
    return people


def marked(people) -> dict[str, int]:
    """How many rows of each city were marked."""
    from app.extensions.database import db

    with people.app.app_context():
        query = select(Enterprise.region_code, func.count()).where(Enterprise.former_name.is_not(None))
        return dict(db.session.execute(query.group_by(Enterprise.region_code)).all())


def alter(people, key: int, **values) -> None:
    """Somebody else saves this row."""
    from app.extensions.database import db

    with people.app.app_context():
        row = db.session.get(Enterprise, key)
        for name, value in values.items():
            setattr(row, name, value)
        db.session.commit()


def keys_of(people, *names: str) -> list[int]:
    from app.extensions.database import db

    with people.app.app_context():
        return [db.session.scalar(select(Enterprise.id).where(Enterprise.name == name)) for name in names]


def test_all_that_match_are_the_rows_of_the_own_city(many, send):
    answer = send(many["zhao_min"], "/trial/act", {"action": "mark", **ALL})
    assert answer.status_code == 302
    assert marked(many) == {SHAOYANG: 4}


def test_the_filter_and_the_exceptions_are_kept(many, send, stored):
    data = {"action": "mark", "select": "matching", "list": "?q=示例企业40", "except": []}
    answer = send(many["zhao_min"], "/trial/act", data)
    assert answer.status_code == 302
    assert marked(many) == {SHAOYANG: 3}
    assert stored(Enterprise, many.rows["shaoyang"]).former_name is None
    data = {"action": "mark", **ALL, "except": [str(many.rows["changsha"])]}
    assert send(many["li_juan"], "/trial/act", data).status_code == 404


def test_more_rows_than_a_page_names_are_refused_in_words(many, send):
    answer = send(many["wang_qiang"], "/trial/act", {"action": "mark", **ALL})
    assert "200" in checked(answer, 422).find("main").get_text()
    assert marked(many) == {}


def test_an_act_that_takes_many_gets_the_selection_in_scope(many, send):
    data = {"action": "plan", "select": "matching", "list": "?region_code=430500"}
    assert send(many["chen_jing"], "/trial/act", data).text == "4 of region_code=430500 as plan"
    assert send(many["wang_qiang"], "/trial/act", {"action": "plan", **ALL}).text == "206 of  as plan"
    ids = [str(many.rows["shaoyang"]), str(many.rows["changsha"])]
    assert send(many["zhao_min"], "/trial/act", {"action": "plan", "ids": ids}).status_code == 404


def test_one_row_is_done_at_once_by_an_act_that_takes_many(many, send):
    data = {"action": "plan", "ids": str(many.rows["shaoyang"])}
    assert send(many["zhao_min"], "/trial/act", data).status_code == 302
    assert marked(many) == {SHAOYANG: 1}


def test_nothing_that_matches_is_said_in_words(people, send):
    data = {"action": "mark", "select": "matching", "list": "?q=没有"}
    checked(send(people["wang_qiang"], "/trial/act", data), 422)
    assert marked(people) == {}


@pytest.mark.parametrize("address", [f"?q={OF_ANOTHER_SESSION}", f"?mobile={OF_ANOTHER_SESSION}"])
def test_a_search_of_a_session_that_has_ended_is_not_taken_for_no_search(people, send, address):
    data = {"action": "mark", "select": "matching", "list": address}
    answer = send(people["chen_jing"], "/trial/act", data)
    assert "重新输入" in checked(answer, 422).find("main").get_text()
    assert marked(people) == {}


def test_an_act_on_one_row_is_none_on_all_that_match(people, send):
    assert send(people["wang_qiang"], "/trial/act", {"action": "refuse", **ALL}).status_code == 404


def test_an_act_that_asks_names_the_rows_that_match(people, send, stored):
    client = people["wang_qiang"]
    asked = checked(send(client, "/trial/act", {"action": "explain", **ALL}))
    assert "长沙示例" in asked.find(class_="named").get_text()
    form = asked.find("textarea", attrs={"name": "reason"}).find_parent("form")
    assert submit(client, form, "/trial/act", reason="证照齐全").status_code == 302
    assert stored(Enterprise, people.rows["changsha"]).former_name == "证照齐全"
    assert stored(Enterprise, people.rows["shaoyang"]).former_name is None


def test_whoever_is_asked_reads_what_will_pass_what_cannot_and_what_has_changed(many, send, stored):
    client = many["wang_qiang"]
    stops = many.rows["changsha"]
    changes, passes = keys_of(many, "示例企业100", "示例企业101")
    alter(many, stops, active=False)
    alter(many, changes, business_address="示例路 2 号")
    seen = {stops: stored(Enterprise, stops).version, changes: 1, passes: 1}
    tickets = [f"{key}:{version}" for key, version in seen.items()]
    asked = checked(send(client, "/trial/act", {"action": "explain", "ids": tickets}))
    assert [int(one.get_text()) for one in asked.select(".plan-number dd")] == [1, 1, 1]
    assert stored(Enterprise, passes).name in asked.find(class_="named").get_text()
    alerts = [one.get_text() for one in asked.select(".alert-warning")]
    assert stored(Enterprise, stops).name in alerts[0]
    assert stored(Enterprise, changes).name in alerts[1]
    form = asked.find("textarea", attrs={"name": "reason"}).find_parent("form")
    assert submit(client, form, "/trial/act", reason="证照齐全").status_code == 302
    done = [key for key in seen if stored(Enterprise, key).former_name == "证照齐全"]
    assert done == [passes]
    assert stored(Enterprise, changes).name in page(client, "/trial/").select_one(".alert-warning").get_text()


def test_the_list_is_told_which_ticks_to_forget(people, send):
    client, row = people["wang_qiang"], people.rows["changsha"]
    send(client, "/trial/act", {"action": "mark", "ids": f"{row}:1"})
    told = page(client, "/trial/").select("[data-acted]")
    assert [one["data-acted"] for one in told] == [f"TrialScreen {row}"]
    assert not page(client, "/trial/").select("[data-acted]")
