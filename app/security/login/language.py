"""In which language a page is: the address's, the chosen, the account's, the browser's, then Chinese."""

from flask import Flask, current_app, has_request_context, request
from werkzeug.wrappers import Response

from app.security.login.current import current_identity

COOKIE = "language"
DEFAULT = "zh"
ARGUMENT = "_l_"
_YEAR = 365 * 24 * 3600


def install(app: Flask) -> None:
    """Ask `language` for every page, and keep what `?_l_=` chose for the pages after it."""
    app.extensions["babel"].locale_selector = language
    app.after_request(_keep)


def language() -> str:
    if not has_request_context():
        return DEFAULT
    for choice in (request.args.get(ARGUMENT), request.cookies.get(COOKIE)):
        if choice in offered():
            return str(choice)
    identity = current_identity()
    if identity and identity.language in offered():
        return str(identity.language)
    return request.accept_languages.best_match(offered()) or DEFAULT


def offered() -> list[str]:
    return list(current_app.config["LANGUAGES"])


def remember(response: Response, choice: str) -> None:
    """Keep the choice in this browser for a year; it tells nothing about who reads."""
    response.set_cookie(
        COOKIE, choice, max_age=_YEAR, secure=request.is_secure, httponly=True, samesite="Lax"
    )


def _keep(response: Response) -> Response:
    choice = request.args.get(ARGUMENT)
    if choice in offered() and request.cookies.get(COOKIE) != choice:
        remember(response, str(choice))
    return response
