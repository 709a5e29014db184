"""Work that runs later: a row that is committed with the change that asks for it."""

from datetime import datetime
from enum import StrEnum

from flask_appbuilder import Model
from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions.clock import now
from app.extensions.columns import UtcDateTime, described


class JobState(StrEnum):
    """A leased job whose lease ran out counts as queued again; a planned one waits for the word of who planned it."""

    PLANNED = "planned"
    QUEUED = "queued"
    LEASED = "leased"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job(Model):
    """One piece of work. `key` makes it unique, so that asking twice makes one job."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_next", "state", "run_after", "id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    kind: Mapped[str] = mapped_column(String(40), **described("任务", _l("Kind of job")))
    key: Mapped[str] = mapped_column(String(100), unique=True, comment="幂等键")
    payload: Mapped[str] = mapped_column(Text, default="{}", comment="参数（JSON，不含个人信息）")
    state: Mapped[str] = mapped_column(String(12), default=JobState.QUEUED, **described("状态", _l("State")))
    attempts: Mapped[int] = mapped_column(Integer, default=0, **described("已试次数", _l("Attempts")))
    run_after: Mapped[datetime] = mapped_column(UtcDateTime, default=now, comment="不早于")
    leased_by: Mapped[str | None] = mapped_column(String(60), comment="执行进程")
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="租约到期")
    progress: Mapped[int] = mapped_column(Integer, default=0, **described("已完成", _l("Done so far")))
    total: Mapped[int] = mapped_column(Integer, default=0, **described("总数", _l("In all")))
    error: Mapped[str | None] = mapped_column(Text, comment="最后一次错误（不含个人信息）")
    result: Mapped[str] = mapped_column(Text, default="{}", comment="结果（JSON）")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), comment="结果文件")
    file_name: Mapped[str | None] = mapped_column(String(120), comment="结果文件名")
    keep_until: Mapped[datetime | None] = mapped_column(
        UtcDateTime, **described("下载截止", _l("File kept until"))
    )
    cancel_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="请求取消的时间")
    checkpoint: Mapped[str] = mapped_column(
        Text, default="{}", server_default="{}", comment="断点（JSON，不含个人信息）：中断后从此继续"
    )
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), index=True, comment="发起人")
    created_at: Mapped[datetime] = mapped_column(
        UtcDateTime, default=now, **described("发起时间", _l("Asked for at"))
    )
    finished_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, **described("完成时间", _l("Finished at"))
    )
