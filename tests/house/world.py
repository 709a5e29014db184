"""A small world in which every kind of row exists once on every side of every border."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.demo.makers import attach, id_number
from app.extensions.clock import now, today
from app.models import (
    Account,
    Announcement,
    Attachment,
    AuditEntry,
    Certificate,
    Consultation,
    Declaration,
    Departure,
    DictionaryEntry,
    Enterprise,
    EnterpriseChange,
    EnterpriseQualification,
    Holiday,
    Job,
    LoginSession,
    Notice,
    Objection,
    Party,
    Person,
    PolicyValue,
    Publicity,
    Qualification,
    Region,
    Registration,
    RegistrationLock,
    State,
    WorkbookImport,
)
from app.models.enterprise_change import CHANGED
from app.security.access.readings import READ
from app.security.access.roles import Actor, Role
from app.services import departures, publicity
from app.services.jobs import ask
from tests.cast import CHANGSHA, SHAOYANG, Cast, add_constructor, assemble, file_draft, take
from tests.registered import drafted, registered

WAYS = {
    "draft": (),
    "submitted": ("submit",),
    "returned": ("submit", "return"),
    "accepted": ("submit", "accept"),
    "endorsed": ("submit", "accept", "endorse"),
    "approved": ("submit", "accept", "endorse", "approve"),
    "publicised": ("submit", "accept", "endorse", "approve", "publicise"),
    "announced": ("submit", "accept", "endorse", "approve", "publicise", "announce"),
}
BORN = date(1993, 3, 3)


def build(session: Session) -> Cast:
    """The cast, declarations in every state, and one row of everything else on each side; committed."""
    session.add(PolicyValue(key="publicity_days", value="0", valid_from=date(2020, 1, 1), source="测试"))
    session.add(Holiday(day=date(2026, 12, 31), working=False, name="示例"))
    cast = assemble(session)
    serial = 0
    for clerk, officer, states in (
        (cast.li_juan, cast.wang_qiang, WAYS),
        (cast.fang_yuan, cast.wang_qiang, ("submitted", "announced")),
        (cast.liu_yang, cast.zhao_min, ("draft", "submitted", "endorsed", "announced")),
    ):
        for state in states:
            serial += 1
            person = add_constructor(session, officer, f"演示{serial:02d}", id_number(BORN, serial))
            take(session, cast, file_draft(session, clerk, person), *WAYS[state])
    _standing(session, cast)
    publicised = session.scalar(select(Declaration.id).where(Declaration.state == State.PUBLICISED))
    publicity.raise_objection(
        session, publicised, objector="示例", contact="0731-00000000", content="示例异议内容"
    )
    for clerk, city in ((cast.li_juan, CHANGSHA), (cast.fang_yuan, CHANGSHA), (cast.liu_yang, SHAOYANG)):
        session.add(
            Consultation(
                enterprise_id=clerk.actor.enterprise_id, region_code=city, subject="示例", question="示例问题"
            )
        )
    _changes(session, cast)
    locked = session.scalar(select(Person.id).order_by(Person.id.desc()).limit(1))
    session.add(RegistrationLock(person_id=locked, reason="示例", locked_on=date(2026, 5, 1)))
    held = session.scalars(
        select(Registration).where(Registration.region_code == CHANGSHA).order_by(Registration.id)
    ).first()
    session.add(
        RegistrationLock(
            person_id=held.person_id, registration_id=held.id, reason="示例", locked_on=date(2026, 5, 1)
        )
    )
    departures.leave(session, held, today())
    session.add(
        WorkbookImport(kind="qualification", file_name="示例.xlsx", content_hash="0" * 64, stage="discarded")
    )
    for member in cast:
        ask(session, member.actor, "nothing", f"of {member.login_name}", {})
    session.commit()
    return cast


def _standing(session: Session, cast: Cast) -> None:
    """Registrations that somebody asks to change: one party's draft, the other's silence, a move between two cities."""
    soon = {"building": today() + timedelta(days=60)}
    renewed = add_constructor(session, cast.wang_qiang, "演示续", id_number(BORN, 101))
    take(
        session,
        cast,
        drafted(session, cast, "renewal", registered(session, cast.li_juan, renewed, ends=soon)).id,
        "submit",
    )
    ended = add_constructor(session, cast.wang_qiang, "演示注", id_number(BORN, 102))
    take(
        session,
        cast,
        drafted(session, cast, "cancellation", registered(session, cast.li_juan, ended)).id,
        "submit",
    )
    drafted(session, cast, "personal_cancellation", registered(session, cast.li_juan, cast.zhang_wei))
    for serial, way in ((103, ("submit",)), (104, ("submit", "disagree"))):
        moving = add_constructor(session, cast.zhao_min, f"演示变{serial}", id_number(BORN, serial))
        row = registered(session, cast.liu_yang, moving, kind="temporary")
        take(session, cast, drafted(session, cast, "temporary_transfer", row).id, *way)


def _changes(session: Session, cast: Cast) -> None:
    """A change in every state of each enterprise. No step is taken: what is under way in this world forbids it."""
    for clerk, city in ((cast.li_juan, CHANGSHA), (cast.fang_yuan, CHANGSHA), (cast.liu_yang, SHAOYANG)):
        enterprise = session.get_one(Enterprise, clerk.actor.enterprise_id)
        open_one = State.SUBMITTED if clerk is not cast.fang_yuan else State.RETURNED
        for state in (open_one, State.COMPLETED, State.REFUSED):
            row = EnterpriseChange(
                enterprise_id=enterprise.id, state=state, submitted_at=now(), reason="示例",
                decided_by_id=cast.chen_jing.actor.account_id,
            )  # fmt: skip
            for when in ("old", "new"):
                for name, column in CHANGED.items():
                    setattr(row, f"{when}_{name}", getattr(enterprise, column))
            row.region_code = city
            if state == State.COMPLETED and clerk is cast.fang_yuan:
                row.new_region_code = SHAOYANG
            session.add(row)
            session.flush()
            attach(session, "business_licence", b"paper", enterprise_change_id=row.id)


def in_scope(row: object, actor: Actor) -> bool:
    """Whether this row exists for this actor: the rule of the design in plain words, not the code's own SQL."""
    role = Role(actor.role)
    return _RULES[_kind_of(row)](row, actor, role)


def _kind_of(row: object) -> type:
    return next(base for base in type(row).__mro__ if base in _RULES)


def _declaration(row: Declaration, actor: Actor, role: Role) -> bool:
    filed = row.state != State.DRAFT
    handed_in = filed and row.state != State.AWAITING_CONFIRMATION
    by_enterprise, by_person = (row.initiator == party for party in (Party.ENTERPRISE, Party.PERSON))
    return {
        Role.ENTERPRISE: (row.enterprise_id == actor.enterprise_id and (filed or by_enterprise))
        or (row.former_enterprise_id == actor.enterprise_id and filed),
        Role.INDIVIDUAL: row.person_id == actor.person_id and (filed or by_person),
        Role.MUNICIPAL: handed_in and row.region_code == actor.region_code,
        Role.PROVINCIAL: handed_in,
    }.get(role, False)


def _registration(row: Registration, actor: Actor, role: Role) -> bool:
    return {
        Role.ENTERPRISE: row.enterprise_id == actor.enterprise_id,
        Role.INDIVIDUAL: row.person_id == actor.person_id,
        Role.MUNICIPAL: row.region_code == actor.region_code,
        Role.PROVINCIAL: True,
    }.get(role, False)


def _enterprise(row: Enterprise, actor: Actor, role: Role) -> bool:
    return {
        Role.ENTERPRISE: row.id == actor.enterprise_id,
        Role.MUNICIPAL: row.region_code == actor.region_code,
        Role.PROVINCIAL: True,
    }.get(role, False)


def _person(row: Person, actor: Actor, role: Role) -> bool:
    # Nobody of the world has a case in another city than that of his counter.
    return {
        Role.INDIVIDUAL: row.id == actor.person_id,
        Role.MUNICIPAL: row.region_code == actor.region_code,
        Role.PROVINCIAL: True,
    }.get(role, False)


def _workbook_import(row: WorkbookImport, actor: Actor, role: Role) -> bool:
    return {
        Role.ENTERPRISE: row.enterprise_id is not None and row.enterprise_id == actor.enterprise_id,
        Role.PROVINCIAL: row.enterprise_id is None,
    }.get(role, False)


def _attachment(row: Attachment, actor: Actor, role: Role) -> bool:
    session = Session.object_session(row)
    for model, key in (
        (Declaration, row.declaration_id),
        (Person, row.person_id),
        (Enterprise, row.enterprise_id),
        (Objection, row.objection_id),
        (Consultation, row.consultation_id),
        (EnterpriseChange, row.enterprise_change_id),
    ):
        if key is not None:
            return in_scope(session.get_one(model, key), actor)
    return False


def _consultation(row: Consultation, actor: Actor, role: Role) -> bool:
    return {
        Role.ENTERPRISE: row.enterprise_id == actor.enterprise_id,
        Role.MUNICIPAL: row.region_code == actor.region_code,
        Role.PROVINCIAL: True,
    }.get(role, False)


def _enterprise_change(row: EnterpriseChange, actor: Actor, role: Role) -> bool:
    handed_in = row.state in {State.SUBMITTED, State.ENDORSED, State.COMPLETED, State.REFUSED}
    came = row.state == State.COMPLETED and row.new_region_code == actor.region_code
    return {
        Role.ENTERPRISE: row.enterprise_id == actor.enterprise_id,
        Role.MUNICIPAL: came or (handed_in and row.region_code == actor.region_code),
        Role.PROVINCIAL: handed_in,
    }.get(role, False)


def _notice(row: Notice, actor: Actor, role: Role) -> bool:
    return {
        Role.ENTERPRISE: row.enterprise_id == actor.enterprise_id,
        Role.INDIVIDUAL: row.person_id == actor.person_id,
    }.get(role, False)


def _of_registration(row: Certificate, actor: Actor, role: Role) -> bool:
    return in_scope(row.registration, actor)


def _of_enterprise(row: EnterpriseQualification, actor: Actor, role: Role) -> bool:
    return in_scope(row.enterprise, actor)


def _audit(row: AuditEntry, actor: Actor, role: Role) -> bool:
    """A person reads who looked at him, his declarations or his registrations; the world has no other looks."""
    model = {"person": Person, "declaration": Declaration, "registration": Registration}.get(row.subject)
    if role is not Role.INDIVIDUAL or model is None or row.action not in READ or not row.subject_id:
        return role is Role.AUDITOR
    about = Session.object_session(row).get_one(model, int(row.subject_id))
    return actor.person_id == (about.id if model is Person else about.person_id)


def _lock(row: RegistrationLock, actor: Actor, role: Role) -> bool:
    session = Session.object_session(row)
    if role is not Role.MUNICIPAL:
        return role is Role.PROVINCIAL
    if row.registration_id is not None:
        return session.get_one(Registration, row.registration_id).region_code == actor.region_code
    held = session.scalars(select(Registration).where(Registration.person_id == row.person_id))
    here = any(one.region_code == actor.region_code for one in held)
    return here or _person(session.get_one(Person, row.person_id), actor, role)


def _only(*roles: Role):
    return lambda row, actor, role: role in roles


def _anybody(row: object, actor: Actor, role: Role) -> bool:
    return True


_RULES = {
    Account: _only(Role.ADMINISTRATOR),
    Announcement: _anybody,
    Attachment: _attachment,
    AuditEntry: _audit,
    Certificate: _of_registration,
    Consultation: _consultation,
    Declaration: _declaration,
    Departure: lambda row, actor, role: role is Role.ENTERPRISE and row.enterprise_id == actor.enterprise_id,
    DictionaryEntry: _anybody,
    Enterprise: _enterprise,
    EnterpriseChange: _enterprise_change,
    EnterpriseQualification: _of_enterprise,
    Holiday: _anybody,
    Job: lambda row, actor, role: row.created_by_id == actor.account_id,
    LoginSession: lambda row, actor, role: row.account_id == actor.account_id,
    Notice: _notice,
    Objection: _only(Role.PROVINCIAL),
    Person: _person,
    PolicyValue: _anybody,
    Publicity: _anybody,
    Qualification: _only(Role.PROVINCIAL),
    WorkbookImport: _workbook_import,
    Region: _anybody,
    Registration: _registration,
    RegistrationLock: _lock,
}


def case_of(row: object, actor: Actor) -> str:
    """How a reader of the golden file tells this row from the others."""
    side = "own" if in_scope(row, actor) else "foreign"
    kind = _kind_of(row)
    if kind is Declaration:
        city = {CHANGSHA: "changsha", SHAOYANG: "shaoyang"}[row.region_code]
        return f"{side} {row.state} of {city}"
    return side
