"""Declarations of the demonstration: some in each state, and each came there by its own legal moves."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.demo import makers
from app.cli.demo.changes import CHANGES, VETERANS, Change
from app.cli.demo.filing import file_declaration
from app.cli.demo.makers import Credentials, as_actor
from app.cli.demo.people import account_named, add_constructor, officer_of
from app.cli.demo.story import CASES, Case
from app.cli.demo.veterans import enter_veteran
from app.extensions.clock import SHANGHAI, as_of, now, today
from app.extensions.database import begin_writing
from app.models import Account, Declaration, Party, Person, Registration, RegistrationStatus
from app.security.access.roles import SYSTEM, Actor, Role
from app.workflow.call import Opinion
from app.workflow.moves import Mover
from app.workflow.perform import perform
from app.workflow.types import registry

INITIAL = "initial_registration"

_DAYS = (0, 2, 9, 18, 24, 34, 35)
"""How many days after its filing each step of a case is taken."""

_LATER = {"go_unanswered": 9, "deem_accepted": 8, "lapse": 93, "end_dispute": 60}
"""Steps that nobody takes before so many days have passed."""

_OPINIONS: Mapping[str, Opinion] = {
    "disagree": Opinion("劳动合同尚未到期，不同意。"),
    "force": Opinion("劳动合同已由仲裁裁决解除，对方仍不配合。"),
    "return": Opinion("请核对后重新上报。", field_reasons={"graduation_date": "毕业时间与学历证书不一致。"}),
    "decline": Opinion("申报人员的劳动合同由其他单位签订，不属于本企业申报范围。"),
    "endorse": Opinion("材料齐全，符合条件。", positive=True),
    "refuse": Opinion("聘用单位不符合注册单位要求。", ground="employer"),
    "send_back": Opinion("请补充核实聘用关系。"),
    "end_dispute": Opinion("单位长期不再办理，影响本人执业。"),
    "extend": Opinion("需向原聘用单位核实工作经历。"),
    "extend_at_province": Opinion("需组织专家核验业绩材料。"),
    "return_to_applicant": Opinion("请补正。", field_reasons={"phone": "联系电话无法接通。"}),
}


def load_cases(session: Session, credentials: Credentials) -> None:
    """File every case and take its steps, each on its own day; begun again after a crash, it goes on where it was."""
    begin_writing(session)
    for veteran in VETERANS:
        enter_veteran(session, veteran, credentials)
    session.commit()
    story: list[Case | Change] = [*CASES, *CHANGES]
    story.sort(key=lambda one: -one.ago)
    for ago, cases in groupby(story, key=lambda one: one.ago):
        _load(session, ago, list(cases), credentials)


def _load(session: Session, ago: int, cases: Sequence[Case | Change], credentials: Credentials) -> None:
    """Those that were filed on one day."""
    with as_of(moment(ago, 0)):
        begin_writing(session)
        filed = {case: _file(session, case, credentials) for case in cases}
        session.commit()
    for number in range(max(len(case.steps) for case in cases)):
        together: dict[tuple[str, Actor], list[int]] = defaultdict(list)
        for case, declaration_id in filed.items():
            if number < len(case.steps):
                action = case.steps[number]
                together[action, _mover(session, declaration_id, action)].append(declaration_id)
        for (action, actor), ids in together.items():
            key = f"demo:{ago}:{number}:{action}:{actor.account_id}"
            with as_of(moment(ago, _LATER.get(action, _DAYS[number]))):
                outcome = perform(
                    session, action, dict.fromkeys(ids), actor, opinion=_OPINIONS.get(action), key=key
                )
            if outcome.skipped:
                raise RuntimeError(f"The demonstration does not keep the rules: {outcome.skipped}")


def moment(ago: int, days: int) -> datetime:
    """So many days after the filing of a case that was filed so long ago; what was filed today happens now."""
    if not ago:
        return now()
    return datetime.combine(today() - timedelta(days=ago - days), time(10), SHANGHAI)


def _mover(session: Session, declaration_id: int, action: str) -> Actor:
    """Who takes this step; the second officer of the province announces what the first one approved."""
    row = session.get_one(Declaration, declaration_id)
    move = registry[row.type_key].flow.find(action)
    if move is None or move.by is Role.SYSTEM:
        return SYSTEM
    if move.by is Mover.INITIATOR:
        return _party(session, row, row.initiator)
    if move.by in {Mover.COUNTERPARTY, Mover.HELD_UP}:
        return _party(session, row, str(row.counterparty))
    if move.by is Role.MUNICIPAL:
        return as_actor(officer_of(session, row.region_code))
    return as_actor(account_named(session, "province-2" if action == "announce" else "province"))


def _party(session: Session, row: Declaration, party: str) -> Actor:
    """The account that acts as this party of the declaration."""
    if party == Party.PERSON:
        owner = Account.person_id == row.person_id
    elif party == Party.FORMER_EMPLOYER:
        owner = Account.enterprise_id == row.former_enterprise_id
    else:
        owner = Account.enterprise_id == row.enterprise_id
    return as_actor(session.scalars(select(Account).where(owner)).one())


def _file(session: Session, case: Case | Change, credentials: Credentials) -> int:
    """The declaration of this case: a draft, unless an earlier start has filed it."""
    return _change(session, case) if isinstance(case, Change) else _first(session, case, credentials)


def _first(session: Session, case: Case, credentials: Credentials) -> int:
    """初始申报 of somebody who was not known before."""
    person = session.scalar(select(Person).where(Person.id_number.equals(Person, case.constructor.id_number)))
    if person is not None:
        return session.scalars(
            select(Declaration.id).where(Declaration.person_id == person.id, Declaration.type_key == INITIAL)
        ).one()
    person = add_constructor(session, case.constructor, credentials)
    clerk = as_actor(account_named(session, case.enterprise))
    return file_declaration(session, registry[INITIAL], clerk, person).id


def _change(session: Session, change: Change) -> int:
    """A later declaration about somebody who is registered."""
    kind = registry[change.kind]
    person = session.scalars(select(Person).where(Person.name == change.name)).one()
    filed = session.scalar(
        select(Declaration.id).where(Declaration.person_id == person.id, Declaration.type_key == kind.key)
    )
    if filed is not None:
        return filed
    if change.further:
        makers.make_qualification(
            session, person, change.further, today().replace(day=1, year=today().year - 1)
        )
    registration = session.scalars(
        select(Registration).where(
            Registration.person_id == person.id, Registration.status == RegistrationStatus.VALID
        )
    ).one_or_none()
    account = Account.login_name == change.enterprise
    if kind.initiator == Party.PERSON:
        account = Account.person_id == person.id
    filer = as_actor(session.scalars(select(Account).where(account)).one())
    return file_declaration(
        session, kind, filer, person, registration if kind.of_registration else None, **change.values
    ).id
