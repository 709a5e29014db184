"""Departures: what an employer keeps of a registration that has moved to another one."""

from datetime import date, datetime

from flask_appbuilder import Model
from flask_babel import lazy_gettext as _l
from sqlalchemy import Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions.clock import now
from app.extensions.columns import UtcDateTime, described


class Departure(Model):
    """One registration as it stood when it left one employer; what becomes of it afterwards is not his to see.

    It is a copy, so that lists, filters and searches have nothing else to find. The ID number stands in it masked.
    """

    __tablename__ = "departure"
    __table_args__ = (Index("ix_departure_enterprise", "enterprise_id", "id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True, comment="注册")
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), comment="原聘用企业")
    left_on: Mapped[date] = mapped_column(Date, **described("离开日期", _l("Left on")))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, comment="离开时间；此前的变动可见")
    name: Mapped[str] = mapped_column(String(60), **described("姓名", _l("Name")))
    id_number_shown: Mapped[str | None] = mapped_column(
        String(40), **described("证件号码（掩码）", _l("ID number"))
    )
    number: Mapped[str] = mapped_column(String(17), **described("注册编号", _l("Registration number")))
    kind: Mapped[str] = mapped_column(
        String(12), **described("注册类型", _l("Registration kind"), dictionary="registration_kind")
    )
    status: Mapped[str] = mapped_column(
        String(12),
        **described(
            "离开时证书状态", _l("Certificate status when leaving"), dictionary="registration_status"
        ),
    )
    specialties: Mapped[str] = mapped_column(
        String(120), default="", **described("注册专业（代码）", _l("Specialties"))
    )
    employed_since: Mapped[date | None] = mapped_column(
        Date, **described("在原聘用企业登记日期", _l("Registered here since"))
    )
    ends_on: Mapped[date] = mapped_column(Date, **described("有效期至", _l("Valid until")))
    cancelled_on: Mapped[date | None] = mapped_column(Date, **described("注销日期", _l("Cancelled on")))
    cancelled_reason: Mapped[str | None] = mapped_column(
        String(200), **described("注销原因", _l("Reason of cancellation"), dictionary="cancellation_reason")
    )
