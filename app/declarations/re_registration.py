"""重新申报: an enterprise asks that a person be registered again whose registration was cancelled or refused."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Date, ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.extensions.columns import described
from app.models import Declaration, Ending, Registration, RegistrationKind, RegistrationStatus
from app.security.access.policies import policy_on
from app.security.access.roles import Actor
from app.services import certificates, register
from app.workflow import blocks, lock_rules, register_rules, rules
from app.workflow.facts import Declared
from app.workflow.flows import REVIEWED
from app.workflow.types import DeclarationType, Picker


class ReRegistration(Declaration):
    """A registration after a cancellation or a refusal (注册建造师管理规定 第十八条; manual 3.2.3.2)."""

    __tablename__ = "re_registration"
    __mapper_args__ = {"polymorphic_identity": "re_registration"}

    id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), primary_key=True, comment="申报")
    original_number: Mapped[str | None] = mapped_column(
        String(17), **described("原注册编号", _l("Original registration number"))
    )
    ceased_on: Mapped[date | None] = mapped_column(
        Date, **described("失效日期", _l("Ceased on"), required=True)
    )
    ceased_because: Mapped[str | None] = mapped_column(
        String(24),
        **described("失效原因", _l("Ceased because"), dictionary="cancellation_reason", required=True),
    )


def _cancelled(session: Session, person_id: int) -> Registration | None:
    """The registration that was cancelled last."""
    return session.scalars(
        select(Registration)
        .where(
            Registration.person_id == person_id,
            Registration.kind == RegistrationKind.REGISTERED,
            Registration.status != RegistrationStatus.VALID,
        )
        .order_by(Registration.id.desc())
        .limit(1)
    ).first()


def _before(session: Session, what: Declared) -> Mapping[str, Any]:
    row = _cancelled(session, what.person_id)
    return {"number": row.number, "cancelled_on": row.cancelled_on} if row else {}


def _begin(session: Session, row: ReRegistration) -> None:
    """What the register says of the registration before stands in the form from the beginning."""
    before = _cancelled(session, row.person_id)
    if before is not None:
        row.original_number = before.number
        row.ceased_on, row.ceased_because = before.cancelled_on, before.cancelled_reason


def _enter_again(session: Session, rows: Sequence[ReRegistration], actor: Actor, on: date) -> None:
    """公告: the registration stands again under its old number, with a new certificate."""
    policy = policy_on(session, on)
    years = register.years_of(session, [one.qualification_id for row in rows for one in row.specialties])
    registrations = register.enter_again(session, [register.entry(row, years) for row in rows], policy, on)
    numbered = list(zip(registrations, (row.id for row in rows), strict=True))
    certificates.allot(session, numbered, actor=actor, policy=policy, on=on, because=Ending.REGISTRATION)
    for row, registration in zip(rows, registrations, strict=True):
        row.registration_id = registration.id


TYPE = DeclarationType(
    key="re_registration",
    code="60",
    model=ReRegistration,
    label=_l("Re-registration"),
    title=_l("Re-registrations"),
    registration_kind=RegistrationKind.REGISTERED,
    flow=REVIEWED,
    position=20,
    picker=Picker.QUALIFIED_PERSON,
    fieldsets=[
        blocks.PERSON,
        (_l("Former registration"), ["original_number", "ceased_on", "ceased_because"]),
        blocks.EDUCATION,
        blocks.EMPLOYMENT,
        (_l("Statements"), ["misconduct"]),
    ],
    attachments=[
        blocks.PHOTO,
        blocks.ID_CARD,
        blocks.DIPLOMA,
        blocks.QUALIFICATION,
        blocks.CONTRACT,
        blocks.EDUCATION_PROOF_IF_OVERDUE,
        blocks.SOCIAL_INSURANCE,
    ],
    checks=[
        rules.COMPLETE,
        rules.IDENTITY,
        rules.GRADUATION,
        rules.REAL_NAME,
        rules.QUALIFIED,
        rules.SPECIALTIES,
        register_rules.CANCELLED_BEFORE,
        register_rules.AS_REGISTERED_BEFORE,
        register_rules.BARRED,
        rules.ONE_UNDER_WAY,
        rules.AGE,
        rules.CONTINUING_EDUCATION,
        rules.CONTRACT,
        rules.EMPLOYER,
        rules.UNCHANGING,
        rules.REGION,
        lock_rules.LOCK,
        rules.ATTACHMENTS,
        rules.MISCONDUCT,
    ],
    effect=_enter_again,
    further=_before,
    begin=_begin,
)
