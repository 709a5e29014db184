"""撤销, 吊销 and 更正: one officer proposes, another one decides, and the register, the certificates and the public agree."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.cli.demo.makers import attach
from app.extensions.clock import today
from app.extensions.refused import Refused
from app.models import (
    ActStage,
    AuditEntry,
    Departure,
    Ending,
    Enterprise,
    Notice,
    Person,
    RegisterAct,
    RegistrationEvent,
)
from app.services import certificates, register_acts, register_changes, verification
from app.services.register import content_of
from tests.registered import registered


@pytest.fixture
def registration(session, cast):
    return registered(session, cast.li_juan, cast.zhang_wei)


def proposed(session, cast, registration, kind="annul", *, evidence=True, **values):
    act = RegisterAct(
        registration_number=registration.number, kind=kind, reason="以欺骗手段取得注册。",
        document_number="湘建罚〔2026〕1号（演示）", **values,
    )  # fmt: skip
    register_acts.propose(session, cast.chen_jing.actor, act)
    session.add(act)
    session.flush()
    if evidence:
        attach(session, register_acts.EVIDENCE, b"evidence", act_id=act.id)
    session.commit()
    return act


@pytest.mark.both_engines
@pytest.mark.parametrize(("kind", "status"), [("annul", "annulled"), ("revoke", "revoked")])
def test_another_officer_carries_it_out_and_the_public_sees_which(session, cast, registration, kind, status):
    act = proposed(session, cast, registration, kind)
    token = registration.certificates[0].token
    register_acts.confirm(session, cast.zhou_min.actor, act.id)
    session.commit()
    session.refresh(registration)
    assert (registration.status, registration.cancelled_on) == (status, today())
    assert [one.removed_on for one in registration.specialties] == [today()]
    found = verification.look_up(session, token)
    assert found.verdict == status
    last = session.scalars(select(RegistrationEvent).order_by(RegistrationEvent.id.desc())).first()
    assert (last.act_id, last.action) == (act.id, status)


@pytest.mark.both_engines
def test_a_correction_changes_what_is_given_and_makes_a_new_certificate(session, cast, registration):
    ends_on = today() + timedelta(days=700)
    act = proposed(
        session, cast, registration, "correct",
        right_birth_date=date(1985, 6, 16), right_specialty="building", right_ends_on=ends_on,
    )  # fmt: skip
    number = registration.certificates[0].number
    register_acts.confirm(session, cast.zhou_min.actor, act.id)
    session.commit()
    session.refresh(registration)
    assert (registration.birth_date, registration.name) == (date(1985, 6, 16), "张伟")
    assert registration.specialties[0].ends_on == registration.ends_on == ends_on
    before, after = registration.certificates
    assert (before.ended_because, after.version, after.number) == ("correction", 2, number)
    assert ends_on.isoformat() in after.face


def test_who_proposed_does_not_decide(session, cast, registration):
    act = proposed(session, cast, registration)
    with pytest.raises(Refused, match=r"另一名|another"):
        register_acts.confirm(session, cast.chen_jing.actor, act.id)
    assert registration.status == "valid"


def test_nothing_is_decided_without_evidence(session, cast, registration):
    act = proposed(session, cast, registration, evidence=False)
    with pytest.raises(Refused, match=r"证据|evidence"):
        register_acts.confirm(session, cast.zhou_min.actor, act.id)


def test_an_act_is_decided_once(session, cast, registration):
    act = proposed(session, cast, registration)
    register_acts.decline(session, cast.zhou_min.actor, act.id, "证据不足。")
    session.commit()
    with pytest.raises(Refused):
        register_acts.confirm(session, cast.zhou_min.actor, act.id)
    assert (act.stage, registration.status) == (ActStage.DECLINED, "valid")


def test_one_act_waits_for_one_registration(session, cast, registration):
    proposed(session, cast, registration)
    with pytest.raises(Refused):
        proposed(session, cast, registration, "revoke")


def test_only_who_proposed_takes_it_back(session, cast, registration):
    act = proposed(session, cast, registration)
    with pytest.raises(Refused):
        register_acts.withdraw(session, cast.zhou_min.actor, act.id)
    register_acts.withdraw(session, cast.chen_jing.actor, act.id)
    assert act.stage == ActStage.WITHDRAWN


@pytest.mark.on_postgresql
def test_what_was_carried_out_meanwhile_is_not_taken_back(session, cast, registration, app, engine, stages):
    """Who proposed reads that it was decided, instead of that something went wrong."""
    act = proposed(session, cast, registration)
    with app.app_context(), Session(stages(engine).database) as other:
        seen = other.get_one(RegisterAct, act.id)
        assert seen.stage == ActStage.PROPOSED
        register_acts.confirm(session, cast.zhou_min.actor, act.id)
        session.commit()
        with pytest.raises(Refused):
            register_acts.withdraw(other, cast.chen_jing.actor, seen.id)
        other.rollback()
    session.refresh(act)
    assert act.stage == ActStage.DONE


@pytest.mark.parametrize("who", ["wang_qiang", "li_juan", "zhang_wei", "auditor", "province_admin"])
def test_an_act_does_not_exist_for_anybody_else(session, cast, registration, who):
    act = proposed(session, cast, registration)
    with pytest.raises(NotFound):
        register_acts.confirm(session, getattr(cast, who).actor, act.id)


def test_a_correction_that_says_nothing_is_refused(session, cast, registration):
    with pytest.raises(Refused):
        proposed(session, cast, registration, "correct")


def corrected(session, cast, registration, **right):
    """The correction as it was carried out; the registration is read anew."""
    act = proposed(session, cast, registration, "correct", **right)
    register_acts.confirm(session, cast.zhou_min.actor, act.id)
    session.commit()
    session.refresh(registration)
    return act


def cancelled(session, registration):
    register_changes.cancel(
        session, registration, [one.specialty for one in registration.held], reason="employment_ended",
        declaration_id=None, on=today() - timedelta(days=3),
    )  # fmt: skip
    certificates.cancel(
        session, [registration.id], because=Ending.CANCELLATION, on=today() - timedelta(days=3)
    )
    session.commit()


@pytest.mark.parametrize(
    "right",
    [
        {"right_specialty": "building", "right_ends_on": date(2000, 1, 1)},  # ends before it begins
        {"right_specialty": "building", "right_ends_on": date(2099, 1, 1)},  # runs past the age limit
        {
            "right_specialty": "municipal",
            "right_ends_on": date(2027, 1, 1),
        },  # not registered, and no first day
        {"right_without": "building"},  # nothing would be left
        {"right_without": "municipal"},  # it does not stand there
        {"right_registered_on": date(2026, 5, 1)},  # after its specialty has begun
        {"right_registered_on": date(2026, 7, 1)},  # a day to come
        {"right_enterprise_code": "91430000MA00000000"},  # nobody's
        {"right_cancelled_on": date(2026, 5, 1)},  # it was never cancelled
        {"right_standing": True},  # it stands
    ],
)
def test_what_cannot_be_right_is_not_even_proposed(session, cast, registration, right):
    before = content_of(registration)
    with pytest.raises(Refused):
        proposed(session, cast, registration, "correct", **right)
    session.rollback()
    assert content_of(registration) == before
    assert session.scalars(select(RegisterAct)).all() == []


@pytest.mark.both_engines
@pytest.mark.parametrize(("kind", "status"), [("annul", "annulled"), ("revoke", "revoked")])
def test_what_was_cancelled_can_still_be_annulled_and_the_public_sees_which(
    session, cast, registration, kind, status
):
    cancelled(session, registration)
    act = proposed(session, cast, registration, kind)
    register_acts.confirm(session, cast.zhou_min.actor, act.id)
    session.commit()
    session.refresh(registration)
    assert (registration.status, registration.cancelled_on) == (status, today())
    assert [one.removed_on for one in registration.specialties] == [today() - timedelta(days=3)]
    assert [one.specialty for one in registration.held] == ["building"]
    assert verification.look_up(session, registration.certificates[0].token).verdict == status


@pytest.mark.parametrize("kind", ["annul", "revoke"])
def test_nothing_is_annulled_twice(session, cast, registration, kind):
    act = proposed(session, cast, registration)
    register_acts.confirm(session, cast.zhou_min.actor, act.id)
    with pytest.raises(Refused, match=r"already|已"):
        proposed(session, cast, registration, kind)


@pytest.mark.both_engines
def test_a_cancelled_row_is_put_right_and_gets_no_certificate(session, cast, registration):
    cancelled(session, registration)
    corrected(
        session, cast, registration, right_cancelled_on=date(2026, 5, 20), right_specialty="municipal",
        right_begins_on=registration.registered_on, right_ends_on=date(2027, 1, 1),
    )  # fmt: skip
    assert (registration.status, registration.cancelled_on) == ("cancelled", date(2026, 5, 20))
    assert {one.specialty: one.removed_on for one in registration.held} == {
        "building": date(2026, 5, 20), "municipal": date(2026, 5, 20),
    }  # fmt: skip
    assert len(registration.certificates) == 1


@pytest.mark.both_engines
def test_what_was_cancelled_by_mistake_stands_again_with_its_certificate(session, cast, registration):
    cancelled(session, registration)
    corrected(session, cast, registration, right_standing=True)
    assert (registration.status, registration.cancelled_on, registration.cancelled_reason) == (
        "valid",
        None,
        None,
    )
    assert [one.removed_on for one in registration.specialties] == [None]
    before, after = registration.certificates
    assert (before.ended_because, after.ended_on, after.number) == ("cancellation", None, before.number)


def test_what_has_run_out_meanwhile_does_not_stand_again(session, cast):
    ended = registered(session, cast.li_juan, cast.zhang_wei, ends={"building": today() - timedelta(days=9)})
    cancelled(session, ended)
    with pytest.raises(Refused):
        proposed(session, cast, ended, "correct", right_standing=True)


@pytest.mark.both_engines
def test_employer_days_numbers_and_specialties_can_be_wrong_too(session, cast, registration):
    other = session.get_one(Enterprise, cast.fang_yuan.actor.enterprise_id)
    corrected(
        session, cast, registration,
        right_enterprise_code=other.uscc, right_registered_on=date(2024, 3, 1), right_paper_number="湘0012345",
        right_specialty="municipal", right_begins_on=date(2025, 1, 1), right_ends_on=date(2027, 12, 31),
        right_without="building",
    )  # fmt: skip
    assert (registration.enterprise_name, registration.region_code) == (other.name, other.region_code)
    assert (registration.registered_on, registration.paper_number) == (date(2024, 3, 1), "湘0012345")
    assert [one.specialty for one in registration.held] == ["municipal"]
    assert registration.ends_on == date(2027, 12, 31)
    assert session.scalars(select(Departure.enterprise_id)).all() == [cast.li_juan.actor.enterprise_id]
    assert other.name in registration.certificates[-1].face
    told = {(one.enterprise_id, one.person_id) for one in session.scalars(select(Notice))}
    assert told == {
        (cast.li_juan.actor.enterprise_id, None), (other.id, None), (None, registration.person_id),
    }  # fmt: skip


@pytest.mark.both_engines
def test_of_paper_no_certificate_is_made(session, cast):
    paper = registered(session, cast.li_juan, cast.zhang_wei, certified=False)
    paper.paper_number = "湘0012345"
    session.commit()
    corrected(session, cast, paper, right_name="张玮")
    assert (paper.name, paper.certificates) == ("张玮", [])


def test_what_does_not_stand_on_a_certificate_makes_no_new_one(session, cast, registration):
    corrected(session, cast, registration, right_paper_number="湘0012345")
    assert [one.version for one in registration.certificates] == [1]


@pytest.mark.both_engines
def test_the_person_follows_where_he_said_the_same_wrong_thing(session, cast, registration):
    person = session.get_one(Person, registration.person_id)
    person.gender = "9"
    session.commit()
    corrected(
        session, cast, registration, right_name="张玮", right_gender="2", right_birth_date=date(1985, 6, 16)
    )
    session.refresh(person)
    assert (person.name, person.birth_date) == ("张玮", date(1985, 6, 16))
    assert person.gender == "9", "what the person says otherwise was proved otherwise"
    line = session.scalars(select(AuditEntry).where(AuditEntry.action == "person.correct")).one()
    assert line.subject_id == str(person.id)


def test_a_new_date_of_birth_cuts_the_terms_at_the_age_limit(session, cast, registration):
    corrected(session, cast, registration, right_birth_date=date(1962, 1, 15))
    assert registration.ends_on == registration.specialties[0].ends_on == date(2027, 1, 15)


@pytest.mark.parametrize("kind", ["annul", "revoke", "correct"])
def test_the_person_and_the_employer_are_told_once(session, cast, registration, kind):
    right = {"right_name": "张玮"} if kind == "correct" else {}
    act = proposed(session, cast, registration, kind, **right)
    assert session.scalars(select(Notice)).all() == []
    register_acts.confirm(session, cast.zhou_min.actor, act.id)
    session.commit()
    told = session.scalars(select(Notice).order_by(Notice.id)).all()
    word = {"annul": "act_annulled", "revoke": "act_revoked", "correct": "act_corrected"}[kind]
    assert [one.kind for one in told] == [word, word]
    assert [one.enterprise_id is None for one in told] == [False, True]
    assert all(act.document_number in one.parameters for one in told)
