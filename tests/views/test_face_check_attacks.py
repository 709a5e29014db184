"""人脸核验: everything by which somebody might try to be verified otherwise, and every way in which the service fails."""

import io
import json
from datetime import date, timedelta

import pytest
from PIL import Image
from sqlalchemy import select

from app.integrations import signed_http
from app.models import (
    Attachment,
    AuditEntry,
    FaceCheck,
    Notice,
    PolicyValue,
    RealNameState,
)
from app.services import real_name
from simulators.face_verification import FaceVerification
from simulators.server import Fault
from tests.cast import file_draft, login, take
from tests.facing import NUMBER, URL, frames, lines, passed
from tests.pages import checked, page
from tests.views.clerk import act, anew, post, save

COUNTER = "/real-name-counter"


def test_what_a_browser_brings_back_says_nothing(app, facing, face_service):
    facing.begin()
    stranger = app.test_client()
    for path in ("returned?result=passed", "?result=passed", f"returned?receipt={facing.check.receipt}"):
        assert facing.client.get(f"{URL}{path}").status_code == 200
    assert stranger.get(f"{URL}returned").status_code == 200
    facing.look()
    assert facing.state == ("incomplete", None)


@pytest.mark.parametrize("who", ["zhang_wei", "li_juan", "wang_qiang", "chen_jing", "admin"])
def test_nobody_else_reaches_the_check(app, facing, face_service, cast, who):
    facing.begin()
    facing.press(face_service)
    asked = face_service.asked
    other = login(app.test_client(), getattr(cast, who))
    assert post(other, f"{URL}{facing.check.id}/look").status_code == 404
    assert other.get(f"{URL}{facing.check.id}/open").status_code == 404
    assert (face_service.asked, facing.state) == (asked, ("incomplete", None))
    if who != "zhang_wei":
        assert other.get(URL).status_code == 404
        assert post(other, f"{URL}begin", agreed="1").status_code == 404


@pytest.mark.parametrize("fault", [Fault.WRONG_SIGNATURE, Fault.REPLAYED, Fault.STALE, Fault.NOT_JSON])
def test_a_forged_or_replayed_answer_verifies_nobody_and_spoils_nothing(facing, face_service, fault):
    facing.begin()
    facing.press(face_service)
    face_service.fault = fault
    document = checked(facing.look(), 422)
    assert "未采用其中任何内容" in document.find(class_="alert-danger").get_text()
    assert (facing.state, facing.check.stage) == (("incomplete", None), "open")
    face_service.fault = Fault.NONE
    facing.look()
    assert facing.state == ("verified", "face")


def test_the_result_of_another_check_is_not_taken_for_this_one(facing, face_service, monkeypatch):
    facing.begin()
    first = facing.check.receipt, facing.check.nonce
    facing.press(face_service)
    facing.begin()
    real = FaceVerification._result
    other = {"receipt": first[0], "nonce": first[1]}
    monkeypatch.setattr(FaceVerification, "_result", lambda self, _asked: real(self, other))
    checked(facing.look(), 422)
    assert facing.state == ("incomplete", None)


def test_a_picture_that_is_none_spoils_the_whole_answer(facing, face_service):
    face_service.frame = b"\xff\xd8\xff<script>alert(1)</script>"
    facing.begin()
    facing.press(face_service)
    checked(facing.look(), 422)
    assert (facing.state, frames(facing.session), facing.check.stage) == (("incomplete", None), [], "open")
    (line,) = lines(facing.session, "face_check.ask")
    assert json.loads(line.detail)["reason"] == "answer.frame: no picture"


def test_the_picture_is_made_anew_from_its_pixels(facing, face_service):
    stream = io.BytesIO()
    notes = Image.Exif()
    notes[0x010E] = "somewhere"
    Image.new("RGB", (480, 640), "white").save(stream, "JPEG", exif=notes)
    face_service.frame = stream.getvalue()
    passed(facing, face_service)
    (frame,) = frames(facing.session)
    data = facing.client.get(f"/files/{frame.id}").data
    assert b"somewhere" in face_service.frame
    assert b"somewhere" not in data


def _picture() -> dict:
    stream = io.BytesIO()
    Image.new("RGB", (640, 400), "black").save(stream, "JPEG")
    stream.seek(0)
    return {"file-id_front": (stream, "new.jpg")}


@pytest.mark.parametrize("what", ["picture", "name", "number"])
def test_what_was_changed_while_a_check_was_under_way_has_to_be_checked_again(facing, face_service, what):
    facing.begin()
    facing.press(face_service)
    if what == "picture":
        save(facing.client, f"/real-name/{facing.key}/edit", **_picture())
    else:
        setattr(facing.row, *(("name", "何敬") if what == "name" else ("id_number", "439900199002280041")))
        facing.session.commit()
    facing.look()
    assert (facing.state, facing.check.stage, frames(facing.session)) == (("incomplete", None), "unused", [])
    assert "不予采用" in facing.said()


def test_after_the_face_check_identity_and_pictures_are_fixed_as_after_the_counter(facing, face_service):
    passed(facing, face_service)
    held = {one.file_id for one in facing.session.scalars(select(Attachment))}
    document = page(facing.client, f"/real-name/{facing.key}/edit")
    assert not document.find(id="f-ethnicity")
    save(
        facing.client,
        f"/real-name/{facing.key}/edit",
        ethnicity="11",
        name="别人",
        school="新学校",
        **_picture(),
    )
    after = facing.row
    assert (after.name, after.ethnicity, after.school) == ("何静", "01", "新学校")
    assert {one.file_id for one in facing.session.scalars(select(Attachment))} == held


def test_whom_the_counter_has_rejected_no_machine_verifies(app, facing, face_service, cast):
    facing.begin()
    facing.press(face_service)
    act(facing.client, "/real-name", "ask", facing.ticket)
    officer = login(app.test_client(), cast.wang_qiang)
    act(officer, COUNTER, "reject", facing.ticket, reason="照片不是本人")
    facing.look()
    assert (facing.state, facing.check.stage) == (("rejected", None), "unused")
    for _again in ("ask", "recall"):
        act(facing.client, "/real-name", _again, facing.ticket)
        assert "只能由窗口核验" in checked(facing.begin(), 422).get_text()
    assert facing.row.real_name_state == RealNameState.INCOMPLETE
    act(facing.client, "/real-name", "ask", facing.ticket)
    act(officer, COUNTER, "verify", facing.ticket)
    assert (facing.state, facing.row.rejected_at) == (("verified", "counter"), None)


def test_who_has_not_filled_in_everything_is_sent_back_to_the_data(facing, face_service):
    facing.row.school = None
    facing.session.commit()
    assert "请先完善资料" in checked(facing.begin(), 422).get_text()
    assert face_service.asked == 0


def test_another_check_takes_the_place_of_the_first(facing, face_service):
    facing.begin()
    first = facing.check
    facing.press(face_service)
    facing.begin()
    assert anew(facing.session).get_one(FaceCheck, first.id).stage == "replaced"
    post(facing.client, f"{URL}{first.id}/look")
    assert facing.state == ("incomplete", None)
    facing.press(face_service)
    facing.look()
    assert facing.state == ("verified", "face")


def test_a_person_has_so_many_checks_in_a_day(facing, face_service, clock):
    facing.session.add(
        PolicyValue(key="face_checks_per_day", value="2", valid_from=date(2020, 1, 1), source="测试")
    )
    facing.session.commit()
    assert [facing.begin().status_code for _ in range(2)] == [302, 302]
    asked = face_service.asked
    assert "24 小时内已发起 2 次" in checked(facing.begin(), 422).get_text()
    assert face_service.asked == asked
    clock.shift(timedelta(hours=25))
    login(facing.client, facing.member)
    assert facing.begin().status_code == 302


def test_the_result_is_not_asked_for_without_end(facing, face_service):
    facing.begin()
    answers = [facing.look().status_code for _ in range(60)]
    assert answers == [302] * 59 + [422]


def test_a_check_that_nobody_finishes_expires(facing, face_service, clock):
    facing.begin()
    clock.shift(timedelta(minutes=16))
    assert "核验时间已过" in facing.said()
    assert not page(facing.client, URL).find("img", class_="face-code")
    assert facing.client.get(f"{URL}{facing.check.id}/open").status_code == 404
    facing.look()
    assert facing.check.stage == "expired"
    assert "未在有效时间内完成" in facing.said()


def test_a_service_that_is_not_connected_leaves_the_counter(facing, face_at):
    face_at("")
    text = facing.said()
    assert "未开通人脸核验" in text
    assert "长沙市窗口" in text
    assert not page(facing.client, URL).find("form", action=f"{URL}begin")
    assert facing.begin().status_code == 422


def test_a_service_that_cannot_be_reached_is_no_try_of_the_person(facing, face_at):
    face_at("http://127.0.0.1:9")
    for _try in range(7):
        document = checked(facing.begin(), 422)
        text = document.find(class_="alert-danger").get_text()
        assert "暂时" in text
        assert "窗口" in text
    assert facing.check is None


def test_a_slow_service_is_not_waited_for(facing, face_service, monkeypatch):
    monkeypatch.setattr(signed_http, "_READ_SECONDS", 0.2)
    face_service.fault = Fault.SLOW
    assert "暂时" in checked(facing.begin(), 422).get_text()


def test_production_takes_no_simulator(facing, face_service, face_at, app):
    face_at(app.extensions["platform_config"].face_verification.url, production=True)
    checked(facing.begin(), 422)
    assert facing.check is None


def test_neither_the_audit_nor_the_notice_holds_a_datum_of_the_person(facing, face_service):
    passed(facing, face_service)
    told = [one.detail for one in anew(facing.session).scalars(select(AuditEntry))]
    told += [one.parameters for one in facing.session.scalars(select(Notice))]
    assert not [one for one in told if "何静" in one or NUMBER in one or facing.check.nonce in one]


def test_the_case_says_how_the_person_was_verified(app, facing, face_service, cast):
    passed(facing, face_service)
    take(facing.session, cast, file_draft(facing.session, cast.li_juan, cast.zhang_wei), "submit")
    officer = login(app.test_client(), cast.wang_qiang)
    link = page(officer, "/review/").select_one("table.rows tbody a[href^='/review/']")["href"]
    assert "窗口核验" in page(officer, link).find(id="said-verified").get_text()


def test_every_reason_of_the_contract_has_words(face_service):
    from app.views.face_checks import REASONS

    assert set(face_service.reasons) == set(REASONS)
    assert set(real_name.METHODS) == {"counter", "face"}
