"""Notices: what the platform tells an account about its own cases."""

from datetime import datetime

from flask_appbuilder import Model
from flask_babel import lazy_gettext as _l
from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions.clock import now
from app.extensions.columns import UtcDateTime, described


class Notice(Model):
    """One message to one enterprise or one person; the words come from `kind` and `parameters` when shown.

    What is sent for a day to come has a `key`, so that it is sent once.
    """

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint(
            "(unread AND read_at IS NULL) OR (NOT unread AND read_at IS NOT NULL)", name="read_when"
        ),
        CheckConstraint(
            "(enterprise_id IS NULL AND person_id IS NOT NULL) OR (enterprise_id IS NOT NULL AND person_id IS NULL)",
            name="one_reader",
        ),
        # What is unread is counted at every page of an account, and stands first in its list.
        Index("ix_notice_enterprise", "enterprise_id", "unread", "id"),
        Index("ix_notice_person", "person_id", "unread", "id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    enterprise_id: Mapped[int | None] = mapped_column(ForeignKey("enterprise.id"), comment="收件企业")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), comment="收件个人")
    kind: Mapped[str] = mapped_column(String(40), **described("通知类型", _l("Kind of notice")))
    parameters: Mapped[str] = mapped_column(Text, default="{}", comment="参数（JSON，不含个人信息）")
    declaration_id: Mapped[int | None] = mapped_column(
        ForeignKey("declaration.id"), index=True, comment="所涉申报"
    )
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"), comment="所涉注册")
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultation.id"), comment="所涉咨询")
    enterprise_change_id: Mapped[int | None] = mapped_column(
        ForeignKey("enterprise_change.id"), comment="所涉企业信息变更"
    )
    key: Mapped[str | None] = mapped_column(String(80), unique=True, comment="去重键：同一提醒只发一次")
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, **described("时间", _l("Time")))
    unread: Mapped[bool] = mapped_column(Boolean, default=True, **described("未读", _l("Unread")))
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="阅读时间")


class Consent(Model):
    """What a person agreed to, in which wording, and when (个人信息保护法 第二十九条)."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    account_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), index=True, comment="账号")
    purpose: Mapped[str] = mapped_column(String(40), comment="目的")
    wording: Mapped[str] = mapped_column(String(20), comment="文本版本")
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, comment="同意时间")
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="撤回时间")
