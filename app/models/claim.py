"""Claims: which officer has a case open, so that two do not work on it without knowing."""

from datetime import datetime

from flask_appbuilder import Model
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions.clock import now
from app.extensions.columns import UtcDateTime


class Claim(Model):
    """One case in one officer's hands until `until`; it may be taken over, and it binds no decision."""

    __tablename__ = "claim"

    declaration_id: Mapped[int] = mapped_column(
        ForeignKey("declaration.id", ondelete="CASCADE"), primary_key=True, comment="申报"
    )
    account_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), index=True, comment="办理人")
    since: Mapped[datetime] = mapped_column(UtcDateTime, default=now, comment="认领时间")
    until: Mapped[datetime] = mapped_column(UtcDateTime, comment="到期自动释放")
