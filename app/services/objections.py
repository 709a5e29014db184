"""How an objection stands, told to whoever raised it."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions.clock import local
from app.extensions.refused import Refused
from app.models import Declaration, Objection, Publicity
from app.security.access.audit import record
from app.security.access.limits import attempts, count_attempt, network
from app.security.access.roles import NOBODY

MOST_IN_AN_HOUR = 20
"""Questions from one address, and questions about one receipt: its number can be guessed, since days are counted."""
_HOUR = timedelta(hours=1)


class TooManyQuestions(Refused):
    """Somebody guesses, or a machine asks."""


@dataclass(frozen=True)
class Progress:
    """What the objector is told; nothing about the person whom it concerns but the name that he wrote of."""

    receipt: str
    batch: str
    person: str
    state: str
    raised_on: date
    settled_on: date | None
    reason: str


def progress_of(session: Session, receipt: str, objector: str, address: str = "") -> Progress | None:
    """The objection with this receipt that was raised under this name; None for every other. The caller commits."""
    receipt, objector = receipt.strip().upper(), "".join(objector.split())
    subjects = [f"objection-progress:{one}" for one in (network(address), receipt) if one]
    if any(attempts(session, subject, _HOUR) >= MOST_IN_AN_HOUR for subject in subjects):
        raise TooManyQuestions(_l("Too many questions in the last hour. Please try again later."))
    for subject in subjects:
        count_attempt(session, subject)
    found = session.execute(
        select(Objection, Declaration.name, Publicity.number)
        .join(Declaration, Objection.declaration_id == Declaration.id)
        .join(Publicity, Declaration.publicity_id == Publicity.id)
        .where(Objection.receipt == receipt)
    ).one_or_none()
    if found is None or "".join(found[0].objector.split()) != objector:
        return None
    objection, person, batch = found
    actor = replace(NOBODY, address=address or None)
    record(session, actor, "objection.ask", "objection", objection.id)
    return Progress(
        receipt,
        batch,
        person,
        objection.state,
        local(objection.raised_at).date(),
        local(objection.settled_at).date() if objection.settled_at else None,
        objection.reason or "",
    )
