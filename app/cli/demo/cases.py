"""Declarations of the demonstration: one in each state, and each came there by its own legal moves."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.demo import pictures
from app.cli.demo.makers import Credentials, as_actor, attach, seed_of
from app.cli.demo.people import Constructor, account_named, add_constructor, officer_of
from app.declarations.initial_registration import TYPE
from app.extensions.clock import today
from app.models import Declaration, Person
from app.security.access.roles import SYSTEM, Actor
from app.services import filing
from app.workflow.call import Opinion
from app.workflow.perform import perform

_SUBMITTED = ("submit",)
_ACCEPTED = (*_SUBMITTED, "accept")
_ENDORSED = (*_ACCEPTED, "endorse")
_APPROVED = (*_ENDORSED, "approve")
_PUBLICISED = (*_APPROVED, "publicise")
_ANNOUNCED = (*_PUBLICISED, "announce")

_OPINIONS: Mapping[str, Opinion] = {
    "return": Opinion("请核对后重新上报。", field_reasons={"graduation_date": "毕业时间与学历证书不一致。"}),
    "decline": Opinion("申报人员的劳动合同由其他单位签订，不属于本企业申报范围。"),
    "endorse": Opinion("材料齐全，符合条件。", positive=True),
    "refuse": Opinion("聘用单位不符合注册单位要求。"),
    "send_back": Opinion("请补充核实聘用关系。"),
}


@dataclass(frozen=True)
class Case:
    """Who declares whom, and which steps have been taken."""

    enterprise: str
    constructor: Constructor
    steps: Sequence[str] = ()


def _case(
    enterprise: str,
    name: str,
    born: date,
    sequence: int,
    *steps: str,
    specialties: Sequence[str] = ("building",),
) -> Case:
    city = "430500" if "shaoyang" in enterprise else "430100"
    return Case(enterprise, Constructor(name, born, sequence, specialties, city=city), steps)


_FIRST, _SECOND, _SHAOYANG = "qiye-changsha-1", "qiye-changsha-2", "qiye-shaoyang-1"

CASES = (
    _case(_FIRST, "黄蓉", date(1990, 2, 28), 2),
    _case(_FIRST, "林峰", date(1987, 3, 14), 1, *_SUBMITTED, specialties=("building", "municipal")),
    _case(_FIRST, "徐静怡", date(1992, 7, 7), 2, *_SUBMITTED),
    _case(_SECOND, "马超", date(1989, 12, 1), 3, *_SUBMITTED, specialties=("municipal",)),
    _case(_FIRST, "朱明", date(1991, 5, 30), 1, *_SUBMITTED, "return"),
    _case(_FIRST, "胡一帆", date(1986, 10, 25), 5, *_SUBMITTED, "return", "submit"),
    _case(_FIRST, "高翔", date(1984, 1, 9), 7, *_ACCEPTED, specialties=("mechanical",)),
    _case(_SECOND, "梁晓燕", date(1994, 6, 18), 2, *_ACCEPTED),
    _case(_FIRST, "宋子墨", date(1995, 8, 22), 1, *_ENDORSED, specialties=("highway", "building")),
    _case(_SECOND, "唐甜", date(1993, 2, 3), 4, *_ENDORSED),
    _case(_FIRST, "许诺", date(1990, 11, 11), 2, *_ENDORSED, "send_back"),
    _case(_FIRST, "韩冰", date(1983, 4, 4), 8, *_APPROVED, specialties=("water",)),
    _case(_FIRST, "冯远征", date(1982, 9, 16), 3, *_PUBLICISED),
    _case(_SECOND, "董洁", date(1996, 3, 27), 6, *_PUBLICISED, specialties=("municipal",)),
    _case(_FIRST, "萧红", date(1988, 6, 6), 2, *_ANNOUNCED, specialties=("building", "municipal")),
    _case(_FIRST, "程功", date(1979, 12, 24), 9, *_ANNOUNCED),
    _case(_SECOND, "曹雪", date(2000, 2, 29), 4, *_ANNOUNCED, specialties=("mining",)),
    _case(_FIRST, "袁野", date(1991, 1, 31), 1, *_ENDORSED, "refuse"),
    _case(_FIRST, "邹平", date(1987, 8, 19), 5, *_SUBMITTED, "decline"),
    _case(_FIRST, "熊大志", date(1985, 2, 17), 7, *_SUBMITTED, "return", "lapse"),
    _case(_SHAOYANG, "秦岭", date(1986, 6, 26), 1, *_SUBMITTED, specialties=("highway",)),
    _case(_SHAOYANG, "尹珊", date(1992, 12, 12), 2, *_ACCEPTED),
    _case(_SHAOYANG, "江一鸣", date(1990, 10, 10), 3, *_ENDORSED, specialties=("water",)),
    _case(_SHAOYANG, "段玉", date(1989, 7, 23), 1, *_ANNOUNCED, specialties=("highway",)),
)


def load_cases(session: Session, credentials: Credentials) -> None:
    """File every case and take its steps. Begun again after a crash, it goes on where it was."""
    filed = {case: _file(session, case, credentials) for case in CASES}
    session.commit()
    for number in range(max(len(case.steps) for case in CASES)):
        together: dict[tuple[str, Actor], list[int]] = defaultdict(list)
        for case, declaration_id in filed.items():
            if number < len(case.steps):
                action = case.steps[number]
                together[action, _mover(session, case, action)].append(declaration_id)
        for (action, actor), ids in together.items():
            key = f"demo:{number}:{action}:{actor.account_id}"
            outcome = perform(
                session, action, dict.fromkeys(ids), actor, opinion=_OPINIONS.get(action), key=key
            )
            if outcome.skipped:
                raise RuntimeError(f"The demonstration does not keep the rules: {outcome.skipped}")


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
    return file_declaration(session, as_actor(account_named(session, case.enterprise)), person).id


def file_declaration(session: Session, clerk: Actor, person: Person) -> Declaration:
    """A draft of a first registration in all that the person is qualified for, complete with its papers."""
    row = filing.start(session, TYPE, clerk, person)
    row.phone = "0731-00000000"
    row.employed_from = today() - timedelta(days=60)
    row.employed_open_ended = True
    wanted = [filing.WantedSpecialty(one.id) for one in filing.choices(session, TYPE, person)]
    filing.set_specialties(session, TYPE, row, wanted)
    papers = {
        "photo": pictures.portrait(seed_of(person)),
        "id_card": pictures.id_card_front(seed_of(person)),
        "education": pictures.sheet("毕业证书", (person.name, person.school or "")),
        "qualification": pictures.sheet("资格证书", (person.name,)),
        "employment_contract": pictures.sheet(
            "劳动合同", (f"甲方　{row.enterprise_name}", f"乙方　{person.name}")
        ),
    }
    for kind, picture in papers.items():
        attach(session, kind, picture, declaration_id=row.id)
    return row
