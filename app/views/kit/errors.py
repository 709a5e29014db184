"""Answers to what went wrong: a page with a sentence and a number, never a trace, never SQL."""

import json
import logging
from typing import Any

from flask import Flask, jsonify, render_template, request, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from app.extensions.database import db
from app.extensions.refused import Refused
from app.security.access.roles import NOBODY
from app.security.login.current import current_actor
from app.views.kit import drafts
from app.views.kit.requests import request_id, wants_json

_log = logging.getLogger("platform.requests")

_UNAUTHORIZED, _CONFLICT, _UNPROCESSABLE, _SERVER_ERROR = 401, 409, 422, 500

TITLES: dict[int, Any] = {
    400: _l("This request cannot be understood"),
    403: _l("This is not yours to do"),
    404: _l("There is no such page"),
    405: _l("This cannot be done this way"),
    413: _l("What was sent is too large"),
    429: _l("Too many attempts"),
    500: _l("Something went wrong on our side"),
}
SENTENCES: dict[int, Any] = {
    400: _l("Please go back, reload the page and try again."),
    403: _l("Your account may not do this."),
    404: _l("It was moved or deleted, or it does not belong to your account."),
    405: _l("Please open the page again from the menu."),
    413: _l("Please choose a smaller file and try again."),
    429: _l("Please wait a few minutes and try again."),
    500: _l("Nothing was changed. Please try again later; if it happens again, tell us the error number."),
}


def _answer(code: int, title: Any, sentence: Any, findings: Any = (), further: Any = None) -> Response:
    """The same answer as a page or as JSON. It must work even when the database does not.

    `further`: the words and the address of the step that the page leads to.
    """
    if wants_json():
        body = {
            "message": str(sentence),
            "error": request_id(),
            "findings": [
                {"field": getattr(found, "field", ""), "message": str(getattr(found, "message", found))}
                for found in findings
            ],
        }
        return Response(json.dumps(body, ensure_ascii=False), status=code, content_type="application/json")
    page = render_template(
        "kit/error.html", code=code, title=title, sentence=sentence, findings=findings, further=further,
        error_id=request_id(),
    )  # fmt: skip
    return Response(page, status=code, content_type="text/html; charset=utf-8")


def refused(error: Refused) -> Response:
    """A rule said no: nothing is kept, and the person reads why."""
    db.session.rollback()
    return _answer(_UNPROCESSABLE, _("This cannot be done now"), error.message, error.findings)


def outrun(_error: StaleDataError) -> Response:
    """Somebody else was first by a moment: nothing of this is kept, and the page is read again."""
    db.session.rollback()
    sentence = _("Somebody else was first by a moment, so nothing was done. Please open the page again.")
    return _answer(_CONFLICT, _("This cannot be done now"), sentence)


def stopped(error: HTTPException) -> Response:
    """A 4xx or 5xx of ours or of the framework."""
    if isinstance(error.response, Response):
        return error.response
    db.session.rollback()
    code = error.code or _SERVER_ERROR
    known = code if code in TITLES else (400 if code < _SERVER_ERROR else _SERVER_ERROR)
    answer = _answer(code, TITLES[known], SENTENCES[known])
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            answer.headers[name] = value
    return answer


def without_token(error: CSRFError) -> Response:
    """The form was open longer than the session lived, or it was not ours."""
    db.session.rollback()
    if wants_json():
        # The page's script asks for the password in place and sends the same again.
        answer: Response = jsonify(message=_("Your session has ended."), login=url_for("LoginView.login"))
        answer.status_code = _UNAUTHORIZED
        return answer
    kept_at = drafts.rescued()
    if kept_at:
        sentence = _(
            "Your session has ended, so this was not saved. What you typed was kept for you, without passwords and "
            "newly chosen files: log in again, and the form offers it."
        )
        further = (_("Log in again"), url_for("LoginView.login", next=kept_at))
        return _answer(400, _("Please log in again"), sentence, further=further)
    sentence = _(
        "The page was open for too long. Go back, reload it and send it again; you may have to log in."
    )
    rule = request.url_rule
    anew = (_("Open the page anew"), request.path) if rule and "GET" in (rule.methods or ()) else None
    return _answer(400, _("The page was open for too long"), sentence, further=anew)


def unforeseen(error: Exception) -> Response:
    """Anything else. The trace goes to the log under the number that the person sees."""
    fields = {"request": request_id(), "route": request.url_rule.rule if request.url_rule else ""}
    _log.error("unforeseen error", exc_info=error, extra={"fields": fields})
    try:
        db.session.rollback()
        actor = current_actor()
    except SQLAlchemyError:
        actor = NOBODY
    try:
        return _answer(_SERVER_ERROR, TITLES[500], SENTENCES[500])
    except Exception:  # noqa: BLE001 - the page fails with the database; a bare one still tells the number
        _log.exception("the error page failed", extra={"fields": {**fields, "account": actor.account_id}})
        return Response(f"500 {request_id()}", status=_SERVER_ERROR, content_type="text/plain")


def install(app: Flask) -> None:
    app.register_error_handler(Refused, refused)
    app.register_error_handler(StaleDataError, outrun)
    app.register_error_handler(CSRFError, without_token)
    app.register_error_handler(HTTPException, stopped)
    app.register_error_handler(Exception, unforeseen)
