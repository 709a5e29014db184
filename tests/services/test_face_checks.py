"""Face checks below the page: the step that they take, what they leave behind, and two answers at one time."""

import secrets
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from werkzeug.exceptions import NotFound

from app.extensions.clock import now
from app.extensions.refused import Refused
from app.integrations.face_verification import Opened, Outcome, Result
from app.integrations.signed_http import Unreachable
from app.models import Attachment, FaceCheck, FaceCheckStage, Person, RealNameState, StoredFile
from app.services import face_checks, real_name
from app.services.files import FileStore, store
from tests.cast import Member
from tests.facing import somebody_to_face


class Service:
    """A face verification in this process, which says what a test wants, and may be interrupted."""

    def __init__(self):
        self.said = Result(Outcome.PASSED, None, now(), b"frame")
        self.fails = False
        self.meanwhile = lambda: None

    def open(self, **_asked):
        if self.fails:
            raise Unreachable("人脸核验服务", "time_limit")
        return Opened(secrets.token_hex(8), "https://wechat.example/1", now() + timedelta(minutes=10))

    def result(self, _receipt, _nonce, **_times):
        self.meanwhile()
        return self.said


@pytest.fixture
def service():
    return Service()


@pytest.fixture
def he_jing(session, cast) -> Member:
    """何静 has everything filled in and nothing asked for."""
    return somebody_to_face(session)


def row(session, member) -> Person:
    session.rollback()
    return session.get_one(Person, member.actor.person_id)


def begun(session, member, service) -> int:
    face_checks.begin(session, member.actor, service, "https://platform.example/", agreed=True)
    return face_checks.latest(session, member.actor, member.actor.person_id).id


def look(session, member, service, key):
    face_checks.look(session, member.actor, key, service, lambda frame: frame)


@pytest.mark.both_engines
def test_a_face_verifies_only_from_where_its_step_begins(session, he_jing):
    for state in RealNameState:
        person = row(session, he_jing)
        person.real_name_state, person.verified_at = state, now()
        session.flush()
        if state in real_name.STEPS["face"].sources:
            found = real_name.verify_by_face(session, he_jing.actor, person)
            assert (found.real_name_state, found.verified_how) == ("verified", "face")
        else:
            with pytest.raises(Refused):
                real_name.verify_by_face(session, he_jing.actor, person)
        session.rollback()


def test_no_officer_and_no_clerk_takes_the_step_of_a_face(session, cast, he_jing):
    for member in cast:
        with pytest.raises(NotFound):
            real_name.verify_by_face(session, member.actor, row(session, he_jing))


@pytest.mark.both_engines
def test_of_two_looks_at_once_the_second_finds_what_the_first_did(session, he_jing, service):
    key = begun(session, he_jing, service)
    other = Service()
    service.meanwhile = lambda: look(session, he_jing, other, key)
    look(session, he_jing, service, key)
    kept = select(func.count()).select_from(Attachment).where(Attachment.kind == "face_capture")
    assert session.scalar(kept) == 1
    assert row(session, he_jing).verified_how == "face"


def test_an_officer_who_rejects_meanwhile_is_not_overruled(session, cast, he_jing, service):
    key = begun(session, he_jing, service)
    person = row(session, he_jing)
    real_name.ask(session, he_jing.actor, person.id, person.version)
    session.commit()

    def reject():
        person = row(session, he_jing)
        real_name.reject(session, cast.wang_qiang.actor, person.id, person.version, "不符")
        session.commit()

    service.meanwhile = reject
    look(session, he_jing, service, key)
    assert row(session, he_jing).real_name_state == RealNameState.REJECTED
    assert session.get_one(FaceCheck, key).stage == FaceCheckStage.UNUSED


def test_who_withdraws_meanwhile_is_not_verified(session, he_jing, service):
    key = begun(session, he_jing, service)
    service.meanwhile = lambda: face_checks.withdraw(session, he_jing.actor)
    look(session, he_jing, service, key)
    assert row(session, he_jing).real_name_state == RealNameState.INCOMPLETE
    assert session.get_one(FaceCheck, key).stage == FaceCheckStage.WITHDRAWN


def test_who_may_read_of_a_check_may_not_ask_about_it(session, cast, he_jing, service):
    key = begun(session, he_jing, service)
    person = row(session, he_jing)
    real_name.ask(session, he_jing.actor, person.id, person.version)
    session.commit()
    officer = Member(cast.wang_qiang.actor, "")
    assert face_checks.latest(session, officer.actor, person.id).id == key
    with pytest.raises(NotFound):
        look(session, officer, service, key)
    session.rollback()
    assert face_checks.latest(session, cast.zhao_min.actor, person.id) is None


def test_what_the_service_failed_to_open_is_no_try(session, he_jing, service):
    service.fails = True
    for _try in range(8):
        with pytest.raises(Unreachable):
            begun(session, he_jing, service)
    service.fails = False
    assert begun(session, he_jing, service)


def test_a_check_that_was_answered_is_asked_about_no_more(session, he_jing, service):
    key = begun(session, he_jing, service)
    service.said = Result(Outcome.FAILED, "not_live", now())
    look(session, he_jing, service, key)
    service.said = Result(Outcome.PASSED, None, now(), b"frame")
    look(session, he_jing, service, key)
    check = session.get_one(FaceCheck, key)
    assert (check.stage, check.reason, check.address) == (FaceCheckStage.FAILED, "not_live", None)


def test_a_picture_that_is_deleted_leaves_other_files_alone(session, he_jing, service, clock):
    look(session, he_jing, service, begun(session, he_jing, service))
    mine = set(session.scalars(select(Attachment.file_id).where(Attachment.kind == "face_capture")))
    loose = store(session, b"for a form", "image/jpeg")
    session.commit()
    others = set(session.scalars(select(StoredFile.id))) - mine
    clock.shift(timedelta(hours=24))
    assert face_checks.forget_frames(session) == 1
    assert face_checks.forget_frames(session) == 0
    assert set(session.scalars(select(StoredFile.id))) == others
    assert FileStore.path(session.get_one(StoredFile, loose.id).path).exists()


def test_a_receipt_that_was_used_before_opens_nothing(session, he_jing, service, monkeypatch):
    begun(session, he_jing, service)
    known = session.scalar(select(FaceCheck.receipt))
    again = Opened(known, "https://wechat.example/2", datetime(2026, 6, 1, 2, tzinfo=UTC))
    monkeypatch.setattr(service, "open", lambda **_asked: again)
    with pytest.raises(Refused):
        begun(session, he_jing, service)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(FaceCheck)) == 1
