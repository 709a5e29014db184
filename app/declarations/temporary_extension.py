"""临时延期申报: an enterprise asks that the registration of a temporary constructor run on."""

from collections.abc import Sequence
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.models import Declaration, Ending, RegistrationKind
from app.models.details import RegistrationDetails
from app.security.access.policies import policy_on
from app.security.access.roles import Actor
from app.services import certificates, register_changes
from app.workflow import blocks, register_rules, rules
from app.workflow.flows import REVIEWED_WITHOUT_PUBLICITY
from app.workflow.types import Asked, AttachmentKind, DeclarationType, Hours, Picker


class TemporaryExtension(RegistrationDetails, Declaration):
    """Length, age limit and last day are policy (manual 3.2.3.10; notes: 2.10)."""

    __tablename__ = "temporary_extension"
    __mapper_args__ = {"polymorphic_identity": "temporary_extension"}

    id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), primary_key=True, comment="申报")


def _extend(session: Session, rows: Sequence[TemporaryExtension], actor: Actor, on: date) -> None:
    """公告: the end moves on, and nothing else changes (notes: 2.10)."""
    policy = policy_on(session, on)
    held = register_changes.standing(session, [row.registration_id for row in rows])
    for row in rows:
        register_changes.extend(session, held[row.registration_id or 0], declaration_id=row.id, policy=policy)
    numbered = [(held[row.registration_id or 0], row.id) for row in rows]
    certificates.allot(
        session, numbered, actor=actor, policy=policy, on=on, because=Ending.RENEWAL, renumbered=False
    )


TYPE = DeclarationType(
    key="temporary_extension",
    code="21",
    model=TemporaryExtension,
    label=_l("Extension of a temporary registration"),
    title=_l("Extensions of temporary registrations"),
    registration_kind=RegistrationKind.TEMPORARY,
    flow=REVIEWED_WITHOUT_PUBLICITY,
    position=110,
    picker=Picker.CERTIFICATE,
    specialties=Asked.ALL,
    hours=Hours.ALWAYS,
    fieldsets=[blocks.CONTACT, blocks.REGISTRATION, blocks.EMPLOYMENT],
    attachments=[
        blocks.PHOTO,
        blocks.ID_CARD,
        blocks.CONTRACT,
        AttachmentKind("education_proof", _l("Proof of continuing education")),
    ],
    checks=[
        rules.COMPLETE,
        rules.IDENTITY,
        rules.REAL_NAME,
        register_rules.REGISTERED,
        register_rules.EMPLOYED,
        register_rules.TEMPORARY_AGE,
        register_rules.TEMPORARY_END,
        register_rules.RENEWAL_EDUCATION,
        rules.ONE_UNDER_WAY,
        rules.CONTRACT,
        rules.EMPLOYER,
        rules.REGION,
        rules.LOCK,
        rules.ATTACHMENTS,
    ],
    effect=_extend,
)
