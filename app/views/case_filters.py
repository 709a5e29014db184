"""Filters over declarations that home pages and statistics lead to, so that a number and its list agree."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import g
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, or_

from app.extensions.clock import SHANGHAI, today
from app.extensions.database import db
from app.models import Declaration, DeclaredSpecialty, Party, State
from app.security.access.roles import Actor, Role
from app.security.login.current import current_actor
from app.services import workload
from app.views.kit.filtering import Filter
from app.views.kit.words import words

Condition = ColumnElement[bool]
NOBODY = "none"


def day_begins(day: date) -> datetime:
    return datetime.combine(day, time.min, SHANGHAI)


def week_began() -> datetime:
    """Monday, as the province counts."""
    day = today()
    return day_begins(day - timedelta(days=day.weekday()))


def in_month(first: date) -> dict[str, str]:
    """The filter of a list that shows what was filed in the month of this first day."""
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return {"submitted_at_from": first.isoformat(), "submitted_at_to": last.isoformat()}


def waits_for_confirmation_of(actor: Actor) -> Condition:
    """Declarations that the actor's enterprise has to confirm, as employer or as former employer."""
    sides = (
        (Party.ENTERPRISE, Declaration.enterprise_id),
        (Party.FORMER_EMPLOYER, Declaration.former_enterprise_id),
    )
    mine = or_(*(and_(Declaration.counterparty == party, own == actor.enterprise_id) for party, own in sides))
    return and_(Declaration.state == State.AWAITING_CONFIRMATION, mine)


def in_hand() -> Condition:
    """Under way, and with somebody else than the enterprise that has to correct or confirm it."""
    return and_(workload.is_under_way(), Declaration.state != State.RETURNED)


ENTERPRISE_CHOICES = {
    "confirm": _l("Waiting for our confirmation"),
    "under_way": _l("Under way"),
}


def _of_enterprise(choice: str) -> Condition:
    return waits_for_confirmation_of(current_actor()) if choice == "confirm" else in_hand()


PROGRESS = Filter("progress", _l("Progress"), choices=ENTERPRISE_CHOICES, where=_of_enterprise)
"""For an enterprise: what it has to confirm, and what others have in hand."""


def _asks_for(code: str) -> Condition:
    return Declaration.specialties.any(DeclaredSpecialty.specialty == code)


def _officers(role: Role | None = None) -> Callable[[], Sequence[tuple[str, str]]]:
    """The officers of `role`, or with None of the reader's own authority; read once for a page that needs them.

    To a city no officer of the province is offered, and what is not offered narrows no list.
    """

    def offered() -> Sequence[tuple[str, str]]:
        actor = current_actor()
        if role is Role.PROVINCIAL and not actor.has(Role.PROVINCIAL):
            return ()  # who decided what is no number of a city's
        if "officers" not in g:
            g.officers = workload.officers(db.session, actor)
        wanted = role or Role(actor.role)
        return [
            (NOBODY, str(_("Nobody yet"))),
            *((one.key, one.name) for one in g.officers if one.role == wanted),
        ]

    return offered


def _stamped(column: Any) -> Callable[[str], Condition]:
    return lambda key: column.is_(None) if key == NOBODY else column == int(key)


def _handled(key: str) -> Condition:
    account = 0 if key == NOBODY else int(key)
    return workload.handled_by(account, current_actor().role, week_began())


def _claimed(key: str) -> Condition:
    return workload.claimed_by(0 if key == NOBODY else int(key))


SPECIALTY = Filter(
    "specialty", _l("Specialty"), choices=lambda: words().choices("specialty"), where=_asks_for
)
KIND = Filter("registration_kind", quiet=True)
ENDORSER = Filter(
    "endorser", _l("Municipal officer"), choices=_officers(Role.MUNICIPAL),
    where=_stamped(Declaration.endorsed_by_id), quiet=True,
)  # fmt: skip
DECIDER = Filter(
    "decider", _l("Provincial officer"), choices=_officers(Role.PROVINCIAL),
    where=_stamped(Declaration.decided_by_id), quiet=True,
)  # fmt: skip
CLAIMED = Filter("claimed", _l("Claimed by"), choices=_officers(), where=_claimed, quiet=True)
HANDLED = Filter("handled", _l("Handled this week by"), choices=_officers(), where=_handled, quiet=True)
OF_OFFICERS = (SPECIALTY, KIND, ENDORSER, DECIDER, CLAIMED, HANDLED)
"""What the work list is narrowed by when somebody comes from a number."""
