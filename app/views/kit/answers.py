"""How the application answers: numbers, transactions, headers, log lines and error pages."""

import secrets

from flask import Flask, current_app, request
from flask_babel import get_locale

from app.security.access.roles import LABELS
from app.security.login import again
from app.security.login.current import current_actor
from app.views.kit import assets, errors, headers, journal, translating
from app.views.kit.columns import options
from app.views.kit.frame import frame, mark, otherwise
from app.views.kit.list_page import hidden
from app.views.kit.navigation import public_links
from app.views.kit.parts import part
from app.views.kit.requests import begin, csp_nonce, request_id
from app.views.kit.rows import cell_html
from app.views.kit.words import words
from config import Config


def install(app: Flask) -> None:
    """Called once by the factory, after the screens were registered."""
    config: Config = app.extensions["platform_config"]
    # First of all, so that even a request that is turned away by its token has a number.
    app.before_request_funcs.setdefault(None, []).insert(0, _number)
    app.before_request(begin)
    translating.install(app)
    assets.install(app)
    journal.install(app)
    headers.install(app, production=config.production)
    errors.install(app)
    app.jinja_env.globals.update(
        csp_nonce=csp_nonce,
        asset=assets.asset,
        need=assets.need,
        needed=assets.needed,
        frame=frame,
        mark=mark,
        otherwise=otherwise,
        public_links=public_links,
        words=words,
        role_labels=LABELS,
        request_id=request_id,
        language=_language,
        options=options,
        cell_html=cell_html,
        icon_html=assets.icon_html,
        part=part,
        whose_page=_whose_page,
        hidden=hidden,
        fresh_key=lambda: secrets.token_hex(16),
    )


def _number() -> None:
    """Before everything else: the request's number, and no more text than a form may hold."""
    request_id()
    if request.mimetype != "multipart/form-data":
        # Only a form with files is read piece by piece; any other body is held in memory as a whole.
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]


def _whose_page() -> str:
    """The word with which the account of this page, and no other, logs in again in place."""
    return again.word_of(current_actor().account_id or 0, "")


def _language() -> str:
    locale = get_locale()
    return str(locale.language) if locale else "zh"
