"""Logging in again in place: the page stays as it is, and only the account that opened it goes on with it."""

from typing import Any

from flask import g, jsonify, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.extensions.database import begin_writing, db
from app.extensions.refused import Refused
from app.models import Account
from app.security.access.audit import record
from app.security.login import again, guessing, known_browser, second_factor
from app.security.login.authentication import authenticate_again, next_stage
from app.security.login.browser import OPEN, SECOND_FACTOR, log_in, log_out
from app.security.login.current import current_actor, current_identity, pending_identity
from app.security.login.guessing import TooManyAttempts
from app.views.kit.access import PUBLIC, Screen
from app.views.kit.requests import commit, writes_late
from app.views.login import WRONG_CODE

_UNPROCESSABLE, _WAIT = 422, 429
_WRONG = _l("The password is not correct.")
_OTHER = _l(
    "Another account has logged in in this browser meanwhile. Log out there first: what stands here belongs to "
    "the account that opened this page."
)
_BY_PAGE = _l("This account has a step to do first. Please log in in another tab, then come back here.")


class LoginAgainView(Screen):
    """Asked by the script of a form; the limits, the counting and the audit are those of the login."""

    route_base = "/login/again"
    default_view = "state"
    roles = dict.fromkeys(("state", "password", "code"), PUBLIC)

    @expose("/")
    def state(self) -> Response:
        """Who is in now, seen from this page, with a token for what it sends next."""
        account_id = _whose(request.args.get("who", ""))
        identity = current_identity()
        if identity is None:
            return _told("out")
        return _told("in") if identity.id == account_id else _told("other", message=_OTHER)

    @expose("/password", methods=("POST",))
    @writes_late
    def password(self) -> Response:
        account_id = _whose(request.form.get("who", ""))
        if current_identity() is not None:
            raise Refused(_OTHER)
        browser = known_browser.sent_with(request)
        typed = request.form.get("password", "")
        try:
            account = authenticate_again(db.session(), account_id, typed, current_actor(), browser)
        except TooManyAttempts as refused:
            return _told("out", _WAIT, refused.message)
        if account is None:
            return _told("out", _UNPROCESSABLE, _WRONG)
        begin_writing(db.session)
        return _go_on(account, next_stage(account))

    @expose("/code", methods=("POST",))
    def code(self) -> Response:
        account_id = _whose(request.form.get("who", ""))
        pending = pending_identity()
        if pending is None or pending.id != account_id or pending.stage != SECOND_FACTOR:
            return _told("out", _UNPROCESSABLE, _("Please type the password first."))
        try:
            guessing.admit_code(db.session(), account_id, request.remote_addr)
        except TooManyAttempts as refused:
            log_out(db.session())
            commit()
            return _told("out", _WAIT, refused.message)
        account: Account = db.session.get(Account, account_id)
        if not second_factor.accept(db.session(), account, request.form.get("code", "")):
            record(db.session(), current_actor(), "second_factor", "account", account_id, outcome="failed")
            commit()
            return _told("code", _UNPROCESSABLE, WRONG_CODE)
        guessing.code_succeeded(db.session(), account_id, request.remote_addr)
        record(db.session(), current_actor(), "second_factor", "account", account_id)
        return _go_on(account, next_stage(account, SECOND_FACTOR))


def _whose(word: str) -> int:
    """The account that opened the page; 404 for a word that no page of ours holds."""
    known = again.read(word)
    if known is None:
        raise NotFound
    return known[0]


def _go_on(account: Account, stage: str) -> Response:
    """A fresh session at the stage that was reached; what needs a page of its own is done there."""
    if stage not in {OPEN, SECOND_FACTOR}:
        log_out(db.session())
        commit()
        return _told("page", _UNPROCESSABLE, _BY_PAGE)
    account_id = account.id
    log_in(db.session(), account, stage, request)
    commit()
    answer = _told("in" if stage == OPEN else "code")
    if stage == OPEN:
        known_browser.remember(answer, request, account_id)
    return answer


def _told(state: str, status: int = 200, message: Any = "") -> Response:
    g.pop("csrf_token", None)  # a fresh session has a fresh token
    answer: Response = jsonify(
        state=state, message=str(message), csrf=generate_csrf(), login=url_for("LoginView.login")
    )
    answer.status_code = status
    return answer


SCREENS = (LoginAgainView,)
