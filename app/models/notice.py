"""Notices: what the platform tells an account about its own cases."""

from datetime import datetime

from flask_appbuilder import Model
from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions.clock import now
from app.extensions.columns import UtcDateTime, described


class Notice(Model):
    """One message to one enterprise or one person; the words come from `kind` and `parameters` when shown."""

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    enterprise_id: Mapped[int | None] = mapped_column(
        ForeignKey("enterprise.id"), index=True, comment="收件企业"
    )
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True, comment="收件个人")
    kind: Mapped[str] = mapped_column(String(40), **described("通知类型", _l("Kind of notice")))
    parameters: Mapped[str] = mapped_column(Text, default="{}", comment="参数（JSON，不含个人信息）")
    declaration_id: Mapped[int | None] = mapped_column(ForeignKey("declaration.id"), comment="所涉申报")
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, **described("时间", _l("Time")))
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
