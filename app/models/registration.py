"""The register: who is registered for which specialties, until when, and at which enterprise."""

from datetime import date, datetime
from enum import StrEnum

from flask_appbuilder import Model
from flask_babel import lazy_gettext as _l
from sqlalchemy import (
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
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions.clock import now
from app.extensions.columns import UtcDateTime, described
from app.extensions.search import gram_index
from app.models.personal import HasIdNumber


class RegistrationStatus(StrEnum):
    """证书状态: 有效, 注销, 撤销 or 吊销. That a term has run out is read from the dates of the specialties."""

    VALID = "valid"
    CANCELLED = "cancelled"
    ANNULLED = "annulled"
    REVOKED = "revoked"


class Registration(HasIdNumber, Model):
    """One person in the register of one kind. The number is kept for life (notes: 5.3)."""

    __tablename__ = "registration"
    __table_args__ = (
        Index(
            "uq_registration_live",
            "person_id",
            "kind",
            unique=True,
            sqlite_where=text("status = 'valid'"),
            postgresql_where=text("status = 'valid'"),
        ),
        Index("ix_registration_enterprise", "enterprise_id", "status", "id"),
        gram_index("registration", "name"),
        CheckConstraint("seal_check_code BETWEEN 0 AND 99", name="seal_check_code"),
        CheckConstraint("status <> 'valid' OR enterprise_id IS NOT NULL", name="employed_when"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True, comment="注册人员")
    kind: Mapped[str] = mapped_column(
        String(12), **described("注册类型", _l("Registration kind"), dictionary="registration_kind")
    )
    number: Mapped[str] = mapped_column(
        String(17), unique=True, **described("注册编号", _l("Registration number"))
    )
    status: Mapped[str] = mapped_column(
        String(12),
        default=RegistrationStatus.VALID,
        **described("证书状态", _l("Certificate status"), dictionary="registration_status"),
    )
    name: Mapped[str] = mapped_column(String(60), index=True, **described("姓名", _l("Name")))
    gender: Mapped[str | None] = mapped_column(
        String(2), **described("性别", _l("Gender"), dictionary="gender")
    )
    birth_date: Mapped[date] = mapped_column(Date, **described("出生日期", _l("Date of birth")))
    enterprise_id: Mapped[int | None] = mapped_column(
        ForeignKey("enterprise.id"), comment="聘用企业；空为平台上没有的企业，只有名称"
    )
    enterprise_name: Mapped[str] = mapped_column(String(200), **described("聘用企业", _l("Employer")))
    region_code: Mapped[str] = mapped_column(
        ForeignKey("region.code"), index=True, **described("主管部门", _l("Competent authority"), region=True)
    )
    employed_since: Mapped[date | None] = mapped_column(
        Date, **described("现聘用企业登记日期", _l("With this employer since"))
    )
    paper_number: Mapped[str | None] = mapped_column(
        String(20), index=True, **described("纸质证书编号", _l("Number of the paper certificate"))
    )
    seal_check_code: Mapped[int] = mapped_column(
        Integer, default=0, **described("执业印章校验码", _l("Seal check code"))
    )
    registered_on: Mapped[date] = mapped_column(Date, **described("首次注册日期", _l("First registered on")))
    ends_on: Mapped[date] = mapped_column(Date, index=True, **described("有效期至", _l("Valid until")))
    cancelled_on: Mapped[date | None] = mapped_column(Date, **described("注销日期", _l("Cancelled on")))
    cancelled_reason: Mapped[str | None] = mapped_column(
        String(200), **described("注销原因", _l("Reason of cancellation"), dictionary="cancellation_reason")
    )
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, comment="修改时间")

    specialties: Mapped[list["RegisteredSpecialty"]] = relationship(
        back_populates="registration", order_by="RegisteredSpecialty.id"
    )
    certificates: Mapped[list["Certificate"]] = relationship(
        back_populates="registration", order_by="Certificate.version"
    )

    @property
    def held(self) -> list["RegisteredSpecialty"]:
        """The specialties that stand; of a registration that has ended, those with which it ended."""
        last = None
        if self.status != RegistrationStatus.VALID:
            last = max((one.removed_on for one in self.specialties if one.removed_on), default=None)
        return [one for one in self.specialties if one.removed_on == last]


class RegisteredSpecialty(Model):
    """One specialty of a registration, with its own term; a row that ended stays as history."""

    __tablename__ = "registered_specialty"
    __table_args__ = (CheckConstraint("ends_on >= begins_on", name="term_order"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True, comment="注册")
    specialty: Mapped[str] = mapped_column(
        String(12), **described("注册专业", _l("Specialty"), dictionary="specialty")
    )
    begins_on: Mapped[date] = mapped_column(Date, **described("有效期起", _l("Begins on")))
    ends_on: Mapped[date] = mapped_column(Date, index=True, **described("有效期止", _l("Ends on")))
    qualification_id: Mapped[int | None] = mapped_column(ForeignKey("qualification.id"), comment="资格证")
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("declaration.id"), comment="据以登记的申报")
    removed_on: Mapped[date | None] = mapped_column(Date, comment="移出日期；空为在册")

    registration: Mapped[Registration] = relationship(back_populates="specialties")


class RegistrationEvent(Model):
    """One change of the register and what it rests on; the history that is only ever added to."""

    __tablename__ = "registration_event"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True, comment="注册")
    declaration_id: Mapped[int | None] = mapped_column(ForeignKey("declaration.id"), comment="据以变动的申报")
    act_id: Mapped[int | None] = mapped_column(ForeignKey("register_act.id"), comment="据以变动的依职权行为")
    import_id: Mapped[int | None] = mapped_column(
        ForeignKey("workbook_import.id"), comment="据以登记的历史数据导入"
    )
    enterprise_id: Mapped[int | None] = mapped_column(
        ForeignKey("enterprise.id"), index=True, comment="变动后的聘用企业；空为平台上没有的企业"
    )
    enterprise_change_id: Mapped[int | None] = mapped_column(
        ForeignKey("enterprise_change.id"), index=True, comment="据以变动的企业信息变更"
    )
    action: Mapped[str] = mapped_column(String(24), comment="事项")
    content: Mapped[str] = mapped_column(Text, comment="变动后的登记内容（JSON，不含证件号码）")
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, comment="时间")


class CertificateStatus(StrEnum):
    """Whether a certificate is being made, is the one in force, or was replaced or cancelled."""

    ISSUING = "issuing"
    CURRENT = "current"
    REPLACED = "replaced"
    CANCELLED = "cancelled"


class Ending(StrEnum):
    """Why a version of a certificate does not count any more."""

    ADDITION = "addition"
    RENEWAL = "renewal"
    LOSS = "loss"
    DAMAGE = "damage"
    TRANSFER = "transfer"
    IDENTITY = "identity"
    CORRECTION = "correction"
    CANCELLATION = "cancellation"
    ANNULMENT = "annulment"
    REVOCATION = "revocation"
    PARTIAL_CANCELLATION = "partial_cancellation"
    REGISTRATION = "registration"
    EXPIRY = "expiry"
    PARTIAL_EXPIRY = "partial_expiry"
    AGE = "age"
    EMPLOYER = "employer"
    """What stands on it of the employer was changed, and the employer is the same."""


class Certificate(Model):
    """One version of an electronic certificate. Its file is made once, signed, stored, and never made again."""

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("registration_id", "version"),
        CheckConstraint("status = 'issuing' OR file_id IS NOT NULL", name="issued_when"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), comment="注册")
    declaration_id: Mapped[int | None] = mapped_column(
        ForeignKey("declaration.id"), unique=True, comment="据以发证的申报"
    )
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), comment="发证时的聘用企业")
    number: Mapped[str] = mapped_column(
        String(20), index=True, **described("证书编号", _l("Certificate number"))
    )
    version: Mapped[int] = mapped_column(Integer, **described("版本", _l("Version")))
    token: Mapped[str] = mapped_column(String(43), unique=True, comment="验证令牌（二维码）")
    status: Mapped[str] = mapped_column(
        String(12), default=CertificateStatus.ISSUING, **described("状态", _l("State"))
    )
    face: Mapped[str] = mapped_column(Text, comment="证书内容（JSON，不含证件号码）")
    issued_on: Mapped[date] = mapped_column(Date, **described("发证日期", _l("Issued on")))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), comment="证书文件")
    sha256: Mapped[str | None] = mapped_column(String(64), comment="证书文件哈希")
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="签章时间")
    ended_on: Mapped[date | None] = mapped_column(Date, **described("失效日期", _l("Not valid since")))
    ended_because: Mapped[str | None] = mapped_column(String(24), comment="失效原因（Ending）")

    registration: Mapped[Registration] = relationship(back_populates="certificates")
