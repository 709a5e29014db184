"""The home of the municipality and of the province: what is to do and how urgent it is, and who does how much."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func

from app.extensions.clock import today
from app.extensions.database import db
from app.models import (
    Consultation,
    ConsultationStatus,
    Declaration,
    Job,
    JobState,
    Objection,
    ObjectionState,
    Person,
    Publicity,
    RealNameState,
    RegisterAct,
    State,
)
from app.security.access.roles import Actor, Role
from app.security.access.scope import rows_of
from app.services import register_acts, workload
from app.services.statistics import Trait, counted
from app.services.workload import ChangesAtDesk, Load, UnderWay
from app.views import time_left
from app.views.case_filters import day_begins, in_month, week_began
from app.views.home.escalation import late
from app.views.home.figures import Board, Chart, Figure, to_list
from app.views.jobs import KINDS
from app.views.kit.words import words
from app.workflow.states import WAITING_FOR
from app.workflow.types import registry

_MONTHS = 6
_TONES = {"overdue": "red", "soon": "orange", "later": "green", workload.NO_CLOCK: ""}
_LIST = "ReviewScreen"


@dataclass(frozen=True)
class Todo:
    """One type of declaration, and how much of it waits with how much time left."""

    label: str
    figures: Sequence[Figure]
    all: Figure


@dataclass(frozen=True)
class OfficerLine:
    """One officer's workload, each number with its list."""

    load: Load
    claimed: Figure
    handled: Figure
    own: bool


def board(actor: Actor, role: Role) -> Board:
    """Everything of the page; declarations under way are counted once, in one statement."""
    cases = workload.under_way(db.session, actor, _left())
    changes = workload.changes_at_desks(db.session, actor, today())
    waiting = [one for one in cases if one.state in WAITING_FOR[role]]
    words().prepare(("specialty",))
    return Board(
        "home/officers.html",
        {
            "heads": [(_left_label(name), _TONES[name]) for name in _TONES],
            "todo": list(_todo(waiting)),
            "urgent": _urgent(waiting),
            "loads": list(_loads(actor, role)),
            "figures": [
                *_persons(actor, role),
                *_objections(actor, role),
                _questions(actor, role),
                *_changes(role, changes),
                *_acts(actor, role),
                *_jobs(actor),
            ],
            "closing": _closing(actor, role),
            "late": late(cases, changes) if role is Role.PROVINCIAL else [],
            "charts": list(_charts(actor, role, cases)),
        },
    )


def _left() -> Mapping[str, Any]:
    return {name: time_left.condition(name) for name in _TONES if name != workload.NO_CLOCK}


def _left_label(name: str) -> str:
    return str(time_left.CHOICES[name])


def _sum(cases: Sequence[UnderWay], **traits: str) -> int:
    return sum(
        one.number for one in cases if all(getattr(one, name) == value for name, value in traits.items())
    )


def _urgent(waiting: Sequence[UnderWay]) -> list[Figure]:
    """The first line of the page: overdue first."""
    figures = [
        Figure(
            _left_label(name),
            _sum(waiting, left=name),
            to_list(_LIST, desk="waiting", due=name),
            _TONES[name],
        )
        for name in _TONES
    ]
    return [*figures, Figure(_("Waiting for us"), _sum(waiting), to_list(_LIST, desk="waiting"))]


def _todo(waiting: Sequence[UnderWay]) -> Iterator[Todo]:
    """By type, in the order of the menu; a type of which nothing waits is left out."""
    for kind in registry:
        of_type = [one for one in waiting if one.type_key == kind.key]
        if not of_type:
            continue
        at = {"desk": "waiting", "type_key": kind.key}
        figures = [
            Figure(_left_label(left), _sum(of_type, left=left), to_list(_LIST, **at, due=left), tone)
            for left, tone in _TONES.items()
        ]
        yield Todo(str(kind.label), figures, Figure(kind.label, _sum(of_type), to_list(_LIST, **at)))


def _loads(actor: Actor, role: Role) -> Iterator[OfficerLine]:
    for one in workload.loads(db.session, actor, role, week_began()):
        key = str(one.account_id)
        yield OfficerLine(
            one,
            Figure(one.name, one.claimed, to_list(_LIST, claimed=key)),
            Figure(one.name, one.handled, to_list(_LIST, handled=key)),
            own=one.account_id == actor.account_id,
        )


def _persons(actor: Actor, role: Role) -> Iterator[Figure]:
    """实名认证 at the counter of the city."""
    if role is not Role.MUNICIPAL:
        return
    query = rows_of(Person, actor).where(Person.real_name_state == RealNameState.WAITING)
    number = db.session.scalar(query.with_only_columns(func.count())) or 0
    url = to_list("RealNameCounterScreen", real_name_state=RealNameState.WAITING.value)
    yield Figure(_("Real-name checks to do"), number, url, "orange" if number else "")


def _objections(actor: Actor, role: Role) -> Iterator[Figure]:
    if role is not Role.PROVINCIAL:
        return
    query = rows_of(Objection, actor).where(Objection.state == ObjectionState.OPEN)
    number = db.session.scalar(query.with_only_columns(func.count())) or 0
    url = to_list("ObjectionScreen", state=ObjectionState.OPEN.value)
    yield Figure(_("Open objections"), number, url, "orange" if number else "")


def _questions(actor: Actor, role: Role) -> Figure:
    """企业问题咨询 that waits for this authority."""
    forwarded = role is Role.PROVINCIAL
    query = rows_of(Consultation, actor).where(
        Consultation.status == ConsultationStatus.WAITING, Consultation.with_province.is_(forwarded)
    )
    number = db.session.scalar(query.with_only_columns(func.count())) or 0
    url = to_list("ConsultationDeskScreen", status="waiting", with_province="1" if forwarded else "0")
    return Figure(_("Questions to answer"), number, url, "orange" if number else "")


def _changes(role: Role, changes: Sequence[ChangesAtDesk]) -> Iterator[Figure]:
    """企业信息变更 that waits for this authority, and what of it should have been answered by now."""
    state = State.ENDORSED if role is Role.PROVINCIAL else State.SUBMITTED
    mine = [one for one in changes if one.state == state]
    number = sum(one.number for one in mine)
    url = to_list("EnterpriseChangeDeskScreen", desk="waiting")
    yield Figure(_("Changes of enterprises to review"), number, url, "orange" if number else "")
    overdue = sum(one.number for one in mine if one.overdue)
    if overdue:
        url = to_list("EnterpriseChangeDeskScreen", desk="waiting", due="overdue")
        yield Figure(_("Changes of enterprises that are overdue"), overdue, url, "red")


def _acts(actor: Actor, role: Role) -> Iterator[Figure]:
    """撤销, 吊销 and 更正 that another officer has proposed, so that this one may decide."""
    if role is not Role.PROVINCIAL:
        return
    query = rows_of(RegisterAct, actor).where(register_acts.waits_for(actor))
    number = db.session.scalar(query.with_only_columns(func.count())) or 0
    url = to_list("RegisterActsScreen", desk="waiting")
    yield Figure(_("Acts on the register to decide"), number, url, "orange" if number else "")


def _jobs(actor: Actor) -> Iterator[Figure]:
    """One's own jobs, as their list shows them: what runs, and what failed."""
    query = rows_of(Job, actor).where(Job.kind.in_(KINDS)).with_only_columns(Job.state, func.count())
    found: dict[str, int] = dict(db.session.execute(query.group_by(Job.state)).all())
    for state, label, tone in (
        (JobState.LEASED, _("My jobs that run"), ""),
        (JobState.FAILED, _("My jobs that failed"), "red"),
    ):
        number = found.get(state.value, 0)
        yield Figure(label, number, to_list("JobScreen", state=state.value), tone if number else "")


def _closing(actor: Actor, role: Role) -> list[Figure]:
    """The lists whose last day of publicity is today, with how many persons still stand on each."""
    if role is not Role.PROVINCIAL:
        return []
    rows = db.session.execute(
        rows_of(Declaration, actor)
        .join(Publicity, Publicity.id == Declaration.publicity_id)
        .where(Declaration.state == State.PUBLICISED, Publicity.closes_on == today())
        .with_only_columns(Publicity.number, func.count())
        .group_by(Publicity.number)
        .order_by(Publicity.number)
    )
    return [
        Figure(number, persons, to_list(_LIST, publicity=number, state=State.PUBLICISED.value))
        for number, persons in rows
    ]


# ------------------------------------------------------------------------------------------------------- charts


def _charts(actor: Actor, role: Role, cases: Sequence[UnderWay]) -> Iterator[Chart]:
    yield _by_month(actor)
    if role is Role.PROVINCIAL:
        yield _by_region(cases)
    yield _by_specialty(actor)


def _by_specialty(actor: Actor) -> Chart:
    found = counted(db.session, actor, [Trait.SPECIALTY], [workload.is_under_way()])
    numbers = {str(one.keys[0]): one.number for one in found}
    codes = [code for code, _label in words().choices("specialty") if numbers.get(code)]
    return Chart(
        _("Under way by specialty"),
        "hbar",
        [words().choice("specialty", code) for code in codes],
        [{"name": _("Declarations"), "values": [numbers[code] for code in codes]}],
        [to_list(_LIST, desk="under_way", specialty=code) for code in codes],
        _("Specialty"),
        _("A declaration for several specialties counts in each of them."),
    )


def _by_region(cases: Sequence[UnderWay]) -> Chart:
    """Each city with what it has in hand itself and what lies with the province."""
    regions = sorted({one.region_code for one in cases})
    held = {
        role: [
            sum(one.number for one in cases if one.region_code == code and one.state in WAITING_FOR[role])
            for code in regions
        ]
        for role in (Role.MUNICIPAL, Role.PROVINCIAL)
    }
    rest = [
        _sum(cases, region_code=code) - city - province
        for code, city, province in zip(regions, *held.values(), strict=True)
    ]
    return Chart(
        _("Under way by city"),
        "stacked",
        [words().region(code) for code in regions],
        [
            {"name": _("With the city"), "values": held[Role.MUNICIPAL]},
            {"name": _("With the province"), "values": held[Role.PROVINCIAL]},
            {"name": _("With others"), "values": rest},
        ],
        [to_list(_LIST, desk="under_way", region_code=code) for code in regions],
        _("City"),
    )


def _by_month(actor: Actor) -> Chart:
    """What was filed in this month and the five before."""
    months = list(_months(today()))
    begin = day_begins(months[0])
    found = counted(db.session, actor, [Trait.MONTH], [Declaration.submitted_at >= begin])
    numbers = {one.keys[0]: one.number for one in found}
    return Chart(
        _("Filed by month"),
        "line",
        [f"{month:%Y-%m}" for month in months],
        [{"name": _("Declarations"), "values": [numbers.get(f"{month:%Y-%m}", 0) for month in months]}],
        [to_list(_LIST, **in_month(month)) for month in months],
        _("Month"),
    )


def _months(day: date) -> Iterator[date]:
    for back in range(_MONTHS - 1, -1, -1):
        count = day.year * 12 + day.month - 1 - back
        yield date(count // 12, count % 12 + 1, 1)
