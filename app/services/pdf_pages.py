"""Pages of a PDF as pictures, so that a document is looked at, zoomed and turned like every other paper."""

import struct
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore

from flask_babel import lazy_gettext as _l

from app.extensions.refused import Refused

AT_ONCE = 6
"""Pages of one answer; a longer document is asked for again."""

_PAINTER = Path(__file__).with_name("pdf_painter.py")
_PATIENCE = 30
_WORKING = BoundedSemaphore(2)
"""Documents that this process has painted at one time."""

_HEAD = struct.Struct(">I")


@dataclass(frozen=True)
class Pages:
    """Some pages of a document as JPEG, from the page `first` on."""

    first: int
    total: int
    pictures: Sequence[bytes]


def pages_of(data: bytes, first: int = 1) -> Pages:
    """Raises `Refused` for a document that cannot be painted, or not in time."""
    # Only the interpreter and the one file: no environment, no inherited file, no path of the application.
    command = [sys.executable, "-I", str(_PAINTER), str(first), str(AT_ONCE)]
    try:
        with _WORKING:
            work = subprocess.run(  # noqa: S603 - a fixed program of ours, and two numbers; no shell
                command, input=data, capture_output=True, env={}, cwd="/", timeout=_PATIENCE, check=False
            )
    except subprocess.TimeoutExpired as late:
        raise _refusal() from late
    if work.returncode != 0 or len(work.stdout) < _HEAD.size:
        # A painter that was ended by its limits has said nothing.
        raise _refusal()
    (total,) = _HEAD.unpack_from(work.stdout)
    return Pages(first, total, _pictures(work.stdout[_HEAD.size :]))


def _pictures(stream: bytes) -> list[bytes]:
    found = []
    while stream:
        (length,) = _HEAD.unpack_from(stream)
        found.append(stream[_HEAD.size : _HEAD.size + length])
        stream = stream[_HEAD.size + length :]
    return found


def _refusal() -> Refused:
    return Refused(_l("This document cannot be shown here. Please open the file itself."))
