"""Rules about hours of continuing education, mandatory and elective, for whoever has to prove them (notes: 4.14)."""

from collections.abc import Iterator, Sequence

from flask_babel import lazy_gettext as _l

from app.models.identity import birthday_at
from app.models.policy import Policy
from app.workflow.checks import Case, Check, Finding, SpecialtyFacts

_LAW = "注册建造师管理规定"


def overdue_specialties(case: Case, policy: Policy) -> list[SpecialtyFacts]:
    """Those whose qualification is so old that continuing education has to be proved."""
    years = policy.number("education_after_years")
    return [
        one for one in case.specialties if one.issued_on and birthday_at(one.issued_on, years) < case.filed_on
    ]


def needed_hours(position: int, policy: Policy) -> tuple[int, int]:
    """Mandatory and elective hours: of the first specialty, and of each further one.

    Neither stands in for the other (注册建造师继续教育管理暂行办法: 120 学时, 其中必修课、选修课各 60 学时).
    """
    which = "first" if position == 0 else "further"
    mandatory = policy.number(f"education_mandatory_{which}")
    return mandatory, max(0, policy.number(f"education_hours_{which}") - mandatory)


def _short(asked: Sequence[SpecialtyFacts], policy: Policy) -> Iterator[dict[str, int]]:
    """For each specialty that lacks hours, the words of its finding: what is needed, and what is given."""
    for position, one in enumerate(asked):
        mandatory, elective = needed_hours(position, policy)
        given, chosen = one.mandatory_hours or 0, one.elective_hours or 0
        if given < mandatory or chosen < elective:
            yield {"mandatory": mandatory, "elective": elective, "given": given, "chosen": chosen}


def _continuing_education(case: Case, policy: Policy) -> Iterator[Finding]:
    years = policy.number("education_after_years")
    for short in _short(overdue_specialties(case, policy), policy):
        message = _l(
            "The qualification was issued more than %(years)s years ago: %(mandatory)s mandatory and %(elective)s "
            "elective hours of continuing education are needed for this specialty, %(given)s and %(chosen)s are "
            "given.",
            years=years,
            **short,
        )
        yield Finding(message, "specialties")


def _renewal_education(case: Case, policy: Policy) -> Iterator[Finding]:
    for short in _short(case.specialties, policy):
        message = _l(
            "%(mandatory)s mandatory and %(elective)s elective hours of continuing education are needed for this "
            "specialty, %(given)s and %(chosen)s are given.",
            **short,
        )
        yield Finding(message, "specialties")


CONTINUING_EDUCATION = Check(
    "continuing_education",
    f"{_LAW} 第十一条",
    _l("Continuing education after three years"),
    _continuing_education,
)
RENEWAL_EDUCATION = Check(
    "renewal_education", f"{_LAW} 第十二条", _l("Continuing education of this term"), _renewal_education
)
