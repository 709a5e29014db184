"""Exceptions to the working week: the province's own days off and make-up working days."""

from datetime import date

from flask_appbuilder import Model
from flask_babel import lazy_gettext as _l
from sqlalchemy import Boolean, Date, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions.columns import described


class Holiday(Model):
    """A day that the calendar gets wrong: it goes over both the working week and the national holidays."""

    __tablename__ = "holiday"

    day: Mapped[date] = mapped_column(Date, primary_key=True, **described("日期", _l("Day"), required=True))
    working: Mapped[bool] = mapped_column(Boolean, default=False, **described("是否上班", _l("Working day")))
    name: Mapped[str] = mapped_column(String(60), **described("名称", _l("Occasion"), required=True))
