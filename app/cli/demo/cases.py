"""Declarations of the demonstration: some in each state, and each came there by its own legal moves."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.demo.filing import file_declaration
from app.cli.demo.makers import Credentials, as_actor
from app.cli.demo.people import account_named, add_constructor, officer_of
from app.cli.demo.story import CASES, Case
from app.declarations.initial_registration import TYPE
from app.extensions.clock import SHANGHAI, as_of, now, today
from app.extensions.database import begin_writing
from app.models import Declaration, Person
from app.security.access.roles import SYSTEM, Actor
from app.workflow.call import Opinion
from app.workflow.perform import perform

_DAYS = (0, 2, 9, 18, 24, 34)
"""How many days after its filing each step of a case is taken."""

_OPINIONS: Mapping[str, Opinion] = {
    "return": Opinion("请核对后重新上报。", field_reasons={"graduation_date": "毕业时间与学历证书不一致。"}),
    "decline": Opinion("申报人员的劳动合同由其他单位签订，不属于本企业申报范围。"),
    "endorse": Opinion("材料齐全，符合条件。", positive=True),
    "refuse": Opinion("聘用单位不符合注册单位要求。"),
    "send_back": Opinion("请补充核实聘用关系。"),
}


def load_cases(session: Session, credentials: Credentials) -> None:
    """File every case and take its steps, each on its own day; begun again after a crash, it goes on where it was."""
    for ago, cases in groupby(sorted(CASES, key=lambda case: -case.ago), key=lambda case: case.ago):
        _load(session, ago, list(cases), credentials)


def _load(session: Session, ago: int, cases: Sequence[Case], credentials: Credentials) -> None:
    """Those that were filed on one day."""
    with as_of(_moment(ago, 0)):
        begin_writing(session)
        filed = {case: _file(session, case, credentials) for case in cases}
        session.commit()
    for number in range(max(len(case.steps) for case in cases)):
        together: dict[tuple[str, Actor], list[int]] = defaultdict(list)
        for case, declaration_id in filed.items():
            if number < len(case.steps):
                action = case.steps[number]
                together[action, _mover(session, case, action)].append(declaration_id)
        for (action, actor), ids in together.items():
            key = f"demo:{ago}:{number}:{action}:{actor.account_id}"
            with as_of(_moment(ago, number)):
                outcome = perform(
                    session, action, dict.fromkeys(ids), actor, opinion=_OPINIONS.get(action), key=key
                )
            if outcome.skipped:
                raise RuntimeError(f"The demonstration does not keep the rules: {outcome.skipped}")


def _moment(ago: int, number: int) -> datetime:
    """When a step of a case that was filed so many days ago was taken; what was filed today happens now."""
    if not ago:
        return now()
    day = today() - timedelta(days=ago - _DAYS[number])
    return datetime.combine(day, time(10), SHANGHAI)


def _mover(session: Session, case: Case, action: str) -> Actor:
    """Who takes this step; the second officer of the province announces what the first one approved."""
    if action == "lapse":
        return SYSTEM
    if action == "submit":
        return as_actor(account_named(session, case.enterprise))
    if action in {"accept", "return", "decline", "endorse"}:
        return as_actor(officer_of(session, case.constructor.city))
    return as_actor(account_named(session, "province-2" if action == "announce" else "province"))


def _file(session: Session, case: Case, credentials: Credentials) -> int:
    """The declaration of this case: a draft, unless an earlier start has filed it."""
    person = session.scalar(select(Person).where(Person.id_number.equals(Person, case.constructor.id_number)))
    if person is not None:
        return session.scalars(select(Declaration.id).where(Declaration.person_id == person.id)).one()
    person = add_constructor(session, case.constructor, credentials)
    return file_declaration(session, TYPE, as_actor(account_named(session, case.enterprise)), person).id
