"""The province's lists: opened with number and dates, announced by a second person, held up by objections."""

import subprocess
from datetime import date

import pytest
from sqlalchemy import select, update

from app.models import Announcement, Decision, Declaration, Objection, ObjectionState, PolicyValue, Publicity
from app.models.personal import public_id_mask
from app.services.publicity import raise_objection
from tests.desk import (
    audited,
    confirmed,
    declared,
    numbers,
    officer,
    on_one_list,
    planned,
    send,
    several,
    state_of,
)
from tests.pages import checked, page, submit

_DAY = 86_400


def objected(session, row, content="聘用关系不实") -> Objection:
    """An objection to a publicised person, as the public raises it."""
    session.rollback()
    objection = raise_objection(session, row.id, objector="王某", contact="13900000000", content=content)
    session.commit()
    session.refresh(objection)
    session.expunge(objection)
    session.rollback()
    return objection


def settle(client, objection, action, text="理由成立", **data):
    return send(
        client,
        "/desk/objections/act",
        action=action,
        ids=[str(objection.id)],
        confirmed="1",
        text=text,
        **data,
    )


@pytest.fixture
def province(app, cast):
    return officer(app, cast.chen_jing)


@pytest.fixture
def second(app, cast):
    return officer(app, cast.zhou_min)


def test_a_list_gets_its_number_and_its_working_days(app, session, cast, province):
    rows = several(session, cast, 2, "submit", "accept", "endorse", "approve")
    document = page(province, "/desk/")
    plan = submit(province, document.select_one(".desk-row form"), "/desk/").location
    confirm = page(province, plan)
    assert numbers(confirm) == [2, 0, 0]
    assert [one.get_text() for one in confirm.select(".datagrid dd")][:2] == ["2026-06-01", "2026-06-10"]
    confirmed(province, plan)
    session.rollback()
    (batch,) = session.scalars(select(Publicity)).all()
    assert (batch.number, batch.size) == ("S2026060110001", 2)
    assert (str(batch.opens_on), str(batch.closes_on)) == ("2026-06-01", "2026-06-10")
    assert [state_of(session, row.id) for row in rows] == ["publicised"] * 2
    assert batch.number in page(province, "/desk/").find(id="running").get_text()


def test_a_list_is_announced_after_its_period_by_another_than_who_approved(
    app, session, cast, clock, province, second
):
    number, _rows = on_one_list(session, cast, 2)
    everybody = f"?publicity={number}&state=publicised"
    assert not page(province, "/desk/").select_one("#running button.btn-primary")
    assert numbers(page(second, planned(second, "announce", list_=everybody))) == [0, 2, 0]

    clock.shift(10 * _DAY)
    for member in (cast.chen_jing, cast.zhou_min):
        client = officer(app, member)
        (form,) = page(client, "/desk/").select("#running form:has(button.btn-primary)")
        plan = submit(client, form, "/desk/").location
        assert numbers(page(client, plan)) == ([0, 2, 0] if member is cast.chen_jing else [2, 0, 0])
        assert send(client, plan).status_code == (422 if member is cast.chen_jing else 302)
    session.rollback()
    (announcement,) = session.scalars(select(Announcement)).all()
    assert (announcement.number, announcement.size) == ("G2026061110001", 2)
    assert announcement.number in page(officer(app, cast.zhou_min), "/desk/").find(id="announced").get_text()


def test_the_latest_announcement_stands_first_whatever_was_entered_last(session, province):
    for month in (5, 3, 4):
        day = date(2026, month, 2)
        session.add(
            Announcement(
                number=f"G2026{month:02}0210001", type_key="initial_registration", announced_on=day, size=1
            )
        )
    session.commit()
    links = page(province, "/desk/").find(id="announced").select("tbody tr td:first-child")
    assert [one.get_text(strip=True)[5:7] for one in links] == ["05", "04", "03"]


def test_an_open_objection_holds_up_its_row_alone(app, session, cast, clock, second):
    held, free = several(session, cast, 2, "submit", "accept", "endorse", "approve", "publicise")
    objected(session, held)
    clock.shift(20 * _DAY)
    client = officer(app, cast.zhou_min)
    plan = planned(client, "announce", [held, free])
    assert numbers(page(client, plan)) == [1, 1, 0]
    confirmed(client, plan)
    assert state_of(session, held.id) == "publicised"
    assert state_of(session, free.id) in {"announced", "completed"}


def test_a_dismissed_objection_changes_nothing_and_an_upheld_one_refuses_in_the_same_commit(
    session, cast, province
):
    first, second = several(session, cast, 2, "submit", "accept", "endorse", "approve", "publicise")
    dismissed, upheld, beside = objected(session, first), objected(session, second), objected(session, second)
    assert settle(province, dismissed, "dismiss", "查无实据").status_code == 302
    assert settle(province, upheld, "uphold", "聘用关系不实", ground="employer").status_code == 302
    session.rollback()
    states = {one.id: (one.state, one.reason) for one in session.scalars(select(Objection))}
    assert states == {
        dismissed.id: (ObjectionState.DISMISSED, "查无实据"),
        upheld.id: (ObjectionState.UPHELD, "聘用关系不实"),
        beside.id: (ObjectionState.UPHELD, "聘用关系不实"),
    }
    assert state_of(session, first.id) == "publicised"
    assert state_of(session, second.id) == "refused"
    assert len(audited(session, "objection.uphold")) == 2
    for objection in (dismissed, upheld):
        for action in ("dismiss", "uphold"):
            settle(province, objection, action, "再次")
    session.rollback()
    assert {one.id: (one.state, one.reason) for one in session.scalars(select(Objection))} == states


def test_an_upheld_objection_says_on_which_ground_of_the_law(session, cast, province):
    row = declared(session, cast, "submit", "accept", "endorse", "approve", "publicise")
    objection = objected(session, row)
    for missing in ("", "nonsense"):
        refused = checked(settle(province, objection, "uphold", "劳动合同系伪造", ground=missing), 422)
        assert "劳动合同系伪造" in refused.get_text()
        assert refused.find(attrs={"name": "ground"})
    assert state_of(session, row.id) == "publicised"
    answer = settle(province, objection, "uphold", "劳动合同系伪造", ground="false_material")
    assert answer.status_code == 302
    session.rollback()
    last = session.scalars(select(Decision).order_by(Decision.id.desc())).first()
    assert (last.action, last.ground, last.opinion) == ("uphold", "false_material", "劳动合同系伪造")


def test_an_objection_that_cannot_be_upheld_any_more_stays_open(session, cast, province):
    row = declared(session, cast, "submit", "accept", "endorse", "approve", "publicise")
    objection = objected(session, row)
    session.execute(update(Declaration).where(Declaration.id == row.id).values(state="approved"))
    session.commit()
    settle(province, objection, "uphold", ground="employer")
    assert page(province, "/desk/objections/").select_one(".alert-warning")
    session.rollback()
    assert session.get_one(Objection, objection.id).state == ObjectionState.OPEN


def test_an_objection_needs_a_reason_to_be_settled(session, cast, province):
    objection = objected(
        session, declared(session, cast, "submit", "accept", "endorse", "approve", "publicise")
    )
    for action in ("dismiss", "uphold"):
        checked(settle(province, objection, action, "  "), 422)
    session.rollback()
    assert session.get_one(Objection, objection.id).state == ObjectionState.OPEN


def test_who_objected_is_shown_to_the_province_as_text_and_its_look_is_recorded(session, cast, province):
    hostile = "<script>alert(1)</script>"
    row = declared(session, cast, "submit", "accept", "endorse", "approve", "publicise")
    objection = objected(session, row, content=hostile)
    document = page(province, f"/desk/objections/{objection.id}")
    assert hostile in document.get_text()
    assert hostile not in document.decode(formatter="minimal")
    assert "13900000000" in document.get_text()
    assert [one.subject_id for one in audited(session, "objection.read")] == [str(objection.id)]
    assert "13900000000" not in page(province, "/desk/objections/").get_text()
    exported = send(province, "/desk/objections/export", format="csv").get_data(as_text=True)
    assert objection.receipt in exported
    assert "13900000000" not in exported


def test_whoever_is_not_the_province_gets_404_at_the_desk(app, session, cast):
    row = declared(session, cast, "submit", "accept", "endorse", "approve", "publicise")
    objection = objected(session, row)
    number = session.scalars(select(Publicity.number)).one()
    session.rollback()
    for member in set(cast) - {cast.chen_jing, cast.zhou_min}:
        client = officer(app, member)
        for url in (
            "/desk/",
            "/desk/objections/",
            f"/desk/objections/{objection.id}",
            "/locks/",
            "/locks/add",
        ):
            assert client.get(url).status_code == 404, (member.name, url)
        for action in ("dismiss", "uphold"):
            assert settle(client, objection, action).status_code == 404
        assert send(client, f"/desk/publicity/{number}/paper").status_code == 404
        for action in ("publicise", "announce"):
            everybody = {"select": "matching", "list": "?"}
            assert send(client, "/review/act", action=action, **everybody).status_code == 404
    session.rollback()
    assert session.get_one(Objection, objection.id).state == ObjectionState.OPEN
    assert not audited(session, "objection.read")


def test_the_list_is_printed_with_masked_numbers(session, cast, province, tmp_path):
    row = declared(session, cast, "submit", "accept", "endorse", "approve", "publicise")
    number = session.scalars(select(Publicity.number)).one()
    session.rollback()
    answer = send(province, f"/desk/publicity/{number}/paper")
    path = tmp_path / "list.pdf"
    path.write_bytes(answer.data)
    text = subprocess.run(
        ["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True
    ).stdout
    assert number in text
    assert row.name in text
    assert row.id_number not in text
    assert row.id_number_masked not in text
    assert public_id_mask(row.id_number_masked) in text
    assert send(province, f"/desk/announcement/{number}/paper").status_code == 404
    assert send(province, f"/desk/nonsense/{number}/paper").status_code == 404


def test_the_demo_policy_of_no_days_lets_announce_at_once(app, session, cast, second):
    session.add(PolicyValue(key="publicity_days", value="0", valid_from=date(2026, 1, 1), source="演示"))
    session.commit()
    row = declared(session, cast, "submit", "accept", "endorse", "approve", "publicise")
    (form,) = page(second, "/desk/").select("#running form:has(button.btn-primary)")
    confirmed(second, submit(second, form, "/desk/").location)
    assert state_of(session, row.id) in {"announced", "completed"}
