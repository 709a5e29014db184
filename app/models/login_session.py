"""Sessions that live on the server, and the counters that slow down guessing."""

from datetime import datetime

from flask_appbuilder import Model
from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions.clock import now
from app.extensions.columns import UtcDateTime, described


class LoginSession(Model):
    """One browser. Only the hash of its token is kept; a row that was ended or has expired opens nothing."""

    __tablename__ = "login_session"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, comment="会话令牌的哈希")
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="账号；空为未登录"
    )
    credential_version: Mapped[int | None] = mapped_column(Integer, comment="登录时的凭据版本")
    role_names: Mapped[str] = mapped_column(String(200), default="", comment="登录时的角色：角色变动即失效")
    stage: Mapped[str] = mapped_column(
        String(10), default="open", comment="登录阶段：open 以外不能打开任何业务页面"
    )
    content: Mapped[str] = mapped_column(Text, default="{}", comment="会话内容（JSON，不含个人信息）")
    created_at: Mapped[datetime] = mapped_column(
        UtcDateTime, default=now, **described("登录时间", _l("Logged in at"))
    )
    seen_at: Mapped[datetime] = mapped_column(
        UtcDateTime, default=now, **described("最近活动", _l("Last seen"))
    )
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True, comment="最迟失效时间")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="退出时间")
    address: Mapped[str | None] = mapped_column(String(45), **described("IP 地址", _l("IP address")))
    agent: Mapped[str | None] = mapped_column(String(200), **described("浏览器", _l("Browser")))


class AttemptCount(Model):
    """How often something was tried in a window of time; shared by all processes because it is a row."""

    __tablename__ = "attempt_count"

    subject: Mapped[str] = mapped_column(String(80), primary_key=True, comment="对象（哈希）")
    window: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True, comment="时间窗起点")
    count: Mapped[int] = mapped_column(Integer, default=0, comment="次数")
