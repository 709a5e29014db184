"""变更申报: an enterprise asks that a constructor of another one be moved to it."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.models import Declaration, Party, RegistrationKind
from app.models.details import RegistrationDetails, TransferDetails
from app.services import transferring
from app.workflow import blocks, lock_rules, register_rules, return_rules, rules
from app.workflow.flows import EMPLOYER_CONSENT
from app.workflow.types import Asked, DeclarationType, Hours, Picker


class Transfer(TransferDetails, RegistrationDetails, Declaration):
    """Not in the manual: closed until the province opens it (注册建造师管理规定 第十三条; notes: 2.12)."""

    __tablename__ = "transfer"
    __mapper_args__ = {"polymorphic_identity": "transfer"}

    id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), primary_key=True, comment="申报")


TYPE = DeclarationType(
    key="transfer",
    code="33",
    model=Transfer,
    label=_l("Transfer"),
    title=_l("Transfers"),
    registration_kind=RegistrationKind.REGISTERED,
    flow=EMPLOYER_CONSENT,
    position=130,
    picker=Picker.CERTIFICATE_ELSEWHERE,
    specialties=Asked.ALL,
    hours=Hours.NEVER,
    switch="transfer_open",
    initiator=Party.ENTERPRISE,
    counterparty=Party.FORMER_EMPLOYER,
    confirmation_title=_l("Confirm transfers"),
    confirmation_position=140,
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
        blocks.NEW_ENTERPRISE_COMMITMENT,
    ],
    checks=[
        rules.COMPLETE,
        rules.IDENTITY,
        rules.REAL_NAME,
        register_rules.REGISTERED,
        register_rules.IN_FORCE,
        register_rules.ELSEWHERE,
        register_rules.RELEASED,
        register_rules.PAUSE,
        return_rules.FALSE_MATERIAL,
        rules.ONE_UNDER_WAY,
        rules.AGE,
        rules.CONTRACT,
        rules.EMPLOYER,
        rules.UNCHANGING,
        rules.REGION,
        lock_rules.LOCK,
        rules.ATTACHMENTS,
    ],
    effect=transferring.transfer,
)
