"""Drafts hold the person and the employer as they were declared, and only what may be asked for."""

from datetime import date

import pytest
from sqlalchemy import func, select, update

from app.declarations.initial_registration import TYPE
from app.extensions.refused import Refused
from app.models import (
    Attachment,
    Declaration,
    Enterprise,
    EnterpriseQualification,
    Person,
    PolicyValue,
    Qualification,
    RegisteredSpecialty,
    Registration,
    State,
)
from app.services import filing, specialties
from app.services.specialties import Wanted
from app.workflow import facts
from tests.cast import SHAOYANG, file_draft, take


def started(session, cast, clerk=None) -> Declaration:
    person = session.get_one(Person, cast.zhang_wei.actor.person_id)
    row = filing.start(session, TYPE, (clerk or cast.li_juan).actor, person).row
    session.commit()
    return row


def employer(session, cast) -> Enterprise:
    return session.get_one(Enterprise, cast.li_juan.actor.enterprise_id)


def test_the_draft_holds_the_person_and_the_employer_as_they_are(session, cast):
    row = started(session, cast)
    person = session.get_one(Person, row.person_id)
    for name in (
        *filing.GIVEN.intersection(TYPE.fields),
        "ethnicity",
        "school",
        "major",
        "graduation_date",
        "education",
        "degree",
        "mobile",
    ):
        assert getattr(row, name) == getattr(person, name), name
    enterprise = employer(session, cast)
    assert (row.enterprise_name, row.enterprise_uscc) == (enterprise.name, enterprise.uscc)
    assert (row.region_code, row.county_code) == (enterprise.region_code, enterprise.county_code)
    assert row.qualification_grade == "施工总承包 建筑工程 一级"
    assert (row.state, row.initiator, row.registration_kind) == (State.DRAFT, "enterprise", "registered")


def test_one_draft_for_each_person_and_enterprise(session, cast):
    first = started(session, cast).id
    assert started(session, cast).id == first
    assert started(session, cast, cast.fang_yuan).id != first


def test_a_person_with_one_qualification_has_it_ticked(session, cast):
    session.delete(session.scalars(select(Qualification).where(Qualification.specialty == "municipal")).one())
    session.commit()
    row = started(session, cast)
    assert [one.specialty for one in row.specialties] == ["building"]
    assert row.specialties_text == "建筑工程"


@pytest.mark.parametrize(
    "spoil",
    [
        update(Enterprise).values(founded_on=None),
        update(Enterprise).values(business_address=""),
        update(Enterprise).values(mobile_masked=None),
        update(Attachment).where(Attachment.kind == "business_licence").values(kind="other"),
        EnterpriseQualification.__table__.delete(),
    ],
    ids=["a day", "an empty text", "the mobile", "the licence", "the qualifications"],
)
def test_nothing_is_begun_while_the_enterprise_is_incomplete_and_all_is_said_at_once(session, cast, spoil):
    session.execute(spoil)
    session.execute(update(Enterprise).values(office_phone=None))
    session.commit()
    with pytest.raises(Refused) as refused:
        started(session, cast)
    assert len(refused.value.findings) == 2
    assert session.scalar(select(func.count()).select_from(Declaration)) == 0


def test_an_enterprise_that_is_switched_off_files_nothing(session, cast):
    session.execute(update(Enterprise).values(active=False))
    session.commit()
    with pytest.raises(Refused):
        started(session, cast)


def test_only_what_is_not_registered_yet_is_offered_and_of_two_the_first(session, cast):
    row = started(session, cast)
    person = session.get_one(Person, row.person_id)
    (building,) = session.scalars(select(Qualification).where(Qualification.specialty == "building"))
    again = Qualification(
        certificate_number="2",
        name=person.name,
        specialty="building",
        year_obtained=2026,
        issued_on=date(2026, 5, 1),
    )
    again.id_number = person.id_number
    session.add(again)
    session.flush()
    assert [one.id for one in specialties.offers(session, TYPE, row) if one.specialty == "building"] == [
        building.id
    ]
    registration = Registration(
        person_id=person.id, kind="registered", number="湘2432526000001", name=person.name, birth_date=person.birth_date,
        enterprise_id=row.enterprise_id, enterprise_name="-", region_code=row.region_code,
        registered_on=date(2026, 5, 1), ends_on=date(2029, 4, 30),
    )  # fmt: skip
    registration.specialties = [
        RegisteredSpecialty(
            specialty="building", begins_on=date(2026, 5, 1), ends_on=date(2029, 4, 30), entered_by_id=row.id
        )
    ]
    session.add(registration)
    session.flush()
    assert [one.specialty for one in specialties.offers(session, TYPE, row)] == ["municipal"]
    registration.specialties[0].removed_on = date(2026, 5, 2)
    session.flush()
    assert len(specialties.offers(session, TYPE, row)) == 2


@pytest.mark.both_engines
def test_specialties_change_in_place(session, cast):
    row = started(session, cast)
    building, municipal = session.scalars(select(Qualification.id).order_by(Qualification.id)).all()
    specialties.set_asked(session, TYPE, row, [Wanted(building, 60, 60), Wanted(municipal)])
    session.commit()
    kept = row.specialties[0].id
    specialties.set_asked(session, TYPE, row, [Wanted(building, 30, 30)])
    session.commit()
    assert [(one.id, one.mandatory_hours) for one in row.specialties] == [(kept, 30)]
    with pytest.raises(Refused):
        specialties.set_asked(session, TYPE, row, [Wanted(999)])


@pytest.mark.both_engines
def test_the_submission_takes_the_employer_as_it_is_now(session, cast):
    key = file_draft(session, cast.li_juan, cast.zhang_wei)
    enterprise = employer(session, cast)
    enterprise.business_address, enterprise.legal_representative = "新址", "新代表"
    session.commit()
    row = session.get_one(Declaration, key)
    outcome = filing.submit(session, cast.li_juan.actor, {key: row.version})
    assert outcome.done == [key]
    row = session.get_one(Declaration, key)
    session.refresh(row)
    assert (row.state, row.enterprise_address, row.legal_representative) == (
        State.SUBMITTED,
        "新址",
        "新代表",
    )


def test_a_submission_of_an_older_version_changes_nothing(session, cast):
    key = file_draft(session, cast.li_juan, cast.zhang_wei)
    version = session.get_one(Declaration, key).version
    employer(session, cast).business_address = "新址"
    session.commit()
    outcome = filing.submit(session, cast.li_juan.actor, {key: version - 1})
    assert outcome.done == []
    row = session.get_one(Declaration, key)
    session.refresh(row)
    assert (row.state, row.version) == (State.DRAFT, version)


def test_a_draft_follows_the_enterprise_to_its_new_city_and_a_returned_case_stays(session, cast):
    row = started(session, cast)
    employer(session, cast).region_code = SHAOYANG
    filing.refresh(session, row)
    assert row.region_code == SHAOYANG
    session.rollback()
    key = file_draft(session, cast.li_juan, cast.zhang_wei)
    row = take(session, cast, key, "submit", "return")
    before = row.region_code
    employer(session, cast).region_code = SHAOYANG
    filing.refresh(session, row)
    assert row.region_code == before


def test_many_certificates_fit_into_the_line_and_the_rest_is_counted(session, cast):
    enterprise = employer(session, cast)
    session.delete(enterprise.qualifications[0])
    session.flush()
    session.expire(enterprise)
    enterprise.qualifications += [
        EnterpriseQualification(
            certificate_number=f"D2430{number:08d}", category="trade", specialty="钢结构", grade="1"
        )
        for number in range(20)
    ]
    session.commit()
    row = started(session, cast)
    assert len(row.qualification_certificate_number) <= 100
    assert row.qualification_certificate_number.endswith("等20项")
    assert row.qualification_grade == "专业承包 钢结构 一级"


def test_the_precheck_asks_every_check_of_the_type(session, cast):
    row = started(session, cast)
    found = filing.precheck(session, TYPE, facts.declared(session, TYPE, row))
    assert [line.check for line in found.lines] == list(TYPE.checks)
    tones = {line.check.rule: line.tone for line in found.lines}
    assert (tones["real_name"], tones["complete"], found.ready) == ("green", "red", False)
    assert "photo" in found.needed_attachments
    assert "education_proof" not in found.needed_attachments


def test_after_how_many_years_a_proof_of_education_is_needed_is_the_provinces_to_say(session, cast):
    """Rule, list of papers and form follow the same value of policy."""
    row = started(session, cast)
    offered = specialties.offers(session, TYPE, row)
    specialties.set_asked(session, TYPE, row, [Wanted(offered[0].id)])
    stored = facts.declared(session, TYPE, row)
    assert "education_proof" not in filing.precheck(session, TYPE, stored).needed_attachments
    session.add(
        PolicyValue(key="education_after_years", value="0", valid_from=date(2026, 1, 1), source="演示文件")
    )
    session.flush()
    found = filing.precheck(session, TYPE, stored)
    assert "education_proof" in found.needed_attachments
    wrong = {(one.rule, one.field) for one in found.findings}
    assert ("continuing_education", "specialties") in wrong
    assert ("attachments", "attachment_education_proof") in wrong
