"""延续申报: an enterprise asks that the terms of one of its constructors run on."""

from collections.abc import Sequence
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.extensions.columns import described
from app.models import Declaration, Ending, Registration, RegistrationKind
from app.models.details import HeldSpecialties, RegistrationDetails
from app.models.policy import Policy
from app.security.access.roles import Actor
from app.services import announcing, register_changes
from app.workflow import blocks, education_rules, lock_rules, register_rules, return_rules, rules
from app.workflow.flows import REVIEWED
from app.workflow.types import Asked, DeclarationType, Hours, Picker


class Renewal(HeldSpecialties, RegistrationDetails, Declaration):
    """Three more years for the chosen specialties (注册建造师管理规定 第十二条; notes: 2.4)."""

    __tablename__ = "renewal"
    __mapper_args__ = {"polymorphic_identity": "renewal"}

    id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), primary_key=True, comment="申报")
    achievements: Mapped[str | None] = mapped_column(Text, **described("主要业绩", _l("Main achievements")))
    other_registrations: Mapped[str | None] = mapped_column(
        Text, **described("其它注册情况", _l("Registrations of other kinds"))
    )
    remarks: Mapped[str | None] = mapped_column(Text, **described("备注", _l("Remarks")))


def _renew(session: Session, rows: Sequence[Renewal], actor: Actor, on: date) -> None:
    """公告: each chosen specialty runs three years on from its old end; the numbers stay (notes: 2.4)."""

    def write(row: Renewal, registration: Registration, policy: Policy) -> None:
        chosen = [one.specialty for one in row.specialties]
        register_changes.renew(session, registration, chosen, declaration_id=row.id, policy=policy)

    announcing.change(session, rows, actor, on, write=write, because=Ending.RENEWAL)


TYPE = DeclarationType(
    key="renewal",
    code="20",
    model=Renewal,
    label=_l("Renewal"),
    title=_l("Renewals"),
    in_workbook=("延续", "延续申报", "延续注册"),
    registration_kind=RegistrationKind.REGISTERED,
    flow=REVIEWED,
    position=40,
    picker=Picker.CERTIFICATE,
    specialties=Asked.REGISTERED,
    hours=Hours.ALWAYS,
    renews=True,
    fieldsets=[
        blocks.PERSON,
        blocks.SOME_OF_REGISTRATION,
        blocks.EMPLOYMENT,
        (_l("Statements"), ["achievements", "other_registrations", "misconduct", "remarks"]),
    ],
    attachments=[
        blocks.PHOTO,
        blocks.ID_CARD,
        blocks.CONTRACT,
        blocks.EDUCATION_PROOF,
        blocks.SOCIAL_INSURANCE,
    ],
    checks=[
        rules.COMPLETE,
        rules.IDENTITY,
        rules.REAL_NAME,
        register_rules.REGISTERED,
        register_rules.EMPLOYED,
        register_rules.STILL_REGISTERED,
        register_rules.RENEWAL_WINDOW,
        education_rules.RENEWAL_EDUCATION,
        return_rules.FALSE_MATERIAL,
        rules.ONE_UNDER_WAY,
        rules.AGE,
        rules.CONTRACT,
        rules.EMPLOYER,
        rules.UNCHANGING,
        rules.REGION,
        lock_rules.LOCK,
        rules.ATTACHMENTS,
        rules.MISCONDUCT,
    ],
    effect=_renew,
)
