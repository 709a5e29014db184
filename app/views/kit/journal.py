"""The log: one JSON line for each request, without personal data."""

import json
import logging
import sys
import time
from datetime import UTC, datetime

from flask import Flask, Response, g, request
from flask_login import current_user

from app.views.kit.requests import request_id

_log = logging.getLogger("platform.requests")


class JsonLines(logging.Formatter):
    """A record as one line of JSON, with what was given as `extra={"fields": …}`."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "source": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def start() -> None:
    g.started = time.perf_counter()


def write_down(response: Response) -> Response:
    """The rule of the route is written, not the address: an address may hold a token or what was searched."""
    rule = request.url_rule.rule if request.url_rule else "(none)"
    if request.endpoint == "static":
        return response
    started = g.get("started")
    fields = {
        "request": request_id(),
        "method": request.method,
        "route": rule,
        "status": response.status_code,
        "ms": round((time.perf_counter() - started) * 1000, 1) if started else None,
        "bytes": response.content_length,
        "account": current_user.id if current_user.is_authenticated else None,
        "address": request.remote_addr,
    }
    _log.info("request", extra={"fields": fields})
    return response


def install(app: Flask) -> None:
    app.before_request(start)
    app.after_request(write_down)
    if not _log.handlers:
        writer = logging.StreamHandler(sys.stdout)
        writer.setFormatter(JsonLines())
        _log.addHandler(writer)
        _log.propagate = False
        _log.setLevel(logging.INFO)
