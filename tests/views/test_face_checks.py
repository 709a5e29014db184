"""人脸核验: from the consent to the verified person, and everything by which somebody might try to get there otherwise."""

import io
import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.demo import makers
from app.integrations import signed_http
from app.models import (
    Attachment,
    AuditEntry,
    Consent,
    FaceCheck,
    Notice,
    Person,
    PolicyValue,
    RealNameState,
    StoredFile,
)
from app.security.access.roles import Role
from app.services import consents, real_name
from app.services.files import FileStore
from app.tasks.sweeping import PAUSE, Sweeper
from simulators.face_verification import FaceVerification
from simulators.server import Fault, running
from tests.cast import CHANGSHA, Member, credentials, file_draft, login, take
from tests.outside import KEY_ID, SECRET, connect
from tests.pages import checked, page
from tests.views.clerk import act, anew, post, save

NUMBER = "439900199002280025"
COUNTER, URL = "/real-name-counter", "/face-check/"


@pytest.fixture
def connected(app, monkeypatch):
    """Let the platform ask at this address."""
    return partial(connect, app, monkeypatch, "face_verification")


@pytest.fixture
def service(connected):
    """The simulator of the face verification, whose buttons a test presses."""
    simulator = FaceVerification(KEY_ID, SECRET, slow_seconds=1.0)
    with running(simulator) as place:
        connected(place)
        yield simulator


@pytest.fixture
def he_jing(session, cast) -> Member:
    """何静 has everything filled in and nothing asked for."""
    person = makers.make_person(session, "何静", NUMBER, CHANGSHA)
    account = makers.make_account(session, Role.INDIVIDUAL, "何静", credentials(), person_id=person.id)
    member = Member(makers.as_actor(account), NUMBER)
    consents.give(session, member.actor, consents.REAL_NAME)
    session.commit()
    return member


@dataclass
class Own:
    """何静 at her page."""

    client: FlaskClient
    member: Member
    session: Session

    @property
    def key(self) -> int:
        return self.member.actor.person_id

    @property
    def row(self) -> Person:
        return anew(self.session).get_one(Person, self.key)

    @property
    def ticket(self) -> str:
        return f"{self.key}:{self.row.version}"

    @property
    def state(self) -> tuple[str, str | None]:
        return self.row.real_name_state, self.row.verified_how

    @property
    def check(self) -> FaceCheck:
        """The check that was begun last."""
        return anew(self.session).scalars(select(FaceCheck).order_by(FaceCheck.id.desc())).first()

    def begin(self, **sent):
        return post(self.client, f"{URL}begin", **({"agreed": "1"} | sent))

    def press(self, service: FaceVerification, verdict: str = "passed") -> None:
        """She looks into the camera."""
        service.pressed(self.check.address.rpartition("/")[2], verdict)

    def look(self):
        return post(self.client, f"{URL}{self.check.id}/look")

    def said(self) -> str:
        return page(self.client, URL).find("main").get_text(" ", strip=True)


@pytest.fixture
def own(client, session, he_jing) -> Own:
    return Own(login(client, he_jing), he_jing, session)


def lines(session, action) -> list[AuditEntry]:
    return list(anew(session).scalars(select(AuditEntry).where(AuditEntry.action == action)))


def frames(session) -> list[Attachment]:
    return list(anew(session).scalars(select(Attachment).where(Attachment.kind == "face_capture")))


def passed(own, service) -> None:
    assert own.begin().status_code == 302
    own.press(service)
    assert own.look().status_code == 302
    assert own.state == ("verified", "face")


@pytest.mark.both_engines
def test_who_passes_the_face_check_is_verified_without_an_officer(app, own, service, cast):
    document = page(own.client, URL)
    assert "不愿刷脸的，可到窗口核验" in own.said()
    assert not document.find("input", id="agreed").has_attr("checked")
    assert own.begin().status_code == 302
    shown = page(own.client, URL)
    assert shown.select_one("img.face-code")["src"].startswith("data:image/svg+xml")
    link = shown.find("a", href=f"{URL}{own.check.id}/open")
    assert link["rel"] == ["noopener", "noreferrer"]
    assert own.client.get(link["href"]).headers["Location"] == own.check.address
    assert own.look().headers["Location"].endswith("?asked=1")
    assert "还没有结果" in page(own.client, f"{URL}?asked=1").get_text()
    assert own.state == ("incomplete", None)
    own.press(service)
    own.look()
    person = own.row
    assert (person.real_name_state, person.verified_how, person.verified_by_id) == ("verified", "face", None)
    assert "无需再去主管部门进行资料核验" in own.said()
    (line,) = lines(own.session, "real_name.face")
    assert (line.actor_id, line.subject_id) == (own.member.actor.account_id, str(own.key))
    (notice,) = own.session.scalars(select(Notice).where(Notice.kind == "verified_by_face"))
    assert notice.person_id == own.key
    assert "2026-06-01" in page(own.client, "/notices/").get_text()
    officer = login(app.test_client(), cast.wang_qiang)
    row = page(officer, f"{COUNTER}/").find("td", string="何静").find_parent("tr")
    assert "人脸核验" in row.get_text()
    assert own.check.receipt in page(officer, f"{COUNTER}/{own.key}").get_text()
    assert act(officer, COUNTER, "reject", own.ticket, reason="不符").status_code == 302
    assert own.state == ("verified", "face")


def test_the_picture_is_shown_to_the_person_and_the_officer_and_each_look_is_written_down(
    app, own, service, cast
):
    passed(own, service)
    (frame,) = frames(own.session)
    stored = own.session.get_one(StoredFile, frame.file_id)
    assert service.frame not in FileStore.path(stored.path).read_bytes()
    url = f"/files/{frame.id}"
    for document in (page(own.client, URL), page(own.client, f"/real-name/{own.key}")):
        assert document.find("img", src=url)
    officer = login(app.test_client(), cast.wang_qiang)
    assert page(officer, f"{COUNTER}/{own.key}").find("img", src=url)
    assert officer.get(url).mimetype == "image/jpeg"
    seen = {line.actor_id for line in lines(own.session, "file.read") if line.subject_id == str(frame.id)}
    assert seen == {cast.wang_qiang.actor.account_id}
    for other in (cast.zhao_min, cast.zhang_wei, cast.li_juan):
        assert login(app.test_client(), other).get(url).status_code == 404


@pytest.mark.both_engines
def test_the_picture_is_deleted_when_its_hours_are_over_and_result_and_digest_stay(
    app, own, service, cast, clock
):
    own.session.add(
        PolicyValue(key="face_picture_hours", value="6", valid_from=date(2020, 1, 1), source="测试")
    )
    own.session.commit()
    passed(own, service)
    (frame,) = frames(own.session)
    path = FileStore.path(own.session.get_one(StoredFile, frame.file_id).path)
    key, file_key = frame.id, frame.file_id
    officer = login(app.test_client(), cast.wang_qiang)
    officer.get(f"/files/{key}")
    sweep = Sweeper()
    clock.shift(timedelta(hours=6) - timedelta(minutes=1))
    sweep(own.session)
    assert (len(frames(own.session)), path.exists()) == (1, True)
    login(own.client, own.member)
    assert "6 小时后删除" in own.said()
    clock.shift(PAUSE)
    sweep(own.session)
    assert (frames(own.session), path.exists()) == ([], False)
    assert anew(own.session).get(StoredFile, file_key) is None
    check = own.check
    assert (check.state, bool(check.receipt), bool(check.frame_digest)) == ("passed", True, True)
    assert own.state == ("verified", "face")
    assert "采集图像已于 2026-06-01" in own.said()
    assert own.client.get(f"/files/{key}").status_code == 404
    # Who looked at it is told for as long as the audit is kept.
    assert "王强" in page(own.client, "/my-data-readings/").get_text()


def test_without_consent_nothing_is_sent_to_the_service(own, service):
    document = checked(own.begin(agreed=None), 422)
    assert "请先同意" in document.find(class_="alert-danger").get_text()
    assert (service.asked, own.check) == (0, None)


def test_the_consent_of_the_face_is_its_own_and_is_withdrawn_with_the_picture(own, service):
    passed(own, service)
    purposes = select(Consent.purpose).where(Consent.account_id == own.member.actor.account_id)
    assert sorted(anew(own.session).scalars(purposes)) == ["face_check", "real_name"]
    assert post(own.client, f"{URL}withdraw").status_code == 302
    assert frames(own.session) == []
    assert own.state == ("verified", "face")
    standing = purposes.where(Consent.withdrawn_at.is_(None))
    assert anew(own.session).scalars(standing).all() == ["real_name"]


def test_a_check_whose_consent_was_withdrawn_verifies_nobody(own, service):
    own.begin()
    own.press(service)
    token = own.check.address
    post(own.client, f"{URL}withdraw")
    asked = service.asked
    own.look()
    assert (service.asked, own.state, own.check.state) == (asked, ("incomplete", None), "withdrawn")
    assert own.check.address is None
    assert token not in str(page(own.client, URL))


def test_a_check_that_was_failed_says_why_and_the_counter_stays_open(app, own, service, cast):
    own.begin()
    own.press(service, "not_live")
    own.look()
    text = own.said()
    assert "没有按提示张嘴、眨眼" in text
    assert "到长沙市窗口核验" in text
    assert (own.state, frames(own.session)) == (("incomplete", None), [])
    assert act(own.client, "/real-name", "ask", own.ticket).status_code == 302
    officer = login(app.test_client(), cast.wang_qiang)
    assert act(officer, COUNTER, "verify", own.ticket).status_code == 302
    assert own.state == ("verified", "counter")


def test_who_waits_for_the_counter_may_pass_the_face_check_instead(own, service):
    act(own.client, "/real-name", "ask", own.ticket)
    passed(own, service)


def test_what_a_browser_brings_back_says_nothing(app, own, service):
    own.begin()
    stranger = app.test_client()
    for path in ("returned?result=passed", "?result=passed", f"returned?receipt={own.check.receipt}"):
        assert own.client.get(f"{URL}{path}").status_code == 200
    assert stranger.get(f"{URL}returned").status_code == 200
    own.look()
    assert own.state == ("incomplete", None)


@pytest.mark.parametrize("who", ["zhang_wei", "li_juan", "wang_qiang", "chen_jing", "admin"])
def test_nobody_else_reaches_the_check(app, own, service, cast, who):
    own.begin()
    own.press(service)
    asked = service.asked
    other = login(app.test_client(), getattr(cast, who))
    assert post(other, f"{URL}{own.check.id}/look").status_code == 404
    assert other.get(f"{URL}{own.check.id}/open").status_code == 404
    assert (service.asked, own.state) == (asked, ("incomplete", None))
    if who != "zhang_wei":
        assert other.get(URL).status_code == 404
        assert post(other, f"{URL}begin", agreed="1").status_code == 404


@pytest.mark.parametrize("fault", [Fault.WRONG_SIGNATURE, Fault.REPLAYED, Fault.STALE, Fault.NOT_JSON])
def test_a_forged_or_replayed_answer_verifies_nobody_and_spoils_nothing(own, service, fault):
    own.begin()
    own.press(service)
    service.fault = fault
    document = checked(own.look(), 422)
    assert "未采用其中任何内容" in document.find(class_="alert-danger").get_text()
    assert (own.state, own.check.state) == (("incomplete", None), "open")
    service.fault = Fault.NONE
    own.look()
    assert own.state == ("verified", "face")


def test_the_result_of_another_check_is_not_taken_for_this_one(own, service, monkeypatch):
    own.begin()
    first = own.check.receipt, own.check.nonce
    own.press(service)
    own.begin()
    real = FaceVerification._result
    other = {"receipt": first[0], "nonce": first[1]}
    monkeypatch.setattr(FaceVerification, "_result", lambda self, _asked: real(self, other))
    checked(own.look(), 422)
    assert own.state == ("incomplete", None)


def test_a_picture_that_is_none_spoils_the_whole_answer(own, service):
    service.frame = b"\xff\xd8\xff<script>alert(1)</script>"
    own.begin()
    own.press(service)
    checked(own.look(), 422)
    assert (own.state, frames(own.session), own.check.state) == (("incomplete", None), [], "open")
    (line,) = lines(own.session, "face_check.ask")
    assert json.loads(line.detail)["reason"] == "answer.frame: no picture"


def test_the_picture_is_made_anew_from_its_pixels(own, service):
    stream = io.BytesIO()
    notes = Image.Exif()
    notes[0x010E] = "somewhere"
    Image.new("RGB", (480, 640), "white").save(stream, "JPEG", exif=notes)
    service.frame = stream.getvalue()
    passed(own, service)
    (frame,) = frames(own.session)
    data = own.client.get(f"/files/{frame.id}").data
    assert b"somewhere" in service.frame
    assert b"somewhere" not in data


def _picture() -> dict:
    stream = io.BytesIO()
    Image.new("RGB", (640, 400), "black").save(stream, "JPEG")
    stream.seek(0)
    return {"file-id_front": (stream, "new.jpg")}


@pytest.mark.parametrize("what", ["picture", "name", "number"])
def test_what_was_changed_while_a_check_was_under_way_has_to_be_checked_again(own, service, what):
    own.begin()
    own.press(service)
    if what == "picture":
        save(own.client, f"/real-name/{own.key}/edit", **_picture())
    else:
        setattr(own.row, *(("name", "何敬") if what == "name" else ("id_number", "439900199002280041")))
        own.session.commit()
    own.look()
    assert (own.state, own.check.state, frames(own.session)) == (("incomplete", None), "unused", [])
    assert "不予采用" in own.said()


def test_after_the_face_check_identity_and_pictures_are_fixed_as_after_the_counter(own, service):
    passed(own, service)
    held = {one.file_id for one in own.session.scalars(select(Attachment))}
    document = page(own.client, f"/real-name/{own.key}/edit")
    assert not document.find(id="f-ethnicity")
    save(own.client, f"/real-name/{own.key}/edit", ethnicity="11", name="别人", school="新学校", **_picture())
    after = own.row
    assert (after.name, after.ethnicity, after.school) == ("何静", "01", "新学校")
    assert {one.file_id for one in own.session.scalars(select(Attachment))} == held


def test_whom_the_counter_has_rejected_no_machine_verifies(app, own, service, cast):
    own.begin()
    own.press(service)
    act(own.client, "/real-name", "ask", own.ticket)
    officer = login(app.test_client(), cast.wang_qiang)
    act(officer, COUNTER, "reject", own.ticket, reason="照片不是本人")
    own.look()
    assert (own.state, own.check.state) == (("rejected", None), "unused")
    for _again in ("ask", "recall"):
        act(own.client, "/real-name", _again, own.ticket)
        assert "只能由窗口核验" in checked(own.begin(), 422).get_text()
    assert own.row.real_name_state == RealNameState.INCOMPLETE
    act(own.client, "/real-name", "ask", own.ticket)
    act(officer, COUNTER, "verify", own.ticket)
    assert (own.state, own.row.rejected_at) == (("verified", "counter"), None)


def test_who_has_not_filled_in_everything_is_sent_back_to_the_data(own, service):
    own.row.school = None
    own.session.commit()
    assert "请先完善资料" in checked(own.begin(), 422).get_text()
    assert service.asked == 0


def test_another_check_takes_the_place_of_the_first(own, service):
    own.begin()
    first = own.check
    own.press(service)
    own.begin()
    assert anew(own.session).get_one(FaceCheck, first.id).state == "replaced"
    post(own.client, f"{URL}{first.id}/look")
    assert own.state == ("incomplete", None)
    own.press(service)
    own.look()
    assert own.state == ("verified", "face")


def test_a_person_has_so_many_checks_in_a_day(own, service, clock):
    own.session.add(
        PolicyValue(key="face_checks_per_day", value="2", valid_from=date(2020, 1, 1), source="测试")
    )
    own.session.commit()
    assert [own.begin().status_code for _ in range(2)] == [302, 302]
    asked = service.asked
    assert "24 小时内已发起 2 次" in checked(own.begin(), 422).get_text()
    assert service.asked == asked
    clock.shift(timedelta(hours=25))
    login(own.client, own.member)
    assert own.begin().status_code == 302


def test_the_result_is_not_asked_for_without_end(own, service):
    own.begin()
    answers = [own.look().status_code for _ in range(60)]
    assert answers == [302] * 59 + [422]


def test_a_check_that_nobody_finishes_expires(own, service, clock):
    own.begin()
    clock.shift(timedelta(minutes=16))
    assert "核验时间已过" in own.said()
    assert not page(own.client, URL).find("img", class_="face-code")
    assert own.client.get(f"{URL}{own.check.id}/open").status_code == 404
    own.look()
    assert own.check.state == "expired"
    assert "未在有效时间内完成" in own.said()


def test_a_service_that_is_not_connected_leaves_the_counter(own, connected):
    connected("")
    text = own.said()
    assert "未开通人脸核验" in text
    assert "长沙市窗口" in text
    assert not page(own.client, URL).find("form", action=f"{URL}begin")
    assert own.begin().status_code == 422


def test_a_service_that_cannot_be_reached_is_no_try_of_the_person(own, connected):
    connected("http://127.0.0.1:9")
    for _try in range(7):
        document = checked(own.begin(), 422)
        text = document.find(class_="alert-danger").get_text()
        assert "暂时" in text
        assert "窗口" in text
    assert own.check is None


def test_a_slow_service_is_not_waited_for(own, service, monkeypatch):
    monkeypatch.setattr(signed_http, "_READ_SECONDS", 0.2)
    service.fault = Fault.SLOW
    assert "暂时" in checked(own.begin(), 422).get_text()


def test_production_takes_no_simulator(own, service, connected, app):
    connected(app.extensions["platform_config"].face_verification.url, production=True)
    checked(own.begin(), 422)
    assert own.check is None


def test_neither_the_audit_nor_the_notice_holds_a_datum_of_the_person(own, service):
    passed(own, service)
    told = [one.detail for one in anew(own.session).scalars(select(AuditEntry))]
    told += [one.parameters for one in own.session.scalars(select(Notice))]
    assert not [one for one in told if "何静" in one or NUMBER in one or own.check.nonce in one]


def test_the_case_says_how_the_person_was_verified(app, own, service, cast):
    passed(own, service)
    take(own.session, cast, file_draft(own.session, cast.li_juan, cast.zhang_wei), "submit")
    officer = login(app.test_client(), cast.wang_qiang)
    link = page(officer, "/review/").select_one("table.rows tbody a[href^='/review/']")["href"]
    assert "窗口核验" in page(officer, link).find(id="said-verified").get_text()


def test_every_reason_of_the_contract_has_words(service):
    from app.views.face_checks import REASONS

    assert set(service.reasons) == set(REASONS)
    assert set(real_name.METHODS) == {"counter", "face"}
