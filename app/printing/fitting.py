"""Break Chinese and mixed text into lines that fit a given place, or refuse."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.printing.faces import Face, width
from app.printing.failure import PrintFailed

# A line may not begin with these (GB/T 15834: 标点符号用法, position of punctuation).
NOT_AT_START: Final = "，。、；：！？）》」』】〉”’·…—\uff05,.;:!?)]}%"
# What stays together: Latin letters and digits with the signs inside numbers and addresses, or one character.
PIECES: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z./:_\-]*|\s+|.", re.DOTALL)
PARTS_OF_NAME: Final = re.compile(r"[^·]+·?|·")


@dataclass(frozen=True)
class Fitted:
    lines: tuple[str, ...]
    size: float


def _pieces(text: str) -> list[str]:
    if "·" in text:
        # 间隔号 stands between the parts of a name, which are not torn apart when a line can end after one.
        return PARTS_OF_NAME.findall(text)
    pieces: list[str] = []
    for piece in PIECES.findall(text):
        if pieces and piece[0] in NOT_AT_START:
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def wrap(text: str, face: Face, size: float, room: float) -> tuple[str, ...]:
    """Lines no wider than `room` points; a piece that is wider on its own is cut between its characters."""
    lines = [""]
    for piece in _pieces(text):
        parts = [piece] if width(piece, face, size) <= room else list(piece)
        for part in parts:
            if lines[-1] and width((lines[-1] + part).rstrip(), face, size) > room:
                lines.append("")
            lines[-1] = (lines[-1] + part).lstrip()
    return tuple(line.rstrip() for line in lines)


def fit(text: str, face: Face, room: float, *, sizes: Sequence[float], most_lines: int = 1) -> Fitted:
    """The largest of `sizes` (points, descending) at which the text takes at most so many lines.

    Raises PrintFailed when none does: a cut name on a certificate would be worse than no certificate.
    """
    for size in sizes:
        lines = wrap(text, face, size, room)
        if len(lines) <= most_lines and all(width(line, face, size) <= room for line in lines):
            return Fitted(lines, size)
    raise PrintFailed(f"{text!r} does not fit {most_lines} line(s) of {room:.0f} points")
