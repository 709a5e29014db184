"""Declarations: what an enterprise or a person asks the authority to enter in the register."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from flask_appbuilder import Model
from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from app.extensions.clock import now
from app.extensions.columns import EncryptedText, UtcDateTime, described
from app.models.declaration_indexes import indexes
from app.models.details import EnterpriseDetails, PersonDetails


class State(StrEnum):
    """Where a declaration stands. What may follow what is said in workflow/flows.py alone."""

    DRAFT = "draft"
    AWAITING_CONFIRMATION = "awaiting"
    SUBMITTED = "submitted"
    REFERRED = "referred"
    """Handed in to the province itself: no city has a part in it."""
    RETURNED = "returned"
    ACCEPTED = "accepted"
    ENDORSED = "endorsed"
    APPROVED = "approved"
    PUBLICISED = "publicised"
    ANNOUNCED = "announced"
    COMPLETED = "completed"
    REFUSED = "refused"
    NOT_ACCEPTED = "not_accepted"
    LAPSED = "lapsed"


class Party(StrEnum):
    """The two parties of a declaration that are not an authority; for a transfer also the former employer."""

    ENTERPRISE = "enterprise"
    PERSON = "person"
    FORMER_EMPLOYER = "former_employer"


UNDER_WAY = (
    State.AWAITING_CONFIRMATION,
    State.SUBMITTED,
    State.REFERRED,
    State.RETURNED,
    State.ACCEPTED,
    State.ENDORSED,
    State.APPROVED,
    State.PUBLICISED,
    State.ANNOUNCED,
)
"""The states in which a person's declaration shuts out every other one; drafts do not count."""

UNFILED = (State.DRAFT, State.RETURNED, State.LAPSED)
"""The states in which a row may hold what the applicant has written since he filed it, and never handed in."""

_UNDER_WAY_SQL = text("state IN ({})".format(", ".join(f"'{state}'" for state in UNDER_WAY)))


class RegistrationKind(StrEnum):
    """注册类型: ordinary second-grade constructors, and the temporary ones of before the exam."""

    REGISTERED = "registered"
    TEMPORARY = "temporary"


def _promises() -> tuple[Any, ...]:
    return (
        CheckConstraint(
            "state NOT IN ('approved', 'publicised', 'announced', 'refused') OR decided_by_id IS NOT NULL",
            name="decided_when",
        ),
        CheckConstraint(
            "state <> 'completed' OR decided_by_id IS NOT NULL OR confirmed_by_id IS NOT NULL",
            name="completed_when",
        ),
        CheckConstraint("counterparty IS NULL OR counterparty <> initiator", name="two_parties"),
        CheckConstraint(
            "state = 'draft' OR state = 'lapsed' OR submitted_at IS NOT NULL", name="submitted_when"
        ),
        Index(
            "uq_declaration_person_under_way",
            "person_id",
            unique=True,
            sqlite_where=_UNDER_WAY_SQL,
            postgresql_where=_UNDER_WAY_SQL,
        ),
        # Whoever begins a draft twice finds the first one: a workbook and a browser at one moment too.
        Index(
            "uq_declaration_draft",
            "person_id",
            "type_key",
            "enterprise_id",
            unique=True,
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
        *indexes(_UNDER_WAY_SQL),
    )


class Declaration(PersonDetails, EnterpriseDetails, Model):
    """The head that all types share; the person and the enterprise stand in it as they were declared.

    Owner, region and state are never form fields. Only workflow/perform.py writes `state`.
    """

    TABLE: ClassVar[str] = "declaration"
    __tablename__ = "declaration"

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:
        """The promises of the head table; the table of a type has none of its own unless it says so."""
        return _promises() if cls.__tablename__ == cls.TABLE else ()

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    type_key: Mapped[str] = mapped_column(
        String(40), index=True, **described("申报类型", _l("Declaration type"), declaration_type=True)
    )
    registration_kind: Mapped[str] = mapped_column(
        String(12), **described("注册类型", _l("Registration kind"), dictionary="registration_kind")
    )
    number: Mapped[str | None] = mapped_column(
        String(20), unique=True, **described("申报编号", _l("Declaration number"))
    )
    state: Mapped[str] = mapped_column(
        String(12), default=State.DRAFT, **described("状态", _l("State"), state=True)
    )
    version: Mapped[int] = mapped_column(Integer, default=1, comment="版本，防止互相覆盖")
    region_code: Mapped[str] = mapped_column(
        ForeignKey("region.code"), **described("申报主管部门", _l("Competent authority"), region=True)
    )
    initiator: Mapped[str] = mapped_column(String(16), default=Party.ENTERPRISE, comment="发起方")
    counterparty: Mapped[str | None] = mapped_column(String(16), comment="须确认的另一方")
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), comment="聘用企业")
    former_enterprise_id: Mapped[int | None] = mapped_column(
        ForeignKey("enterprise.id"), index=True, comment="原聘用企业（变更时）"
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True, comment="申报人员")
    registration_id: Mapped[int | None] = mapped_column(
        ForeignKey("registration.id"), index=True, comment="所涉注册；初始注册在公告时写入"
    )
    phone: Mapped[str | None] = mapped_column(
        String(30), **described("联系电话", _l("Telephone"), required=True)
    )
    employed_from: Mapped[date | None] = mapped_column(
        Date, **described("聘用开始时间", _l("Employed from"), required=True)
    )
    employed_to: Mapped[date | None] = mapped_column(Date, **described("聘用结束时间", _l("Employed until")))
    employed_open_ended: Mapped[bool] = mapped_column(
        Boolean, default=False, **described("是否长期", _l("Open-ended"))
    )
    misconduct: Mapped[str | None] = mapped_column(
        Text, **described("处罚或不良情形", _l("Penalties or misconduct"))
    )
    specialties_text: Mapped[str] = mapped_column(
        String(120), default="", **described("注册专业（列表用）", _l("Specialties"))
    )
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), comment="填报人")
    created_at: Mapped[datetime] = mapped_column(
        UtcDateTime, default=now, **described("填报时间", _l("Created at"))
    )
    changed_at: Mapped[datetime] = mapped_column(
        UtcDateTime, default=now, **described("修改时间", _l("Changed at"))
    )
    submitted_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, **described("上报时间", _l("Submitted at"))
    )
    filed_on: Mapped[date | None] = mapped_column(
        Date, comment="首次上报日期；退回补正不改变，撤回后重新上报则为新的日期"
    )
    due_on: Mapped[date | None] = mapped_column(Date, **described("办理期限", _l("Due on")))
    paused: Mapped[str] = mapped_column(
        Text,
        default="{}",
        server_default="{}",
        comment="退回补正期间停表：各审查环节剩余的工作日（JSON：环节→工作日）",
    )
    comparison: Mapped[str | None] = mapped_column(
        String(8), **described("比对结果：各项之中最须留意者；空为无须比对", _l("Comparison"))
    )
    endorsement: Mapped[str | None] = mapped_column(
        String(8), **described("市级意见", _l("Municipal opinion"), dictionary="opinion")
    )
    endorsed_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), comment="市级审查人")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), comment="省级决定人")
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), comment="对方确认人")
    decided_on: Mapped[date | None] = mapped_column(Date, **described("决定日期", _l("Decided on")))
    publicity_id: Mapped[int | None] = mapped_column(
        ForeignKey("publicity.id"), index=True, comment="公示批次"
    )
    announcement_id: Mapped[int | None] = mapped_column(
        ForeignKey("announcement.id"), index=True, comment="公告批次"
    )

    specialties: Mapped[list["DeclaredSpecialty"]] = relationship(
        back_populates="declaration", cascade="all, delete-orphan", order_by="DeclaredSpecialty.id"
    )
    decisions: Mapped[list["Decision"]] = relationship(order_by="Decision.id", viewonly=True)

    __mapper_args__ = {
        "polymorphic_on": "type_key",
        "version_id_col": version,
    }


class DeclaredSpecialty(Model):
    """One specialty that a declaration is about: the qualification it rests on, and until when it is registered."""

    __tablename__ = "declared_specialty"
    __table_args__ = (UniqueConstraint("declaration_id", "specialty"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), comment="申报")
    qualification_id: Mapped[int | None] = mapped_column(ForeignKey("qualification.id"), comment="资格证")
    specialty: Mapped[str] = mapped_column(
        String(12), **described("注册专业", _l("Specialty"), dictionary="specialty")
    )
    certificate_number: Mapped[str | None] = mapped_column(
        String(40), **described("资格证书编号", _l("Qualification certificate number"))
    )
    issued_on: Mapped[date | None] = mapped_column(Date, **described("签发日期", _l("Issued on")))
    mandatory_hours: Mapped[int | None] = mapped_column(
        Integer, **described("必修学时", _l("Mandatory hours"))
    )
    elective_hours: Mapped[int | None] = mapped_column(Integer, **described("选修学时", _l("Elective hours")))
    registered_until: Mapped[date | None] = mapped_column(
        Date, **described("原有效期至", _l("Registered until"))
    )

    declaration: Mapped[Declaration] = relationship(back_populates="specialties")


class Decision(Model):
    """One step of a declaration: who did what, as which role, with which words. Never changed.

    It is deleted with a draft alone that lapsed and was never handed in.
    """

    __tablename__ = "decision"
    # Who did how much since when, read from the index alone.
    __table_args__ = (Index("ix_decision_at", "at", "role", "actor_id", "declaration_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), index=True, comment="申报")
    action: Mapped[str] = mapped_column(String(24), **described("操作", _l("Action")))
    from_state: Mapped[str] = mapped_column(String(12), comment="原状态")
    to_state: Mapped[str] = mapped_column(String(12), comment="新状态")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), comment="操作人；空为系统")
    actor_name: Mapped[str] = mapped_column(String(100), **described("操作人", _l("Acted by")))
    role: Mapped[str] = mapped_column(String(30), **described("角色", _l("Role")))
    opinion: Mapped[str | None] = mapped_column(Text, **described("意见", _l("Opinion")))
    positive: Mapped[bool | None] = mapped_column(Boolean, comment="审查意见：同意或不同意")
    ground: Mapped[str | None] = mapped_column(
        String(24), **described("不予注册依据", _l("Ground of the refusal"), dictionary="refusal_ground")
    )
    field_reasons: Mapped[str] = mapped_column(Text, default="{}", comment="逐项退回原因（JSON：字段→原因）")
    findings: Mapped[str] = mapped_column(Text, default="[]", comment="当时的核查结果（JSON）")
    rule_version: Mapped[str] = mapped_column(String(20), default="", comment="规则版本")
    declaration_version: Mapped[int] = mapped_column(Integer, comment="申报版本")
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, **described("时间", _l("Time")))


class Revision(Model):
    """What was declared at each submission, kept so that a reviewer sees what changed since."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("declaration_id", "number"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), comment="申报")
    number: Mapped[int] = mapped_column(Integer, comment="第几次上报")
    content: Mapped[str] = mapped_column(EncryptedText, deferred=True, comment="上报内容（JSON，加密）")
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, comment="上报时间")


class PerformedCall(Model):
    """The answer that an idempotency key got, so that the same key gets it again."""

    __tablename__ = "performed_call"

    key: Mapped[str] = mapped_column(String(64), primary_key=True, comment="幂等键")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), comment="操作人")
    answer: Mapped[str] = mapped_column(Text, comment="结果（JSON）")
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, comment="时间")
