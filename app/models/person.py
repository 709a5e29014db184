"""Persons: constructors and those who passed the exam, once they have proved who they are."""

from datetime import datetime
from enum import StrEnum

from flask_appbuilder import Model
from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions.columns import EncryptedText, UtcDateTime, described
from app.extensions.search import gram_index
from app.models.details import PersonDetails


class RealNameState(StrEnum):
    """How far the real-name check (实名认证) of a person has come."""

    INCOMPLETE = "incomplete"
    WAITING = "waiting"
    VERIFIED = "verified"
    REJECTED = "rejected"


class Person(PersonDetails, Model):
    """One human being, found by the ID number (manual 2.3)."""

    __tablename__ = "person"
    __table_args__ = (
        Index("uq_person_id_number_index", "id_number_index", unique=True),
        gram_index("person", "name"),
        CheckConstraint("real_name_state <> 'verified' OR verified_at IS NOT NULL", name="verified_when"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    emergency_name: Mapped[str | None] = mapped_column(
        String(60), **described("紧急联系人姓名", _l("Emergency contact"))
    )
    emergency_mobile: Mapped[str | None] = mapped_column(
        EncryptedText, deferred=True, **described("紧急联系人手机号码", _l("Emergency contact's mobile"))
    )
    real_name_state: Mapped[str] = mapped_column(
        String(12),
        default=RealNameState.INCOMPLETE,
        index=True,
        **described("实名认证状态", _l("Real-name check")),
    )
    verified_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, **described("实名认证时间", _l("Verified at"))
    )
    verified_by_id: Mapped[int | None] = mapped_column(
        Integer, comment="窗口核验人账号；不设外键，因账号表指向本表"
    )
    verified_how: Mapped[str | None] = mapped_column(String(12), **described("认证方式", _l("Verified how")))
    rejected_reason: Mapped[str | None] = mapped_column(
        String(500), **described("未通过原因", _l("Reason of rejection"))
    )
    rejected_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="窗口核验未通过的时间；此后只能由窗口核验，直至通过"
    )
    region_code: Mapped[str | None] = mapped_column(
        ForeignKey("region.code"), index=True, **described("办理市州", _l("City of the counter"), region=True)
    )
    version: Mapped[int] = mapped_column(Integer, default=1, comment="版本，防止互相覆盖")
    __mapper_args__ = {"version_id_col": version}

    def __str__(self) -> str:
        return self.name
