"""增项申报: an enterprise asks that one of its constructors be registered for further specialties."""

from collections.abc import Sequence
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.models import Declaration, Ending, Registration, RegistrationKind
from app.models.details import HeldSpecialties, RegistrationDetails
from app.models.policy import Policy
from app.security.access.roles import Actor
from app.services import announcing, register_changes
from app.workflow import blocks, education_rules, lock_rules, register_rules, return_rules, rules
from app.workflow.flows import REVIEWED
from app.workflow.types import DeclarationType, Picker


class Addition(HeldSpecialties, RegistrationDetails, Declaration):
    """Further specialties on a registration that stands (manual 3.2.3.3; notes: 2.3)."""

    __tablename__ = "addition"
    __mapper_args__ = {"polymorphic_identity": "addition"}

    id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), primary_key=True, comment="申报")


def _add(session: Session, rows: Sequence[Addition], actor: Actor, on: date) -> None:
    """公告: the new specialties get terms of their own, the others keep theirs (notes: 2.3)."""

    def write(row: Addition, registration: Registration, policy: Policy) -> None:
        added = [(one.specialty, one.qualification_id) for one in row.specialties]
        register_changes.add(session, registration, added, declaration_id=row.id, policy=policy, on=on)

    announcing.change(session, rows, actor, on, write=write, because=Ending.ADDITION)


TYPE = DeclarationType(
    key="addition",
    code="40",
    model=Addition,
    label=_l("Addition of specialties"),
    title=_l("Additions of specialties"),
    in_workbook=("增项", "增项申报", "增项注册"),
    registration_kind=RegistrationKind.REGISTERED,
    flow=REVIEWED,
    position=30,
    picker=Picker.CERTIFICATE,
    fieldsets=[
        blocks.PERSON,
        blocks.SOME_OF_REGISTRATION,
        blocks.EMPLOYMENT,
        (_l("Statements"), ["misconduct"]),
    ],
    attachments=[
        blocks.PHOTO,
        blocks.ID_CARD,
        blocks.QUALIFICATION,
        blocks.CONTRACT,
        blocks.EDUCATION_PROOF_IF_OVERDUE,
        blocks.SOCIAL_INSURANCE,
    ],
    checks=[
        rules.COMPLETE,
        rules.IDENTITY,
        rules.REAL_NAME,
        register_rules.REGISTERED,
        register_rules.EMPLOYED,
        register_rules.IN_FORCE,
        rules.QUALIFIED,
        register_rules.NOT_REGISTERED_YET,
        register_rules.SPECIALTY_CAP,
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
    effect=_add,
)
