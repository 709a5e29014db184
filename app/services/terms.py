"""Terms: from when to when a specialty is registered (注册建造师管理规定 第十二条; notes: 2.13)."""

from datetime import date, timedelta

from flask_babel import lazy_gettext as _l

from app.extensions.refused import Refused
from app.models.declaration import RegistrationKind
from app.models.identity import birthday_at, months_after
from app.models.policy import Policy


def first_term(issued_on: date, birth_date: date, policy: Policy) -> tuple[date, date]:
    """Begins on the day of issue and ends three years later less one day, at the latest on the 65th birthday.

    `Refused` when that birthday has passed: a term never ends before it begins.
    """
    ends = birthday_at(issued_on, policy.number("term_years")) - timedelta(days=1)
    last = last_day(RegistrationKind.REGISTERED, birth_date, policy)
    if last < issued_on:
        raise Refused(_l("The person has reached the age limit: no term can begin any more."))
    return issued_on, min(ends, last)


def renewed(ends_on: date, birth_date: date, policy: Policy) -> date:
    """延续: three years on from the old end, at the latest on the 65th birthday (notes: 2.4)."""
    further = birthday_at(ends_on, policy.number("term_years"))
    return min(further, last_day(RegistrationKind.REGISTERED, birth_date, policy))


def extended(ends_on: date, birth_date: date, policy: Policy) -> date:
    """临时延期: so many months on, never past the age limit or the last day of all (notes: 2.10)."""
    further = months_after(ends_on, policy.number("temporary_extension_months"))
    capped = min(further, last_day(RegistrationKind.TEMPORARY, birth_date, policy))
    last = policy.day("temporary_last_day")
    return min(capped, last) if last else capped


def recapped(begins_on: date, ends_on: date, kind: str, births: tuple[date, date], policy: Policy) -> date:
    """身份证号变更: the end of a term by the right date of birth, where the one before was wrong (both, in this order).

    What ended with the wrong birthday had been cut there: uncut it runs for whole terms from its first day. Of a
    temporary registration nobody knows from where its extensions were counted, and it is only ever cut.
    """
    wrong, right = births
    was_cut = kind == RegistrationKind.REGISTERED and ends_on == last_day(kind, wrong, policy)
    uncut = _whole_terms(begins_on, ends_on, policy) if was_cut else ends_on
    return min(uncut, last_day(kind, right, policy))


def _whole_terms(begins_on: date, ends_on: date, policy: Policy) -> date:
    """The end of the first whole term, counted from the beginning, that reaches so far."""
    years = max(1, policy.number("term_years"))
    uncut = begins_on - timedelta(days=1)
    while uncut < ends_on:
        uncut = birthday_at(begins_on, years) - timedelta(days=1)
        years += max(1, policy.number("term_years"))
    return uncut


def last_day(kind: str, birth_date: date, policy: Policy) -> date:
    """The birthday on which the age limit of this kind is reached: the last day of any term."""
    limit = "temporary_age_limit" if kind == RegistrationKind.TEMPORARY else "age_limit"
    return birthday_at(birth_date, policy.number(limit))
