"""个人实名认证: the person fills in, the counter of the chosen city verifies, and then the identity is fixed."""

import io
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.cli.demo import makers
from app.models import Attachment, AuditEntry, Consent, Person, RealNameState
from app.security.access.roles import Role
from tests.cast import CHANGSHA, SHAOYANG, Member, credentials, login
from tests.pages import checked, fields, page
from tests.views.clerk import act, anew, post, record, save, send

NUMBER = "439900199002280025"
COUNTER = "/real-name-counter"
TYPED = {
    "ethnicity": "03", "mobile": "19812345678", "emergency_name": "何父", "emergency_mobile": "19712345678",
    "school": "示例大学", "major": "土木工程", "graduation_date": "2012-06-30", "education": "21", "degree": "4",
    "region_code": CHANGSHA,
}  # fmt: skip


@pytest.fixture
def he_jing(session, cast) -> Member:
    """何静 has an account and has filled in nothing yet."""
    person = makers.bare_person(session, "何静", NUMBER)
    account = makers.make_account(session, Role.INDIVIDUAL, "何静", credentials(), person_id=person.id)
    session.commit()
    return Member(makers.as_actor(account), NUMBER)


@dataclass
class Own:
    """何静 at her screen."""

    client: FlaskClient
    member: Member
    session: Session

    @property
    def key(self) -> int:
        return self.member.actor.person_id

    @property
    def url(self) -> str:
        return f"/real-name/{self.key}"

    @property
    def row(self) -> Person:
        return anew(self.session).get_one(Person, self.key)

    @property
    def ticket(self) -> str:
        return f"{self.key}:{self.row.version}"

    def complete(self, **changed) -> None:
        """Everything typed, everything uploaded, agreed."""
        answer = save(self.client, f"{self.url}/edit", **TYPED, agreed="1", **pictures(), **changed)
        assert answer.status_code == 302, checked(answer, 422).find(id="problems").get_text()

    def wait(self) -> None:
        self.complete()
        assert act(self.client, "/real-name", "ask", self.ticket).status_code == 302


@pytest.fixture
def own(client, session, he_jing) -> Own:
    return Own(login(client, he_jing), he_jing, session)


def pictures() -> dict:
    made = {}
    for kind in ("id_front", "id_back", "id_in_hand", "signature", "commitment"):
        stream = io.BytesIO()
        Image.new("RGB", (640, 400), "white").save(stream, "JPEG")
        stream.seek(0)
        made[f"file-{kind}"] = (stream, f"{kind}.jpg")
    return made


def test_the_page_has_the_fields_and_the_five_pictures_of_the_manual(own):
    assert own.client.get("/real-name/").headers["Location"] == own.url
    document = page(own.client, f"{own.url}/edit")
    labels = [
        one.get_text(strip=True)
        for one in document.select("#record .field .form-label, #record .upload .form-label")
    ]
    assert labels == [
        "姓名", "证件类型", "证件号码", "性别", "出生日期", "民族", "手机号码", "紧急联系人姓名", "紧急联系人手机号码",
        "毕业院校", "所学专业", "毕业时间", "学历", "学位", "办理市州", "身份证正照", "身份证反照", "手持身份证照", "个人签名",
        "个人承诺书",
    ]  # fmt: skip


def test_each_picture_stands_on_the_page_once(own):
    labels = [
        one.get_text(strip=True) for one in page(own.client, own.url).select("figcaption, .attachment-kind")
    ]
    assert labels == ["身份证正照", "身份证反照", "手持身份证照", "个人签名", "个人承诺书"]


def test_birth_date_and_gender_come_from_the_number_whatever_is_sent(own):
    own.complete(
        gender="1", birth_date="1980-01-01", name="别人", id_number="439900198506150019", id_type="3"
    )
    row = own.row
    assert (row.gender, row.birth_date.isoformat(), row.name) == ("2", "1990-02-28", "何静")
    assert (row.id_number, row.id_type, row.real_name_state) == (NUMBER, "1", "incomplete")


def test_nothing_is_kept_without_consent(own):
    document = checked(save(own.client, f"{own.url}/edit", **TYPED, **pictures()), 422)
    assert "同意" in document.find(id="problems").get_text()
    assert fields(record(document))["school"] == "示例大学"
    assert anew(own.session).scalars(select(Attachment).where(Attachment.person_id == own.key)).all() == []
    own.complete()
    given = select(Consent.purpose).where(Consent.account_id == own.member.actor.account_id)
    assert anew(own.session).scalars(given).all() == ["real_name"]


def test_a_form_that_was_refused_is_sent_again_without_a_quarrel(own):
    document = checked(save(own.client, f"{own.url}/edit", **TYPED), 422)
    sent = fields(record(document)) | {"agreed": "1"}
    assert send(own.client, f"{own.url}/edit", sent).status_code == 302
    assert own.row.birth_date.isoformat() == "1990-02-28"


def test_the_mobile_of_another_account_is_refused(own, cast):
    """Two accounts under one number would both be shut out."""
    taken = own.session.get_one(Person, cast.zhang_wei.actor.person_id).mobile
    own.session.rollback()
    answer = save(
        own.client, f"{own.url}/edit", **(TYPED | {"mobile": f"+86 {taken}"}), agreed="1", **pictures()
    )
    assert checked(answer, 422).find(id="f-mobile-error")
    assert own.row.mobile is None
    own.complete()


def test_the_check_can_be_asked_for_only_when_everything_is_there(own):
    own.complete()
    anew(own.session).execute(delete(Attachment).where(Attachment.kind == "signature"))
    own.session.commit()
    document = page(own.client, own.url)
    assert "个人签名" in document.find(class_="alert-warning").get_text()
    assert not document.find("button", attrs={"value": "ask"})
    act(own.client, "/real-name", "ask", own.ticket)
    assert own.row.real_name_state == RealNameState.INCOMPLETE


@pytest.mark.both_engines
def test_the_counter_of_the_chosen_city_verifies_and_the_identity_is_fixed(app, own, cast):
    own.wait()
    assert own.client.get(f"{own.url}/edit").status_code == 404
    officer = login(app.test_client(), cast.wang_qiang)
    row = page(officer, f"{COUNTER}/").find("td", string="何静").find_parent("tr")
    assert {"查阅", "核验通过", "核验不通过"} <= {
        one.get_text(strip=True) for one in row.find_all(["a", "button"])
    }
    shown = page(officer, f"{COUNTER}/{own.key}")
    assert len(shown.select(".faces img")) == 5
    assert officer.get(shown.select_one(".faces img")["src"]).mimetype == "image/jpeg"
    assert act(officer, COUNTER, "verify", own.ticket).status_code == 302
    person = own.row
    assert (person.real_name_state, person.verified_by_id, person.verified_how) == (
        "verified", cast.wang_qiang.actor.account_id, "counter",
    )  # fmt: skip
    entries = own.session.scalars(select(AuditEntry).where(AuditEntry.action == "real_name.verify"))
    assert [one.actor_id for one in entries if one.subject_id == str(person.id)] == [person.verified_by_id]
    sent = fields(record(page(own.client, f"{own.url}/edit")))
    assert not {"ethnicity", "region_code", "gender", "birth_date"} & set(sent)
    save(own.client, f"{own.url}/edit", ethnicity="11", region_code=SHAOYANG, school="新学校", **pictures())
    after = own.row
    assert (after.ethnicity, after.region_code, after.school) == ("03", CHANGSHA, "新学校")
    kept = own.session.scalars(select(Attachment).where(Attachment.person_id == person.id)).all()
    assert len(kept) == 5


def test_a_rejection_says_why_and_the_person_may_try_again(app, own, cast):
    own.wait()
    officer = login(app.test_client(), cast.wang_qiang)
    bare = act(officer, COUNTER, "reject", own.ticket)
    assert bare.status_code == 422
    assert own.row.real_name_state == RealNameState.WAITING
    payload = "照片不清晰 <b>请重拍</b>"
    assert act(officer, COUNTER, "reject", own.ticket, reason=payload).status_code == 302
    document = page(own.client, own.url)
    assert payload in document.find(class_="alert-danger").get_text()
    assert act(own.client, "/real-name", "ask", own.ticket).status_code == 302
    again = own.row
    assert (again.real_name_state, again.rejected_reason) == ("waiting", None)


def test_a_person_takes_the_data_back_while_nobody_has_checked_them(own):
    own.wait()
    assert act(own.client, "/real-name", "recall", own.ticket).status_code == 302
    assert own.row.real_name_state == RealNameState.INCOMPLETE
    assert own.client.get(f"{own.url}/edit").status_code == 200


@pytest.mark.both_engines
def test_the_officer_of_another_city_gets_404(app, own, cast):
    own.wait()
    picture = own.session.scalars(select(Attachment.id).where(Attachment.person_id == own.key)).first()
    stranger = login(app.test_client(), cast.zhao_min)
    for path in (f"{COUNTER}/{own.key}", f"/files/{picture}"):
        assert stranger.get(path).status_code == 404
    for action in ("verify", "reject"):
        answer = act(stranger, COUNTER, action, own.ticket, reason="无")
        assert answer.status_code == 404
    answer = post(stranger, f"{COUNTER}/reveal", key=str(own.key), field="id_number")
    assert answer.status_code == 404
    assert "何静" not in stranger.get(f"{COUNTER}/").text
    assert own.row.real_name_state == RealNameState.WAITING


@pytest.mark.parametrize("who", ["zhang_wei", "li_juan", "chen_jing", "province_admin", "admin", "auditor"])
def test_neither_another_person_nor_another_role_reaches_the_data(app, own, cast, who):
    own.wait()
    client = login(app.test_client(), getattr(cast, who))
    for path in (own.url, f"{own.url}/edit", f"{COUNTER}/{own.key}"):
        assert client.get(path).status_code == 404, path
    for path, action in (("/real-name", "recall"), ("/real-name", "ask"), (COUNTER, "verify")):
        assert act(client, path, action, own.ticket).status_code == 404, action
    assert own.row.real_name_state == RealNameState.WAITING


def test_the_person_cannot_verify_himself(own):
    own.wait()
    for path in ("/real-name", COUNTER):
        assert act(own.client, path, "verify", own.ticket).status_code == 404


def test_two_officers_do_not_decide_the_same_person_twice(app, own, cast):
    own.wait()
    seen = own.ticket
    officer = login(app.test_client(), cast.wang_qiang)
    assert act(officer, COUNTER, "verify", seen).status_code == 302
    act(officer, COUNTER, "reject", seen, reason="不符")
    assert own.row.real_name_state == RealNameState.VERIFIED


def test_a_picture_is_made_anew_and_what_is_none_is_refused(own):
    fake = {"file-id_front": (io.BytesIO(b"<script>alert(1)</script>"), "a.jpg")}
    document = checked(save(own.client, f"{own.url}/edit", **TYPED, agreed="1", **fake), 422)
    assert "身份证正照" in document.find(id="problems").get_text()
    assert fields(record(document))["school"] == "示例大学"


def test_the_way_to_the_check_is_shown_to_those_who_have_it_before_them(app, cast, he_jing):
    for member, ahead in ((he_jing, True), (cast.zhang_wei, False)):
        document = page(login(app.test_client(), member), f"/real-name/{member.actor.person_id}")
        assert bool(document.select(".steps-of")) is ahead
