"""Views, columns and page sizes: kept for the account, shared within the office, and never wider than the scope."""

import json
import threading
import time

import pytest
from sqlalchemy import select, text

from app.models import Account, ListSetting, SavedView
from app.security.access.roles import Actor, Role
from app.security.access.scope import rows_of
from tests.pages import checked, page
from tests.views.kit.conftest import CHANGSHA, SHAOYANG

NUMBER = "439900198501010015"


def save(send, client, name="本市", address="?enterprise_type=&q=示例", screen="trial", **data):
    return send(client, f"/{screen}/views", {"do": "save", "name": name, "list": address, **data})


def views(people) -> list[SavedView]:
    from app.extensions.database import db

    with people.app.app_context():
        rows = db.session.scalars(select(SavedView).order_by(SavedView.id)).all()
        for row in rows:
            assert row.arguments is not None
        db.session.expunge_all()
        return list(rows)


def tabs(client, url="/trial/") -> list[str]:
    return [one.get_text(strip=True) for one in page(client, url).select(".views > a.view-tab")][1:]


def heads(client, url="/trial/") -> list[str]:
    return [one.get_text(strip=True) for one in page(client, url).select("thead th")][2:-1]


def test_a_view_opens_the_filter_it_keeps(people, send):
    client = people["chen_jing"]
    answer = save(send, client, address="?q=路桥&sort=-name")
    (view,) = views(people)
    assert answer.location == f"/trial/?q=%E8%B7%AF%E6%A1%A5&sort=-name&view={view.id}"
    document = page(client, f"/trial/?view={view.id}")
    assert len(document.select("tbody tr")) == 1
    assert document.select_one(".view-tab[aria-current]").get_text(strip=True) == "本市"
    assert document.select_one("a.sorter")["href"].count("view=") == 1


def test_what_a_view_keeps_is_encrypted(people, send):
    from app.extensions.database import db

    save(send, people["chen_jing"], address="?q=路桥")
    with people.app.app_context():
        stored = bytes(db.session.scalar(text("SELECT arguments FROM saved_view")))
    assert "路桥".encode() not in stored
    assert b"%E8%B7%AF" not in stored


def test_a_view_of_another_account_is_nothing_and_stays(people, send):
    save(send, people["wang_qiang"])
    (view,) = views(people)
    assert tabs(people["zhao_min"]) == tabs(people["chen_jing"]) == []
    document = page(people["zhao_min"], f"/trial/?view={view.id}")
    assert len(document.select("tbody tr")) == 1
    assert not document.select(".chip-on")
    for do in ("rename", "replace", "share", "delete"):
        data = {"do": do, "view": view.id, "name": "我的", "list": "?"}
        assert send(people["zhao_min"], "/trial/views", data).status_code == 404
        assert send(people["chen_jing"], "/trial/views", data).status_code == 404
    assert [one.name for one in views(people)] == ["本市"]


def test_a_view_that_is_gone_shows_the_list(people, send):
    client = people["wang_qiang"]
    save(send, client)
    (view,) = views(people)
    assert send(client, "/trial/views", {"do": "delete", "view": view.id}).status_code == 302
    assert page(client, f"/trial/?view={view.id}").find(class_="list")
    assert views(people) == []


def test_a_city_shares_with_its_own_officers_and_the_province_with_its_own(people, send):
    from app.extensions.database import db

    save(send, people["wang_qiang"], name="长沙的", shared="1")
    save(send, people["chen_jing"], name="全省的", shared="1")
    colleague = Actor(99, "同事", frozenset({Role.MUNICIPAL}), region_code=CHANGSHA)
    stranger = Actor(98, "别市", frozenset({Role.MUNICIPAL}), region_code=SHAOYANG)
    province = Actor(97, "省厅", frozenset({Role.PROVINCIAL}))
    clerk = Actor(96, "企业", frozenset({Role.ENTERPRISE}), enterprise_id=people.rows["changsha"])
    with people.app.app_context():
        seen = {
            one.name: db.session.scalars(rows_of(SavedView, one)).all()
            for one in (colleague, stranger, province, clerk)
        }
        names = {who: [view.name for view in rows] for who, rows in seen.items()}
    assert names == {"同事": ["长沙的"], "别市": [], "省厅": ["全省的"], "企业": []}
    assert tabs(people["zhao_min"]) == tabs(people["province_admin"], "/policies/") == []


def test_an_enterprise_keeps_views_and_shares_none(people, send):
    client = people["li_juan"]
    assert save(send, client).status_code == 302
    assert save(send, client, name="共享", shared="1").status_code == 404
    assert not page(client, "/trial/").find("input", attrs={"name": "shared"})
    assert [one.name for one in views(people)] == ["本市"]


def test_a_shared_view_is_opened_within_the_readers_own_scope(people, send):
    """The province's filter in the hands of a city officer finds the rows of his city."""
    from app.extensions.database import db

    save(send, people["chen_jing"], name="两市", address="?region_code=430100&region_code=430500", shared="1")
    with people.app.app_context():
        db.session.scalars(select(SavedView)).one().shared_role = f"{Role.MUNICIPAL}:{SHAOYANG}"
        db.session.commit()
    (view,) = views(people)
    assert len(page(people["chen_jing"], f"/trial/?view={view.id}").select("tbody tr")) == 2
    names = page(people["zhao_min"], f"/trial/?view={view.id}").find("tbody").get_text()
    assert "邵阳" in names
    assert "长沙" not in names


def test_a_view_that_names_a_person_is_kept_and_not_shared(people, send):
    client = people["wang_qiang"]
    address = client.get(f"/trial-persons/?q={NUMBER}").location.partition("/trial-persons/")[2]
    checked(save(send, client, name="某人", address=address, screen="trial-persons", shared="1"), 422)
    answer = save(send, client, name="某人", address=address, screen="trial-persons")
    assert NUMBER not in answer.location
    (view,) = views(people)
    opened = client.get(f"/trial-persons/?view={view.id}")
    assert opened.status_code == 302
    assert NUMBER not in opened.location
    document = page(client, opened.location)
    assert len(document.select("tbody tr")) == 1
    assert NUMBER not in document.decode()
    data = {"do": "share", "view": view.id, "list": "?"}
    checked(send(client, "/trial-persons/views", data), 422)


def test_a_view_is_renamed_replaced_and_shared_by_its_owner(people, send):
    client = people["wang_qiang"]
    save(send, client)
    (view,) = views(people)
    for do, data in (
        ("rename", {"name": "改名"}),
        ("replace", {"list": "?contact_name=娟"}),
        ("share", {}),
    ):
        assert (
            send(client, "/trial/views", {"do": do, "view": view.id, "list": "?", **data}).status_code == 302
        )
    (view,) = views(people)
    assert (view.name, view.arguments) == ("改名", "contact_name=%E5%A8%9F")
    assert view.shared_role == f"{Role.MUNICIPAL}:{CHANGSHA}"
    send(client, "/trial/views", {"do": "share", "view": view.id, "list": "?"})
    assert views(people)[0].shared_role is None


@pytest.mark.parametrize("name", ["", "   ", "名" * 41])
def test_a_view_without_a_proper_name_is_refused(people, send, name):
    checked(save(send, people["wang_qiang"], name=name), 422)
    assert views(people) == []


def test_names_are_unique_and_views_are_counted(people, send):
    client = people["wang_qiang"]
    save(send, client, name="视图0")
    checked(save(send, client, name="视图0"), 422)
    for number in range(1, 20):
        assert save(send, client, name=f"视图{number}").status_code == 302
    checked(save(send, client, name="太多"), 422)
    assert len(views(people)) == 20


@pytest.mark.parametrize("do", ["", "drop", "__init__"])
def test_an_unknown_wish_is_404(people, send, do):
    assert send(people["wang_qiang"], "/trial/views", {"do": do, "name": "x"}).status_code == 404


def test_columns_are_chosen_ordered_and_put_back(people, send):
    client = people["wang_qiang"]
    before = heads(client)
    data = {
        "columns_sent": "1",
        "columns": ["shout", "name", "insurance_password", "name", "nothing"],
        "list": "?",
    }
    assert send(client, "/trial/setting", data).status_code == 302
    assert heads(client) == ["Shout", before[0]]
    assert heads(people["zhao_min"]) == before
    send(client, "/trial/setting", {"columns_sent": "1", "columns": ["name", "shout"], "list": "?"})
    assert heads(client) == [before[0], "Shout"]
    send(client, "/trial/setting", {"columns_sent": "1", "reset": "1", "list": "?"})
    assert heads(client) == before
    checked(send(client, "/trial/setting", {"columns_sent": "1", "columns": ["nothing"], "list": "?"}), 422)


def test_further_columns_are_added_and_exported(people, send):
    from app.extensions.database import db
    from app.models import EnterpriseQualification

    with people.app.app_context():
        db.session.add(
            EnterpriseQualification(
                enterprise_id=people.rows["changsha"], certificate_number="甲一", category="1", grade="2",
                specialty="建筑工程", authority="省厅",
            )
        )  # fmt: skip
        db.session.commit()
    client = people["wang_qiang"]
    assert "省厅" not in page(client, "/trial-papers/").find("tbody").get_text()
    data = {"columns_sent": "1", "columns": ["authority", "certificate_number"], "list": "?"}
    send(client, "/trial-papers/setting", data)
    assert "省厅" in page(client, "/trial-papers/").find("tbody").get_text()
    exported = send(client, "/trial-papers/export", {"format": "csv", "list": "?"}).get_data(as_text=True)
    assert exported.splitlines()[-1] == '"省厅","甲一"'


def test_a_hidden_column_of_the_own_city_cannot_be_chosen(people, send):
    client = people["wang_qiang"]
    data = {"columns_sent": "1", "columns": ["region_code", "name"], "list": "?"}
    send(client, "/trial-derived/setting", data)
    with people.app.app_context():
        from app.extensions.database import db

        setting = db.session.scalars(select(ListSetting)).one()
        assert json.loads(setting.columns) == ["name"]


def test_the_columns_of_an_open_view_are_its_own(people, send):
    client = people["wang_qiang"]
    save(send, client)
    (view,) = views(people)
    everybody = heads(client)
    data = {"columns_sent": "1", "columns": ["name"], "list": f"?q=示例&view={view.id}"}
    send(client, "/trial/setting", data)
    assert len(heads(client, f"/trial/?view={view.id}")) == 1
    assert heads(client) == everybody


def test_the_rows_of_a_page_are_remembered(people, send):
    client = people["wang_qiang"]
    answer = send(client, "/trial/setting", {"size": "50", "list": "?q=示例&size=20"})
    assert answer.location == "/trial/?q=%E7%A4%BA%E4%BE%8B"
    chosen = page(client, "/trial/").select_one("#pager-size option[selected]")
    assert chosen["value"] == "50"
    assert page(people["zhao_min"], "/trial/").select_one("#pager-size option[selected]")["value"] == "30"
    send(client, "/trial/setting", {"size": "1000000", "list": "?"})
    assert page(client, "/trial/").select_one("#pager-size option[selected]")["value"] == "30"


def test_nothing_is_kept_without_the_permission_of_the_list(people, send):
    for url in ("views", "setting", "find"):
        data = {"do": "save", "name": "x", "size": "50"}
        assert send(people["li_juan"], f"/trial-papers/{url}", data).status_code == 404
    assert views(people) == []


def test_a_search_of_a_session_that_has_ended_is_not_saved_as_no_search(people, send):
    client = people["chen_jing"]
    checked(save(send, client, address=f"?q=~{'A' * 60}"), 422)
    assert views(people) == []
    save(send, client, address="?q=路桥")
    (view,) = views(people)
    again = {"do": "replace", "view": str(view.id), "list": f"?q=~{'A' * 60}"}
    checked(send(client, "/trial/views", again), 422)
    assert [one.arguments for one in views(people)] == [view.arguments]


@pytest.mark.both_engines
def test_two_tabs_that_set_up_one_list_at_once_are_both_heard(people, send):
    from app.extensions.database import begin_writing, db

    client, answers = people["chen_jing"], []
    with people.app.app_context():
        account = db.session.scalar(select(Account.id).where(Account.login_name == "chen_jing"))
        begin_writing(db.session)
        db.session.add(ListSetting(account_id=account, screen="TrialScreen", columns="[]"))
        db.session.flush()
        other = threading.Thread(
            target=lambda: answers.append(send(client, "/trial/setting", {"size": "50", "list": "?"}))
        )
        other.start()
        time.sleep(0.5)  # long enough to stand before the row that is not committed yet
        db.session.commit()
        other.join(30)
        assert [one.status_code for one in answers] == [302]
        assert db.session.scalars(select(ListSetting.size)).all() == [50]
