"""通知: what is unread stands first, leads to its case, and is nobody else's."""

import pytest
from sqlalchemy import select

from app.cli.demo.filing import file_declaration
from app.extensions.clock import today
from app.models import Declaration, Notice, Person, Registration, RegistrationStatus
from app.security.access.scope import rows_of
from app.services.notices import send as send_notices, to_both
from app.views.notice_words import KINDS
from app.views.notices import target, text
from app.workflow.types import registry
from tests.cast import file_draft, take
from tests.desk import officer, send
from tests.pages import page
from tests.registered import registered


@pytest.fixture
def case(session, cast):
    """张伟's first registration, submitted by 李娟 and accepted by the city."""
    return take(session, cast, file_draft(session, cast.li_juan, cast.zhang_wei), "submit", "accept").id


def notices(session) -> list[Notice]:
    session.rollback()
    return list(session.scalars(select(Notice).order_by(Notice.id)))


def end(session, row: Registration, status: RegistrationStatus) -> None:
    for one in row.specialties:
        one.removed_on = today()
    row.status, row.cancelled_on, row.cancelled_reason = status, today(), "expired"
    session.commit()


def bell(document) -> str:
    found = document.select_one("header .bar-bell")
    return found["aria-label"] if found else ""


def rows(document) -> list[str]:
    return [row.get_text(" ", strip=True) for row in document.select("table.rows tbody tr")]


def test_every_kind_that_a_step_tells_has_its_words(app):
    told = {kind for one in registry for move in one.flow.moves for _whom, kind in move.tells}
    assert told <= set(KINDS), told - set(KINDS)
    assert "asked_to_confirm" in told


def test_a_person_reads_what_happened_and_goes_to_the_case(app, session, cast, case):
    client = officer(app, cast.zhang_wei)
    document = page(client, "/notices/?_l_=en")
    row = session.get_one(Declaration, case)
    assert bell(document) == "2 unread notices"
    first, second = rows(document)
    assert "The declaration was accepted" in first
    assert f"Initial registration of 张伟 is under review until {row.due_on} ." in first
    assert (
        f"{row.enterprise_name} has submitted Initial registration under the number {row.number}." in second
    )
    accepted = notices(session)[-1]
    answer = send(client, "/notices/act", action="open", ids=[str(accepted.id)])
    assert answer.status_code == 302
    assert answer.location == f"/my-declarations/{case}"
    assert row.number in page(client, answer.location).get_text()
    document = page(client, "/notices/?_l_=en")
    assert bell(document) == "1 unread notice"
    assert "A declaration was submitted for you" in rows(document)[0]


def test_whoever_is_asked_to_confirm_is_led_to_where_he_answers(app, session, cast):
    held = registered(session, cast.li_juan, cast.zhang_wei)
    person = session.get_one(Person, cast.zhang_wei.actor.person_id)
    row = file_declaration(session, registry["cancellation"], cast.li_juan.actor, person, held)
    session.commit()
    take(session, cast, row.id, "submit")
    (asked,) = notices(session)
    client = officer(app, cast.zhang_wei)
    answer = send(client, "/notices/act", action="open", ids=[str(asked.id)])
    assert answer.location == f"/confirmations/cancellation/{row.id}"
    assert page(client, answer.location).find("button", attrs={"value": "agree"})


@pytest.mark.parametrize("kind", ["registered", "temporary"])
@pytest.mark.parametrize("how", ["electronic", "paper", "ended_on_paper"])
def test_every_notice_of_a_registration_leads_to_a_page_of_its_reader(app, session, cast, kind, how):
    """Of paper there is no electronic certificate, and the register has its page all the same."""
    held = registered(session, cast.li_juan, cast.zhang_wei, kind=kind, certified=how == "electronic")
    if how == "ended_on_paper":
        end(session, held, RegistrationStatus.CANCELLED)
    sent = [one for name in KINDS for one in to_both(held, name, locked_number="")]
    send_notices(session, sent)
    session.commit()
    for member, url in ((cast.li_juan, "/historical-records"), (cast.zhang_wei, "/my-registrations")):
        client = officer(app, member)
        with app.test_request_context("/?_l_=en"):
            mine = session.scalars(rows_of(Notice, member.actor)).all()
            targets = {row.kind: target(row, member.actor) for row in mine}
            said = " ".join(text(row, member.actor) for row in mine)
        assert targets.keys() == KINDS.keys()
        assert set(targets.values()) == {f"{url}/{held.id}"}
        assert "张伟" in said
        document = page(client, f"{url}/{held.id}")
        assert held.number in document.get_text()
        assert document.find(id="history")


def test_all_can_be_read_at_once(app, session, cast, case):
    client = officer(app, cast.zhang_wei)
    assert send(client, "/notices/read-all").status_code == 302
    document = page(client, "/notices/?_l_=en")
    assert bell(document) == "Notices"
    assert {row.unread for row in notices(session) if row.person_id} == {False}
    # The enterprise has read nothing yet.
    assert bell(page(officer(app, cast.li_juan), "/?_l_=en")) == "1 unread notice"


def test_the_bell_counts_no_further_than_it_has_to(app, session, cast):
    session.add_all(Notice(kind="declared", person_id=cast.zhang_wei.actor.person_id) for _ in range(120))
    session.commit()
    assert page(officer(app, cast.zhang_wei), "/").select_one(".bar-count").get_text() == "99+"


def test_officers_have_no_bell_and_no_list(app, cast):
    client = officer(app, cast.wang_qiang)
    assert bell(page(client, "/")) == ""
    assert client.get("/notices/").status_code == 404


def test_nobody_sees_or_touches_the_notices_of_others(app, session, cast, case):
    mine = [row.id for row in notices(session)]
    for stranger in (cast.fang_yuan, cast.liu_yang):
        client = officer(app, stranger)
        assert rows(page(client, "/notices/")) == []
        for action in ("open", "read"):
            for key in mine:
                assert send(client, "/notices/act", action=action, ids=[str(key)]).status_code == 404
        send(client, "/notices/read-all")
    assert {row.unread for row in notices(session)} == {True}


def test_of_a_case_that_is_not_the_readers_any_more_no_name_is_told(app, session, cast, case):
    """A former employer was asked; the case went back to a draft that is none of his business."""
    session.add(
        Notice(
            kind="withdrawn", enterprise_id=cast.fang_yuan.actor.enterprise_id, declaration_id=case,
            parameters='{"type": "temporary_transfer"}',
        )
    )  # fmt: skip
    session.commit()
    (line,) = rows(page(officer(app, cast.fang_yuan), "/notices/?_l_=en"))
    assert "of a constructor was withdrawn" in line
    assert "张伟" not in line
    assert "View" not in line


def test_the_home_shows_the_newest(app, session, cast, case):
    for member, url in ((cast.zhang_wei, "/my-declarations"), (cast.li_juan, "/enterprise-declarations")):
        card = page(officer(app, member), "/?_l_=en").select_one("section[aria-labelledby=notices]")
        assert "The declaration was accepted" in card.get_text()
        assert card.select_one("li a")["href"] == f"{url}/{case}"
