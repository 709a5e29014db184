"""Rules about the number that is to stand in place of a wrong one (notes: 2.7, 5.1)."""

from collections.abc import Iterator

from flask_babel import lazy_gettext as _l

from app.models.identity import (
    RESIDENCE_PERMIT,
    RESIDENT_CARD,
    birth_date_of,
    birthday_at,
    id_number_findings,
)
from app.models.policy import Policy
from app.workflow.checks import Case, Check, Finding, Severity

_FIELD = "new_id_number"


def _right_number(case: Case, _policy: Policy) -> Iterator[Finding]:
    """Only an ID number says a date of birth, so that another document's number cannot stand in its place."""
    number, kind = case.values.get(_FIELD), case.values.get("id_type")
    if number:
        follows = RESIDENCE_PERMIT if kind == RESIDENCE_PERMIT else RESIDENT_CARD
        for one in id_number_findings(number, id_type=follows):
            yield Finding(one.message, _FIELD)


def _another_number(case: Case, _policy: Policy) -> Iterator[Finding]:
    if case.further.get("unchanged"):
        yield Finding(
            _l("This is the number under which the person stands already: nothing has to be corrected."),
            _FIELD,
        )


def _free_number(case: Case, _policy: Policy) -> Iterator[Finding]:
    if case.further.get("taken"):
        yield Finding(
            _l("Another person stands under this number. Please ask the province to look into it."), _FIELD
        )


def _right_age(case: Case, policy: Policy) -> Iterator[Finding]:
    """The number is put right all the same; whoever decides knows what comes of it."""
    born, limit = birth_date_of(case.values.get(_FIELD) or ""), policy.number("age_limit")
    if born is not None and (last := birthday_at(born, limit)) < case.today:
        yield Finding(
            _l(
                "By the right number the person turned %(age)s on %(date)s: the registration lapses with the "
                "announcement.",
                age=limit,
                date=last.isoformat(),
            ),
            _FIELD,
            Severity.WARNING,
        )


RIGHT_NUMBER = Check(
    "right_number", "GB 11643-1999", _l("The right ID number is a possible one"), _right_number
)
ANOTHER_NUMBER = Check("another_number", "操作手册 3.2.3.6", _l("It is another number"), _another_number)
FREE_NUMBER = Check("free_number", "操作手册 3.2.3.6", _l("Nobody else has it"), _free_number)
RIGHT_AGE = Check("right_age", "注册建造师管理规定 第十六条", _l("The age by the right number"), _right_age)
