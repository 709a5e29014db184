"""Escalation: which authorities have let cases or changes of enterprises run out of time, and how many."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from app.models import State
from app.security.access.roles import Role
from app.services.workload import ChangesAtDesk, UnderWay
from app.views.home.figures import Figure, to_list
from app.views.kit.words import words
from app.workflow.states import WAITING_FOR

_PROVINCE = ""
_CASES, _CHANGES = "ReviewScreen", "EnterpriseChangeDeskScreen"


@dataclass(frozen=True)
class LateAuthority:
    """One authority with what it has overdue."""

    label: str
    cases: Figure
    changes: Figure

    @property
    def number(self) -> int:
        return self.cases.number + self.changes.number


def late(
    cases: Sequence[UnderWay], changes: Sequence[ChangesAtDesk], *, linked: bool = True
) -> list[LateAuthority]:
    """The province first, then the cities, those with most of it before the others; whoever is in time is left out.

    `linked` is false for a reader to whom the rows themselves do not exist.
    """
    of_cases: Counter[str] = Counter()
    for one in cases:
        if one.left == "overdue" and one.state in WAITING_FOR[Role.MUNICIPAL]:
            of_cases[one.region_code] += one.number
        elif one.left == "overdue" and one.state in WAITING_FOR[Role.PROVINCIAL]:
            of_cases[_PROVINCE] += one.number
    of_changes: Counter[str] = Counter()
    for change in changes:
        if change.overdue:
            of_changes[change.region_code if change.state == State.SUBMITTED else _PROVINCE] += change.number
    found = [
        _authority(code, of_cases[code], of_changes[code], linked=linked) for code in {*of_cases, *of_changes}
    ]
    return sorted(found, key=lambda one: (one.label != _label(_PROVINCE), -one.number, one.label))


def _label(code: str) -> str:
    return words().region(code) if code else str(_("Provincial authority"))


def _authority(code: str, cases: int, changes: int, *, linked: bool) -> LateAuthority:
    label = _label(code)
    at = {"desk": "cities", "region_code": code} if code else {"desk": "waiting"}

    def figure(number: int, screen: str) -> Figure:
        return Figure(label, number, to_list(screen, due="overdue", **at) if linked else "", "red")

    return LateAuthority(label, figure(cases, _CASES), figure(changes, _CHANGES))
