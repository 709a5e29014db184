"""Running numbers: one row for each series, taken inside the deciding transaction."""

from flask_appbuilder import Model
from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column


class Counter(Model):
    """The last number that was given out in a series; a rolled-back transaction gives its numbers back."""

    __tablename__ = "counter"

    series: Mapped[str] = mapped_column(String(60), primary_key=True, comment="编号序列")
    value: Mapped[int] = mapped_column(Integer, default=0, comment="最后编号")
