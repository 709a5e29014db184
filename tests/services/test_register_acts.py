"""撤销, 吊销 and 更正: one officer proposes, another one decides, and the register, the certificates and the public agree."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from app.cli.demo.makers import attach
from app.extensions.clock import today
from app.extensions.refused import Refused
from app.models import ActStage, RegisterAct, RegistrationEvent
from app.services import register_acts, verification
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


@pytest.mark.parametrize("who", ["wang_qiang", "li_juan", "zhang_wei", "auditor", "province_admin"])
def test_an_act_does_not_exist_for_anybody_else(session, cast, registration, who):
    act = proposed(session, cast, registration)
    with pytest.raises(NotFound):
        register_acts.confirm(session, getattr(cast, who).actor, act.id)


def test_a_correction_that_says_nothing_is_refused(session, cast, registration):
    with pytest.raises(Refused):
        proposed(session, cast, registration, "correct")


def test_a_term_does_not_end_before_it_begins(session, cast, registration):
    act = proposed(
        session, cast, registration, "correct", right_specialty="building", right_ends_on=date(2000, 1, 1)
    )
    with pytest.raises(Refused):
        register_acts.confirm(session, cast.zhou_min.actor, act.id)
