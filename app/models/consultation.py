"""Consultations: what an enterprise asks its authority, and what is answered (企业问题咨询, manual 3.2.2)."""

from datetime import datetime
from enum import StrEnum

from flask_appbuilder import Model
from flask_babel import lazy_gettext as _l
from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions.clock import now
from app.extensions.columns import UtcDateTime, described
from app.models.enterprise import Enterprise


class ConsultationStatus(StrEnum):
    """Whether somebody still owes an answer."""

    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"


class Consultation(Model):
    """One question of one enterprise. Its city answers it or forwards it to the province."""

    __tablename__ = "consultation"
    __table_args__ = (
        Index("ix_consultation_enterprise", "enterprise_id", "id"),
        Index("ix_consultation_region", "region_code", "status", "id"),
        Index("ix_consultation_status", "status", "id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), comment="咨询企业")
    region_code: Mapped[str] = mapped_column(
        ForeignKey("region.code"), **described("主管部门", _l("Competent authority"), region=True)
    )
    subject: Mapped[str] = mapped_column(String(100), **described("咨询主题", _l("Topic"), required=True))
    question: Mapped[str] = mapped_column(Text, **described("咨询内容", _l("Question"), required=True))
    status: Mapped[str] = mapped_column(
        String(12), default=ConsultationStatus.WAITING, **described("咨询状态", _l("State"))
    )
    with_province: Mapped[bool] = mapped_column(
        Boolean, default=False, **described("已转省级", _l("Forwarded to the province"))
    )
    version: Mapped[int] = mapped_column(Integer, default=1, comment="版本，防止互相覆盖")
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), comment="提问人")
    asked_at: Mapped[datetime] = mapped_column(
        UtcDateTime, default=now, **described("咨询时间", _l("Asked at"))
    )
    changed_at: Mapped[datetime] = mapped_column(
        UtcDateTime, default=now, **described("更新时间", _l("Changed at"))
    )

    enterprise: Mapped[Enterprise] = relationship(viewonly=True)
    replies: Mapped[list["ConsultationReply"]] = relationship(order_by="ConsultationReply.id")

    __mapper_args__ = {"version_id_col": version}


class ConsultationReply(Model):
    """What was said after the question, by whichever side; never changed and never deleted."""

    __tablename__ = "consultation_reply"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True, comment="咨询")
    text: Mapped[str] = mapped_column(Text, **described("回复内容", _l("Reply")))
    role: Mapped[str] = mapped_column(String(30), **described("角色", _l("Role")))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), comment="回复人")
    author_name: Mapped[str] = mapped_column(String(100), **described("回复人", _l("Replied by")))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, **described("回复时间", _l("Replied at")))
