"""Attachments: what was uploaded, checked and re-encoded, and lies encrypted on the disk."""

from datetime import datetime

from flask_appbuilder import Model
from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions.clock import now
from app.extensions.columns import UtcDateTime, described


class StoredFile(Model):
    """One encrypted file under DATA_DIR/files, with the hash of what is in it."""

    __tablename__ = "stored_file"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    sha256: Mapped[str] = mapped_column(String(64), index=True, comment="内容哈希（明文）")
    media_type: Mapped[str] = mapped_column(String(60), comment="内容类型")
    size: Mapped[int] = mapped_column(Integer, comment="明文字节数")
    path: Mapped[str] = mapped_column(String(120), unique=True, comment="在文件目录下的相对路径")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, comment="存入时间")


OWNERS = (
    "declaration_id", "person_id", "enterprise_id", "objection_id", "consultation_id", "act_id", "lock_id", "reply_id",
    "enterprise_change_id",
)  # fmt: skip
"""What a file may belong to; to exactly one of them. Who sees it is asked of that one (security/access/scope.py)."""


class Attachment(Model):
    """A file in its role: the photo of a declaration, the ID card of a person, a paper of an enterprise."""

    __tablename__ = "attachment"
    __table_args__ = (
        # Written so that both engines understand it.
        CheckConstraint(
            " + ".join(f"CASE WHEN {owner} IS NULL THEN 0 ELSE 1 END" for owner in OWNERS) + " = 1",
            name="one_owner",
        ),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    kind: Mapped[str] = mapped_column(
        String(40), **described("附件类型", _l("Kind of attachment"), dictionary="attachment_kind")
    )
    file_name: Mapped[str] = mapped_column(String(120), **described("文件名", _l("File name")))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), comment="文件")
    declaration_id: Mapped[int | None] = mapped_column(
        ForeignKey("declaration.id"), index=True, comment="申报"
    )
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True, comment="个人")
    enterprise_id: Mapped[int | None] = mapped_column(ForeignKey("enterprise.id"), index=True, comment="企业")
    objection_id: Mapped[int | None] = mapped_column(ForeignKey("objection.id"), index=True, comment="异议")
    act_id: Mapped[int | None] = mapped_column(
        ForeignKey("register_act.id"), index=True, comment="依职权行为"
    )
    lock_id: Mapped[int | None] = mapped_column(
        ForeignKey("registration_lock.id"), index=True, comment="锁定"
    )
    consultation_id: Mapped[int | None] = mapped_column(
        ForeignKey("consultation.id"), index=True, comment="咨询"
    )
    reply_id: Mapped[int | None] = mapped_column(
        ForeignKey("consultation_reply.id"), index=True, comment="咨询回复"
    )
    enterprise_change_id: Mapped[int | None] = mapped_column(
        ForeignKey("enterprise_change.id"), index=True, comment="企业信息变更"
    )
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), comment="上传人")
    uploaded_at: Mapped[datetime] = mapped_column(
        UtcDateTime, default=now, **described("上传时间", _l("Uploaded at"))
    )
