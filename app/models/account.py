"""Accounts: who can log in, on whose behalf, and for which region."""

import secrets
from datetime import datetime

from flask_appbuilder.security.sqla.models import User
from flask_babel import lazy_gettext as _l
from sqlalchemy import Boolean, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions.columns import EncryptedText, UtcDateTime, described


def opaque_username() -> str:
    """A user name that tells nothing: people log in by ID number or account name, never by this."""
    return secrets.token_hex(16)


class Account(User):
    """One login. An enterprise's account acts for it; a person's account is that person; an officer's has a region."""

    __tablename__ = "ab_user"

    login_name: Mapped[str | None] = mapped_column(
        String(40), unique=True, **described("账号名", _l("Account name"))
    )
    display_name: Mapped[str] = mapped_column(
        String(100), default="", **described("姓名（显示）", _l("Name"), required=True)
    )
    enterprise_id: Mapped[int | None] = mapped_column(
        ForeignKey("enterprise.id"), index=True, **described("所属企业", _l("Enterprise"))
    )
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id"), unique=True, **described("本人", _l("Own person"))
    )
    region_code: Mapped[str | None] = mapped_column(
        ForeignKey("region.code"), **described("所辖市州", _l("City"), region=True)
    )
    credential_version: Mapped[int] = mapped_column(
        Integer, default=1, comment="凭据版本：修改密码或停用时加一，使所有会话失效"
    )
    must_change_password: Mapped[bool] = mapped_column(
        Boolean, default=False, **described("下次登录须改密码", _l("Must change the password"))
    )
    second_factor: Mapped[str | None] = mapped_column(
        EncryptedText, deferred=True, comment="动态口令密钥（加密）"
    )
    second_factor_step: Mapped[int | None] = mapped_column(
        Integer, comment="最后使用的动态口令时间步，防重放"
    )
    password_changed_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, **described("密码修改时间", _l("Password changed at"))
    )
    language: Mapped[str | None] = mapped_column(String(2), **described("界面语言", _l("Language")))

    def get_full_name(self) -> str:
        return self.display_name

    def __repr__(self) -> str:
        return self.display_name
