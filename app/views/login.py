"""The door: one form with three entrances, the second factor of officers, and the way out."""

from collections.abc import Sequence
from typing import Any

from flask import Response, abort, flash, redirect, request, session as kept, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from app.extensions.database import begin_writing, db
from app.models import Account
from app.security.access.audit import record
from app.security.login import guessing, known_browser, language, passwords, second_factor
from app.security.login.authentication import authenticate, next_stage
from app.security.login.browser import ENROLMENT, NEW_PASSWORD, OPEN, SECOND_FACTOR, log_in, log_out
from app.security.login.current import current_actor, current_identity, pending_identity, safe_next
from app.security.login.guessing import TooManyAttempts
from app.views.kit.access import PUBLIC, Screen
from app.views.kit.filtering import clean
from app.views.kit.requests import commit, writes_late

ENTRANCES: dict[str, tuple[Any, Any]] = {
    "individual": (_l("Individuals"), _l("ID number or mobile number")),
    "enterprise": (_l("Enterprises"), _l("Account name")),
    "authority": (_l("Authorities"), _l("Account name")),
}
_PAGES = {SECOND_FACTOR: "second_factor", ENROLMENT: "enrolment", NEW_PASSWORD: "new_password"}
_REFUSED, _WAIT = 422, 429
_WRONG = _l(
    "The name or the password is not correct. An account with very many failures stays locked for a day, or until "
    "an administrator gives a new password."
)
WRONG_CODE = _l("The code is not correct or was used already. Please wait for the next one.")

Page = str | Answer | tuple[str, int] | tuple[str, int, dict[str, str]]


class LoginView(Screen):
    """Every page here is open to visitors; what somebody has proved so far stands in his session's stage."""

    route_base = ""
    default_view = "login"
    roles = dict.fromkeys(
        ("login", "second_factor", "enrolment", "enrolment_picture", "new_password", "logout", "language"),
        PUBLIC,
    )

    def create_blueprint(self, appbuilder: Any, *args: Any, **kwargs: Any) -> Any:
        appbuilder.sm.auth_view = self
        return super().create_blueprint(appbuilder, *args, **kwargs)

    @expose("/login", methods=("GET", "POST"))
    @writes_late
    def login(self) -> Page:
        if request.method == "GET":
            identity = current_identity()
            return redirect(safe_next(request.args.get("next"))) if identity else self._form()
        name, password = clean(request.form.get("username", "")), request.form.get("password", "")
        try:
            account = authenticate(
                db.session(), name, password, current_actor(), known_browser.sent_with(request)
            )
        except TooManyAttempts:
            return self._form(guessing.TOO_MANY), _WAIT, {"Retry-After": str(guessing.WINDOW.seconds)}
        if account is None:
            return self._form(_WRONG), _REFUSED
        begin_writing(db.session)
        return self._go_on(account, next_stage(account), safe_next(request.form.get("next")))

    @expose("/login/second-factor", methods=("GET", "POST"))
    def second_factor(self) -> Page:
        account = self._pending(SECOND_FACTOR)
        if request.method == "GET":
            return self.page("login/second_factor.html", finding=None)
        if stopped := self._stopped(account):
            return self._start_again(stopped)
        if not second_factor.accept(db.session(), account, request.form.get("code", "")):
            return self._failed(account, "login/second_factor.html")
        return self._passed(account, SECOND_FACTOR)

    @expose("/login/enrolment", methods=("GET", "POST"))
    def enrolment(self) -> Page:
        """An officer's first login: the authenticator is set up before anything else is open."""
        account = self._pending(ENROLMENT)
        if "proposed_factor" not in kept:
            kept["proposed_factor"] = second_factor.enclosed(second_factor.new_secret())
        secret = second_factor.opened(kept["proposed_factor"])
        if request.method == "GET":
            return self.page("login/enrolment.html", secret=secret, finding=None)
        if stopped := self._stopped(account):
            return self._start_again(stopped)
        if not second_factor.enrol(db.session(), account, secret, request.form.get("code", "")):
            return self._failed(account, "login/enrolment.html", secret=secret)
        record(db.session(), current_actor(), "enrol_second_factor", "account", account.id)
        return self._passed(account, ENROLMENT)

    @expose("/login/enrolment.svg")
    def enrolment_picture(self) -> Answer:
        account = self._pending(ENROLMENT)
        if "proposed_factor" not in kept:
            raise NotFound
        secret = second_factor.opened(kept["proposed_factor"])
        return Response(
            second_factor.picture(secret, account.login_name or account.display_name),
            content_type="image/svg+xml",
        )

    @expose("/login/new-password", methods=("GET", "POST"))
    @writes_late
    def new_password(self) -> Page:
        """Whoever was given a password by somebody else chooses his own before anything else is open."""
        account = self._pending(NEW_PASSWORD)
        if request.method == "GET":
            return self._new_password_form(account)
        typed = request.form.get("new_password", "")
        findings = passwords.faults_of_change(db.session(), account, typed, request.form.get("repeated", ""))
        if findings:
            return self._new_password_form(account, findings), _REFUSED
        hashed = passwords.hashed(typed)
        begin_writing(db.session)
        db.session.refresh(account)
        passwords.change(account, hashed)
        record(db.session(), current_actor(), "change_password", "account", account.id)
        return self._go_on(account, OPEN, kept.get("next"))

    @expose("/logout", methods=("POST",))
    def logout(self) -> Answer:
        actor = current_actor()
        if actor.account_id is not None:
            record(db.session(), actor, "logout", "account", actor.account_id)
        log_out(db.session())
        commit()
        flash(_("You have logged out."), "success")
        return redirect(url_for("LoginView.login"))

    @expose("/language", methods=("POST",))
    def language(self) -> Answer:
        """The language for this browser and, for whoever has logged in, for his account."""
        choice = request.form.get("language", "")
        if choice not in language.offered():
            raise NotFound
        identity = current_identity()
        if identity:
            account = db.session.get(Account, identity.id)
            account.language = choice
            commit()
        answer = redirect(safe_next(request.form.get("next")))
        language.remember(answer, choice)
        return answer

    def _form(self, finding: Any = None) -> str:
        given = request.values
        entrance = given.get("entrance", "")
        return self.page(
            "login/login.html",
            entrances=ENTRANCES,
            entrance=entrance if entrance in ENTRANCES else "individual",
            next=safe_next(given.get("next")),
            username=request.form.get("username", ""),
            finding=finding,
        )

    def _new_password_form(self, account: Account, findings: Sequence[Any] = ()) -> str:
        return self.page("login/new_password.html", findings=findings, advice=passwords.advice(account))

    def _pending(self, stage: str) -> Account:
        """The account that has come as far as this page; anybody else begins at the form."""
        identity = pending_identity()
        if identity is None or identity.stage != stage:
            abort(redirect(url_for("LoginView.login")))
        account: Account = db.session.get(Account, identity.id)
        return account

    def _stopped(self, account: Account) -> Any:
        """Codes are guessed as passwords are; whoever has guessed too often proves the password again."""
        try:
            guessing.admit_code(db.session(), account.id, request.remote_addr)
        except TooManyAttempts as refused:
            return refused.message
        return None

    def _start_again(self, message: Any) -> Answer:
        log_out(db.session())
        commit()
        flash(message, "danger")
        return redirect(url_for("LoginView.login"))

    def _failed(self, account: Account, template: str, **values: Any) -> Page:
        record(db.session(), current_actor(), "second_factor", "account", account.id, outcome="failed")
        commit()
        return self.page(template, finding=WRONG_CODE, **values), _REFUSED

    def _passed(self, account: Account, stage: str) -> Answer:
        guessing.code_succeeded(db.session(), account.id, request.remote_addr)
        record(db.session(), current_actor(), "second_factor", "account", account.id)
        return self._go_on(account, next_stage(account, stage), kept.get("next"))

    def _go_on(self, account: Account, stage: str, target: str | None) -> Answer:
        """A fresh session at the stage that was reached, and the page that asks for what is still missing."""
        log_in(db.session(), account, stage, request)
        target = safe_next(target)
        if stage != OPEN:
            kept["next"] = target
            target = url_for(f"LoginView.{_PAGES[stage]}")
        answer = redirect(target)
        if stage == OPEN:
            known_browser.remember(answer, request, account.id)
            if account.language:
                language.remember(answer, account.language)
        commit()
        return answer


SCREENS = (LoginView,)
