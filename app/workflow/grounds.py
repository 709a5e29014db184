"""不予注册: the eleven grounds of article 15, each answered by what is known, or by the applicant's promise."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.models.identity import birthday_at
from app.models.policy import Policy
from app.workflow.checks import Case, Finding
from app.workflow.return_rules import ANNULLED, REVOKED, barred_after
from app.workflow.rules import has_misconduct

FALSE_MATERIAL = "false_material"
"""隐瞒有关情况或者提供虚假材料: the ground of article 33, after which nothing may be asked for in the next year."""


@dataclass(frozen=True)
class Known:
    """What the platform itself says of a ground: which rules ask about it, and what is said when none speaks."""

    rules: frozenset[str]
    fact: Callable[[Case, Policy], Any] | None
    """None: it knows some of it alone, and the promise of the applicant stands for the rest."""
    against: Callable[[Case, Policy], Any] = lambda _case, _policy: None
    """What speaks for the ground beyond those rules; None: nothing."""


@dataclass(frozen=True)
class Answer:
    """One ground with its number in the article: `green`, `red`, `yellow`, or `promised` when nobody has checked it."""

    number: int
    code: str
    tone: str
    said: Sequence[Any]


def _other_units(case: Case, _policy: Policy) -> Any:
    """Whoever moves leaves one unit; everybody else belongs to the one that declares."""
    units = {one.enterprise_id for one in case.registrations if one.live and one.id != case.registration_id}
    if units - {case.enterprise.id}:
        return _l("The register of the province has the person with another unit.")
    return None


def _no_other_unit(_case: Case, _policy: Policy) -> Any:
    return _l("The register of the province has the person with no other unit.")


def _education(case: Case, _policy: Policy) -> Any:
    given = [(one.mandatory_hours, one.elective_hours) for one in case.specialties]
    if not any(mandatory or elective for mandatory, elective in given):
        return _l("None is needed: no qualification is that old, or no term is prolonged.")
    return _l("Enough hours are stated; the proof lies with the papers.")


def _revoked(case: Case, policy: Policy) -> Any:
    """Asked of every type here: of one that stands in the register no rule asks it, though another kind was revoked.

    The ground names 吊销 alone: what bars after 撤销 is article 34, and so another case of the law.
    """
    return next((one.message for one in barred_after(REVOKED, case, policy)), None)


def _annulled(case: Case, policy: Policy) -> Any:
    return next((one.message for one in barred_after(ANNULLED, case, policy)), None)


def _no_revocation(_case: Case, _policy: Policy) -> Any:
    return _l("The register of the province has no revocation that bars the person.")


def _employer(case: Case, _policy: Policy) -> Any:
    if not case.enterprise.qualified:
        return _l("A new enterprise: its commitment stands in place of the qualification.")
    return _l("In use, complete, and qualified as of now.")


def _age(case: Case, policy: Policy) -> Any:
    if case.birth_date is None:
        return _l("The date of birth is missing.")
    limit = policy.number("age_limit")
    return _l(
        "Born on %(birth)s, and %(age)s on %(date)s.",
        birth=case.birth_date.isoformat(),
        age=limit,
        date=birthday_at(case.birth_date, limit).isoformat(),
    )


ARTICLE_15: Mapping[str, Known | None] = {
    "capacity": None,
    "two_units": Known(
        frozenset({"never_registered", "cancelled_before", "employed"}), _no_other_unit, _other_units
    ),
    "education": Known(frozenset({"continuing_education", "renewal_education"}), _education),
    "sentence": None,
    "practice_crime": None,
    "other_crime": None,
    "revoked": Known(frozenset(), _no_revocation, _revoked),
    "accident": None,
    "employer": Known(frozenset({"employer", "local_builder"}), _employer),
    "age": Known(frozenset({"age"}), _age),
    "otherwise_by_law": Known(frozenset(), None, _annulled),
}
"""The grounds in the order of the article; None: the platform knows nothing of it."""
GROUNDS = (*ARTICLE_15, FALSE_MATERIAL)


def answers(case: Case, findings: Sequence[Finding], policy: Policy) -> list[Answer]:
    """Every ground of article 15 with what speaks for it; what nobody can check stands by the applicant's promise."""
    found = []
    for number, (code, known) in enumerate(ARTICLE_15.items(), 1):
        tone, said = _promised(case) if known is None else _known(known, case, findings, policy)
        found.append(Answer(number, code, tone, said))
    return found


def _known(
    known: Known, case: Case, findings: Sequence[Finding], policy: Policy
) -> tuple[str, Sequence[Any]]:
    against = [one.message for one in findings if one.rule in known.rules]
    further = known.against(case, policy)
    if further is not None and not against:
        against.append(further)
    if against:
        return "red", against
    return ("green", [known.fact(case, policy)]) if known.fact else _promised(case)


def _promised(case: Case) -> tuple[str, Sequence[Any]]:
    if has_misconduct(case):
        return "yellow", [_l("Penalties or misconduct were declared: look at them.")]
    return "promised", [_l("By the applicant's promise: nothing was declared.")]
