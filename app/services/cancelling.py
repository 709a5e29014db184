"""Cancelling: what every cancellation writes, whoever began it: register, certificates, and the end of the case."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from sqlalchemy.orm import Session

from app.models import DeclaredSpecialty, Ending, Registration
from app.security.access.policies import policy_on
from app.security.access.roles import Actor
from app.services import certificates, closing, register_changes


class Cancellation(Protocol):
    """A declaration that asks for the cancellation of some specialties of a registration, or of all."""

    @property
    def id(self) -> int: ...
    @property
    def registration_id(self) -> int | None: ...
    @property
    def cancellation_reason(self) -> str | None: ...
    @property
    def specialties(self) -> Sequence[DeclaredSpecialty]: ...


def cancel(session: Session, rows: Sequence[Cancellation], actor: Actor, on: date) -> None:
    """注销, at once: whole registrations with their certificates, or some specialties (notes: 2.6)."""
    policy = policy_on(session, on)
    held = register_changes.standing(session, [row.registration_id for row in rows])
    entire: list[tuple[Registration, int]] = []
    partial: list[tuple[Registration, int]] = []
    for row in rows:
        registration = held[row.registration_id or 0]
        nothing_left = register_changes.cancel(
            session,
            registration,
            [one.specialty for one in row.specialties],
            reason=row.cancellation_reason or "",
            declaration_id=row.id,
            on=on,
        )
        (entire if nothing_left else partial).append((registration, row.id))
    certificates.cancel(session, [one.id for one, _ in entire], because=Ending.CANCELLATION, on=on)
    closing.ask_to_close(session, actor, [key for _, key in entire])
    if partial:
        certificates.allot(
            session, partial, actor=actor, policy=policy, on=on,
            because=Ending.PARTIAL_CANCELLATION, renumbered=False,
        )  # fmt: skip
