"""How people keep their lists: named filters, and the columns that each of them wants to see."""

from datetime import datetime

from flask_appbuilder import Model
from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions.clock import now
from app.extensions.columns import EncryptedText, UtcDateTime, described


class SavedView(Model):
    """A filter over one list under a name; `shared_role` opens it to everybody of that role."""

    __tablename__ = "saved_view"
    __table_args__ = (Index("ix_saved_view_screen", "screen", "owner_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    screen: Mapped[str] = mapped_column(String(60), comment="列表")
    name: Mapped[str] = mapped_column(
        String(40), **described("视图名称", _l("Name of the view"), required=True)
    )
    # A filter may hold a name or an ID number that was typed.
    arguments: Mapped[str] = mapped_column(EncryptedText, comment="筛选条件（查询串，加密）")
    columns: Mapped[str] = mapped_column(Text, default="[]", comment="列及其顺序（JSON）；空为默认")
    owner_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), comment="所有人")
    shared_role: Mapped[str | None] = mapped_column(String(30), **described("共享给", _l("Shared with")))
    created_at: Mapped[datetime] = mapped_column(
        UtcDateTime, default=now, **described("创建时间", _l("Created at"))
    )


class ListSetting(Model):
    """Which columns of a list one account sees, in which order, and how many rows on a page."""

    __tablename__ = "list_setting"

    account_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), primary_key=True, comment="账号")
    screen: Mapped[str] = mapped_column(String(60), primary_key=True, comment="列表")
    columns: Mapped[str] = mapped_column(Text, default="[]", comment="列及其顺序（JSON）；空为默认")
    size: Mapped[int | None] = mapped_column(Integer, comment="每页行数；空为默认")
