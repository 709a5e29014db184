"""What the province has done in the demonstration that nobody applied for: acts on the register, locks, objections."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.demo import makers, pictures
from app.cli.demo.cases import moment
from app.cli.demo.makers import as_actor
from app.cli.demo.people import account_named
from app.extensions.clock import as_of, now, today
from app.models import Declaration, Objection, Person, RegisterAct, Registration, RegistrationLock, State
from app.security.access.roles import Actor
from app.services import locks, publicity, register_acts
from app.services.register_acts import EVIDENCE
from app.workflow.call import Opinion
from app.workflow.perform import perform

_PROVINCE, _SECOND = "province", "province-2"

_ACTS: tuple[tuple[str, str, int, str, str, str, str, str], ...] = (
    ("石磊", "annul", 40, _PROVINCE, "湘建撤〔演示〕1号", "以虚假劳动合同取得注册。", "confirm", "事实清楚，予以撤销。"),
    ("戴玉婷", "revoke", 33, _SECOND, "湘建吊〔演示〕2号", "在两个单位受聘执业，情节严重。", "confirm", "予以吊销。"),
    ("向芊", "correct", 21, _PROVINCE, "湘建更〔演示〕3号", "登记时姓名录入错误。", "confirm", "与身份证核对无误。"),
    ("廖凯文", "annul", 28, _SECOND, "湘建撤〔演示〕4号", "举报称社保缴纳单位与聘用单位不一致。", "decline",
     "经查社保由分公司代缴，举报不成立。"),
    ("龙海燕", "revoke", 17, _PROVINCE, "湘建吊〔演示〕5号", "司法机关移送材料。", "withdraw", ""),
    ("贺子轩", "revoke", 6, _PROVINCE, "湘建吊〔演示〕6号", "允许他人以本人名义执业。", "", ""),
    ("曾可欣", "correct", 3, _SECOND, "湘建更〔演示〕7号", "有效期止日录入错误。", "", ""),
)  # fmt: skip
"""About whom, which act, proposed how many days ago by whom, under which number and why, and what became of it."""

_MISSPELT, _SPELT, _TOO_LONG = "向芊", "向芉", "曾可欣"

_LOCKS: tuple[tuple[str, int, str, int | None, int | None], ...] = (
    ("谭志远", 30, "涉嫌挂证，正在核查（演示）。", 60, None),
    ("田立新", 75, "司法协助：停止办理注册事项（演示）。", None, None),
    ("段玉", 0, "举报核查（演示）。", 20, 0),
    ("康宁", 25, "投诉核查（演示）。", 30, 5),
)
"""Who was locked how many days ago and why, for how many days from now, and how many days ago it ended."""

_WHOLLY = ("田立新", "康宁")
"""Of these everything is locked, of the others their one registration."""

_OBJECTIONS: tuple[tuple[str, int, int, str, str], ...] = (
    ("毛建国", 80, 24, "该人员公示期间仍在原单位任职，社保未转出。", "uphold"),
    ("冯远征", 0, 0, "该人员曾在我单位工作，工作年限有疑问。", "dismiss"),
    ("董洁", 0, 0, "该人员的职称证书与申报专业不符，请核实。", ""),
)
"""Against whom: the case filed so many days ago, publicised so many days later; what was said, and what was decided."""


def load_acts(session: Session) -> None:
    """Proposed by one officer and decided by the other; the caller commits."""
    for name, kind, ago, proposer, number, reason, ending, words in _ACTS:
        first = as_actor(account_named(session, proposer))
        other = as_actor(account_named(session, _SECOND if proposer == _PROVINCE else _PROVINCE))
        registration = _registration(session, name)
        with as_of(now() - timedelta(days=ago)):
            act = RegisterAct(
                registration_number=registration.number, kind=kind, reason=reason, document_number=number,
                **_right(registration),
            )  # fmt: skip
            register_acts.propose(session, first, act)
            session.add(act)
            session.flush()
            makers.attach(session, EVIDENCE, pictures.sheet("证据材料", (number, name)), act_id=act.id)
        with as_of(now() - timedelta(days=max(ago - 4, 0))):
            if ending == "confirm":
                register_acts.confirm(session, other, act.id, words)
            elif ending == "decline":
                register_acts.decline(session, other, act.id, words)
            elif ending == "withdraw":
                register_acts.withdraw(session, first, act.id)
            session.flush()


def _right(registration: Registration) -> Mapping[str, object]:
    """What the register should have said; the wrong end lies a year too late."""
    if registration.name == _MISSPELT:
        return {"right_name": _SPELT}
    if registration.name == _TOO_LONG:
        specialty = registration.specialties[0].specialty
        return {"right_specialty": specialty, "right_ends_on": registration.ends_on - timedelta(days=365)}
    return {}


def _registration(session: Session, name: str) -> Registration:
    return session.scalars(select(Registration).where(Registration.name == name)).one()


def load_locks(session: Session) -> None:
    """Of persons and of registrations: some hold for a while or until they are ended, some have ended; no commit."""
    officer = as_actor(account_named(session, _PROVINCE))
    for name, ago, reason, ahead, ended in _LOCKS:
        with as_of(now() - timedelta(days=ago)):
            row = _lock(
                session, officer, name, reason, today() + timedelta(days=ago + ahead) if ahead else None
            )
        if ended is not None:
            with as_of(now() - timedelta(days=ended)):
                locks.unlock(session, officer, row, reason="核查结束，未发现问题（演示）。")


def _lock(session: Session, officer: Actor, name: str, reason: str, until: date | None) -> int:
    person = session.scalars(select(Person).where(Person.name == name)).one()
    row = RegistrationLock(reason=reason, locked_on=today(), until=until)
    everything = name in _WHOLLY
    of = locks.target(
        session, officer, number="", name=name, id_number=str(person.id_number), everything=everything
    )
    locks.lock(session, officer, row, of)
    makers.attach(session, locks.EVIDENCE, pictures.sheet("锁定依据", (name,)), lock_id=row.id)
    return row.id


def load_objections(session: Session) -> None:
    """One is open, one was dismissed, and one was upheld. Commits, since a decision does."""
    officer = as_actor(account_named(session, _PROVINCE))
    for name, ago, publicised, content, ending in _OBJECTIONS:
        case = session.scalars(
            select(Declaration).where(Declaration.name == name, Declaration.state == State.PUBLICISED)
        ).one_or_none()
        if case is None:  # upheld by an earlier start
            continue
        with as_of(moment(ago, publicised)):
            objection = publicity.raise_objection(
                session, case.id, objector="李示例", contact="0731-00000000", content=content,
                key=f"demo:objection:{case.id}", attach=_enclose,
            )  # fmt: skip
        if ending == "dismiss" and objection.state == "open":
            publicity.dismiss_objection(session, officer, objection.id, "经核实，工作年限符合要求。")
        session.commit()
        if ending == "uphold":
            _uphold(session, officer, case.id, moment(ago, publicised + 3))


def _enclose(session: Session, objection: Objection) -> int:
    paper = pictures.sheet("异议材料", (objection.content,))
    makers.attach(session, "objection", paper, "异议材料.jpg", objection_id=objection.id)
    return 1


def _uphold(session: Session, officer: Actor, case: int, at: datetime) -> None:
    opinion = Opinion("经核实，异议成立。", ground="two_units")
    with as_of(at):
        outcome = perform(
            session, "uphold", {case: None}, officer, opinion=opinion, key=f"demo:uphold:{case}"
        )
    if outcome.skipped:
        raise RuntimeError(f"The demonstration does not keep the rules: {outcome.skipped}")
