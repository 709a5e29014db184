"""The policy values in force on a day."""

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.models import PolicyValue
from app.models.policy import Policy


def policy_on(session: Session, day: date) -> Policy:
    """For each key the value that was set last among those in force; without one, the documented default."""
    rows = session.execute(
        select(PolicyValue.key, PolicyValue.value)
        .where(
            PolicyValue.valid_from <= day, or_(PolicyValue.valid_to.is_(None), PolicyValue.valid_to >= day)
        )
        .order_by(PolicyValue.valid_from, PolicyValue.id)
    )
    return Policy({row.key: row.value for row in rows})
