"""人脸核验: from the consent to the verified person, the picture of it, and the counter beside it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.models import (
    Consent,
    Notice,
    PolicyValue,
    StoredFile,
)
from app.services.files import FileStore
from app.tasks.sweeping import PAUSE, Sweeper
from tests.cast import login
from tests.facing import URL, frames, lines, passed
from tests.pages import checked, page
from tests.views.clerk import act, anew, post

COUNTER = "/real-name-counter"


@pytest.mark.both_engines
def test_who_passes_the_face_check_is_verified_without_an_officer(app, facing, face_service, cast):
    document = page(facing.client, URL)
    assert "不愿刷脸的，可到窗口核验" in facing.said()
    assert not document.find("input", id="agreed").has_attr("checked")
    assert facing.begin().status_code == 302
    shown = page(facing.client, URL)
    assert shown.select_one("img.face-code")["src"].startswith("data:image/svg+xml")
    link = shown.find("a", href=f"{URL}{facing.check.id}/open")
    assert link["rel"] == ["noopener", "noreferrer"]
    assert facing.client.get(link["href"]).headers["Location"] == facing.check.address
    assert facing.look().headers["Location"].endswith("?asked=1")
    assert "还没有结果" in page(facing.client, f"{URL}?asked=1").get_text()
    assert facing.state == ("incomplete", None)
    facing.press(face_service)
    facing.look()
    person = facing.row
    assert (person.real_name_state, person.verified_how, person.verified_by_id) == ("verified", "face", None)
    assert "无需再去主管部门进行资料核验" in facing.said()
    (line,) = lines(facing.session, "real_name.face")
    assert (line.actor_id, line.subject_id) == (facing.member.actor.account_id, str(facing.key))
    (notice,) = facing.session.scalars(select(Notice).where(Notice.kind == "verified_by_face"))
    assert notice.person_id == facing.key
    assert "2026-06-01" in page(facing.client, "/notices/").get_text()
    officer = login(app.test_client(), cast.wang_qiang)
    row = page(officer, f"{COUNTER}/").find("td", string="何静").find_parent("tr")
    assert "人脸核验" in row.get_text()
    assert facing.check.receipt in page(officer, f"{COUNTER}/{facing.key}").get_text()
    assert act(officer, COUNTER, "reject", facing.ticket, reason="不符").status_code == 302
    assert facing.state == ("verified", "face")


def test_the_picture_is_shown_to_the_person_and_the_officer_and_each_look_is_written_down(
    app, facing, face_service, cast
):
    passed(facing, face_service)
    (frame,) = frames(facing.session)
    stored = facing.session.get_one(StoredFile, frame.file_id)
    assert face_service.frame not in FileStore.path(stored.path).read_bytes()
    url = f"/files/{frame.id}"
    for document in (page(facing.client, URL), page(facing.client, f"/real-name/{facing.key}")):
        assert document.find("img", src=url)
    officer = login(app.test_client(), cast.wang_qiang)
    assert page(officer, f"{COUNTER}/{facing.key}").find("img", src=url)
    assert officer.get(url).mimetype == "image/jpeg"
    seen = {line.actor_id for line in lines(facing.session, "file.read") if line.subject_id == str(frame.id)}
    assert seen == {cast.wang_qiang.actor.account_id}
    for other in (cast.zhao_min, cast.zhang_wei, cast.li_juan):
        assert login(app.test_client(), other).get(url).status_code == 404


@pytest.mark.both_engines
def test_the_picture_is_deleted_when_its_hours_are_over_and_result_and_digest_stay(
    app, facing, face_service, cast, clock
):
    facing.session.add(
        PolicyValue(key="face_picture_hours", value="6", valid_from=date(2020, 1, 1), source="测试")
    )
    facing.session.commit()
    passed(facing, face_service)
    (frame,) = frames(facing.session)
    path = FileStore.path(facing.session.get_one(StoredFile, frame.file_id).path)
    key, file_key = frame.id, frame.file_id
    officer = login(app.test_client(), cast.wang_qiang)
    officer.get(f"/files/{key}")
    sweep = Sweeper()
    clock.shift(timedelta(hours=6) - timedelta(minutes=1))
    sweep(facing.session)
    assert (len(frames(facing.session)), path.exists()) == (1, True)
    login(facing.client, facing.member)
    assert "6 小时后删除" in facing.said()
    clock.shift(PAUSE)
    sweep(facing.session)
    assert (frames(facing.session), path.exists()) == ([], False)
    assert anew(facing.session).get(StoredFile, file_key) is None
    check = facing.check
    assert (check.stage, bool(check.receipt), bool(check.frame_digest)) == ("passed", True, True)
    assert facing.state == ("verified", "face")
    assert "采集图像已于 2026-06-01" in facing.said()
    assert facing.client.get(f"/files/{key}").status_code == 404
    # Who looked at it is told for as long as the audit is kept.
    assert "共 1 条记录" in page(facing.client, "/my-data-readings/").get_text()


def test_without_consent_nothing_is_sent_to_the_service(facing, face_service):
    document = checked(facing.begin(agreed=None), 422)
    assert "请先同意" in document.find(class_="alert-danger").get_text()
    assert (face_service.asked, facing.check) == (0, None)


def test_the_consent_of_the_face_is_its_own_and_is_withdrawn_with_the_picture(facing, face_service):
    passed(facing, face_service)
    purposes = select(Consent.purpose).where(Consent.account_id == facing.member.actor.account_id)
    assert sorted(anew(facing.session).scalars(purposes)) == ["face_check", "real_name"]
    assert post(facing.client, f"{URL}withdraw").status_code == 302
    assert frames(facing.session) == []
    assert facing.state == ("verified", "face")
    standing = purposes.where(Consent.withdrawn_at.is_(None))
    assert anew(facing.session).scalars(standing).all() == ["real_name"]


def test_a_check_whose_consent_was_withdrawn_verifies_nobody(facing, face_service):
    facing.begin()
    facing.press(face_service)
    token = facing.check.address
    post(facing.client, f"{URL}withdraw")
    asked = face_service.asked
    facing.look()
    assert (face_service.asked, facing.state, facing.check.stage) == (
        asked,
        ("incomplete", None),
        "withdrawn",
    )
    assert facing.check.address is None
    assert token not in str(page(facing.client, URL))


def test_a_check_that_was_failed_says_why_and_the_counter_stays_open(app, facing, face_service, cast):
    facing.begin()
    facing.press(face_service, "not_live")
    facing.look()
    text = facing.said()
    assert "没有按提示张嘴、眨眼" in text
    assert "到长沙市窗口核验" in text
    assert (facing.state, frames(facing.session)) == (("incomplete", None), [])
    assert act(facing.client, "/real-name", "ask", facing.ticket).status_code == 302
    officer = login(app.test_client(), cast.wang_qiang)
    assert act(officer, COUNTER, "verify", facing.ticket).status_code == 302
    assert facing.state == ("verified", "counter")


def test_who_waits_for_the_counter_may_pass_the_face_check_instead(facing, face_service):
    act(facing.client, "/real-name", "ask", facing.ticket)
    passed(facing, face_service)
