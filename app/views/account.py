"""What everybody may do with his own account: change the password, and see where he is logged in."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.extensions.clock import local
from app.extensions.database import begin_writing, db
from app.models import Account
from app.security.access.audit import record
from app.security.login import guessing, known_browser, passwords
from app.security.login.browser import OPEN, end_session, end_sessions, live_sessions, log_in
from app.security.login.current import current_identity
from app.security.login.guessing import TooManyAttempts
from app.views.kit.access import SIGNED_IN, Screen
from app.views.kit.requests import commit, writes_late

_REFUSED, _WAIT = 422, 429
# What a browser says of itself names its ancestors too: the first that is found is the one.
_PROGRAMS = {
    "MicroMessenger": "WeChat",
    "Edg": "Edge",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS = {
    "Windows": "Windows",
    "Android": "Android",
    "iPhone": "iOS",
    "iPad": "iOS",
    "Mac OS": "macOS",
    "Linux": "Linux",
}
_LONGEST_KEY = 10


class AccountScreen(Screen):
    """Nobody reaches another one's account here: the account is the session's, never an argument."""

    route_base = "/account"
    default_view = "password"
    title = _l("My account")
    roles = dict.fromkeys(("password", "sessions", "end", "end_others"), SIGNED_IN)

    @expose("/password", methods=("GET", "POST"))
    @writes_late
    def password(self) -> str | Response | tuple[str, int]:
        """修改密码: the old one is asked for, and the account's other sessions end."""
        account = self._account()
        if request.method == "GET":
            return self._form(account)
        browser = known_browser.known_as(known_browser.sent_with(request), account.id)
        one = guessing.Try(guessing.whom(account.id), request.remote_addr, browser)
        try:
            guessing.admit(db.session(), one)
        except TooManyAttempts:
            return self._form(account, [guessing.TOO_MANY]), _WAIT
        typed = request.form.get("new_password", "")
        findings = passwords.faults_of_change(db.session(), account, typed, request.form.get("repeated", ""))
        right = passwords.matches(account.password, request.form.get("old_password", ""))
        if not right:
            findings.insert(0, _("The old password is not correct."))
        stored = passwords.hashed(typed) if not findings else ""
        begin_writing(db.session)
        if right:
            guessing.succeeded(db.session(), one)
        outcome = "failed" if findings else "done"
        record(db.session(), self.actor, "change_password", "account", account.id, outcome=outcome)
        if findings:
            commit()
            return self._form(account, findings), _REFUSED
        passwords.change(account, stored)
        db.session.flush()
        log_in(db.session(), account, OPEN, request)
        commit()
        flash(_("The password was changed. You have been logged out everywhere else."), "success")
        return redirect(url_for("AccountScreen.sessions"))

    @expose("/sessions")
    def sessions(self) -> str:
        identity = current_identity()
        found = db.session.scalars(live_sessions(self.actor.account_id or 0)).all()
        here = identity.session_id if identity else None
        return self.page("login/sessions.html", local=local, program=_program, sessions=found, here=here)

    @expose("/sessions/<key>/end", methods=("POST",))
    def end(self, key: str) -> Response:
        known = key.isdecimal() and len(key) < _LONGEST_KEY
        if not known or not end_session(db.session(), self.actor.account_id or 0, int(key)):
            raise NotFound
        record(db.session(), self.actor, "end_session", "login_session", key)
        commit()
        flash(_("That browser was logged out."), "success")
        return redirect(url_for("AccountScreen.sessions"))

    @expose("/sessions/end-others", methods=("POST",))
    def end_others(self) -> Response:
        identity = current_identity()
        ended = end_sessions(
            db.session(), self.actor.account_id or 0, but=identity.session_id if identity else None
        )
        record(db.session(), self.actor, "end_session", "account", self.actor.account_id, ended=ended)
        commit()
        flash(_("You have been logged out everywhere else."), "success")
        return redirect(url_for("AccountScreen.sessions"))

    def _form(self, account: Account, findings: Sequence[Any] = ()) -> str:
        return self.page("login/password.html", findings=findings, advice=passwords.advice(account))

    def _account(self) -> Account:
        account: Account = db.session.get(Account, self.actor.account_id)
        return account


def _program(agent: str | None) -> str:
    """`Chrome on Windows`: what tells one's own browsers apart."""
    told = agent or ""
    program = next((name for mark, name in _PROGRAMS.items() if mark in told), _("unknown"))
    system = next((name for mark, name in _SYSTEMS.items() if mark in told), _("unknown"))
    return str(_("%(program)s on %(system)s", program=program, system=system))


SCREENS = (AccountScreen,)
