"""The way in: three entrances for everybody, and a bar whose links lead somewhere."""

from datetime import date

import pytest

from app.models import Announcement, Publicity
from app.security.access.roles import Role
from tests.logins import log_in, make_account
from tests.pages import page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_visitor_finds_the_entrances_and_the_check_of_a_certificate(client, language):
    document = page(client, f"/?_l_={language}")
    assert len(document.select("a.entrance")) == 3
    form = document.find("form", action="/verify")
    assert form.find("input", attrs={"name": "code"})
    assert document.find("h1").get_text(strip=True)


def test_a_visitor_sees_the_newest_lists_and_no_names(client, session):
    for number in range(1, 8):
        session.add(
            Publicity(number=f"S{number}", type_key="initial_registration", size=number,
                      opens_on=date(2026, 5, number), closes_on=date(2026, 5, 20))
        )  # fmt: skip
    session.add(
        Announcement(number="G1", type_key="initial_registration", announced_on=date(2026, 5, 30), size=3)
    )
    session.commit()
    lists = [
        [item.get_text() for item in one.find_all("li")] for one in page(client, "/").select(".portal-list")
    ]
    assert [len(one) for one in lists] == [5, 1]
    assert "S7" in lists[0][0]
    assert "2026-05-30" in lists[1][0]


def test_every_link_in_the_bar_of_a_page_leads_somewhere(client, session):
    make_account(session, "somebody", Role.ENTERPRISE)
    log_in(client, "somebody")
    document = page(client, "/")
    links = [link["href"] for link in document.select(".bar a") if link["href"].startswith("/")]
    assert "/account/password" in links
    for link in links:
        page(client, link)
    assert document.find("form", action="/logout")


def test_the_newest_list_stands_first_whichever_was_entered_last(client, session):
    for month in (5, 3, 4):
        day = date(2026, month, 2)
        common = {"type_key": "initial_registration", "size": 1}
        session.add(Publicity(number=f"S{month}", opens_on=day, closes_on=day, **common))
        session.add(Announcement(number=f"G{month}", announced_on=day, **common))
    session.commit()
    for url, letter in (("/publicity/", "S"), ("/announcements/", "G")):
        numbers = [one.get_text(strip=True) for one in page(client, url).select("tbody tr td:first-child")]
        assert numbers == [f"{letter}{month}" for month in (5, 4, 3)]
        links = page(client, "/").select(f'main a[href^="{url}{letter}"]')
        assert [one["href"][-1] for one in links] == ["5", "4", "3"]
