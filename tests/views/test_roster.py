"""人员花名册: whom the enterprise can renew today, filters that agree with the radar, and drafts for many, never twice."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from app.cli.demo.filing import file_declaration
from app.cli.demo.makers import id_number
from app.extensions.clock import now, today
from app.models import Declaration, Enterprise, Person, Registration
from app.workflow.radar import Stage
from app.workflow.types import registry
from tests.cast import add_constructor, login, take
from tests.pages import checked, page
from tests.registered import registered
from tests.views.clerk import anew, post

URL = "/roster"
PEOPLE = {"何静": 60, "郑涛": 10, "许诺": 100, "高翔": -3, "马超": 600}
"""In how many days their terms end."""
STAGES = {"何静": "open", "郑涛": "closed", "许诺": "soon", "高翔": "expired", "马超": "later"}


@pytest.fixture
def people(session, cast) -> dict[str, int]:
    """Five constructors of 李娟's enterprise, one at each stage; the ids of their registrations."""
    found = {}
    for place, (name, days) in enumerate(PEOPLE.items()):
        number = id_number(date(1990 + place, 1, 1), 11)
        person = add_constructor(session, cast.wang_qiang, name, number)
        row = registered(
            session, cast.li_juan, person, ends={"building": today() + timedelta(days=days)}, certified=False
        )
        found[name] = row.id
    return found


def names(client, **query):
    rows = page(client, f"{URL}/", query_string=query).select("table.rows tbody tr")
    return {row.find_all("td")[2].get_text(strip=True) for row in rows}


def begin(client, *keys):
    return post(client, f"{URL}/act", action="begin_renewal", ids=[str(key) for key in keys])


def drafts(session) -> list[Declaration]:
    return list(anew(session).scalars(select(Declaration).order_by(Declaration.id)))


@pytest.mark.both_engines
def test_other_enterprises_see_nobody_and_can_draft_for_nobody(app, session, cast, people):
    for member in (cast.fang_yuan, cast.liu_yang):
        stranger = login(app.test_client(), member)
        assert names(stranger) == set()
        for key in people.values():
            assert stranger.get(f"{URL}/{key}").status_code == 404
            assert begin(stranger, key).status_code == 404
    for member in (cast.wang_qiang, cast.chen_jing, cast.zhang_wei):
        assert login(app.test_client(), member).get(f"{URL}/").status_code == 404
    assert drafts(session) == []


@pytest.mark.both_engines
def test_each_filter_shows_those_whom_the_radar_shows_there(app, session, cast, people):
    moved = add_constructor(session, cast.wang_qiang, "临时", id_number(date(1978, 5, 5), 1))
    registered(session, cast.li_juan, moved, kind="temporary", certified=False)
    client = login(app.test_client(), cast.li_juan)
    expected = STAGES | {"临时": "any_time"}
    for stage in Stage:
        wanted = {name for name, at in expected.items() if at == stage}
        assert names(client, stage=stage) == wanted, stage
    home = page(client, "/")
    told = {
        one["href"].partition("stage=")[2]: one.select_one(".count-number").get_text()
        for one in home.select("#radar a.count")
    }
    assert told == dict.fromkeys(told, "1")
    assert set(told) == {"open", "closed", "expired", "soon"}


@pytest.mark.both_engines
def test_who_has_several_specialties_stands_where_one_presses_most(app, session, cast):
    day = today()
    ends = {"building": day + timedelta(days=60), "municipal": day - timedelta(days=1)}
    registered(session, cast.li_juan, cast.zhang_wei, ends=ends, certified=False)
    client = login(app.test_client(), cast.li_juan)
    assert names(client, stage="open") == {"张伟"}
    assert names(client, stage="expired") == set()


@pytest.mark.both_engines
def test_who_lapsed_is_behind_a_filter_and_comes_back_by_the_look_up(app, session, cast, people):
    row = session.get_one(Registration, people["何静"])
    row.status, row.cancelled_reason, row.cancelled_on = "cancelled", "expired", today()
    row.specialties[0].removed_on = today()
    session.commit()
    client = login(app.test_client(), cast.li_juan)
    assert names(client) == set(PEOPLE) - {"何静"}
    assert names(client, stage="cancelled") == {"何静"}
    (line,) = page(client, f"{URL}/{people['何静']}").select("#possible tbody tr")
    assert "重新申报" in line.get_text()
    assert line.find("form") is None
    assert line.find("a")["href"].endswith("/declarations/re-registration/add")
    assert begin(client, people["何静"]).status_code == 302
    assert drafts(session) == []
    for member in (cast.fang_yuan, cast.liu_yang):
        stranger = login(app.test_client(), member)
        assert names(stranger, stage="cancelled") == set()
        assert stranger.get(f"{URL}/{people['何静']}").status_code == 404


def test_the_cancelled_who_left_are_not_on_the_roster(app, session, cast, people):
    row = session.get_one(Registration, people["何静"])
    row.status, row.cancelled_reason = "cancelled", "employment_ended"
    session.commit()
    client = login(app.test_client(), cast.li_juan)
    assert names(client, stage="cancelled") == set()
    assert client.get(f"{URL}/{people['何静']}").status_code == 404


def test_the_page_says_what_can_be_filed_and_why_the_rest_cannot(app, cast, people):
    client = login(app.test_client(), cast.li_juan)
    document = page(client, f"{URL}/{people['郑涛']}")
    lines = {row.find("td").get_text(strip=True): row for row in document.select("#possible tbody tr")}
    assert "可以申报" in lines["注销申报"].get_text()
    assert (today() - timedelta(days=20)).isoformat() in lines["延续申报"].get_text()
    form = lines["注销申报"].find("form")
    answer = post(client, form["action"], pick=form.find("input", attrs={"name": "pick"})["value"])
    assert answer.status_code == 302
    assert "/declarations/cancellation/" in answer.headers["Location"]


@pytest.mark.both_engines
def test_one_click_makes_drafts_and_says_of_each_row_what_became_of_it(app, session, cast, people):
    busy = add_constructor(session, cast.wang_qiang, "忙人", id_number(date(1979, 6, 6), 1))
    held = registered(
        session, cast.li_juan, busy, ends={"building": today() + timedelta(days=60)}, certified=False
    )
    asked = file_declaration(
        session, registry["cancellation"], cast.li_juan.actor, session.get_one(Person, held.person_id), held
    )
    session.commit()
    take(session, cast, asked.id, "submit")
    client = login(app.test_client(), cast.li_juan)
    document = page_of(begin(client, people["何静"], held.id))
    lines = {row.find("td").get_text(strip=True): row.get_text(" ", strip=True) for row in document}
    assert "已生成草稿" in lines["何静"]
    assert "不能申报" in lines["忙人"]
    assert "在办" in lines["忙人"]
    (made,) = [one for one in drafts(session) if one.type_key == "renewal"]
    assert (made.name, made.state, made.enterprise_id) == ("何静", "draft", cast.li_juan.actor.enterprise_id)
    assert [one.specialty for one in made.specialties] == ["building"]
    assert made.registration_id == people["何静"]


@pytest.mark.both_engines
def test_the_same_click_again_makes_nothing_twice(app, session, cast, people):
    client = login(app.test_client(), cast.li_juan)
    begin(client, people["何静"])
    (row,) = page_of(begin(client, people["何静"]))
    assert "已有草稿" in row.get_text()
    assert len(drafts(session)) == 1
    page(client, row.find("a")["href"])


def test_whoever_cannot_be_renewed_is_left_out(app, session, cast, people):
    client = login(app.test_client(), cast.li_juan)
    assert begin(client, *(people[name] for name in ("郑涛", "许诺", "高翔", "马超"))).status_code == 302
    assert drafts(session) == []


def test_an_enterprise_that_is_not_complete_gets_one_clear_sentence(app, session, cast, people):
    session.get_one(Enterprise, cast.li_juan.actor.enterprise_id).contact_name = None
    session.commit()
    answer = begin(login(app.test_client(), cast.li_juan), people["何静"])
    assert answer.status_code != 500
    assert drafts(session) == []


def page_of(answer):
    return checked(answer).select("table.rows tbody tr")


def _asked(client, database, **query) -> int:
    """How many statements the list takes when it is opened like this."""
    found = []

    def note(*arguments):
        found.append(arguments[2])

    event.listen(database, "before_cursor_execute", note)
    names(client, **query)
    event.remove(database, "before_cursor_execute", note)
    return len(found)


def test_the_list_asks_as_many_questions_for_one_constructor_as_for_five(app, cast, people, stages, engine):
    client = login(app.test_client(), cast.li_juan)
    database = stages(engine).database
    names(client)  # what is read once for each process
    assert _asked(client, database, stage="open") == _asked(client, database)


def test_both_languages_are_whole_pages(app, cast, people):
    client = login(app.test_client(), cast.li_juan)
    english = page(client, f"{URL}/?_l_=en").get_text(" ", strip=True)
    assert "Within the days of renewal" in english
    page(client, f"{URL}/{people['何静']}?_l_=en")


def row_of(client, name) -> list:
    rows = page(client, f"{URL}/").select("table.rows tbody tr")
    return next(row.find_all("td") for row in rows if row.find_all("td")[2].get_text(strip=True) == name)


def test_whoever_may_not_renew_in_spite_of_the_dates_reads_why_beside_them(client, session, cast, people):
    login(client, cast.li_juan)
    *_rest, stage, window, possible, _acts = row_of(client, "何静")
    assert (stage.get_text(), possible.get_text().split("、")[0]) == ("延续申报期内", "延续申报")
    assert window.time.get_text() == (today() + timedelta(days=30)).isoformat()
    begin(client, people["何静"])
    held = anew(session).scalars(select(Declaration)).one()
    held.state, held.submitted_at = "submitted", now()
    session.commit()
    *_rest, stage, _window, possible, _acts = row_of(client, "何静")
    assert stage.get_text() == "延续申报期内"
    assert possible.get_text().startswith("无：")
    assert len(possible.get_text()) > len("无：")


def test_no_two_filters_of_the_roster_have_one_name(client, cast):
    login(client, cast.li_juan)
    shown = page(client, f"{URL}/").select("form.finder .chip summary")
    named = [one.get_text(strip=True) for one in shown]
    assert len(named) == len(set(named)) > 2
