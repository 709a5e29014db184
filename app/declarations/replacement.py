"""遗失补办申报: an enterprise asks for a new certificate for one that was lost or has become unreadable."""

from collections.abc import Sequence
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import Date, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.extensions.columns import described
from app.models import Declaration, Ending, Registration, RegistrationKind
from app.models.details import RegistrationDetails, SealDetails
from app.models.policy import Policy
from app.security.access.roles import Actor
from app.services import announcing, register_changes
from app.workflow import blocks, lock_rules, register_rules, rules
from app.workflow.checks import Case
from app.workflow.flows import REVIEWED_IN_ONE_TERM
from app.workflow.types import Asked, AttachmentKind, DeclarationType, Hours, Picker

_LOSS = "loss"


class Replacement(SealDetails, RegistrationDetails, Declaration):
    """A certificate in place of a lost or damaged one (注册建造师管理规定 第十九条; manual 3.2.3.4)."""

    __tablename__ = "replacement"
    __mapper_args__ = {"polymorphic_identity": "replacement"}

    id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), primary_key=True, comment="申报")
    replacement_reason: Mapped[str | None] = mapped_column(
        String(8),
        **described(
            "补办原因", _l("Reason of the replacement"), dictionary="replacement_reason", required=True
        ),
    )
    declared_lost_in: Mapped[str | None] = mapped_column(
        String(200), **described("遗失声明刊登媒体", _l("Loss declared in"))
    )
    declared_lost_on: Mapped[date | None] = mapped_column(
        Date, **described("遗失声明刊登日期", _l("Loss declared on"))
    )
    circumstances: Mapped[str | None] = mapped_column(
        Text, **described("遗失或污损情况说明", _l("What happened"), required=True)
    )


def _was_lost(case: Case, _policy: Policy) -> bool:
    return case.values.get("replacement_reason") == _LOSS


def _was_damaged(case: Case, _policy: Policy) -> bool:
    return case.values.get("replacement_reason") == "damage"


def _replace(session: Session, rows: Sequence[Replacement], actor: Actor, on: date) -> None:
    """公告: a new certificate number; after a loss the next check code of the seal (notes: 2.5, 5.5)."""

    def write(row: Replacement, registration: Registration, _policy: Policy) -> None:
        lost = row.replacement_reason == Ending.LOSS
        register_changes.replace(session, registration, lost=lost, declaration_id=row.id)

    for because in (Ending.LOSS, Ending.DAMAGE):
        chosen = [row for row in rows if row.replacement_reason == because]
        announcing.change(session, chosen, actor, on, write=write, because=because, renumbered=True)


TYPE = DeclarationType(
    key="replacement",
    code="71",
    model=Replacement,
    label=_l("Replacement of a certificate"),
    title=_l("Replacements of certificates"),
    registration_kind=RegistrationKind.REGISTERED,
    flow=REVIEWED_IN_ONE_TERM,
    term="replacement_days",
    position=50,
    picker=Picker.CERTIFICATE,
    specialties=Asked.ALL,
    hours=Hours.NEVER,
    fieldsets=[
        blocks.CONTACT,
        blocks.SEALED_REGISTRATION,
        (
            _l("Loss or damage"),
            ["replacement_reason", "declared_lost_in", "declared_lost_on", "circumstances"],
        ),
    ],
    attachments=[
        blocks.PHOTO,
        blocks.ID_CARD,
        AttachmentKind("loss_statement", _l("Published statement of loss"), required=_was_lost),
        AttachmentKind(
            "damaged_certificate", _l("Picture of the damaged certificate"), required=_was_damaged
        ),
    ],
    checks=[
        rules.COMPLETE,
        rules.IDENTITY,
        rules.REAL_NAME,
        register_rules.REGISTERED,
        register_rules.EMPLOYED,
        register_rules.IN_FORCE,
        register_rules.LOSS,
        rules.ONE_UNDER_WAY,
        rules.EMPLOYER,
        rules.UNCHANGING,
        rules.REGION,
        lock_rules.LOCK,
        rules.ATTACHMENTS,
    ],
    effect=_replace,
)
