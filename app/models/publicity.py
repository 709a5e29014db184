"""公示 and 公告: the batches that the public reads, and the objections it raises."""

from datetime import date, datetime
from enum import StrEnum

from flask_appbuilder import Model
from flask_babel import lazy_gettext as _l
from sqlalchemy import Date, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions.clock import now
from app.extensions.columns import EncryptedText, UtcDateTime, described
from app.models.declaration import Declaration


class Publicity(Model):
    """A list of approved declarations that is open to objections from `opens_on` to `closes_on`, both included."""

    __tablename__ = "publicity"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    number: Mapped[str] = mapped_column(
        String(20), unique=True, **described("公示批次", _l("Publicity batch"))
    )
    type_key: Mapped[str] = mapped_column(
        String(40), **described("申报类型", _l("Declaration type"), declaration_type=True)
    )
    opens_on: Mapped[date] = mapped_column(Date, **described("公示开始", _l("Opens on")))
    closes_on: Mapped[date] = mapped_column(Date, **described("公示结束", _l("Closes on")))
    size: Mapped[int] = mapped_column(Integer, **described("人数", _l("Persons")))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), comment="公示人")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, comment="公示时间")

    def is_open(self, day: date) -> bool:
        """Whether the public may object; the first and the last day belong to the period."""
        return self.opens_on <= day <= self.closes_on

    def is_over(self, day: date) -> bool:
        """Whether its persons may be announced: a period of no days is over at once, any other with its last day."""
        return self.closes_on < day or self.closes_on == self.opens_on


class Announcement(Model):
    """A list of persons whose registration was entered in the register on `announced_on`."""

    __tablename__ = "announcement"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    number: Mapped[str] = mapped_column(
        String(20), unique=True, **described("公告批次", _l("Announcement batch"))
    )
    type_key: Mapped[str] = mapped_column(
        String(40), **described("申报类型", _l("Declaration type"), declaration_type=True)
    )
    announced_on: Mapped[date] = mapped_column(Date, **described("公告日期", _l("Announced on")))
    size: Mapped[int] = mapped_column(Integer, **described("人数", _l("Persons")))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), comment="公告人")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, comment="公告时间")


class ObjectionState(StrEnum):
    """An open objection holds up the announcement of the row it is about."""

    OPEN = "open"
    DISMISSED = "dismissed"
    UPHELD = "upheld"


class Objection(Model):
    """异议: what somebody says against one person of a publicised list."""

    __tablename__ = "objection"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    receipt: Mapped[str] = mapped_column(
        String(20), unique=True, **described("回执编号", _l("Receipt number"))
    )
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), index=True, comment="申报")
    objector: Mapped[str] = mapped_column(EncryptedText, **described("异议人", _l("Objector")))
    contact: Mapped[str] = mapped_column(EncryptedText, **described("联系方式", _l("Contact")))
    content: Mapped[str] = mapped_column(Text, **described("异议内容", _l("Content of the objection")))
    state: Mapped[str] = mapped_column(
        String(12), default=ObjectionState.OPEN, index=True, **described("处理状态", _l("State"))
    )
    reason: Mapped[str | None] = mapped_column(Text, **described("处理意见", _l("Reason")))
    raised_at: Mapped[datetime] = mapped_column(
        UtcDateTime, default=now, **described("提出时间", _l("Raised at"))
    )
    settled_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, **described("处理时间", _l("Settled at"))
    )
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), comment="处理人")

    declaration: Mapped[Declaration] = relationship(viewonly=True)
