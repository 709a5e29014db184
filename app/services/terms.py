"""Terms: from when to when a specialty is registered (注册建造师管理规定 第十二条; notes: 2.13)."""

from datetime import date, timedelta

from app.models.identity import birthday_at
from app.models.policy import Policy


def first_term(issued_on: date, birth_date: date, policy: Policy) -> tuple[date, date]:
    """Begins on the day of issue and ends three years later less one day, at the latest on the 65th birthday."""
    ends = birthday_at(issued_on, policy.number("term_years")) - timedelta(days=1)
    return issued_on, min(ends, birthday_at(birth_date, policy.number("age_limit")))
