"""Statistics: the officer counts what he may see, and the page, its chart, its file and the lists agree."""

import csv
import io
import json
import re

import openpyxl
import pytest

from app.models import Declaration
from tests.cast import file_draft, take
from tests.desk import audited, declared, officer, send, several
from tests.pages import page

URL = "/statistics/"


def table(document):
    """Heads, and the lines with their numbers as they stand on the page."""
    heads = [one.get_text(strip=True) for one in document.select(".counted thead th")]
    rows = document.select(".counted tbody tr, .counted tfoot tr")
    return heads, [[cell.get_text(strip=True) for cell in row.select("th, td")] for row in rows]


def listed(client, address):
    text = page(client, address).select_one(".pager-count").get_text().replace(",", "")
    return int(re.search(r"\d+", text)[0])


@pytest.fixture
def cases(session, cast):
    """Four in Changsha, one of them in two specialties and one accepted, and one in Shaoyang."""
    take(session, cast, file_draft(session, cast.li_juan, cast.zhang_wei), "submit")
    several(session, cast, 2, "submit")
    declared(session, cast, "submit", "accept", "endorse", serial=5)
    declared(session, cast, "submit", serial=6, clerk=cast.liu_yang)
    return cast


def test_the_officer_of_another_city_counts_nothing_of_ours(app, cases):
    _heads, lines = table(page(officer(app, cases.zhao_min), URL + "?rows=state&_l_=en"))
    assert lines == [["Submitted", "1", "100.0%"], ["In all", "1", ""]]


def test_a_city_is_not_offered_other_cities(app, cases):
    client = officer(app, cases.wang_qiang)
    document = page(client, URL + "?rows=region&columns=decider&_l_=en")
    offered = [one["value"] for one in document.select("#choose-rows option")]
    assert "region" not in offered
    assert "decider" not in offered
    assert table(document)[0][0] == "Declaration type"
    _heads, lines = table(page(client, URL + "?region_code=430500&_l_=en"))
    assert lines[-1][1] == "4", "a filter that a city does not have is left out"


@pytest.mark.parametrize(
    "address",
    [
        "?rows=type", "?rows=state", "?rows=region", "?rows=specialty", "?rows=month", "?rows=kind", "?rows=endorser",
        "?rows=decider", "?rows=region&columns=state", "?rows=specialty&columns=region",
        "?rows=month&columns=specialty&state=submitted", "?rows=state&submitted_at_from=2020-01-01",
    ],
)  # fmt: skip
def test_each_number_is_that_of_the_list_behind_it(app, cases, address):
    client = officer(app, cases.chen_jing)
    links = page(client, URL + address).select(".counted a[href^='/review/']")
    assert links
    for link in links:
        assert listed(client, link["href"]) == int(link.get_text()), link["href"]


def test_the_chart_draws_the_numbers_of_the_table(app, cases):
    document = page(officer(app, cases.chen_jing), URL + "?rows=region&columns=state&_l_=en")
    told = json.loads(document.select_one("[data-chart] script").string)
    heads, lines = table(document)
    assert [one["name"] for one in told["series"]] == heads[1:-2]
    for place, label in enumerate(told["labels"]):
        assert lines[place][0] == label
        assert lines[place][1:-2] == [str(one["values"][place]) for one in told["series"]]


def test_a_declaration_in_two_specialties_counts_once_in_all(app, cases):
    document = page(officer(app, cases.chen_jing), URL + "?rows=specialty&_l_=en")
    lines = {one[0]: one[1] for one in table(document)[1]}
    assert lines == {"Building engineering": "5", "Municipal public works": "1", "In all": "5"}
    assert "counts in each of them" in document.get_text()


def test_lines_are_sorted_as_the_address_asks(app, cases):
    client = officer(app, cases.chen_jing)
    for order, first in (
        ("number", "Shaoyang"),
        ("-number", "Changsha"),
        ("-label", "Shaoyang"),
        ("", "Changsha"),
    ):
        assert table(page(client, f"{URL}?rows=region&sort={order}&_l_=en"))[1][0][0] == first
    document = page(client, URL + "?rows=region&sort=-number&_l_=en")
    assert document.select_one("th[aria-sort=descending]").get_text(strip=True) == "In all"


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_the_file_holds_the_table_of_the_page(app, session, cases, format_):
    client = officer(app, cases.chen_jing)
    address = "?rows=region&columns=state&state=submitted"
    heads, lines = table(page(client, URL + address + "&_l_=en"))
    answer = send(client, "/statistics/export" + address, format=format_)
    assert answer.status_code == 200
    if format_ == "csv":
        assert answer.data.startswith(b"\xef\xbb\xbf")
        found = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
        found = [["" if cell is None else cell for cell in row] for row in sheet.iter_rows(values_only=True)]
        assert isinstance(found[4][1], int)
        found = [[str(cell) for cell in row] for row in found]
    assert found[3] == heads
    assert found[4:] == lines
    assert "Submitted" in found[2][0]
    (entry,) = audited(session, "export")
    assert entry.subject == "statistics"


def test_no_cell_of_the_file_begins_a_formula(app, session, cases):
    from app.models import Account

    session.get_one(Account, cases.wang_qiang.actor.account_id).display_name = "=1+1"
    session.commit()
    answer = send(officer(app, cases.chen_jing), "/statistics/export?rows=endorser", format="csv")
    assert b'"\'=1+1"' in answer.data


@pytest.mark.parametrize(
    "address",
    [
        "?rows=nonsense&columns=%00&sort=1", "?rows=state&columns=state", "?submitted_at_from=2026-13-45",
        "?type_key='%20OR%201=1", "?state=a&state=b", "?rows=month&submitted_at_to=1899-01-01", "?region_code=999999",
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_left_out(app, cases, address):
    _heads, lines = table(page(officer(app, cases.chen_jing), URL + address))
    assert lines[-1][1] == "5"


def test_an_empty_count_is_a_sentence(app, cases):
    document = page(officer(app, cases.chen_jing), URL + "?submitted_at_to=2020-01-01&_l_=en")
    assert document.select(".counted") == []
    assert "There is no data." in document.get_text()


def test_another_format_than_the_offered_is_not_found(app, cases):
    assert send(officer(app, cases.chen_jing), "/statistics/export", format="pdf").status_code == 404


def test_nobody_but_officers_counts(app, client, cases):
    for member in (cases.li_juan, cases.zhang_wei, cases.admin, cases.auditor, cases.province_admin):
        assert officer(app, member).get(URL).status_code == 404
    assert client.get(URL).status_code == 302


def test_a_month_behind_a_filter_of_days_keeps_the_days(app, session, cases):
    row = session.query(Declaration).filter(Declaration.submitted_at.is_not(None)).first()
    client = officer(app, cases.chen_jing)
    day = row.submitted_at.date().isoformat()
    link = page(client, f"{URL}?rows=month&submitted_at_from={day}").select_one(".counted tbody a")
    assert f"submitted_at_from={day}" in link["href"]
