"""Addresses of static files, each with a mark of its content, so that browsers may keep them for long."""

import hashlib
from functools import cache
from pathlib import Path

from flask import current_app, url_for


@cache
def _mark(path: Path, changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def asset(name: str) -> str:
    """The address of a file under app/static."""
    path = Path(str(current_app.static_folder)) / name
    return url_for("static", filename=name, v=_mark(path, path.stat().st_mtime_ns))
