"""The people of every story: who they are, how they log in, and how their declarations move."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date

import pyotp
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.cli.demo import PASSWORD, SECOND_FACTOR, makers
from app.cli.demo.filing import file_declaration
from app.declarations.initial_registration import TYPE as INITIAL
from app.extensions.clock import now, today
from app.extensions.database import db
from app.models import Account, Declaration, Person
from app.security.access.roles import OFFICERS, SYSTEM, Actor, Role
from app.workflow.call import Opinion
from app.workflow.guards import is_party
from app.workflow.perform import perform
from tests.logins import hashed

CHANGSHA, SHAOYANG = "430100", "430500"
FURONG, DAXIANG = "430102", "430503"
ZHANG_WEI = "439900198506150019"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(frozen=True)
class Member:
    """One of the cast, as plain values that outlive every session."""

    actor: Actor
    login_name: str

    @property
    def name(self) -> str:
        return self.actor.name

    @property
    def is_officer(self) -> bool:
        return bool(self.actor.roles & OFFICERS)


@dataclass(frozen=True)
class Cast:
    """Those who act. 赵敏 must see nothing of Changsha, and 刘洋 nothing of 李娟's."""

    li_juan: Member  # clerk of an enterprise in Changsha
    fang_yuan: Member  # clerk of another enterprise in Changsha
    liu_yang: Member  # clerk of an enterprise in Shaoyang
    zhang_wei: Member  # constructor, verified, qualified for building and municipal works
    wang_qiang: Member  # municipal officer, Changsha
    zhao_min: Member  # municipal officer, Shaoyang
    chen_jing: Member  # provincial officer
    zhou_min: Member  # the second provincial officer
    province_admin: Member
    admin: Member
    auditor: Member

    def __iter__(self):
        return iter([getattr(self, one.name) for one in fields(self)])


def credentials() -> makers.Credentials:
    """One good hash for the whole run: making one takes a tenth of a second."""
    return makers.Credentials(hashed(PASSWORD), SECOND_FACTOR)


def assemble(session: Session) -> Cast:
    """Everybody with an account, complete enterprises, and 张伟 with his papers; committed."""
    clerks = [
        _clerk(session, 1, "李娟", "qiye-changsha-1", "长沙示例建设有限公司（演示）"),
        _clerk(session, 2, "方圆", "qiye-changsha-2", "湘江样板工程有限公司（演示）"),
        _clerk(session, 3, "刘洋", "qiye-shaoyang-1", "邵阳示例路桥有限公司（演示）"),
    ]
    wang_qiang = _officer(session, Role.MUNICIPAL, "王强", "changsha", CHANGSHA)
    others = [
        _officer(session, Role.MUNICIPAL, "赵敏", "shaoyang", SHAOYANG),
        _officer(session, Role.PROVINCIAL, "陈静", "province"),
        _officer(session, Role.PROVINCIAL, "周敏", "province-2"),
        _officer(session, Role.PROVINCIAL_ADMINISTRATOR, "省级管理员", "province-admin"),
        _officer(session, Role.ADMINISTRATOR, "系统管理员", "admin"),
        _officer(session, Role.AUDITOR, "审计员", "auditor"),
    ]
    zhang_wei = add_constructor(session, wang_qiang, "张伟", ZHANG_WEI, ("building", "municipal"))
    session.commit()
    return Cast(*clerks, zhang_wei, wang_qiang, *others)


def add_constructor(
    session: Session,
    officer: Member,
    name: str,
    id_number: str,
    specialties: Iterable[str] = ("building",),
    *,
    issued_on: date | None = None,
) -> Member:
    """A person with an account, verified by this officer, qualified in each specialty; not committed."""
    person = makers.make_person(session, name, id_number, officer.actor.region_code)
    account = makers.make_account(session, Role.INDIVIDUAL, name, credentials(), person_id=person.id)
    makers.verify_person(session, account, officer.actor)
    for specialty in specialties:
        makers.make_qualification(session, person, specialty, issued_on or date(today().year - 1, 9, 1))
    return Member(makers.as_actor(account), id_number)


def _clerk(session: Session, serial: int, name: str, login_name: str, enterprise: str) -> Member:
    county = DAXIANG if "shaoyang" in login_name else FURONG
    employer = makers.make_enterprise(session, enterprise, county, serial)
    account = makers.make_account(
        session, Role.ENTERPRISE, name, credentials(), login_name=login_name, enterprise_id=employer.id
    )
    return Member(makers.as_actor(account), login_name)


def _officer(session: Session, role: Role, name: str, login_name: str, city: str | None = None) -> Member:
    account = makers.make_account(session, role, name, credentials(), login_name=login_name, region_code=city)
    account.second_factor = SECOND_FACTOR
    session.flush()
    return Member(makers.as_actor(account), login_name)


def login(client: FlaskClient, member: Member) -> FlaskClient:
    """Log in with the fields that the form has; that the form is whole is shown where logins are tested."""
    answer = _send(client, "/login", username=member.login_name, password=PASSWORD)
    assert answer.status_code == 302, f"{member.name} was not let in: {answer.status}"
    if member.is_officer:
        _forget_last_code(client, member)
        code = pyotp.TOTP(SECOND_FACTOR).at(now())
        answer = _send(client, answer.headers["Location"], code=code)
        assert answer.status_code == 302, f"The code of {member.name} was not taken: {answer.status}"
    assert "/login" not in answer.headers["Location"]
    return client


def _send(client: FlaskClient, url: str, **fields: str) -> TestResponse:
    """Send these fields with the token of the page's form."""
    token = _TOKEN.search(client.get(url).text)
    assert token, f"there is no form at {url}"
    data = {"csrf_token": token[1], **fields}
    return client.post(url, data=data, headers={"Referer": f"http://localhost{url}"})


def _forget_last_code(client: FlaskClient, member: Member) -> None:
    """A code is taken once, and two logins of one test fall into the same half-minute."""
    with client.application.app_context():
        db.session.execute(
            update(Account).where(Account.id == member.actor.account_id).values(second_factor_step=None)
        )
        db.session.commit()


def file_draft(session: Session, clerk: Member, person: Member) -> int:
    """A draft of a first registration that keeps every rule; committed."""
    row = file_declaration(session, INITIAL, clerk.actor, session.get_one(Person, person.actor.person_id))
    session.commit()
    return row.id


def take(session: Session, cast: Cast, declaration_id: int, *actions: str) -> Declaration:
    """Take these steps, each by whoever may; a step that is refused fails the test."""
    for action in actions:
        row = session.get_one(Declaration, declaration_id)
        session.refresh(row)
        outcome = perform(
            session,
            action,
            {declaration_id: row.version},
            mover(session, cast, row, action),
            opinion=WORDS.get(action),
        )
        assert outcome.done == [declaration_id], outcome
    row = session.get_one(Declaration, declaration_id)
    session.refresh(row)
    return row


def mover(session: Session, cast: Cast, row: Declaration, action: str) -> Actor:
    """Whose step this is; 周敏 announces what 陈静 approved."""
    if action in {"lapse", "complete", "deem_accepted", "go_unanswered"}:
        return SYSTEM
    if action in {"submit", "withdraw", "force"}:
        return _party(cast, row, row.initiator)
    if action in {"agree", "consent", "disagree", "end_dispute"}:
        return _party(cast, row, str(row.counterparty))
    if action in {"accept", "return", "decline", "endorse", "extend"}:
        return (cast.wang_qiang if row.region_code == CHANGSHA else cast.zhao_min).actor
    return (cast.zhou_min if action == "announce" else cast.chen_jing).actor


def _party(cast: Cast, row: Declaration, party: str) -> Actor:
    """Who acts as this party of the declaration."""
    return next(one.actor for one in cast if is_party(row, party, one.actor))


WORDS = {
    "disagree": Opinion("合同尚未到期。"),
    "force": Opinion("对方拒不配合。"),
    "return": Opinion("请补正。", field_reasons={"phone": "联系电话无法接通。"}),
    "decline": Opinion("不属于本机关职权范围。"),
    "endorse": Opinion("符合条件。", positive=True),
    "extend": Opinion("需要专家评审。"),
    "extend_at_province": Opinion("需要专家评审。"),
    "refuse": Opinion("聘用单位不符合要求。", ground="employer"),
    "send_back": Opinion("请核实。"),
    "return_to_applicant": Opinion("请补正。", field_reasons={"phone": "联系电话无法接通。"}),
}
