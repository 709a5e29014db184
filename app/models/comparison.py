"""Comparisons: what other registers say of the person of a declaration, told to its reviewers (比对)."""

from datetime import date, datetime
from enum import StrEnum

from flask_appbuilder import Model
from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions.clock import now
from app.extensions.columns import EncryptedText, UtcDateTime


class ComparisonKind(StrEnum):
    """What a declaration is compared with."""

    DUPLICATE = "duplicate"
    """Our own register: the person is registered, or declared, at another enterprise."""
    PROJECTS = "projects"
    """The register of unfinished projects: the person leads one."""
    INSURANCE = "insurance"
    """Social insurance: who has insured the person in the months before."""


class ComparisonResult(StrEnum):
    """What came of it. Whatever is not known is never taken for clear."""

    CLEAR = "clear"
    FLAGGED = "flagged"
    UNKNOWN = "unknown"


class Unanswered(StrEnum):
    """Why nothing is known."""

    UNREACHABLE = "unreachable"
    WRONG_ANSWER = "wrong_answer"
    NOT_CONNECTED = "not_connected"
    NO_ID_NUMBER = "no_id_number"
    """The case itself says not whom to ask about."""


class Comparison(Model):
    """One answer. Of each kind a declaration has one row that counts; what an officer saw before stays as it was."""

    __tablename__ = "comparison"
    __table_args__ = (
        Index(
            "uq_comparison_current",
            "declaration_id",
            "kind",
            unique=True,
            sqlite_where=text("superseded_at IS NULL"),
            postgresql_where=text("superseded_at IS NULL"),
        ),
        Index("ix_comparison_declaration", "declaration_id", "id"),
        CheckConstraint("(result = 'unknown') = (unanswered IS NOT NULL)", name="unknown_why"),
        CheckConstraint("result IN ('clear', 'flagged', 'unknown')", name="result"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), comment="申报")
    kind: Mapped[str] = mapped_column(String(12), comment="比对项：重复注册、在施项目、社会保险")
    result: Mapped[str] = mapped_column(String(8), comment="比对结果：无异常、有异常、未知")
    unanswered: Mapped[str | None] = mapped_column(String(16), comment="未知的原因；仅当结果未知")
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="所比对的那次上报的时间")
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, comment="比对时间")
    as_of: Mapped[date | None] = mapped_column(Date, comment="对方数据截止日期")
    detail: Mapped[str] = mapped_column(
        EncryptedText, comment="比对所见（JSON，加密）：单位、项目、月份；不含证件号码"
    )
    tries: Mapped[int] = mapped_column(Integer, default=0, comment="连续未获答复的次数")
    asked_again_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="得到本结果后再次比对而未获答复的时间"
    )
    superseded_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="被新结果取代的时间；空为现行"
    )
