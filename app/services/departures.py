"""Departures: what is kept for an employer whom a registration leaves, and what he reads of it later."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions.clock import now
from app.models import Certificate, Departure, Registration, RegistrationEvent
from app.security.access.roles import Actor
from app.security.access.scope import rows_of
from app.services.register_history import RegisterChange, told


def leave(session: Session, registration: Registration, on: date) -> None:
    """Keep the registration as it stands, before another employer is entered; the caller commits.

    An employer whom the platform does not know can read nothing of it.
    """
    if registration.enterprise_id is None:
        return
    session.add(
        Departure(
            registration_id=registration.id,
            enterprise_id=registration.enterprise_id,
            left_on=on,
            at=now(),
            name=registration.name,
            id_number_shown=registration.id_number_masked,
            number=registration.number,
            kind=registration.kind,
            status=registration.status,
            specialties=",".join(dict.fromkeys(one.specialty for one in registration.held)),
            employed_since=registration.employed_since,
            ends_on=registration.ends_on,
            cancelled_on=registration.cancelled_on,
            cancelled_reason=registration.cancelled_reason,
        )
    )
    session.flush()


def history(session: Session, departure: Departure, actor: Actor) -> list[RegisterChange]:
    """The changes of the employer's own time, up to the departure."""
    rows = session.scalars(
        rows_of(RegistrationEvent, actor)
        .where(
            RegistrationEvent.registration_id == departure.registration_id,
            RegistrationEvent.enterprise_id == departure.enterprise_id,
            RegistrationEvent.at <= departure.at,
        )
        .order_by(RegistrationEvent.id)
    )
    return told(rows)


def certificates(session: Session, departure: Departure) -> Sequence[Certificate]:
    """The versions that were issued in the employer's own time, the latest first; he came to them by the departure."""
    found: Sequence[Certificate] = session.scalars(
        select(Certificate)
        .where(
            Certificate.registration_id == departure.registration_id,
            Certificate.enterprise_id == departure.enterprise_id,
            Certificate.issued_on <= departure.left_on,
        )
        .order_by(Certificate.version.desc())
    ).all()
    return found
