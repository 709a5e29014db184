"""原聘建造师历史数据: the former employer sees the registration as it stood on the day it left, and nothing after."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.cli.demo.filing import file_declaration
from app.extensions.clock import today
from app.models import Departure, Person, Registration, RegistrationEvent
from app.security.access.roles import SYSTEM
from app.security.access.scope import rows_of
from app.services import certificates, register_changes
from app.workflow.types import registry
from tests.cast import login, take
from tests.pages import page
from tests.registered import registered
from tests.views.clerk import post

pytestmark = pytest.mark.both_engines

FORMER = "/former-constructors"
LATER = timedelta(days=90)


@pytest.fixture
def held(session, cast) -> Registration:
    return registered(
        session,
        cast.li_juan,
        cast.zhang_wei,
        kind="temporary",
        ends={"building": today() + timedelta(days=1500)},
    )


def moved(session, cast, row, clerk=None) -> None:
    """Another enterprise takes the constructor over, by every step of the procedure."""
    kind, to = registry["temporary_transfer"], clerk or cast.fang_yuan
    person = session.get_one(Person, row.person_id)
    asked = file_declaration(session, kind, to.actor, person, row)
    session.commit()
    take(session, cast, asked.id, "submit", "consent", "approve", "announce", "complete")
    session.refresh(row)


def lived_on(session, cast, row) -> None:
    """What happens at the new employer: a longer term, a new certificate, and in the end a cancellation."""
    register_changes.renew(session, row, ["building"], declaration_id=None, policy=policy())
    certificates.allot(session, [(row, None)], actor=SYSTEM, policy=policy(), on=today())
    register_changes.cancel(session, row, ["building"], reason="punished", declaration_id=None, on=today())
    certificates.cancel(session, [row.id], because="cancellation", on=today())
    session.commit()


def policy():
    from app.models.policy import Policy

    return Policy({})


def rows(client, **query):
    return [
        one.get_text(" ", strip=True)
        for one in page(client, f"{FORMER}/", query_string=query).select("tbody tr")
    ]


def test_nothing_that_happens_at_the_new_employer_is_visible_to_the_former_one(
    app, session, cast, held, clock
):
    ended, own = held.ends_on.isoformat(), held.certificates[0].number
    clock.shift(timedelta(days=1))
    moved(session, cast, held)
    left_on = today()
    departure = session.scalars(select(Departure)).one()
    key = departure.id
    session.rollback()
    before = page(login(app.test_client(), cast.li_juan), f"{FORMER}/{key}").select_one("main").get_text()
    clock.shift(LATER)
    lived_on(session, cast, held)
    client = login(app.test_client(), cast.li_juan)
    (line,) = rows(client)
    assert ended in line
    assert left_on.isoformat() in line
    text = page(client, f"{FORMER}/{key}").select_one("main").get_text()
    assert text == before, "as it stood on the day it left"
    assert own in text
    hidden = (
        "湘江样板工程", today().isoformat(), (today() + timedelta(days=1600)).isoformat(), "刑事处罚",
        *(one.number for one in held.certificates if one.number != own), held.certificates[-1].token,
    )  # fmt: skip
    main = page(client, f"{FORMER}/{key}").select_one("main")
    for words in hidden:
        assert words not in str(main.select("section:not(#cases)")), words
        assert words not in line
    for query in (
        {"status": "cancelled"},
        {"ends_on_from": today().isoformat(), "ends_on_to": "2099-01-01", "status": "cancelled"},
    ):
        assert rows(client, **query) == []
    for url in ("/historical-records", "/roster", "/certificates"):
        assert client.get(f"{url}/{held.id}").status_code == 404
        assert page(client, f"{url}/").select("tbody tr") == []


def test_the_certificates_of_its_own_time_are_listed_as_ended(app, session, cast, held, clock):
    clock.shift(timedelta(days=1))
    moved(session, cast, held)
    key = session.scalars(select(Departure.id)).one()
    (line,) = page(login(app.test_client(), cast.li_juan), f"{FORMER}/{key}").select("#certificates tbody tr")
    assert held.certificates[0].number in line.get_text()
    assert f"持证人已于{today().isoformat()}变更聘用企业。" in line.get_text()
    assert not line.select("a"), "what the public sees now is of the new employer"


def test_who_was_cancelled_and_registered_again_elsewhere_stays_cancelled_here(app, session, cast, clock):
    row = registered(session, cast.li_juan, cast.zhang_wei)
    asked = file_declaration(
        session, registry["cancellation"], cast.li_juan.actor, session.get_one(Person, row.person_id), row
    )
    session.commit()
    take(session, cast, asked.id, "submit", "agree")
    cancelled_on = today().isoformat()
    clock.shift(LATER)
    again = file_declaration(
        session, registry["re_registration"], cast.fang_yuan.actor, session.get_one(Person, row.person_id)
    )
    session.commit()
    take(session, cast, again.id, "submit", "accept", "endorse", "approve", "publicise")
    clock.shift(timedelta(days=30))
    take(session, cast, again.id, "announce")
    session.refresh(row)
    assert (row.status, row.enterprise_id) == ("valid", cast.fang_yuan.actor.enterprise_id)
    client = login(app.test_client(), cast.li_juan)
    (line,) = rows(client, status="cancelled")
    assert cancelled_on in line
    key = session.scalars(select(Departure.id)).one()
    text = page(client, f"{FORMER}/{key}").select_one("main").get_text()
    assert "湘江样板工程" not in text
    assert again.number not in text


def test_nobody_else_sees_who_left(app, session, cast, held, clock):
    moved(session, cast, held)
    key = session.scalars(select(Departure.id)).one()
    for member in (cast.fang_yuan, cast.liu_yang):
        stranger = login(app.test_client(), member)
        assert rows(stranger) == []
        assert stranger.get(f"{FORMER}/{key}").status_code == 404
        answer = post(stranger, f"{FORMER}/export", format="csv")
        assert answer.status_code in {200, 302}
        assert held.name not in answer.get_data(as_text=True)
        assert session.scalars(rows_of(Departure, member.actor)).all() == []
    for member in (cast.wang_qiang, cast.zhang_wei, cast.auditor):
        assert login(app.test_client(), member).get(f"{FORMER}/{key}").status_code == 404


def test_each_of_two_stays_is_its_own_and_every_change_names_who_employed(session, cast, held, clock):
    clock.shift(timedelta(days=1))
    moved(session, cast, held)
    clock.shift(timedelta(days=400))
    moved(session, cast, held, clerk=cast.li_juan)
    clock.shift(timedelta(days=400))
    moved(session, cast, held)
    mine, other = cast.li_juan.actor.enterprise_id, cast.fang_yuan.actor.enterprise_id
    events = session.scalars(select(RegistrationEvent).order_by(RegistrationEvent.id)).all()
    assert [one.enterprise_id for one in events] == [mine, other, mine, other]
    assert [one.enterprise_id for one in held.certificates] == [mine, other, mine, other]
    found = session.scalars(select(Departure).order_by(Departure.id)).all()
    assert [one.enterprise_id for one in found] == [mine, other, mine]
    seen = session.scalars(rows_of(RegistrationEvent, cast.li_juan.actor)).all()
    assert [one.id for one in seen] == [events[0].id, events[2].id]
