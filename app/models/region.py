"""Administrative regions of GB/T 2260, with the time in which each code was in force."""

from datetime import date

from flask_appbuilder import Model
from flask_babel import lazy_gettext as _l
from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions.columns import described

HUNAN = "430000"
"""The province whose platform this is."""


class Region(Model):
    """A province, a city or a county. A code that was retired stays: ID numbers keep it for life."""

    __tablename__ = "region"

    code: Mapped[str] = mapped_column(
        String(6), primary_key=True, **described("行政区划代码", _l("Region code"))
    )
    name: Mapped[str] = mapped_column(String(60), **described("名称", _l("Region name"), required=True))
    name_en: Mapped[str] = mapped_column(
        String(80), **described("英文名称", _l("English name"), required=True)
    )
    parent_code: Mapped[str | None] = mapped_column(
        ForeignKey("region.code"), index=True, **described("上级行政区划代码", _l("Superior region"))
    )
    valid_from: Mapped[date | None] = mapped_column(Date, **described("启用日期", _l("Valid from")))
    valid_to: Mapped[date | None] = mapped_column(Date, **described("停用日期", _l("Valid to")))
    account_name: Mapped[str | None] = mapped_column(
        String(40), unique=True, **described("市州拼音（账号名）", _l("Account name"))
    )

    def __str__(self) -> str:
        return self.name
