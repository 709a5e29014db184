"""Rows about people and enterprises that cannot exist: complete in every field, ready for the session."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask_appbuilder.security.sqla.models import Role as RoleRow
from sqlalchemy import select
from sqlalchemy.orm import Session
from stdnum.cn import ric, uscc

from app.cli.demo import pictures
from app.extensions.clock import now
from app.models import (
    Account,
    Attachment,
    Enterprise,
    EnterpriseQualification,
    FaceCheck,
    FaceCheckStage,
    Person,
    Qualification,
    StoredFile,
)
from app.models.account import opaque_username
from app.models.identity import FEMALE
from app.security.access.roles import Actor, Role
from app.services import consents, face_checks, files, real_name

NOWHERE = "439900"
"""An area code that was never allotted: a number that begins with it belongs to nobody."""


@dataclass(frozen=True)
class Credentials:
    """What the accounts of a demonstration or test log in with: made once, since a good hash is slow."""

    password_hash: str
    second_factor: str


def id_number(born: date, sequence: int) -> str:
    """An ID number of nowhere; an odd sequence is a man's."""
    head = f"{NOWHERE}{born:%Y%m%d}{sequence:03d}"
    return head + ric.calc_check_digit(f"{head}0")


def credit_code(serial: int) -> str:
    """A unified social credit code of nowhere."""
    organisation = f"MA{serial:06d}"
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    values = ("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".index(character) for character in organisation)
    check = -sum(value * weight for value, weight in zip(values, weights, strict=True)) % 11
    head = f"91{NOWHERE}{organisation}{'0123456789X'[check]}"
    return head + uscc.calc_check_digit(head)


def make_account(
    session: Session, role: Role, name: str, credentials: Credentials, **belongs: Any
) -> Account:
    """An account of this role; `belongs` says whose: login_name, enterprise_id, person_id, region_code."""
    username = opaque_username()
    account = Account(
        username=username,
        first_name=name[:64],
        last_name="-",
        email=f"{username}@invalid",
        active=True,
        password=credentials.password_hash,
        display_name=name,
        roles=[session.scalars(select(RoleRow).where(RoleRow.name == role)).one()],
        **belongs,
    )
    session.add(account)
    session.flush()
    return account


def as_actor(account: Account) -> Actor:
    """The actor that this account is after a login."""
    return Actor(
        account.id,
        account.display_name,
        frozenset(role.name for role in account.roles),
        enterprise_id=account.enterprise_id,
        person_id=account.person_id,
        region_code=account.region_code,
    )


def make_enterprise(session: Session, name: str, county_code: str, serial: int) -> Enterprise:
    """An enterprise with every field of 企业基本信息 filled in, a qualification and its papers."""
    enterprise = bare_enterprise(session, name, county_code, serial)
    enterprise.founded_on = date(2008, 3, 18)
    enterprise.former_name = None
    enterprise.legal_representative = "范例"
    enterprise.business_address = f"演示路{serial}号"
    enterprise.postal_code = "410000"
    enterprise.registration_type = "173"
    enterprise.registered_capital = Decimal(5000)
    enterprise.capital_currency = "156"
    enterprise.office_phone = f"0731-0000{serial:04d}"
    enterprise.contact_name = "李娟"
    enterprise.mobile = f"1990000{serial:04d}"
    enterprise.website = "https://example.com/"
    enterprise.email = "office@example.com"
    enterprise.business_scope = "房屋建筑工程、市政公用工程、公路工程施工（演示数据）"
    enterprise.qualifications = [
        EnterpriseQualification(
            certificate_number=f"D{NOWHERE}{serial:04d}",
            category="general",
            specialty="建筑工程",
            grade="1",
            issued_on=date(2021, 5, 10),
            valid_until=date(2030, 12, 31),
            authority="湖南省住房和城乡建设厅",
        )
    ]
    session.flush()
    attach(session, "business_licence", pictures.sheet("营业执照", (name,)), enterprise_id=enterprise.id)
    return enterprise


def bare_enterprise(session: Session, name: str, county_code: str, serial: int) -> Enterprise:
    """An enterprise as the administrator opens it: nobody has filled in its information yet."""
    enterprise = Enterprise(
        name=name, uscc=credit_code(serial), region_code=f"{county_code[:4]}00", county_code=county_code
    )
    session.add(enterprise)
    session.flush()
    return enterprise


def bare_person(session: Session, name: str, number: str) -> Person:
    """A person who has an account and has not begun the real-name check."""
    person = Person(name=name, id_number=number)
    session.add(person)
    session.flush()
    return person


def make_person(session: Session, name: str, number: str, city: str) -> Person:
    """A person with all data and the five pictures for the counter of this city (manual 2.3)."""
    person = bare_person(session, name, number)
    real_name.fill_from_number(person)
    person.ethnicity = "01"
    person.mobile = f"1980000{person.id:04d}"
    person.emergency_name = "演示联系人"
    person.emergency_mobile = "19700000000"
    person.school = "示例大学"
    person.major = "土木工程"
    person.graduation_date = date((person.birth_date or date(1985, 1, 1)).year + 22, 6, 30)
    person.education = "21"
    person.degree = "4"
    person.region_code = city
    drawn = {
        "id_front": pictures.id_card_front(seed_of(person)),
        "id_back": pictures.id_card_back(),
        "id_in_hand": pictures.id_card_in_hand(seed_of(person)),
        "signature": pictures.signature(name),
        "commitment": pictures.sheet("个人承诺书", (f"承诺人　{name}",)),
    }
    for kind, picture in drawn.items():
        attach(session, kind, picture, person_id=person.id)
    return person


def seed_of(person: Person) -> int:
    """What the pictures of this person are drawn from; odd for women."""
    return 2 * person.id + (person.gender == FEMALE)


def ask_for_check(session: Session, account: Account) -> Person:
    """The person agrees to the use of the data, and asks the counter for the real-name check."""
    actor = as_actor(account)
    consents.give(session, actor, consents.REAL_NAME)
    version = session.get_one(Person, account.person_id).version
    return real_name.ask(session, actor, account.person_id, version)


def verify_person(session: Session, account: Account, officer: Actor) -> Person:
    """The person has asked, and the officer at the counter has found that the papers are his."""
    person = ask_for_check(session, account)
    return real_name.verify(session, officer, person.id, person.version)


def verify_by_face(session: Session, account: Account) -> Person:
    """The person has agreed and has passed a face check just now; its picture is nobody's."""
    actor, person = as_actor(account), session.get_one(Person, account.person_id)
    for purpose in (consents.REAL_NAME, consents.FACE_CHECK):
        consents.give(session, actor, purpose)
    check = FaceCheck(
        person_id=person.id, nonce=secrets.token_hex(16), receipt=f"DEMO-{person.id:08d}", subject_mark="",
        stage=FaceCheckStage.PASSED, expires_at=now() + timedelta(minutes=15), answered_at=now(), decided_at=now(),
    )  # fmt: skip
    face_checks.keep_frame(session, person, check, pictures.portrait(seed_of(person), (480, 640), "#dfe7ee"))
    session.add(check)
    return real_name.verify_by_face(session, actor, person)


def make_qualification(session: Session, person: Person, specialty: str, issued_on: date) -> Qualification:
    """A row of the 资格证 library for this person."""
    marker = f"{person.id:05d}{specialty[:2].upper()}"
    qualification = Qualification(
        certificate_number=f"{NOWHERE}{issued_on.year}{marker}",
        management_number=f"{issued_on.year}{NOWHERE}{marker}",
        name=person.name,
        id_number=person.id_number,
        gender=person.gender,
        id_type=person.id_type or "1",
        specialty=specialty,
        year_obtained=issued_on.year,
        method="1",
        issued_on=issued_on,
        school=person.school,
        graduation_date=person.graduation_date,
        major=person.major,
        education=person.education,
    )
    session.add(qualification)
    session.flush()
    return qualification


def attach(session: Session, kind: str, data: bytes, file_name: str = "", **owner: int) -> Attachment:
    """Store a picture for its owner: declaration_id, person_id, enterprise_id or objection_id."""
    stored: StoredFile = files.store(session, data, "image/jpeg")
    attachment = Attachment(kind=kind, file_name=file_name or f"{kind}.jpg", file_id=stored.id, **owner)
    session.add(attachment)
    session.flush()
    return attachment
