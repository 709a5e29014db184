"""Lay out self-contained HTML as PDF: only our fonts can be read, and anything unusual is a failed print."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Final

from xhtml2pdf.config.resources import RenderLimitError, ResourceAccessPolicy
from xhtml2pdf.document import pisaDocument

from app.printing.faces import FALLBACKS, FOLDER, runs
from app.printing.failure import PrintFailed

POLICY: Final = ResourceAccessPolicy.server(FOLDER, allow_remote=False)
STYLES: Final = (("serif-regular", "normal"), ("serif-bold", "bold"))
LONGEST_REASON: Final = 500


class _Complaints(logging.Handler):
    """Everything that the renderer says at warning level: it prints on where a paper of ours must fail."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.sentences: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.sentences.append(record.getMessage())


@contextmanager
def _listening() -> Iterator[list[str]]:
    complaints = _Complaints()
    loggers = [logging.getLogger(name) for name in ("xhtml2pdf", "reportlab", "svglib")]
    for logger in loggers:
        logger.addHandler(complaints)
    try:
        yield complaints.sentences
    finally:
        for logger in loggers:
            logger.removeHandler(complaints)


def font_rules(html: str) -> str:
    """The @font-face rules that this text needs; PrintFailed when a character of it is in no font.

    A fall-back font is named only for a text that has a rare character: each costs its reading and a digest.
    """
    needed = {name for name, _ in runs("".join(sorted({*html} - {"\n", "\r", "\t"})), "serif-regular")}
    rules = [
        f"@font-face {{ font-family: paper; font-weight: {weight}; src: url({FOLDER / name}.ttf); }}"
        for name, weight in STYLES
    ]
    rules += [
        f"@font-face {{ font-family: paper-{name.removeprefix('serif-')}; src: url({FOLDER / name}.ttf); }}"
        for name in FALLBACKS
        if name in needed
    ]
    return "\n".join(rules)


def lay_out(html: str) -> bytes:
    """The PDF of a page made by `app.printing.html`.

    Raises PrintFailed for a missing glyph, a refused resource and any other warning of the renderer.
    """
    page = html.replace("<style>", f"<style>{font_rules(html)}", 1)
    sheet = BytesIO()
    with _listening() as sentences:
        try:
            # Without a capacity the page stays in memory: no personal data in a temporary file.
            status = pisaDocument(page, sheet, encoding="utf-8", capacity=-1, resource_policy=POLICY)
        except (RenderLimitError, ValueError, TypeError, LookupError, AttributeError, OSError) as error:
            raise PrintFailed(f"the renderer failed: {error}"[:LONGEST_REASON]) from error
    if status.err or status.warn or sentences:
        reasons = sentences or [str(entry) for entry in status.log]
        raise PrintFailed(f"the renderer complained: {'; '.join(reasons)}"[:LONGEST_REASON])
    return sheet.getvalue()
