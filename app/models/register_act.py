"""Acts of the authority on the register that nobody has applied for: 撤销, 吊销, and the correction of a wrong row."""

from datetime import date, datetime
from enum import StrEnum

from flask_appbuilder import Model
from flask_babel import lazy_gettext as _l
from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions.clock import now
from app.extensions.columns import UtcDateTime, described
from app.models.registration import Registration


class ActKind(StrEnum):
    """What is done to a registration without a declaration."""

    ANNUL = "annul"
    REVOKE = "revoke"
    CORRECT = "correct"


class ActStage(StrEnum):
    """One officer proposes, another one decides; who proposed may take it back until then."""

    PROPOSED = "proposed"
    DONE = "done"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


_PROPOSED = text("stage = 'proposed'")


class RegisterAct(Model):
    """One act with its ground and its evidence; never changed after the decision, never deleted."""

    __tablename__ = "register_act"
    __table_args__ = (
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="two_persons"),
        CheckConstraint(
            "stage NOT IN ('done', 'declined') OR decided_by_id IS NOT NULL", name="decided_when"
        ),
        Index(
            "uq_register_act_open",
            "registration_id",
            unique=True,
            sqlite_where=_PROPOSED,
            postgresql_where=_PROPOSED,
        ),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    version: Mapped[int] = mapped_column(Integer, default=1, comment="版本，防止互相覆盖")
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True, comment="注册")
    registration_number: Mapped[str] = mapped_column(
        String(17), **described("注册编号", _l("Registration number"), required=True)
    )
    name: Mapped[str] = mapped_column(String(60), default="", **described("姓名", _l("Name")))
    kind: Mapped[str] = mapped_column(
        String(12), **described("事项", _l("Act"), dictionary="register_act", required=True)
    )
    reason: Mapped[str] = mapped_column(
        Text, **described("事实和理由", _l("Facts and reasons"), required=True)
    )
    document_number: Mapped[str] = mapped_column(
        String(100), **described("决定书文号", _l("Number of the written decision"), required=True)
    )
    stage: Mapped[str] = mapped_column(
        String(12),
        default=ActStage.PROPOSED,
        **described("状态", _l("State"), dictionary="register_act_stage"),
    )
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), comment="提出人")
    proposed_at: Mapped[datetime] = mapped_column(
        UtcDateTime, default=now, **described("提出时间", _l("Proposed at"))
    )
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), comment="决定人")
    decided_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, **described("决定时间", _l("Decided at"))
    )
    decided_because: Mapped[str | None] = mapped_column(
        String(500), **described("决定意见", _l("Words of the decision"))
    )
    right_name: Mapped[str | None] = mapped_column(String(60), **described("更正后姓名", _l("Right name")))
    right_gender: Mapped[str | None] = mapped_column(
        String(2), **described("更正后性别", _l("Right gender"), dictionary="gender")
    )
    right_birth_date: Mapped[date | None] = mapped_column(
        Date, **described("更正后出生日期", _l("Right date of birth"))
    )
    right_enterprise_code: Mapped[str | None] = mapped_column(
        String(18), **described("更正后聘用企业的统一社会信用代码", _l("Credit code of the right employer"))
    )
    right_registered_on: Mapped[date | None] = mapped_column(
        Date, **described("更正后首次注册日期", _l("Right day of the first registration"))
    )
    right_paper_number: Mapped[str | None] = mapped_column(
        String(20), **described("更正后纸质证书编号", _l("Right number of the paper certificate"))
    )
    right_specialty: Mapped[str | None] = mapped_column(
        String(12), **described("更正的专业", _l("Specialty to correct"), dictionary="specialty")
    )
    right_begins_on: Mapped[date | None] = mapped_column(
        Date, **described("更正后有效期起", _l("Right first day"))
    )
    right_ends_on: Mapped[date | None] = mapped_column(
        Date, **described("更正后有效期止", _l("Right last day"))
    )
    right_without: Mapped[str | None] = mapped_column(
        String(12), **described("误登记的专业", _l("Specialty entered by mistake"), dictionary="specialty")
    )
    right_cancelled_on: Mapped[date | None] = mapped_column(
        Date, **described("更正后注销日期", _l("Right day of the cancellation"))
    )
    right_standing: Mapped[bool] = mapped_column(
        Boolean,
        default=False,
        server_default=false(),
        **described("恢复有效", _l("It should not have ended and stands again")),
    )

    registration: Mapped[Registration] = relationship(viewonly=True)

    __mapper_args__ = {"version_id_col": version}
