"""Locks of the register: what the province holds up, from when to when, why, and who let it go on again."""

from datetime import date

from flask_appbuilder import Model
from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ColumnElement, Date, ForeignKey, Integer, String, and_, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions.columns import described
from app.models.person import Person
from app.models.registration import Registration


class RegistrationLock(Model):
    """锁定 of one registration, or without one of everything about the person; ended, never changed or deleted."""

    __tablename__ = "registration_lock"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= locked_on", name="ends_after_it_begins"),
        CheckConstraint("unlocked_on IS NULL OR unlock_reason IS NOT NULL", name="unlocked_why"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True, comment="被锁定人员")
    registration_id: Mapped[int | None] = mapped_column(
        ForeignKey("registration.id"), index=True, comment="被锁定注册；空为该人员的全部事项"
    )
    reason: Mapped[str] = mapped_column(String(500), **described("锁定原因", _l("Reason"), required=True))
    locked_on: Mapped[date] = mapped_column(
        Date, **described("锁定起始日期", _l("Locked from"), required=True)
    )
    until: Mapped[date | None] = mapped_column(Date, **described("锁定至", _l("Locked until")))
    unlocked_on: Mapped[date | None] = mapped_column(Date, **described("解锁日期", _l("Unlocked on")))
    unlock_reason: Mapped[str | None] = mapped_column(
        String(500), **described("解锁原因", _l("Reason of the unlocking"))
    )
    locked_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), comment="锁定人")
    unlocked_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), comment="解锁人")

    person: Mapped[Person] = relationship(viewonly=True)
    registration: Mapped[Registration | None] = relationship(viewonly=True)

    @classmethod
    def holds_on(cls, day: date) -> ColumnElement[bool]:
        """The condition under which a lock holds up the steps of that day; its last day belongs to it."""
        return and_(
            cls.locked_on <= day,
            or_(cls.unlocked_on.is_(None), cls.unlocked_on > day),
            or_(cls.until.is_(None), cls.until >= day),
        )
