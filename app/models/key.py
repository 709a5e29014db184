"""Data keys, wrapped by a master key that is kept outside the database."""

from datetime import datetime

from flask_appbuilder import Model
from sqlalchemy import Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions.clock import now
from app.extensions.columns import UtcDateTime


class DataKey(Model):
    """One wrapped key: `field` keys encrypt personal data and files, the `index` key makes blind indexes."""

    __tablename__ = "data_key"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="密钥编号")
    purpose: Mapped[str] = mapped_column(String(10), comment="用途")
    wrapped: Mapped[bytes] = mapped_column(LargeBinary, comment="被主密钥加密的数据密钥")
    wrapped_by: Mapped[str] = mapped_column(String(20), comment="主密钥名称")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, comment="生成时间")
