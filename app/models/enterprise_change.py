"""企业信息变更: what an enterprise wants changed of its own registration, as it was before and as it shall be."""

from datetime import date, datetime

from flask_appbuilder import Model
from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions.clock import now
from app.extensions.columns import UtcDateTime, described
from app.models.declaration import State
from app.models.enterprise import Enterprise

CHANGED = {
    "name": "name",
    "uscc": "uscc",
    "region_code": "region_code",
    "county_code": "county_code",
    "address": "business_address",
    "representative": "legal_representative",
}
"""What may be changed: the ending of `old_…` and `new_…`, and the column of the enterprise that it is about."""

HELD = (State.SUBMITTED, State.RETURNED, State.ENDORSED)
"""The states in which a change is open: nothing that names the enterprise anew is declared meanwhile."""
FILED = (State.SUBMITTED, State.ENDORSED, State.COMPLETED, State.REFUSED)
"""What an authority sees: a change that the enterprise has in hand says nothing that was handed in."""

_ONE = text("state IN ('draft', 'submitted', 'returned', 'endorsed')")


class EnterpriseChange(Model):
    """One change of one enterprise. The city that supervises it now reviews, the province decides."""

    __tablename__ = "enterprise_change"
    __table_args__ = (
        CheckConstraint(
            "state = 'draft' OR state = 'lapsed' OR submitted_at IS NOT NULL", name="submitted_when"
        ),
        CheckConstraint(
            "state NOT IN ('completed', 'refused') OR decided_by_id IS NOT NULL", name="decided_when"
        ),
        Index(
            "uq_enterprise_change_open",
            "enterprise_id",
            unique=True,
            sqlite_where=_ONE,
            postgresql_where=_ONE,
        ),
        Index("ix_enterprise_change_enterprise", "enterprise_id", "id"),
        Index("ix_enterprise_change_region", "region_code", "state", "id"),
        Index("ix_enterprise_change_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), comment="申请企业")
    number: Mapped[str | None] = mapped_column(
        String(20), unique=True, **described("申报编号", _l("Declaration number"))
    )
    state: Mapped[str] = mapped_column(
        String(12), default=State.DRAFT, **described("状态", _l("State"), state=True)
    )
    version: Mapped[int] = mapped_column(Integer, default=1, comment="版本，防止互相覆盖")
    region_code: Mapped[str] = mapped_column(
        ForeignKey("region.code"),
        **described("审查主管部门（变更前）", _l("Competent authority"), region=True),
    )
    old_name: Mapped[str] = mapped_column(String(200), **described("变更前企业名称", _l("Name before")))
    old_uscc: Mapped[str] = mapped_column(String(18), **described("变更前信用代码", _l("Credit code before")))
    old_region_code: Mapped[str] = mapped_column(
        ForeignKey("region.code"), **described("变更前注册所在地市", _l("City before"), region=True)
    )
    old_county_code: Mapped[str | None] = mapped_column(
        ForeignKey("region.code"), **described("变更前注册所在区县", _l("County before"), region=True)
    )
    old_address: Mapped[str | None] = mapped_column(
        String(200), **described("变更前营业地址", _l("Address before"))
    )
    old_representative: Mapped[str | None] = mapped_column(
        String(60), **described("变更前法定代表人", _l("Legal representative before"))
    )
    new_name: Mapped[str] = mapped_column(
        String(200), **described("变更后企业名称", _l("New enterprise name"), required=True)
    )
    new_uscc: Mapped[str] = mapped_column(
        String(18), **described("变更后信用代码", _l("New unified social credit code"), required=True)
    )
    new_region_code: Mapped[str] = mapped_column(
        ForeignKey("region.code"), **described("变更后注册所在地市", _l("New registered city"), region=True)
    )
    new_county_code: Mapped[str | None] = mapped_column(
        ForeignKey("region.code"), **described("变更后注册所在区县", _l("New registered county"), region=True)
    )
    new_address: Mapped[str | None] = mapped_column(
        String(200), **described("变更后营业地址", _l("New business address"), required=True)
    )
    new_representative: Mapped[str | None] = mapped_column(
        String(60), **described("变更后法定代表人", _l("New legal representative"), required=True)
    )
    changed_on: Mapped[date | None] = mapped_column(
        Date, **described("市场监管部门核准变更日期", _l("Change registered on"), required=True)
    )
    reason: Mapped[str | None] = mapped_column(
        String(500), **described("变更原因", _l("Reason of the change"), required=True)
    )
    followed: Mapped[int] = mapped_column(
        Integer, default=0, **described("随同变更的注册人数", _l("Registrations that followed"))
    )
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), comment="填报人")
    created_at: Mapped[datetime] = mapped_column(
        UtcDateTime, default=now, **described("填报时间", _l("Created at"))
    )
    changed_at: Mapped[datetime] = mapped_column(
        UtcDateTime, default=now, **described("修改时间", _l("Changed at"))
    )
    submitted_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, **described("上报时间", _l("Submitted at"))
    )
    due_on: Mapped[date | None] = mapped_column(Date, **described("办理期限", _l("Due on")))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), comment="省级决定人")
    decided_on: Mapped[date | None] = mapped_column(Date, **described("决定日期", _l("Decided on")))

    enterprise: Mapped[Enterprise] = relationship(viewonly=True)
    steps: Mapped[list["EnterpriseChangeStep"]] = relationship(
        viewonly=True, order_by="EnterpriseChangeStep.id"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def renamed(self) -> bool:
        return self.new_name != self.old_name

    @property
    def moved(self) -> bool:
        """Whether another city supervises the enterprise afterwards."""
        return self.new_region_code != self.old_region_code

    @property
    def reaches_register(self) -> bool:
        """Whether the register says anything that changes: the employer's name, or the authority of its city."""
        return self.renamed or self.moved


class EnterpriseChangeStep(Model):
    """One step of a change: who did what, as which role, with which words. Never changed.

    It is deleted with a draft alone that lapsed and was never handed in.
    """

    __tablename__ = "enterprise_change_step"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    change_id: Mapped[int] = mapped_column(
        ForeignKey("enterprise_change.id"), index=True, comment="企业信息变更"
    )
    action: Mapped[str] = mapped_column(String(24), comment="操作")
    from_state: Mapped[str] = mapped_column(String(12), comment="原状态")
    to_state: Mapped[str] = mapped_column(String(12), comment="新状态")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), comment="操作人")
    actor_name: Mapped[str] = mapped_column(String(100), comment="操作人姓名")
    role: Mapped[str] = mapped_column(String(30), comment="角色")
    opinion: Mapped[str | None] = mapped_column(Text, comment="意见")
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, comment="时间")
