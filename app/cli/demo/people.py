"""Who is in the demonstration: authorities, enterprises and constructors, none of whom exists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.demo import makers
from app.cli.demo.makers import Credentials
from app.extensions.clock import today
from app.models import Account, Enterprise, Holiday, Person, PolicyValue, RealNameState, Region
from app.models.region import HUNAN
from app.security.access.roles import Role
from app.services import real_name

# Cities whose officer has a name in the demonstration; the others are named after their city.
_OFFICERS = {"changsha": "王强", "shaoyang": "赵敏"}

# Account name, name, role.
_AUTHORITIES = (
    ("admin", "系统管理员", Role.ADMINISTRATOR),
    ("auditor", "审计员", Role.AUDITOR),
    ("province", "陈静", Role.PROVINCIAL),
    ("province-2", "周敏", Role.PROVINCIAL),
    ("province-admin", "省级管理员", Role.PROVINCIAL_ADMINISTRATOR),
)

# Account name, clerk, enterprise, county.
_ENTERPRISES = (
    ("qiye-changsha-1", "李娟", "长沙示例建设有限公司（演示）", "430102"),
    ("qiye-changsha-2", "方圆", "湘江样板工程有限公司（演示）", "430104"),
    ("qiye-shaoyang-1", "刘洋", "邵阳示例路桥有限公司（演示）", "430503"),
    ("qiye-hengyang-1", "彭波", "衡阳示例建筑有限公司（演示）", "430408"),
    ("qiye-yueyang-1", "万里", "岳阳示例市政有限公司（演示）", "430602"),
    ("qiye-changde-1", "柳青", "常德示例水利有限公司（演示）", "430702"),
    ("qiye-xiangtan-1", "易新", "湘潭示例建工有限公司（演示）", "430302"),
    ("qiye-yiyang-1", "夏禾", "益阳示例水利有限公司（演示）", "430902"),
    ("qiye-loudi-1", "贺安", "娄底示例路桥有限公司（演示）", "431302"),
    ("qiye-changsha-3", "文竹", "长沙样板安装有限公司（演示）", "430104"),
    ("qiye-changsha-4", "沈墨", "长沙示例幕墙有限公司（演示）", "430105"),
    ("qiye-zhuzhou-2", "易安", "株洲样板建设有限公司（演示）", "430202"),
    ("qiye-xiangtan-2", "丁香", "湘潭样板建设有限公司（演示）", "430302"),
    ("qiye-zhangjiajie-1", "覃岭", "张家界示例园林有限公司（演示）", "430802"),
    ("qiye-yiyang-2", "胡桃", "益阳样板水利有限公司（演示）", "430902"),
    ("qiye-chenzhou-1", "廖原", "郴州示例矿山有限公司（演示）", "431002"),
    ("qiye-yongzhou-1", "唐园", "永州示例建筑有限公司（演示）", "431102"),
    ("qiye-huaihua-1", "向北", "怀化示例路桥有限公司（演示）", "431202"),
    ("qiye-loudi-2", "肖然", "娄底样板机电有限公司（演示）", "431302"),
    ("qiye-xiangxi-1", "彭湃", "湘西示例市政有限公司（演示）", "433101"),
)
_INCOMPLETE = ("qiye-zhuzhou-1", "谭新", "株洲示例筑路有限公司（演示）", "430211")


@dataclass(frozen=True)
class Constructor:
    """One person of the demonstration; `years` is how long ago the qualifications were issued."""

    name: str
    born: date
    sequence: int
    specialties: Sequence[str] = ("building",)
    years: int = 1
    city: str = "430100"
    real_name: RealNameState = RealNameState.VERIFIED
    by_face: bool = False

    @property
    def id_number(self) -> str:
        return makers.id_number(self.born, self.sequence)


# Persons without a declaration: each shows what happens to a declaration for somebody like him.
BYSTANDERS = (
    Constructor("张伟", date(1985, 6, 15), 1, ("building", "municipal")),
    Constructor("孙丽", date(1988, 8, 8), 10, ("highway",), years=5, by_face=True),
    Constructor("吴建国", date(1961, 7, 1), 3),
    Constructor("欧阳慧", date(1999, 11, 3), 2, ()),
    Constructor("邓涛", date(1996, 4, 20), 1, ("water",), city="430500", by_face=True),
    Constructor("何小满", date(1997, 5, 21), 4, real_name=RealNameState.WAITING),
    Constructor("罗杰", date(1993, 9, 9), 5, city="430500", real_name=RealNameState.WAITING),
    Constructor("蒋梅", date(1994, 10, 2), 8, real_name=RealNameState.REJECTED),
    Constructor("谢雨", date(1998, 1, 12), 6, real_name=RealNameState.INCOMPLETE),
)


def load_reference(session: Session) -> None:
    """The policy of the demonstration, what of it changes soon, and the days off that the province has set."""
    day = today()
    for key, value, first, last, note in (
        ("publicity_days", "0", date(2020, 1, 1), None, "演示时公示即可公告"),
        ("lookup_per_hour", "60", day - timedelta(days=45), day + timedelta(days=45), "集中申报期间放宽"),
        ("reveal_per_day", "150", day + timedelta(days=30), None, "收紧完整信息的查看次数"),
    ):
        session.add(
            PolicyValue(key=key, value=value, valid_from=first, valid_to=last, source="演示数据", note=note)
        )
    for month, name in ((1, "元旦"), (5, "劳动节"), (10, "国庆节")):
        session.add(Holiday(day=date(day.year + 1, month, 1), working=False, name=f"{name}（演示）"))


def load_people(session: Session, credentials: Credentials) -> None:
    """Everybody whom no declaration is about, and the policy of the demonstration; the caller commits."""
    load_reference(session)
    for login_name, name, role in _AUTHORITIES:
        _officer(session, role, name, credentials, login_name=login_name)
    for city in session.scalars(select(Region).where(Region.parent_code == HUNAN).order_by(Region.code)):
        name = _OFFICERS.get(city.account_name or "", f"{city.name}审核员")
        _officer(
            session,
            Role.MUNICIPAL,
            name,
            credentials,
            login_name=city.account_name or city.code,
            region_code=city.code,
        )
    for serial, (login_name, clerk, name, county) in enumerate(_ENTERPRISES, 1):
        enterprise = makers.make_enterprise(session, name, county, serial)
        _clerk(session, enterprise, login_name, clerk, credentials)
    login_name, clerk, name, county = _INCOMPLETE
    unfinished = makers.bare_enterprise(session, name, county, len(_ENTERPRISES) + 1)
    _clerk(session, unfinished, login_name, clerk, credentials)
    for one in BYSTANDERS:
        add_constructor(session, one, credentials)


def add_constructor(session: Session, one: Constructor, credentials: Credentials) -> Person:
    """The person with account, qualifications, and as much of the real-name check as has been done."""
    if one.real_name == RealNameState.INCOMPLETE:
        person = makers.bare_person(session, one.name, one.id_number)
    else:
        person = makers.make_person(session, one.name, one.id_number, one.city)
    account = makers.make_account(session, Role.INDIVIDUAL, one.name, credentials, person_id=person.id)
    _check_identity(session, one, account)
    issued_on = today().replace(day=1, year=today().year - one.years)
    for specialty in one.specialties:
        makers.make_qualification(session, person, specialty, issued_on)
    session.flush()
    return person


def _check_identity(session: Session, one: Constructor, account: Account) -> None:
    officer = makers.as_actor(officer_of(session, one.city))
    if one.by_face:
        makers.verify_by_face(session, account)
    elif one.real_name == RealNameState.VERIFIED:
        makers.verify_person(session, account, officer)
    elif one.real_name != RealNameState.INCOMPLETE:
        person = makers.ask_for_check(session, account)
        if one.real_name == RealNameState.REJECTED:
            real_name.reject(session, officer, person.id, person.version, "手持身份证照不清晰，请重新拍摄。")


def officer_of(session: Session, city: str) -> Account:
    """The account of the municipal officer."""
    return session.scalars(
        select(Account).where(Account.region_code == city, Account.login_name.is_not(None), Account.active)
    ).one()


def account_named(session: Session, login_name: str) -> Account:
    return session.scalars(select(Account).where(Account.login_name == login_name)).one()


def _officer(session: Session, role: Role, name: str, credentials: Credentials, **belongs: str) -> None:
    account = makers.make_account(session, role, name, credentials, **belongs)
    account.second_factor = credentials.second_factor


def _clerk(
    session: Session, enterprise: Enterprise, login_name: str, name: str, credentials: Credentials
) -> None:
    makers.make_account(
        session, Role.ENTERPRISE, name, credentials, login_name=login_name, enterprise_id=enterprise.id
    )
