"""终止争议: the button stands where it can be done, and one line says from which day where it cannot yet."""

from datetime import timedelta

import pytest

from app.cli.demo.filing import file_declaration
from app.cli.demo.makers import attach
from app.models import Person
from app.workflow.types import registry
from tests.cast import login, take
from tests.pages import page
from tests.registered import registered

FIRST_DAY = "from 2026-06-24 on you can end the dispute"


@pytest.fixture
def begun(session, cast):
    def begin(key, filer, *steps):
        """A case about 张伟, whom 李娟's enterprise employs, after these steps."""
        kind = registry[key]
        held = registered(session, cast.li_juan, cast.zhang_wei, kind=str(kind.registration_kind))
        person = session.get_one(Person, held.person_id)
        row = file_declaration(session, kind, filer.actor, person, held)
        attach(session, "evidence", b"paper", declaration_id=row.id)
        session.commit()
        return take(session, cast, row.id, *steps).id

    return begin


def seen(app, member, url):
    """Whether the button stands on the page, and its lead."""
    document = page(login(app.test_client(), member), f"{url}?_l_=en")
    lead = " ".join(one.get_text(" ", strip=True) for one in document.select(".lead-text"))
    return document.find("button", value="end_dispute") is not None, lead


CASES = pytest.mark.parametrize(
    ("key", "filer", "held_up", "url"),
    [
        ("cancellation", "li_juan", "zhang_wei", "/my-declarations/"),
        ("cancellation", "li_juan", "zhang_wei", "/confirmations/cancellation/"),
        ("personal_cancellation", "zhang_wei", "li_juan", "/confirmations/personal-cancellation/"),
        ("personal_cancellation", "zhang_wei", "li_juan", "/enterprise-declarations/"),
        ("temporary_transfer", "fang_yuan", "zhang_wei", "/my-declarations/"),
        ("temporary_transfer", "fang_yuan", "li_juan", "/confirmations/temporary-transfer/"),
        ("temporary_transfer", "fang_yuan", "li_juan", "/enterprise-declarations/"),
    ],
)


@CASES
def test_who_is_held_up_reads_the_day_and_has_the_button_from_that_day_on(
    app, cast, begun, clock, key, filer, held_up, url
):
    row = begun(key, getattr(cast, filer), "submit", "disagree")
    there, lead = seen(app, getattr(cast, held_up), f"{url}{row}")
    assert not there
    assert FIRST_DAY in lead
    clock.shift(timedelta(days=22))
    assert not seen(app, getattr(cast, held_up), f"{url}{row}")[0]
    clock.shift(timedelta(days=1))
    there, lead = seen(app, getattr(cast, held_up), f"{url}{row}")
    assert there
    assert "end the dispute" not in lead


@CASES
def test_what_the_province_returned_offers_no_end_and_promises_none(
    app, cast, begun, clock, key, filer, held_up, url
):
    steps = ("submit", "consent") if key == "temporary_transfer" else ("submit", "disagree", "force")
    row = begun(key, getattr(cast, filer), *steps, "return_to_applicant")
    for _ in range(2):
        there, lead = seen(app, getattr(cast, held_up), f"{url}{row}")
        assert not there
        assert "end the dispute" not in lead
        clock.shift(timedelta(days=60))


def test_who_began_it_is_told_of_no_end(app, cast, begun):
    row = begun("cancellation", cast.li_juan, "submit", "disagree")
    for url in ("/declarations/cancellation/", "/enterprise-declarations/"):
        there, lead = seen(app, cast.li_juan, f"{url}{row}")
        assert not there
        assert "end the dispute" not in lead


def test_a_list_has_no_button_to_end_a_dispute(app, cast, begun, clock):
    begun("cancellation", cast.li_juan, "submit", "disagree")
    clock.shift(timedelta(days=30))
    for url in ("/my-declarations/", "/confirmations/cancellation/"):
        document = page(login(app.test_client(), cast.zhang_wei), url)
        assert len(document.select("table.rows tbody tr")) == 1
        assert document.find("button", value="end_dispute") is None
