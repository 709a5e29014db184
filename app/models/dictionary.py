"""Dictionaries: the closed lists of values that the law and the national standards fix."""

from flask_appbuilder import Model
from flask_babel import lazy_gettext as _l
from sqlalchemy import Boolean, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions.columns import described


class DictionaryEntry(Model):
    """One value of one dictionary; an entry that went out of use is switched off, never deleted."""

    __tablename__ = "dictionary_entry"
    __table_args__ = (UniqueConstraint("dictionary", "code"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    dictionary: Mapped[str] = mapped_column(String(40), **described("字典", _l("Dictionary"), required=True))
    code: Mapped[str] = mapped_column(String(40), **described("代码", _l("Code"), required=True))
    label_zh: Mapped[str] = mapped_column(
        String(100), **described("中文名称", _l("Chinese name"), required=True)
    )
    label_en: Mapped[str] = mapped_column(
        String(120), **described("英文名称", _l("English name"), required=True)
    )
    short_zh: Mapped[str | None] = mapped_column(String(20), **described("简称", _l("Short name")))
    position: Mapped[int] = mapped_column(Integer, default=0, **described("排序", _l("Position")))
    active: Mapped[bool] = mapped_column(Boolean, default=True, **described("启用", _l("In use")))
    source: Mapped[str | None] = mapped_column(String(200), **described("来源", _l("Source")))

    def __str__(self) -> str:
        return self.label_zh
