"""Filters of every kind, combined; nonsense is left out in words, and no filter reaches beyond the scope."""

from datetime import date, timedelta

import pytest

from app.models import EnterpriseQualification
from tests.pages import checked, fields, page
from tests.views.kit.conftest import CHANGSHA, enterprise

TODAY = date(2026, 6, 1)
"""In the province, where the clock of the tests stands."""


@pytest.fixture
def papers(people):
    """Three papers in Changsha, one in Shaoyang."""
    from app.extensions.database import db

    lines = (
        ("changsha", "甲一", "建筑工程", TODAY, "省厅"),
        ("changsha", "甲二", "市政公用工程", TODAY + timedelta(days=20), "市局"),
        ("changsha", "甲三", "机电工程", TODAY + timedelta(days=400), "省厅"),
        ("shaoyang", "乙一", "建筑工程", TODAY, "省厅"),
    )
    with people.app.app_context():
        for owner, number, specialty, until, authority in lines:
            db.session.add(
                EnterpriseQualification(
                    enterprise_id=people.rows[owner],
                    certificate_number=number,
                    category="1",
                    grade="2",
                    specialty=specialty,
                    valid_until=until,
                    authority=authority,
                )
            )
        db.session.commit()
    return people


def shown(client, url) -> set[str]:
    rows = page(client, url, follow_redirects=True).select("table.rows tbody tr")
    return {row.select("td")[2].get_text(strip=True) for row in rows}


def chips(document) -> list[str]:
    return [one.get_text(" ", strip=True) for one in document.select(".chip-on")]


def test_a_relation_offers_and_finds_rows_of_the_own_city_only(papers):
    own, other = papers.rows["changsha"], papers.rows["shaoyang"]
    offered = papers["wang_qiang"].get("/trial-papers/offered/enterprise_id?q=示例").get_json()
    assert offered == {"items": [{"value": str(own), "text": "长沙示例建设有限公司"}], "more": False}
    assert papers["wang_qiang"].get("/trial-papers/offered/enterprise_id?q=邵阳").get_json()["items"] == []
    assert shown(papers["wang_qiang"], f"/trial-papers/?enterprise_id={own}") == {"甲一", "甲二", "甲三"}
    document = page(papers["wang_qiang"], f"/trial-papers/?enterprise_id={other}")
    assert "邵阳" not in document.get_text()
    assert not chips(document)
    assert document.find(class_="finder-note")
    assert shown(papers["chen_jing"], f"/trial-papers/?enterprise_id={other}") == {"乙一"}
    assert shown(papers["wang_qiang"], "/trial-papers/?enterprise_id_like=示例") == {"甲一", "甲二", "甲三"}
    assert shown(papers["wang_qiang"], "/trial-papers/?enterprise_id_like=邵阳") == set()


def test_no_more_than_thirty_rows_of_a_relation_are_offered(people):
    from app.extensions.database import db

    with people.app.app_context():
        for serial in range(100, 140):
            db.session.add(enterprise(f"示例企业{serial}", CHANGSHA, serial))
        db.session.commit()
    answer = people["wang_qiang"].get("/trial-papers/offered/enterprise_id?q=").get_json()
    assert len(answer["items"]) == 30
    assert answer["more"] is True


def test_what_a_relation_offers_needs_the_permission_of_the_list(people):
    for url in ("enterprise_id", "issuer", "specialty", "id", "__class__"):
        assert people["li_juan"].get(f"/trial-papers/offered/{url}").status_code == 404
    for url in ("specialty", "authority", "nothing"):
        assert people["wang_qiang"].get(f"/trial-papers/offered/{url}").status_code == 404
    answer = people.app.test_client().get("/trial-papers/offered/enterprise_id")
    assert answer.status_code in {302, 401}


def test_a_value_is_looked_up_and_several_are_joined_by_or(papers):
    assert papers["wang_qiang"].get("/trial-papers/offered/issuer?q=省").get_json()["items"] == [
        {"value": "省厅", "text": "省厅"}
    ]
    assert shown(papers["wang_qiang"], "/trial-papers/?issuer=省厅") == {"甲一", "甲三"}
    assert shown(papers["wang_qiang"], "/trial-papers/?issuer=省厅&issuer=市局") == {"甲一", "甲二", "甲三"}
    assert shown(papers["wang_qiang"], "/trial-papers/?issuer_like=市") == {"甲二"}


def test_several_choices_and_filters_are_combined(people):
    client = people["chen_jing"]
    document = page(client, "/trial/?region_code=430100&region_code=430500")
    assert len(document.select("tbody tr")) == 2
    assert any("长沙市" in one and "邵阳市" in one for one in chips(document))
    assert len(page(client, "/trial/?region_code=430100&region_code=430500&q=邵").select("tbody tr")) == 1
    assert len(page(client, "/trial/?region_code=430100&active=0").select("tbody tr")) == 0
    assert len(page(client, "/trial/?contact_name=娟").select("tbody tr")) == 2


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("today", {"甲一"}),
        ("week", {"甲一"}),
        ("month", {"甲一", "甲二"}),
        ("last_month", set()),
        ("year", {"甲一", "甲二"}),
        ("next_30", {"甲一", "甲二"}),
    ],
)
def test_a_period_has_a_name_that_moves_with_the_day(papers, name, found):
    assert shown(papers["wang_qiang"], f"/trial-papers/?valid_until={name}") == found


def test_a_period_is_also_said_by_its_days(papers):
    between = f"valid_until_from={TODAY}&valid_until_to={TODAY + timedelta(days=20)}"
    assert shown(papers["wang_qiang"], f"/trial-papers/?{between}") == {"甲一", "甲二"}
    turned = page(
        papers["wang_qiang"], "/trial-papers/?valid_until_from=2026-07-01&valid_until_to=2026-06-01"
    )
    assert turned.find(class_="finder-note")


@pytest.mark.parametrize(
    "arguments",
    [
        "enterprise_id=x", "enterprise_id=99999999999999999999", "enterprise_id=-1", "enterprise_id=1;2",
        "valid_until=never", "valid_until_from=2026-02-30", "valid_until_to=%00", "issuer_like=%25%00",
        "region_code=999999", "q=~" + "A" * 80, "q=~~~", "view=999999", "view=x", "view=-1", "all=0",
        "size=7", "after=x", "before=%00", "total=exact", "enterprise_id_like=" + "x" * 3000,
        "&".join(f"enterprise_id={number}" for number in range(300)),
    ],
)  # fmt: skip
def test_nonsense_shows_the_list(papers, arguments):
    for screen in ("trial-papers", "trial-derived", "trial"):
        document = page(papers["wang_qiang"], f"/{screen}/?{arguments}", follow_redirects=True)
        assert document.find(class_="list")


def test_a_value_that_is_not_offered_is_named(people):
    note = page(people["wang_qiang"], "/trial/?enterprise_type=<b>x").find(class_="finder-note")
    assert "<b>x" in note.get_text()


def test_a_screen_without_filters_gets_them_from_its_columns(people):
    form = page(people["chen_jing"], "/trial-derived/").find(id="finder")
    offered = {one.get("name") for one in form.select(".chip-editor input")}
    assert {"mobile", "enterprise_type", "region_code", "active", "founded_on_from", "uscc"} <= offered
    assert "name" not in offered
    assert "insurance_password" not in offered


def test_the_own_city_is_neither_column_nor_filter(people):
    for name, expected in (("wang_qiang", False), ("chen_jing", True)):
        document = page(people[name], "/trial-derived/?all=1")
        assert bool(document.select('.chip-editor input[name="region_code"]')) is expected
        assert (len(document.select("tbody tr")[0].select("td")) == 9) is expected


def test_a_list_that_opens_with_a_filter_can_be_cleared(people):
    from app.extensions.database import db
    from app.models import Enterprise

    with people.app.app_context():
        db.session.get_one(Enterprise, people.rows["changsha"]).active = False
        db.session.commit()
    client = people["wang_qiang"]
    document = page(client, "/trial-derived/")
    assert not document.select("tbody tr")
    dropped = document.select_one(".chip-on .chip-drop")["href"]
    assert len(page(client, f"/trial-derived/{dropped}").select("tbody tr")) == 1


def test_the_form_leads_to_an_address_that_holds_the_filter(people):
    client = people["chen_jing"]
    form = page(client, "/trial/?sort=-name").find(id="finder")
    data = fields(form) | {"q": "示例", "region_code": ["430100"], "founded_on": "year"}
    answer = client.post(form["action"], data=data, headers={"Referer": "http://localhost/"})
    assert answer.status_code == 303
    assert answer.location == "/trial/?q=%E7%A4%BA%E4%BE%8B&region_code=430100&founded_on=year&sort=-name"
    checked(client.get(answer.location))


def test_a_search_needs_the_token_of_the_page(people):
    assert people["wang_qiang"].post("/trial/find", data={"q": "x"}).status_code == 400
