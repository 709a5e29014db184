"""The steps of the real-name check: only from where they begin, only by whose they are, each with its audit line."""

import pytest
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from app.cli.demo import makers
from app.extensions.clock import now
from app.extensions.refused import Refused
from app.models import AuditEntry, Person, RealNameState
from app.security.access.roles import Role
from app.security.access.scope import find
from app.services import consents, real_name
from tests.cast import CHANGSHA, SHAOYANG, Member, credentials, file_draft, take

NUMBER = "439900199002280025"


@pytest.fixture
def he_jing(session, cast) -> Member:
    """何静 has everything filled in and nothing asked for."""
    person = makers.make_person(session, "何静", NUMBER, CHANGSHA)
    person.real_name_state = RealNameState.INCOMPLETE
    account = makers.make_account(session, Role.INDIVIDUAL, "何静", credentials(), person_id=person.id)
    member = Member(makers.as_actor(account), NUMBER)
    consents.give(session, member.actor, consents.REAL_NAME)
    session.commit()
    return member


def row(session, member) -> Person:
    return session.get_one(Person, member.actor.person_id)


def step(session, name: str, actor, member, *words):
    person = row(session, member)
    return getattr(real_name, name)(session, actor, person.id, person.version, *words)


@pytest.mark.both_engines
def test_every_step_is_taken_only_from_where_it_begins(session, cast, he_jing):
    own, officer = he_jing.actor, cast.wang_qiang.actor
    steps = {"ask": (own,), "recall": (own,), "verify": (officer,), "reject": (officer, "不符")}
    for state in RealNameState:
        for name, (actor, *words) in steps.items():
            person = row(session, he_jing)
            person.real_name_state = state
            person.verified_at = now()
            session.commit()
            legal = state in real_name.STEPS[name].sources
            if legal:
                step(session, name, actor, he_jing, *words)
                assert person.real_name_state == real_name.STEPS[name].to
            else:
                # Who has not asked yet does not exist for the counter.
                with pytest.raises((Refused, NotFound)):
                    step(session, name, actor, he_jing, *words)
            session.rollback()


def test_only_the_person_asks_and_only_the_counter_of_the_city_decides(session, cast, he_jing):
    others = [one.actor for one in cast]
    for actor in others:
        for name in ("ask", "recall"):
            with pytest.raises(NotFound):
                step(session, name, actor, he_jing)
    step(session, "ask", he_jing.actor, he_jing)
    for actor in (*others, he_jing.actor):
        if actor == cast.wang_qiang.actor:
            continue
        for name, words in (("verify", ()), ("reject", ("不符",))):
            with pytest.raises(NotFound):
                step(session, name, actor, he_jing, *words)
    assert (
        step(session, "verify", cast.wang_qiang.actor, he_jing).verified_by_id
        == cast.wang_qiang.actor.account_id
    )


def test_the_city_that_reviews_a_declaration_may_read_the_person_and_not_check_him(session, cast):
    take(session, cast, file_draft(session, cast.li_juan, cast.zhang_wei), "submit")
    person = row(session, cast.zhang_wei)
    person.region_code, person.real_name_state = SHAOYANG, RealNameState.WAITING
    session.commit()
    assert find(session, Person, person.id, cast.wang_qiang.actor) is person
    with pytest.raises(NotFound):
        step(session, "verify", cast.wang_qiang.actor, cast.zhang_wei)
    step(session, "verify", cast.zhao_min.actor, cast.zhang_wei)


@pytest.mark.parametrize("name", ["school", "ethnicity", "mobile", "region_code", "degree"])
def test_the_check_is_not_asked_for_with_a_gap(session, he_jing, name):
    setattr(row(session, he_jing), name, None)
    session.flush()
    with pytest.raises(Refused) as refused:
        step(session, "ask", he_jing.actor, he_jing)
    assert [one.field for one in refused.value.findings] == [name]


def test_the_check_is_not_asked_for_without_consent_to_the_present_wording(session, he_jing, monkeypatch):
    monkeypatch.setitem(consents.WORDINGS, consents.REAL_NAME, "later")
    with pytest.raises(Refused):
        step(session, "ask", he_jing.actor, he_jing)


def test_who_contradicts_the_number_is_told(session, he_jing):
    row(session, he_jing).gender = "1"
    session.flush()
    assert [one.field for one in real_name.missing(session, row(session, he_jing))] == ["gender"]


def test_an_old_page_decides_nothing(session, cast, he_jing):
    step(session, "ask", he_jing.actor, he_jing)
    person = row(session, he_jing)
    with pytest.raises(Refused):
        real_name.verify(session, cast.wang_qiang.actor, person.id, person.version - 1)


@pytest.mark.parametrize("reason", ["", "  \n", "长" * 501])
def test_a_rejection_has_a_reason_that_can_be_kept(session, cast, he_jing, reason):
    step(session, "ask", he_jing.actor, he_jing)
    with pytest.raises(Refused):
        step(session, "reject", cast.wang_qiang.actor, he_jing, reason)


def test_each_step_leaves_one_line_without_personal_data(session, cast, he_jing):
    step(session, "ask", he_jing.actor, he_jing)
    step(session, "reject", cast.wang_qiang.actor, he_jing, "何静的照片不清晰")
    session.commit()
    mine = select(AuditEntry).where(
        AuditEntry.action.startswith("real_name."), AuditEntry.subject_id == str(he_jing.actor.person_id)
    )
    lines = session.scalars(mine.order_by(AuditEntry.id)).all()
    assert [one.action for one in lines] == ["real_name.ask", "real_name.reject"]
    assert all("何静" not in one.detail and NUMBER not in one.detail for one in lines)


@pytest.mark.parametrize("key", ["0", "x", "99999999999999999999", "-1", ""])
def test_a_key_of_nobody_is_404(session, cast, key):
    with pytest.raises(NotFound):
        real_name.verify(session, cast.wang_qiang.actor, key, 1)
