"""Rules about the ground of a cancellation: what the register knows of it is compared (notes: 2.6)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from app.models.identity import birthday_at
from app.models.policy import Policy
from app.workflow.checks import Case, Check, Finding

_LAW = "注册建造师管理规定"
_OF_THE_AUTHORITY = frozenset({"annulled", "revoked"})
"""Grounds that only the authority itself may give."""
_AGES = {"age": "age_limit", "temporary_age": "temporary_age_limit"}
_KNOWN = frozenset({"expired", "term_under_30_days", *_AGES})
"""Grounds that the register itself knows: it agrees or contradicts, and no paper proves more."""
_FIELD = "cancellation_reason"


def _ground(case: Case, policy: Policy) -> Iterator[Finding]:
    ground, dismissed_on = case.values.get(_FIELD), case.values.get("dismissed_on")
    if ground in _OF_THE_AUTHORITY:
        yield Finding(_l("Only the authority itself may cancel for this reason."), _FIELD)
    if ground == "employment_ended" and not dismissed_on:
        yield Finding(_l("Give the day on which the employment ended."), "dismissed_on")
    if dismissed_on and dismissed_on > case.today:
        yield Finding(_l("The day of dismissal lies in the future."), "dismissed_on")
    message = _contradicted(case, policy, ground)
    if message is not None:
        yield Finding(message, _FIELD)


def _contradicted(case: Case, policy: Policy, ground: str | None) -> Any:
    """What the register says against a ground that it knows itself; None when it agrees."""
    if ground in _AGES:
        return _of_age(case, policy, ground)
    last = max(_ends(case), default=None)
    if last is None:
        return None
    if ground == "expired" and last >= case.today:
        return _l("By the register the term has not ended: it runs until %(date)s.", date=last.isoformat())
    days = policy.number("expiry_gate_days")
    if ground == "term_under_30_days" and last >= case.today + timedelta(days=days):
        return _l(
            "By the register more than that is left: the term runs until %(date)s, and the last %(days)s days have not "
            "begun.",
            date=last.isoformat(),
            days=days,
        )
    return None


def _of_age(case: Case, policy: Policy, ground: str) -> Any:
    """The limit of temporary constructors is theirs alone; the one of the law is everybody's."""
    if ground == "temporary_age" and case.registration_kind != "temporary":
        return _l("This is a ground for temporary constructors alone.")
    if case.birth_date is None:
        return None
    limit = policy.number(_AGES[ground])
    last = birthday_at(case.birth_date, limit)
    if case.today > last:
        return None
    return _l(
        "The person is not older than %(age)s: the birthday is on %(date)s.", age=limit, date=last.isoformat()
    )


def _ends(case: Case) -> list[date]:
    """The last days of the specialties that are to be cancelled."""
    found = case.standing
    held = found.specialties if found is not None else {}
    return [held[one.specialty] for one in case.specialties if one.specialty in held]


def proof_is_needed(case: Case, _policy: Policy) -> bool:
    """A paper proves the ground, unless the register knows it better."""
    return case.values.get(_FIELD) not in _KNOWN


GROUND = Check("ground", f"{_LAW} 第十六条、第十七条", _l("The ground of the cancellation"), _ground)
