"""What somebody is typing: kept by itself, so that a closed browser loses nothing."""

from datetime import datetime

from flask_appbuilder import Model
from sqlalchemy import ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions.clock import now
from app.extensions.columns import EncryptedText, UtcDateTime


class FormDraft(Model):
    """The fields of one form of one account as they were last typed; gone when the form is stored."""

    __tablename__ = "form_draft"
    __table_args__ = (UniqueConstraint("account_id", "form"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    account_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), comment="填写人")
    form: Mapped[str] = mapped_column(String(100), comment="表单地址")
    version: Mapped[int | None] = mapped_column(Integer, comment="开始填写时的记录版本")
    content: Mapped[str] = mapped_column(EncryptedText, comment="填写内容（JSON，加密）")
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, comment="保存时间")
