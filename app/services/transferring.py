"""Transferring: what every move to another employer writes: the register, and the certificate that names him."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from app.models import Declaration, Ending
from app.security.access.policies import policy_on
from app.security.access.roles import Actor
from app.services import certificates, register_changes
from app.services.register_changes import Employer


def transfer(session: Session, rows: Sequence[Declaration], actor: Actor, on: date) -> None:
    """变更: each registration moves to the enterprise that declares; the caller commits (notes: 2.9)."""
    policy = policy_on(session, on)
    held = register_changes.standing(session, [row.registration_id for row in rows])
    for row in rows:
        employer = Employer(row.enterprise_id, row.enterprise_name, row.region_code)
        register_changes.transfer(
            session, held[row.registration_id or 0], employer, declaration_id=row.id, on=on
        )
    numbered = [(held[row.registration_id or 0], row.id) for row in rows]
    certificates.allot(
        session, numbered, actor=actor, policy=policy, on=on, because=Ending.TRANSFER, renumbered=False
    )
