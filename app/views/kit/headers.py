"""What every answer says to the browser about what it may do with it."""

from flask import Flask, Response, g, request
from flask_login import current_user

from app.views.kit.requests import csp_nonce, request_id

_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; manifest-src 'self'; base-uri 'none'; "
    "object-src 'none'; frame-ancestors 'none'"
)
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_PERMISSIONS = "camera={camera}, microphone=(), geolocation=(), payment=(), usb=()"
_FAULT = 400
_YEAR = 365 * 24 * 3600


def protect(response: Response) -> Response:
    """Every answer, errors included."""
    for name, value in _ALWAYS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", _POLICY.format(nonce=csp_nonce()))
    camera = "(self)" if g.get("camera") else "()"
    response.headers.setdefault("Permissions-Policy", _PERMISSIONS.format(camera=camera))
    response.headers["X-Request-ID"] = request_id()
    if request.endpoint == "static" and response.status_code < _FAULT:
        response.cache_control.public = True
        return response
    if current_user.is_authenticated or request.method != "GET":
        response.headers["Cache-Control"] = "no-store"
    else:
        response.headers.setdefault("Cache-Control", "no-cache, private")
    return response


def lead_nowhere_else(response: Response) -> Response:
    """A redirect of the framework's own names the host that the request named, which may be anybody's."""
    target = response.headers.get("Location", "")
    if target.startswith(request.host_url):
        response.headers["Location"] = "/" + target.removeprefix(request.host_url).lstrip("/")
        response.set_data(b"")
    return response


def insist_on_https(response: Response) -> Response:
    response.headers["Strict-Transport-Security"] = f"max-age={_YEAR}; includeSubDomains"
    return response


def install(app: Flask, *, production: bool) -> None:
    app.after_request(protect)
    app.after_request(lead_nowhere_else)
    if production:
        app.after_request(insist_on_https)
    # A file's address carries its version, so that it may be kept for long (kit/assets.py).
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = _YEAR
