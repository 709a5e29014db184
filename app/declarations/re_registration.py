"""重新申报: an enterprise asks that a person be registered again whose registration was cancelled or refused."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Date, ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.extensions.columns import described
from app.models import (
    Decision,
    Declaration,
    Ending,
    Registration,
    RegistrationKind,
    RegistrationStatus,
    State,
)
from app.security.access.policies import policy_on
from app.security.access.roles import Actor
from app.services import certificates, register, snapshots
from app.workflow import blocks, education_rules, lock_rules, return_rules, rules
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
    original_certificate_number: Mapped[str | None] = mapped_column(
        String(20), **described("原证书编号", _l("Original certificate number"))
    )
    ceased_on: Mapped[date | None] = mapped_column(Date, **described("失效日期", _l("Ceased on")))
    ceased_because: Mapped[str | None] = mapped_column(
        String(24), **described("失效原因", _l("Ceased because"), dictionary="cancellation_reason")
    )
    refused_on: Mapped[date | None] = mapped_column(Date, **described("不予注册日期", _l("Refused on")))
    refusal_ground: Mapped[str | None] = mapped_column(
        String(24), **described("不予注册依据", _l("Ground of the refusal"), dictionary="refusal_ground")
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


def _refused(session: Session, person_id: int) -> tuple[date | None, str | None]:
    """When and on which ground a registration was refused last."""
    found = session.execute(
        select(Declaration.decided_on, Decision.ground)
        .join(Decision, Decision.declaration_id == Declaration.id)
        .where(
            Declaration.person_id == person_id,
            Declaration.registration_kind == RegistrationKind.REGISTERED,
            Declaration.state == State.REFUSED,
            Decision.to_state == State.REFUSED,
        )
        .order_by(Decision.id.desc())
        .limit(1)
    ).first()
    return (found.decided_on, found.ground) if found else (None, None)


def _of_register(session: Session, person_id: int) -> Mapping[str, Any]:
    """What stands in the register about how the person came to be out of it; of a refusal only where nothing does."""
    row = _cancelled(session, person_id)
    if row is None:
        refused_on, ground = _refused(session, person_id)
        return {"refused_on": refused_on, "refusal_ground": ground}
    return {
        "original_number": row.number,
        "original_certificate_number": snapshots.certificate_number(session, row),
        "ceased_on": row.cancelled_on,
        "ceased_because": row.cancelled_reason,
    }


def _before(session: Session, what: Declared) -> Mapping[str, Any]:
    return _of_register(session, what.person_id)


def _begin(session: Session, row: ReRegistration) -> None:
    """It is shown from the beginning, and nobody has to know or to invent it."""
    known = _of_register(session, row.person_id)
    for name in (*return_rules.AS_BEFORE, *return_rules.AS_REFUSED):
        if getattr(row, name) != known.get(name):
            setattr(row, name, known.get(name))


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
        (_l("Former registration or refusal"), [*return_rules.AS_BEFORE, *return_rules.AS_REFUSED]),
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
        blocks.NEW_ENTERPRISE_COMMITMENT,
    ],
    checks=[
        rules.COMPLETE,
        rules.IDENTITY,
        rules.GRADUATION,
        rules.REAL_NAME,
        rules.QUALIFIED,
        rules.SPECIALTIES,
        return_rules.CANCELLED_BEFORE,
        return_rules.AS_REGISTERED_BEFORE,
        return_rules.BARRED,
        return_rules.FALSE_MATERIAL,
        rules.ONE_UNDER_WAY,
        rules.AGE,
        education_rules.CONTINUING_EDUCATION,
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
