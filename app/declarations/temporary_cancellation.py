"""临时注销申报: an enterprise asks that the registration of a temporary constructor be cancelled."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.models import Declaration, RegistrationKind
from app.models.details import CancellationDetails, RegistrationDetails
from app.services import cancelling
from app.workflow import blocks, cancellation_rules, lock_rules, register_rules, rules
from app.workflow.flows import REVIEWED_WITHOUT_PUBLICITY
from app.workflow.types import Asked, AttachmentKind, DeclarationType, Hours, Picker


class TemporaryCancellation(CancellationDetails, RegistrationDetails, Declaration):
    """Reviewed by the authorities (manual 3.2.3.11; notes: 2.11)."""

    __tablename__ = "temporary_cancellation"
    __mapper_args__ = {"polymorphic_identity": "temporary_cancellation"}

    id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), primary_key=True, comment="申报")


TYPE = DeclarationType(
    key="temporary_cancellation",
    code="53",
    model=TemporaryCancellation,
    label=_l("Cancellation of a temporary registration"),
    title=_l("Cancellations of temporary registrations"),
    registration_kind=RegistrationKind.TEMPORARY,
    flow=REVIEWED_WITHOUT_PUBLICITY,
    position=120,
    picker=Picker.CERTIFICATE,
    specialties=Asked.REGISTERED,
    hours=Hours.NEVER,
    fieldsets=[
        blocks.CONTACT,
        blocks.REGISTRATION,
        blocks.CANCELLATION,
    ],
    attachments=[
        AttachmentKind(
            "cancellation_proof",
            _l("Proof of the ground of cancellation"),
            required=cancellation_rules.proof_is_needed,
            hint=_l("Not needed for what the register knows itself, such as an age or the end of a term"),
        ),
    ],
    checks=[
        rules.COMPLETE,
        register_rules.REGISTERED,
        register_rules.EMPLOYED,
        register_rules.STILL_REGISTERED,
        cancellation_rules.GROUND,
        lock_rules.LOCK_ON_CANCELLATION,
        rules.ONE_UNDER_WAY,
        rules.ATTACHMENTS,
    ],
    effect=cancelling.cancel,
)
