"""The way in: three entrances for everybody, and for each role what waits for it."""

from datetime import date

import pytest
from sqlalchemy import event

from app.models import Announcement, Publicity
from app.security.access.roles import Role
from tests.cast import assemble, login
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


@pytest.mark.parametrize(
    ("who", "waiting"),
    [("li_juan", 4), ("zhang_wei", 3), ("wang_qiang", 3), ("chen_jing", 3), ("admin", 0), ("auditor", 0)],
)
def test_each_role_finds_its_own_way_in(client, session, who, waiting):
    login(client, getattr(assemble(session), who))
    document = page(client, "/")
    assert len(document.select("a.count")) == waiting
    for link in document.select("#nav a, .home-links a, a.count"):
        page(client, link["href"], follow_redirects=True)
    assert document.find("nav", id="nav").find("a", href="/")["aria-current"] == "page"


def test_the_page_of_a_person_asks_few_questions(client, session, app):
    from app.extensions.database import db

    make_account(session, "somebody", Role.MUNICIPAL, region_code="430100")
    log_in(client, "somebody")
    with app.app_context():
        engine = db.engine
    asked = []

    def note(*arguments):
        asked.append(arguments[2])

    event.listen(engine, "before_cursor_execute", note)
    page(client, "/")
    event.remove(engine, "before_cursor_execute", note)
    assert len([one for one in asked if one.startswith("SELECT")]) <= 5, "\n".join(asked)


def test_every_link_in_the_bar_of_a_page_leads_somewhere(client, session):
    make_account(session, "somebody", Role.ENTERPRISE)
    log_in(client, "somebody")
    document = page(client, "/")
    links = [link["href"] for link in document.select(".bar a") if link["href"].startswith("/")]
    assert "/account/password" in links
    for link in links:
        page(client, link)
    assert document.find("form", action="/logout")
