"""The policy values of today, read once for each state of them and not by every piece of a page."""

from datetime import date

from app.extensions.clock import today
from app.extensions.database import db
from app.models.policy import Policy
from app.security.access.policies import policy_on
from app.views.kit.remembered import remembered


def policy_today() -> Policy:
    """What holds today; another value, and another day, is read anew."""
    known: dict[date, Policy] = remembered("policy", dict)
    day = today()
    if day not in known:
        known.clear()  # yesterday's
        known[day] = policy_on(db.session(), day)
    return known[day]
