"""PDFs of strangers: kept only when they show pages and do nothing."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _l

from app.extensions.refused import Refused

_WALKER = Path(__file__).with_name("pdf_walker.py")
_PATIENCE = 30
"""Seconds on the clock; the walker's own limit counts the time of the processor."""

_REASONS: dict[str, Any] = {
    "living": _l("The PDF contains scripts, actions or other files. Please print it to a new PDF."),
    "closed": _l("The PDF is encrypted. Please print it to a new PDF."),
    "pages": _l("The PDF has more than %(count)s pages. Divide it into several files.", count=200),
    "damaged": _l("The PDF is incomplete; please save it again and send that."),
    "large": _l("The PDF is made of too many parts. Please print it to a new PDF."),
}


def require_still(data: bytes) -> None:
    """Raises `Refused` for a PDF with scripts, actions, forms of its own kind or files in it, or an unreadable one."""
    # Only the interpreter and the one file: no environment, no inherited file, no path of the application.
    command = [sys.executable, "-I", str(_WALKER)]
    try:
        walk = subprocess.run(  # noqa: S603 - a fixed program of ours; no shell, and no argument from outside
            command, input=data, capture_output=True, env={}, cwd="/", timeout=_PATIENCE, check=False
        )
    except subprocess.TimeoutExpired as late:
        raise Refused(_REASONS["large"]) from late
    found = walk.stdout.decode("ascii", "replace")
    if found != "still":
        # A walker that says nothing was ended by its limits.
        raise Refused(_REASONS.get(found, _REASONS["large"]))
