"""Static files: which of them a page needs, under addresses that may be kept for long, packed where that pays."""

import hashlib
import mimetypes
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, current_app, g, request, send_from_directory
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

_PACKED = ".gz"
_SPRITE = "vendor/icons/icons.svg"
_WHILE = 1.0
"""Seconds for which a file is taken to be what it was."""


@dataclass(frozen=True)
class Bundle:
    """What one comfort of the pages is made of; its script finds its words by the bundle's name."""

    scripts: tuple[str, ...]
    styles: tuple[str, ...] = ()
    words: Mapping[str, Any] = field(default_factory=dict)
    later: Mapping[str, str] = field(default_factory=dict)
    """Files that the script fetches by itself when they are wanted; it finds their addresses among its words."""


BUNDLES: Mapping[str, Bundle] = {
    "select": Bundle(
        ("vendor/tom-select/tom-select.js", "js/select.js"),
        ("vendor/tom-select/tom-select.css", "css/select.css"),
        {
            "none": _l("Nothing matches."),
            "type": _l("Type to search"),
            "loading": _l("Searching …"),
            "failed": _l("The search did not work. Please try again."),
            "more": _l("There are more; type more of the name."),
            "remove": _l("Remove"),
            "clear": _l("Clear"),
        },
    ),
    "datepicker": Bundle(
        ("js/datepicker.js",),
        ("css/datepicker.css",),
        {
            "open": _l("Choose a date"),
            "format": _l("YYYY-MM-DD"),
            "previous": _l("Previous month"),
            "next": _l("Next month"),
            "year": _l("Year"),
            "month": _l("Month"),
            "today": _l("Today"),
            "clear": _l("Clear"),
            "close": _l("Close"),
        },
        {"calendar": "vendor/cally/cally.js", "icons": "vendor/icons/icons.svg"},
    ),
    "list": Bundle(
        ("js/list.js",),
        words={
            "selected": _l("{n} selected"),
            "up": _l("{name}: up"),
            "down": _l("{name}: down"),
            "most": _l("At most {n} rows can be ticked one by one. Please use “All rows that match”."),
            "none": _l("Nothing matches."),
            "more": _l("There are more; type more of the name."),
        },
    ),
    "again": Bundle(
        (),
        ("css/again.css",),
        {
            "failed": _l("This did not work. Please try again."),
            "offline": _l(
                "The platform cannot be reached. What you typed is still here; please try again in a moment."
            ),
        },
    ),
    "chart": Bundle(("js/chart.js",), ("css/chart.css",), later={"library": "vendor/echarts/echarts.js"}),
}


@cache
def _mark(path: Path, changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


_known: dict[str, tuple[float, str]] = {}
_NEVER = (float("-inf"), "")


def asset(name: str) -> str:
    """The address of a file under app/static, with a mark of its content."""
    # Written by hand, since a page has dozens of icons and `url_for` takes a hundred times as long. Whether the
    # file has changed is looked at once in a while: in service it does not, and who edits it sees it at once.
    looked, address = _known.get(name, _NEVER)
    if looked + _WHILE < time.monotonic():
        path = Path(str(current_app.static_folder)) / name
        mark = _mark(path, path.stat().st_mtime_ns)
        address = f"{current_app.static_url_path}/{quote(name)}?v={mark}"
        _known[name] = (time.monotonic(), address)
    return request.script_root + address


def sprite() -> str:
    """The address of the file that all icons are in."""
    return asset(_SPRITE)


def icon_html(name: str, further: str = "") -> Markup:
    """An icon of the sprite, which says nothing to a screen reader."""
    classes = f"icon {further}" if further else "icon"
    html = f'<svg class="{classes}" aria-hidden="true"><use href="{sprite()}#{name}"></use></svg>'
    return Markup(html)  # noqa: S704 - the words of a template


def need(name: str) -> str:
    """Ask for a bundle, or for one file of ours by its name; the layout loads it once, after the content."""
    asked = g.setdefault("needed_assets", {})
    asked[name] = None
    return ""


def needed() -> dict[str, Any]:
    """What this page has asked for, in order: styles, scripts, and the words of the scripts by bundle."""
    styles: dict[str, None] = {}
    scripts: dict[str, None] = {}
    told: dict[str, dict[str, str]] = {}
    for name in g.get("needed_assets", ()):
        bundle = BUNDLES.get(name) or _single(name)
        styles |= dict.fromkeys(bundle.styles)
        scripts |= dict.fromkeys(bundle.scripts)
        said = {key: str(text) for key, text in bundle.words.items()}
        said |= {key: asset(file) for key, file in bundle.later.items()}
        if said:
            told[name] = said
    return {"styles": list(styles), "scripts": list(scripts), "words": told}


def _single(name: str) -> Bundle:
    return Bundle((), (name,)) if name.endswith(".css") else Bundle((name,))


def _lies_there(path: Path) -> bool:
    """Whether there is such a file; what no file system can call a file is none."""
    try:
        return path.is_file()
    except OSError:
        return False


def send_static(filename: str) -> Response:
    """The file, or the packed one beside it (vendor/fetch.py makes it) when the browser takes it."""
    folder = str(current_app.static_folder)
    # A script that another script imports has no mark in its address, so that it is asked for anew each time.
    keep = current_app.get_send_file_max_age(filename) if "v" in request.args else 0
    packed = _lies_there(Path(folder) / f"{filename}{_PACKED}")
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
