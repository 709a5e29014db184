"""临时变更申报: an enterprise asks that a temporary constructor of another one be moved to it."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.models import Declaration, Party, RegistrationKind
from app.models.details import RegistrationDetails, TransferDetails
from app.services import transferring
from app.workflow import blocks, lock_rules, register_rules, return_rules, rules, temporary_rules
from app.workflow.flows import EMPLOYER_CONSENT
from app.workflow.types import Asked, DeclarationType, Hours, Picker


class TemporaryTransfer(TransferDetails, RegistrationDetails, Declaration):
    """The former employer agrees and the province decides (manual 3.2.3.8, 3.2.3.9; notes: 2.9)."""

    __tablename__ = "temporary_transfer"
    __mapper_args__ = {"polymorphic_identity": "temporary_transfer"}

    id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), primary_key=True, comment="申报")


TYPE = DeclarationType(
    key="temporary_transfer",
    code="35",
    model=TemporaryTransfer,
    label=_l("Transfer of a temporary registration"),
    title=_l("Transfers of temporary registrations"),
    registration_kind=RegistrationKind.TEMPORARY,
    flow=EMPLOYER_CONSENT,
    position=90,
    picker=Picker.CERTIFICATE_ELSEWHERE,
    specialties=Asked.ALL,
    hours=Hours.NEVER,
    initiator=Party.ENTERPRISE,
    counterparty=Party.FORMER_EMPLOYER,
    confirmation_title=_l("Confirm transfers of temporary registrations"),
    confirmation_position=100,
    fieldsets=[
        blocks.PERSON,
        blocks.REGISTRATION,
        blocks.TRANSFER,
        blocks.EMPLOYMENT,
    ],
    attachments=[
        blocks.PHOTO,
        blocks.ID_CARD,
        blocks.CONTRACT,
        blocks.RELEASE_PROOF,
        blocks.SOCIAL_INSURANCE,
    ],
    checks=[
        rules.COMPLETE,
        rules.IDENTITY,
        rules.REAL_NAME,
        register_rules.REGISTERED,
        register_rules.NOT_ENDED,
        register_rules.ELSEWHERE,
        register_rules.RELEASED,
        register_rules.PAUSE,
        return_rules.FALSE_MATERIAL,
        rules.ONE_UNDER_WAY,
        rules.CONTRACT,
        rules.EMPLOYER,
        temporary_rules.LOCAL_BUILDER,
        rules.UNCHANGING,
        rules.REGION,
        lock_rules.LOCK,
        rules.ATTACHMENTS,
    ],
    effect=transferring.transfer,
)
