"""The audit: who did what to which row, written in the commit of the act itself, and sealed in a chain."""

from datetime import datetime

from flask_appbuilder import Model
from flask_babel import lazy_gettext as _l
from sqlalchemy import Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions.clock import now
from app.extensions.columns import UtcDateTime, described


class AuditEntry(Model):
    """One line. It holds no personal data but the name of the account that acted."""

    __tablename__ = "audit_entry"
    # The latest lines of one kind of act, and those about one row.
    __table_args__ = (
        Index("ix_audit_entry_action", "action", "id"),
        Index("ix_audit_entry_subject", "subject", "subject_id", "id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    at: Mapped[datetime] = mapped_column(
        UtcDateTime, default=now, index=True, **described("时间", _l("Time"))
    )
    actor_id: Mapped[int | None] = mapped_column(Integer, index=True, comment="操作账号；空为系统或公众")
    actor_name: Mapped[str] = mapped_column(String(100), **described("操作人", _l("Acted by")))
    role: Mapped[str] = mapped_column(String(30), default="", **described("角色", _l("Role")))
    action: Mapped[str] = mapped_column(String(40), **described("操作", _l("Action")))
    subject: Mapped[str] = mapped_column(String(40), default="", **described("对象", _l("Subject")))
    subject_id: Mapped[str] = mapped_column(
        String(40), default="", **described("对象编号", _l("Subject number"))
    )
    outcome: Mapped[str] = mapped_column(String(12), default="done", **described("结果", _l("Outcome")))
    address: Mapped[str | None] = mapped_column(String(45), **described("IP 地址", _l("IP address")))
    request_id: Mapped[str | None] = mapped_column(String(32), comment="请求编号")
    detail: Mapped[str] = mapped_column(Text, default="{}", comment="详情（JSON，不含个人信息）")


class AuditSeal(Model):
    """A link of the chain: the hash over a run of audit lines and over the seal before."""

    __tablename__ = "audit_seal"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    first_entry_id: Mapped[int] = mapped_column(Integer, comment="首行")
    last_entry_id: Mapped[int] = mapped_column(Integer, unique=True, comment="末行")
    entry_count: Mapped[int] = mapped_column(Integer, comment="行数")
    hash: Mapped[str] = mapped_column(String(64), comment="链式哈希")
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, comment="封存时间")
