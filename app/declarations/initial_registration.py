"""初始申报: an enterprise asks that a person who passed the exam be registered for the first time."""

from collections.abc import Mapping, Sequence
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.extensions.columns import described
from app.extensions.refused import Refused
from app.models import Declaration, Qualification, RegistrationKind
from app.models.policy import Policy
from app.security.access.policies import policy_on
from app.security.access.roles import Actor
from app.services import certificates, register
from app.workflow import rules
from app.workflow.checks import Case
from app.workflow.flows import REVIEWED
from app.workflow.types import AttachmentKind, DeclarationType


class InitialRegistration(Declaration):
    """A first registration (注册建造师管理规定 第十一条; manual 3.2.3.1)."""

    __tablename__ = "initial_registration"
    __mapper_args__ = {"polymorphic_identity": "initial_registration"}

    id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), primary_key=True, comment="申报")
    other_registrations: Mapped[str | None] = mapped_column(
        Text, **described("其它注册情况", _l("Registrations of other kinds"))
    )


def _education_is_overdue(case: Case, policy: Policy) -> bool:
    return bool(rules.overdue_specialties(case, policy))


def _enter_in_register(session: Session, rows: Sequence[InitialRegistration], actor: Actor, on: date) -> None:
    """公告: the register changes here, once; the certificates' files are made by jobs."""
    policy = policy_on(session, on)
    wanted = {one.qualification_id for row in rows for one in row.specialties}
    years = select(Qualification.id, Qualification.year_obtained).where(Qualification.id.in_(wanted))
    held = dict(session.execute(years).all())
    registrations = register.enter(session, [_entry(row, held) for row in rows], policy, on)
    numbered = list(zip(registrations, (row.id for row in rows), strict=True))
    certificates.allot(session, numbered, actor=actor, policy=policy, on=on)
    for row, registration in zip(rows, registrations, strict=True):
        row.registration_id = registration.id


def _entry(row: InitialRegistration, held: Mapping[int, int]) -> register.Entry:
    if row.birth_date is None:
        raise Refused(_l("The date of birth is missing."))
    return register.Entry(
        declaration_id=row.id,
        person_id=row.person_id,
        kind=row.registration_kind,
        name=row.name,
        id_number=row.id_number or "",
        gender=row.gender,
        birth_date=row.birth_date,
        enterprise_id=row.enterprise_id,
        enterprise_name=row.enterprise_name,
        region_code=row.region_code,
        specialties=[
            (one.specialty, one.qualification_id, held[one.qualification_id or 0]) for one in row.specialties
        ],
    )


TYPE = DeclarationType(
    key="initial_registration",
    code="10",
    model=InitialRegistration,
    label=_l("Initial registration"),
    title=_l("Initial registrations"),
    registration_kind=RegistrationKind.REGISTERED,
    flow=REVIEWED,
    position=10,
    picker="qualified_person",
    fieldsets=[
        (
            _l("Personal information"),
            ["name", "gender", "id_type", "id_number", "birth_date", "ethnicity", "mobile", "phone"],
        ),
        (_l("Education"), ["school", "major", "graduation_date", "education", "degree"]),
        (_l("Employment"), ["employed_from", "employed_to", "employed_open_ended"]),
        (_l("Statements"), ["misconduct", "other_registrations"]),
    ],
    attachments=[
        AttachmentKind(
            "photo", _l("One-inch photo"), most=1, photo=True, hint=_l("White background, bare-headed")
        ),
        AttachmentKind("id_card", _l("Scan of the ID card")),
        AttachmentKind("education", _l("Scan of the diploma")),
        AttachmentKind("qualification", _l("Scan of the qualification certificate")),
        AttachmentKind("employment_contract", _l("Employment contract")),
        AttachmentKind(
            "education_proof",
            _l("Proof of continuing education"),
            required=_education_is_overdue,
            hint=_l("Needed when a qualification was issued more than three years ago"),
        ),
        AttachmentKind(
            "social_insurance", _l("Proof of social insurance"), required=lambda _case, _policy: False
        ),
    ],
    checks=[
        rules.COMPLETE,
        rules.IDENTITY,
        rules.GRADUATION,
        rules.REAL_NAME,
        rules.QUALIFIED,
        rules.SPECIALTIES,
        rules.NEVER_REGISTERED,
        rules.ONE_UNDER_WAY,
        rules.AGE,
        rules.CONTINUING_EDUCATION,
        rules.CONTRACT,
        rules.EMPLOYER,
        rules.REGION,
        rules.LOCK,
        rules.ATTACHMENTS,
        rules.MISCONDUCT,
    ],
    effect=_enter_in_register,
)
