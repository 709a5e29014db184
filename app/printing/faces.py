"""The fonts of all paper: which file draws which character, and how wide a text becomes."""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Final, Literal

from reportlab.pdfbase import pdfmetrics, ttfonts

from app.printing.failure import MissingGlyph

Face = Literal["serif-regular", "serif-bold", "sans-regular", "sans-bold"]

FOLDER: Final = Path(__file__).parent / "fonts"
# Characters that an everyday face lacks are drawn from these, in this order. They exist in one style only.
FALLBACKS: Final = ("serif-wide", "serif-supplementary")


def _to_unicode(fontname: str, subset: Sequence[int]) -> str:
    """Map glyph numbers of a subset back to text, with surrogate pairs beyond U+FFFF.

    ReportLab writes five hexadecimal digits there, which a reader takes for another character: a rare name
    would print right and be copied, searched and read aloud wrong.
    """
    pairs = "\n".join(f"<{n:02X}> <{chr(code).encode('utf-16-be').hex()}>" for n, code in enumerate(subset))
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        f"/CIDSystemInfo << /Registry ({fontname}) /Ordering ({fontname}) /Supplement 0 >> def\n"
        f"/CMapName /{fontname} def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<00> <{len(subset) - 1:02X}>\nendcodespacerange\n"
        f"{len(subset)} beginbfchar\n{pairs}\nendbfchar\n"
        "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    )


ttfonts.makeToUnicodeCMap = _to_unicode


@cache
def _loaded(name: str) -> ttfonts.TTFont:
    font = ttfonts.TTFont(name, str(FOLDER / f"{name}.ttf"))
    pdfmetrics.registerFont(font)
    return font


@cache
def _font_of(character: str, face: Face) -> str:
    for name in (face, *FALLBACKS):
        if ord(character) in _loaded(name).face.charToGlyph:
            return name
    raise MissingGlyph(character)


def runs(text: str, face: Face) -> Iterator[tuple[str, str]]:
    """Cut a text into (registered font name, part); MissingGlyph when a character is in no font."""
    for name, part in groupby(text, key=lambda character: _font_of(character, face)):
        yield name, "".join(part)


@cache
def _advance(character: str, face: Face) -> float:
    """The width of one character at the size of one point; these fonts have no kerning, so widths add up."""
    advance: float = pdfmetrics.stringWidth(character, _font_of(character, face), 1)
    return advance


def width(text: str, face: Face, size: float) -> float:
    """How many points the text takes when it is drawn at this size."""
    return size * sum(_advance(character, face) for character in text)
