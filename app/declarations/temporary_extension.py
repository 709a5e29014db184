"""临时延期申报: an enterprise asks that the registration of a temporary constructor run on."""

from collections.abc import Sequence
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.models import Declaration, Ending, Registration, RegistrationKind
from app.models.details import RegistrationDetails
from app.models.policy import Policy
from app.security.access.roles import Actor
from app.services import announcing, register_changes
from app.workflow import (
    blocks,
    education_rules,
    lock_rules,
    register_rules,
    return_rules,
    rules,
    temporary_rules,
)
from app.workflow.flows import REVIEWED_WITHOUT_PUBLICITY
from app.workflow.types import Asked, DeclarationType, Hours, Picker


class TemporaryExtension(RegistrationDetails, Declaration):
    """Length, age limit and last day are policy (manual 3.2.3.10; notes: 2.10)."""

    __tablename__ = "temporary_extension"
    __mapper_args__ = {"polymorphic_identity": "temporary_extension"}

    id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), primary_key=True, comment="申报")


def _extend(session: Session, rows: Sequence[TemporaryExtension], actor: Actor, on: date) -> None:
    """公告: the end moves on, and nothing else changes (notes: 2.10)."""

    def write(row: TemporaryExtension, registration: Registration, policy: Policy) -> None:
        register_changes.extend(session, registration, declaration_id=row.id, policy=policy)

    announcing.change(session, rows, actor, on, write=write, because=Ending.RENEWAL)


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
    renews=True,
    fieldsets=[blocks.CONTACT, blocks.REGISTRATION, blocks.EMPLOYMENT],
    attachments=[
        blocks.PHOTO,
        blocks.ID_CARD,
        blocks.CONTRACT,
        blocks.EDUCATION_PROOF,
    ],
    checks=[
        rules.COMPLETE,
        rules.IDENTITY,
        rules.REAL_NAME,
        register_rules.REGISTERED,
        register_rules.EMPLOYED,
        temporary_rules.TEMPORARY_TERM,
        temporary_rules.TEMPORARY_AGE,
        temporary_rules.TEMPORARY_END,
        education_rules.RENEWAL_EDUCATION,
        return_rules.FALSE_MATERIAL,
        rules.ONE_UNDER_WAY,
        rules.CONTRACT,
        rules.EMPLOYER,
        rules.UNCHANGING,
        rules.REGION,
        lock_rules.LOCK,
        rules.ATTACHMENTS,
    ],
    effect=_extend,
)
