"""Rules about a temporary registration and its end, each with the clause that it rests on (notes: 2.10)."""

from collections.abc import Iterator

from flask_babel import lazy_gettext as _l

from app.models.identity import birthday_at
from app.models.policy import Policy
from app.workflow.checks import Case, Check, Finding


def _temporary_term(case: Case, policy: Policy) -> Iterator[Finding]:
    """What has ended is no registration any more, unless the province extends after the end as well."""
    found = case.standing
    if found is None or policy.holds("temporary_extension_after_end"):
        return
    first = min(found.specialties.values(), default=found.ends_on)
    if first < case.filed_on:
        yield Finding(
            _l(
                "The term ended on %(date)s and cannot be extended any more. Now only a cancellation may be filed.",
                date=first.isoformat(),
            ),
            "valid_until",
        )


def _temporary_age(case: Case, policy: Policy) -> Iterator[Finding]:
    found, limit = case.standing, policy.number("temporary_age_limit")
    if case.birth_date is None:
        return
    last = birthday_at(case.birth_date, limit)
    if case.filed_on >= last:
        yield Finding(
            _l("A temporary registration is not extended after the age of %(age)s.", age=limit), "birth_date"
        )
    elif found is not None and min(found.specialties.values(), default=found.ends_on) >= last:
        yield Finding(
            _l("The registration runs until the age of %(age)s already, and no further.", age=limit),
            "birth_date",
        )


def _temporary_end(case: Case, policy: Policy) -> Iterator[Finding]:
    found, last = case.standing, policy.day("temporary_last_day")
    if found is not None and last is not None and found.ends_on >= last:
        yield Finding(
            _l("No temporary registration is extended beyond %(date)s.", date=last.isoformat()), "valid_until"
        )


def _local_builder(case: Case, _policy: Policy) -> Iterator[Finding]:
    """What is left of the temporary constructors serves the building enterprises of the province itself."""
    if not case.enterprise.local:
        yield Finding(
            _l("A temporary constructor moves to an enterprise of the province alone."), "enterprise_name"
        )
    elif case.enterprise.qualified and not case.enterprise.builds:
        yield Finding(
            _l("A temporary constructor moves only to an enterprise that is qualified for building works."),
            "enterprise_name",
        )


LOCAL_BUILDER = Check(
    "local_builder", "参照北京", _l("A building enterprise of the province"), _local_builder, of_filer=True
)
TEMPORARY_TERM = Check(
    "temporary_term",
    "注册建造师管理规定 第十六条",
    _l("The temporary registration has not ended"),
    _temporary_term,
)
TEMPORARY_AGE = Check(
    "temporary_age", "建办市〔2013〕7号", _l("The age limit of a temporary registration"), _temporary_age
)
TEMPORARY_END = Check(
    "temporary_end", "建办市〔2013〕7号", _l("The last day of temporary registrations"), _temporary_end
)
