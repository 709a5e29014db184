"""Lists that came as workbooks: what was uploaded, what the dry run said, and what became of it."""

from datetime import datetime
from enum import StrEnum

from flask_appbuilder import Model
from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions.clock import now
from app.extensions.columns import UtcDateTime, described
from app.models.account import Account


class ImportStage(StrEnum):
    """How far an import has come."""

    CHECKED = "checked"
    LOADED = "loaded"
    DISCARDED = "discarded"


class WorkbookImport(Model):
    """One uploaded list: of which kind, what the dry run found in it, and whether its good rows were loaded.

    The workbook is full of personal data: it is kept encrypted, and only until it is loaded or discarded.
    """

    __tablename__ = "workbook_import"
    __table_args__ = (
        CheckConstraint("(stage = 'checked') = (content IS NOT NULL)", name="content_only_while_open"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    kind: Mapped[str] = mapped_column(String(24), comment="导入类型")
    enterprise_id: Mapped[int | None] = mapped_column(
        ForeignKey("enterprise.id"), index=True, comment="所属企业；空为省级"
    )
    file_name: Mapped[str] = mapped_column(String(200), **described("文件名", _l("File name")))
    content_hash: Mapped[str] = mapped_column(String(64), index=True, comment="文件哈希")
    content: Mapped[bytes | None] = mapped_column(
        LargeBinary, deferred=True, comment="上传的工作簿（加密；导入或放弃后即删除）"
    )
    stage: Mapped[str] = mapped_column(
        String(12), default=ImportStage.CHECKED, **described("进度", _l("Progress"))
    )
    row_count: Mapped[int] = mapped_column(Integer, default=0, **described("总行数", _l("Rows")))
    good_count: Mapped[int] = mapped_column(Integer, default=0, **described("可导入行数", _l("Good rows")))
    known_count: Mapped[int] = mapped_column(Integer, default=0, **described("已有行数", _l("Known already")))
    bad_count: Mapped[int] = mapped_column(
        Integer, default=0, **described("有误行数", _l("Rows with errors"))
    )
    loaded_count: Mapped[int] = mapped_column(
        Integer, default=0, **described("已导入行数", _l("Rows loaded"))
    )
    findings: Mapped[str] = mapped_column(
        Text, default='{"rows": [], "notices": []}', deferred=True, comment="逐行错误（JSON，不含个人信息）"
    )
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), comment="上传人；空为命令行")
    uploaded_at: Mapped[datetime] = mapped_column(
        UtcDateTime, default=now, **described("上传时间", _l("Uploaded at"))
    )
    loaded_at: Mapped[datetime | None] = mapped_column(UtcDateTime, **described("导入时间", _l("Loaded at")))
    discarded_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, **described("放弃时间", _l("Discarded at"))
    )

    uploaded_by: Mapped[Account | None] = relationship(foreign_keys=[uploaded_by_id])
