"""The homes of those who keep the platform: province administrator, system administrator and auditor."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from flask import current_app
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_babel import gettext as _
from sqlalchemy import case, func, select

from app.extensions.clock import now, today
from app.extensions.database import db
from app.models import Account, AuditEntry, Holiday, JobState, PolicyValue, Region
from app.models.policy import DEFINITIONS
from app.models.region import HUNAN
from app.security.access.roles import LABELS, SYSTEM, Actor, Role
from app.security.access.scope import rows_of
from app.services import operation, workload
from app.views import time_left
from app.views.accounts import OPENED_HERE
from app.views.case_filters import day_begins
from app.views.home.escalation import LateAuthority, late
from app.views.home.figures import Board, Figure, to_list
from app.views.trail import act_in_words
from app.workflow.calendar import is_known

_SOON = timedelta(days=90)
_LATEST = 8
_LEAST_FREE_PERCENT = 10
_LATE_SEAL = timedelta(minutes=10)
_WATCHED = ("reveal", "export", "give_new_password", "forget_second_factor")


def province_administrator(actor: Actor, role: Role) -> Board:
    changing = _changing(actor)
    return Board(
        "home/province_administrator.html",
        {"policies": _policies(changing), "rows": [(_label(row), row) for row in changing[:_LATEST]],
         "year": today().year + 1, "holidays": _holidays(actor), "year_known": is_known(date(today().year + 1, 1, 1)),
         "unattended": _cities_without_officer(), "late": _late()},
    )  # fmt: skip


def _changing(actor: Actor) -> Sequence[PolicyValue]:
    """The values that begin later or end soon: there are never many of them."""
    found: Sequence[PolicyValue] = db.session.scalars(
        rows_of(PolicyValue, actor)
        .where((PolicyValue.valid_from > today()) | PolicyValue.valid_to.between(today(), today() + _SOON))
        .order_by(PolicyValue.valid_from, PolicyValue.id)
    ).all()
    return found


def _label(row: PolicyValue) -> str:
    return str(DEFINITIONS[row.key].label if row.key in DEFINITIONS else row.key)


def _policies(changing: Sequence[PolicyValue]) -> list[Figure]:
    day, last = today(), today() + _SOON
    begin = sum(row.valid_from > day for row in changing)
    end = sum(row.valid_to is not None and day <= row.valid_to <= last for row in changing)
    tomorrow = (day + timedelta(days=1)).isoformat()
    return [
        Figure(_("Policy values that begin later"), begin, to_list("PolicyScreen", valid_from_from=tomorrow)),
        Figure(
            _("Policy values that end within 90 days"), end,
            to_list("PolicyScreen", valid_to_from=day.isoformat(), valid_to_to=last.isoformat()),
            "orange" if end else "",
        ),
    ]  # fmt: skip


def _holidays(actor: Actor) -> Figure:
    """The days that the province has set for the year to come, beside the national calendar."""
    first, last = date(today().year + 1, 1, 1), date(today().year + 1, 12, 31)
    query = rows_of(Holiday, actor).where(Holiday.day.between(first, last))
    number = db.session.scalar(query.with_only_columns(func.count())) or 0
    url = to_list("HolidayScreen", day_from=first.isoformat(), day_to=last.isoformat())
    return Figure(_("Days set for %(year)s", year=first.year), number, url)


def _cities_without_officer() -> list[Region]:
    """Where nobody can accept a case. Of accounts it is only asked whether there is one."""
    served = (
        select(Account.region_code)
        .join(Account.roles)
        .where(RoleRow.name == Role.MUNICIPAL.value, Account.active, Account.region_code.is_not(None))
    )
    return list(
        db.session.scalars(
            select(Region)
            .where(Region.parent_code == HUNAN, Region.valid_to.is_(None), Region.code.not_in(served))
            .order_by(Region.code)
        )
    )


def _late() -> list[LateAuthority]:
    """How much each authority has overdue, in numbers: the cases themselves are not this reader's."""
    left = {"overdue": time_left.condition("overdue")}
    cases = workload.under_way(db.session, SYSTEM, left)
    return late(cases, workload.changes_at_desks(db.session, SYSTEM, today()), linked=False)


def administrator(actor: Actor, role: Role) -> Board:
    jobs = operation.jobs(db.session)
    seal = operation.sealed(db.session)
    return Board(
        "home/administrator.html",
        {"accounts": _accounts(actor), "by_role": _by_role(actor), "sessions": operation.open_sessions(db.session),
         "jobs": jobs, "failed": jobs.numbers.get(JobState.FAILED, 0), "queued": jobs.numbers.get(JobState.QUEUED, 0),
         "running": jobs.numbers.get(JobState.LEASED, 0), "seal": seal, "seal_late": _is_late(seal),
         "disk": operation.disk(Path(current_app.extensions["platform_config"].data_dir)),
         "least_free": _LEAST_FREE_PERCENT},
    )  # fmt: skip


def _is_late(seal: operation.Sealed) -> bool:
    """Lines wait for their seal longer than the worker ever takes: it does not run."""
    return bool(seal.unsealed) and (seal.at is None or seal.at < now() - _LATE_SEAL)


def _accounts(actor: Actor) -> list[Figure]:
    query = rows_of(Account, actor).with_only_columns(Account.active, func.count()).group_by(Account.active)
    found = {bool(active): number for active, number in db.session.execute(query)}
    return [
        Figure(_("Accounts in use"), found.get(True, 0), to_list("AccountsScreen", active="1")),
        Figure(_("Disabled accounts"), found.get(False, 0), to_list("AccountsScreen", active="0")),
    ]


def _by_role(actor: Actor) -> list[Figure]:
    inner = rows_of(Account, actor).join(Account.roles).with_only_columns(RoleRow.name, func.count())
    found: dict[str, int] = dict(db.session.execute(inner.group_by(RoleRow.name)).all())
    return [
        Figure(LABELS[role], found.get(role.value, 0), to_list("AccountsScreen", role=role.value))
        for role in OPENED_HERE
    ]


def auditor(actor: Actor, role: Role) -> Board:
    """What a reader of the audit looks at first: who saw or took away personal data, and who got new keys."""
    day = today()
    counts = [func.sum(case((AuditEntry.action == name, 1), else_=0)) for name in _WATCHED]
    refused = func.sum(case((AuditEntry.outcome == "refused", 1), else_=0))
    row = db.session.execute(
        rows_of(AuditEntry, actor).where(AuditEntry.at >= day_begins(day)).with_only_columns(*counts, refused)
    ).one()
    at = {"at_from": day.isoformat(), "at_to": day.isoformat()}
    figures = [
        Figure(act_in_words(name), number or 0, to_list("AuditScreen", action=name, **at))
        for name, number in zip(_WATCHED, row, strict=False)
    ]
    number = row[-1] or 0
    figures.append(
        Figure(_("Refused"), number, to_list("AuditScreen", outcome="refused", **at), "red" if number else "")
    )
    seal = operation.sealed(db.session)
    lines = db.session.scalars(
        rows_of(AuditEntry, actor)
        .where(AuditEntry.action.in_(_WATCHED))
        .order_by(AuditEntry.id.desc())
        .limit(_LATEST)
    ).all()
    return Board(
        "home/auditor.html",
        {"figures": figures, "lines": lines, "act": act_in_words, "seal": seal, "seal_late": _is_late(seal)},
    )
