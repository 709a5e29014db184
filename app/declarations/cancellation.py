"""注销申报: an enterprise asks a constructor to agree to the end of the registration."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.models import Declaration, Party, RegistrationKind
from app.models.details import CancellationDetails, RegistrationDetails
from app.services import cancelling
from app.workflow import blocks, cancellation_rules, lock_rules, register_rules, rules
from app.workflow.flows import TWO_PARTY
from app.workflow.types import Asked, AttachmentKind, DeclarationType, Hours, Picker


class Cancellation(CancellationDetails, RegistrationDetails, Declaration):
    """What the enterprise begins and the person completes (manual 3.2.3.5; notes: 2.6 A)."""

    __tablename__ = "cancellation"
    __mapper_args__ = {"polymorphic_identity": "cancellation"}

    id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), primary_key=True, comment="申报")


TYPE = DeclarationType(
    key="cancellation",
    code="51",
    model=Cancellation,
    label=_l("Cancellation"),
    title=_l("Cancellations"),
    in_workbook=("注销", "注销申报", "注销注册"),
    registration_kind=RegistrationKind.REGISTERED,
    flow=TWO_PARTY,
    position=60,
    picker=Picker.CERTIFICATE,
    specialties=Asked.REGISTERED,
    hours=Hours.NEVER,
    initiator=Party.ENTERPRISE,
    counterparty=Party.PERSON,
    confirmation_title=_l("Confirm a cancellation"),
    confirmation_position=30,
    fieldsets=[
        blocks.CONTACT,
        blocks.REGISTRATION,
        blocks.CANCELLATION,
    ],
    attachments=[
        AttachmentKind(
            "cancellation_proof",
            _l("Proof of the ground of cancellation"),
            required=lambda _case, _policy: False,
            hint=_l("For example the end of the employment contract"),
        ),
        blocks.EVIDENCE,
    ],
    checks=[
        rules.COMPLETE,
        register_rules.REGISTERED,
        register_rules.EMPLOYED,
        register_rules.STILL_REGISTERED,
        cancellation_rules.GROUND,
        lock_rules.LOCK_ON_CANCELLATION,
        rules.ONE_UNDER_WAY,
    ],
    effect=cancelling.cancel,
)
