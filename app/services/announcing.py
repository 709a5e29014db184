"""Announcing: what declarations write about registrations that stand, and the certificates that follow."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.models import Ending, Registration
from app.models.policy import Policy
from app.security.access.policies import policy_on
from app.security.access.roles import Actor
from app.services import certificates, lapsing, register_changes

Write = Callable[[Any, Registration, Policy], None]
"""Writes one declaration into the registration that it is about."""


def change(
    session: Session,
    rows: Sequence[Any],
    actor: Actor,
    on: date,
    *,
    write: Write,
    because: Ending,
    renumbered: bool = False,
) -> None:
    """Write every declaration into its registration, and give each its next certificate; the caller commits.

    `Refused` when one of the registrations was cancelled meanwhile: then nothing is written. Only a renewal
    is written into a term that has ended under the case: before anything else, the specialties that ended go.
    """
    if not rows:
        return
    policy = policy_on(session, on)
    standing = register_changes.standing(session, [row.registration_id for row in rows])
    changed = [(standing[row.registration_id], row) for row in rows]
    for registration, row in changed:
        if because is not Ending.RENEWAL:
            lapsing.drop_ended(session, registration, on)
        write(row, registration, policy)
    certificates.allot(
        session,
        [(registration, row.id) for registration, row in changed],
        actor=actor,
        policy=policy,
        on=on,
        because=because,
        renumbered=renumbered,
    )
