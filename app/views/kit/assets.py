"""Static files: addresses that may be kept for long, and large files packed for those who can unpack them."""

import hashlib
import mimetypes
from functools import cache
from pathlib import Path
from urllib.parse import quote

from flask import Flask, Response, current_app, request, send_from_directory

_PACKED = ".gz"


@cache
def _mark(path: Path, changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def asset(name: str) -> str:
    """The address of a file under app/static, with a mark of its content."""
    # Written by hand, since a page has dozens of icons and `url_for` takes a hundred times as long.
    path = Path(str(current_app.static_folder)) / name
    mark = _mark(path, path.stat().st_mtime_ns)
    return f"{request.script_root}{current_app.static_url_path}/{quote(name)}?v={mark}"


def send_static(filename: str) -> Response:
    """The file, or the packed one beside it (vendor/fetch.py makes it) when the browser takes it."""
    folder = str(current_app.static_folder)
    keep = current_app.get_send_file_max_age(filename)
    packed = (Path(folder) / f"{filename}{_PACKED}").is_file()
    if packed and request.accept_encodings.best_match(["gzip"]):
        kind = mimetypes.guess_type(filename)[0] or "application/octet-stream"
        answer = send_from_directory(folder, f"{filename}{_PACKED}", mimetype=kind, max_age=keep)
        answer.headers["Content-Encoding"] = "gzip"
    else:
        answer = send_from_directory(folder, filename, max_age=keep)
    if packed:
        answer.vary.add("Accept-Encoding")
    return answer


def install(app: Flask) -> None:
    app.view_functions["static"] = send_static
