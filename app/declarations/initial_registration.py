"""初始申报: an enterprise asks that a person who passed the exam be registered for the first time."""

from collections.abc import Sequence
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.extensions.columns import described
from app.models import Declaration, RegistrationKind
from app.security.access.policies import policy_on
from app.security.access.roles import Actor
from app.services import certificates, register
from app.workflow import blocks, education_rules, lock_rules, return_rules, rules
from app.workflow.flows import REVIEWED
from app.workflow.types import DeclarationType, Picker


class InitialRegistration(Declaration):
    """A first registration (注册建造师管理规定 第十一条; manual 3.2.3.1)."""

    __tablename__ = "initial_registration"
    __mapper_args__ = {"polymorphic_identity": "initial_registration"}

    id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), primary_key=True, comment="申报")
    other_registrations: Mapped[str | None] = mapped_column(
        Text, **described("其它注册情况", _l("Registrations of other kinds"))
    )


def _enter_in_register(session: Session, rows: Sequence[InitialRegistration], actor: Actor, on: date) -> None:
    """公告: the register changes here, once; the certificates' files are made by jobs."""
    policy = policy_on(session, on)
    years = register.years_of(session, [one.qualification_id for row in rows for one in row.specialties])
    registrations = register.enter(session, [register.entry(row, years) for row in rows], policy, on)
    numbered = list(zip(registrations, (row.id for row in rows), strict=True))
    certificates.allot(session, numbered, actor=actor, policy=policy, on=on)
    for row, registration in zip(rows, registrations, strict=True):
        row.registration_id = registration.id


TYPE = DeclarationType(
    key="initial_registration",
    code="10",
    model=InitialRegistration,
    label=_l("Initial registration"),
    title=_l("Initial registrations"),
    registration_kind=RegistrationKind.REGISTERED,
    flow=REVIEWED,
    position=10,
    picker=Picker.QUALIFIED_PERSON,
    fieldsets=[
        blocks.PERSON,
        blocks.EDUCATION,
        blocks.EMPLOYMENT,
        (_l("Statements"), ["misconduct", "other_registrations"]),
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
        rules.NEVER_REGISTERED,
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
    effect=_enter_in_register,
)
