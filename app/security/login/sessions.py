"""Sessions that live on the server, and the cookies that lead to them."""

import json
from typing import Any

from flask import Flask, Request, Response, request
from flask.sessions import SessionInterface
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import update

from app.extensions.clock import now
from app.extensions.database import db, writing_connection
from app.models import LoginSession
from app.security.access.versions import watch_reference
from app.security.login.browser import LONGEST, TOUCH, BrowserSession, token_hash
from app.security.login.credentials import watch_credentials

_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
_LONGEST_TOKEN = 100


class ServerSessions(SessionInterface):
    """Opens a session without asking the database, and writes back only what changed."""

    def __init__(self, secret: str, *, production: bool) -> None:
        # `__Host-` binds the cookie to this very host and to https; browsers refuse it otherwise.
        prefix = "__Host-" if production else ""
        self.name, self.visitor = f"{prefix}session", f"{prefix}visitor"
        self.secure = production
        self.signer = URLSafeTimedSerializer(secret, salt="visitor")

    def open_session(self, app: Flask, request: Request) -> BrowserSession:
        token = request.cookies.get(self.name, "")
        return BrowserSession(token if 0 < len(token) <= _LONGEST_TOKEN else None, self._visitor(request))

    def save_session(self, app: Flask, session: Any, response: Response) -> None:
        held: BrowserSession = session
        if not held.touched:
            return
        response.vary.add("Cookie")
        if request.method not in _SAFE_METHODS:
            db.session.rollback()  # what the view did not commit it did not mean, and it would hold the lock
        if held.started or held.identity:
            self._write(held)
        elif held.modified:
            self._set(response, self.visitor, self.signer.dumps(held.text()) if len(held) else None)
        if held.started:
            self._set(response, self.name, held.started)
            self._set(response, self.visitor, None)
        elif held.ended:
            self._set(response, self.name, None)

    def _visitor(self, request: Request) -> dict[str, Any]:
        try:
            return dict(json.loads(self.signer.loads(request.cookies.get(self.visitor, ""), LONGEST.seconds)))
        except BadSignature:
            return {}

    def _write(self, held: BrowserSession) -> None:
        stale = held.seen_at is None or held.seen_at < now() - TOUCH
        if held.token and (held.modified or stale):
            values: dict[str, Any] = {"seen_at": now()}
            if held.modified:
                values["content"] = held.text()
            with writing_connection() as connection:
                connection.execute(
                    update(LoginSession)
                    .where(LoginSession.token_hash == token_hash(held.token))
                    .values(**values)
                )

    def _set(self, response: Response, name: str, value: str | None) -> None:
        if value is None:
            response.delete_cookie(name, secure=self.secure, httponly=True, samesite="Lax")
        else:
            response.set_cookie(name, value, secure=self.secure, httponly=True, samesite="Lax")


def install(app: Flask) -> None:
    """Let this application keep its sessions in the database."""
    config = app.extensions["platform_config"]
    app.session_interface = ServerSessions(config.secret(), production=config.production)
    watch_credentials()
    watch_reference()
