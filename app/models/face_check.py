"""Face checks: each attempt to prove by face who one is, and what the verification service answered (人脸核验)."""

from datetime import datetime
from enum import StrEnum

from flask_appbuilder import Model
from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions.clock import now
from app.extensions.columns import EncryptedText, UtcDateTime

FACE_CAPTURE = "face_capture"
"""The kind of attachment that holds the picture which the check took by itself (人脸识别自动采集图像)."""


class FaceCheckStage(StrEnum):
    """How far a check has come. Only an open one is asked about, and each ends once."""

    OPEN = "open"
    PASSED = "passed"
    FAILED = "failed"
    EXPIRED = "expired"
    UNUSED = "unused"
    """Passed, and of no use: what had been checked was changed meanwhile, or an officer had decided."""
    REPLACED = "replaced"
    """The person began another one."""
    WITHDRAWN = "withdrawn"
    """The person withdrew the consent."""


class FaceCheck(Model):
    """One attempt. Of the face itself it keeps a salted digest; the picture is an attachment that is soon deleted."""

    __tablename__ = "face_check"
    __table_args__ = (
        Index(
            "uq_face_check_open",
            "person_id",
            unique=True,
            sqlite_where=text("stage = 'open'"),
            postgresql_where=text("stage = 'open'"),
        ),
        Index("ix_face_check_person", "person_id", "id"),
        Index("ix_face_check_frame", "frame_deleted_at", "answered_at"),
        CheckConstraint("(stage = 'open') = (answered_at IS NULL)", name="answered_when"),
        CheckConstraint("stage <> 'passed' OR frame_digest IS NOT NULL", name="passed_with_frame"),
        CheckConstraint("stage <> 'failed' OR reason IS NOT NULL", name="failed_why"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), comment="个人")
    stage: Mapped[str] = mapped_column(
        String(12),
        default=FaceCheckStage.OPEN,
        comment="阶段：进行中、通过、未通过、逾期、未采用、已重新发起、已撤回同意",
    )
    nonce: Mapped[str] = mapped_column(String(32), comment="本次核验的随机数，答复须原样带回")
    receipt: Mapped[str] = mapped_column(String(64), unique=True, comment="核验服务的回执号")
    address: Mapped[str | None] = mapped_column(
        EncryptedText, comment="本人刷脸的网址（加密）；核验结束即清除"
    )
    subject_mark: Mapped[str] = mapped_column(
        String(40), comment="发起时身份信息与五张照片的带密钥摘要；有变动则结果不予采用"
    )
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, comment="发起时间")
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="有效期至")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="本平台得知结果的时间")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="核验服务作出结果的时间")
    reason: Mapped[str | None] = mapped_column(String(40), comment="未通过的原因代码")
    frame_salt: Mapped[str | None] = mapped_column(String(32), comment="采集图像摘要所用的盐")
    frame_digest: Mapped[str | None] = mapped_column(String(64), comment="采集图像的加盐摘要（SHA-256）")
    frame_attachment_id: Mapped[int | None] = mapped_column(
        Integer, comment="采集图像的附件序号；附件到期删除，故不设外键"
    )
    frame_deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="采集图像的删除时间")
