"""Terms: from when to when a specialty is registered (注册建造师管理规定 第十二条; notes: 2.13)."""

from datetime import date, timedelta

from app.models.declaration import RegistrationKind
from app.models.identity import birthday_at, months_after
from app.models.policy import Policy


def first_term(issued_on: date, birth_date: date, policy: Policy) -> tuple[date, date]:
    """Begins on the day of issue and ends three years later less one day, at the latest on the 65th birthday."""
    ends = birthday_at(issued_on, policy.number("term_years")) - timedelta(days=1)
    return issued_on, min(ends, last_day(RegistrationKind.REGISTERED, birth_date, policy))


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


def last_day(kind: str, birth_date: date, policy: Policy) -> date:
    """The birthday on which the age limit of this kind is reached: the last day of any term."""
    limit = "temporary_age_limit" if kind == RegistrationKind.TEMPORARY else "age_limit"
    return birthday_at(birth_date, policy.number(limit))
