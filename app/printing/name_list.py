"""Draw lists of persons: thousands of rows, which the HTML renderer would take minutes for."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from app.printing.documents import NameList, PersonsAnnex, Translate
from app.printing.drawing import MUTED, draw_text
from app.printing.failure import PrintFailed
from app.printing.fitting import wrap
from app.printing.wording import long_day, moment, shown, translation_mark

LEFT: Final = 16 * mm
RIGHT: Final = A4[0] - 16 * mm
TOP: Final = A4[1] - 18 * mm
BOTTOM: Final = 21 * mm
# Shares of the width: number, name, ID number, enterprise, specialties, remark.
SHARES: Final = (0.07, 0.14, 0.21, 0.31, 0.17, 0.10)
SIZE: Final = 9.0
LEADING: Final = 12.0
PADDING: Final = 4.0
TITLE_SIZE: Final = 17.0
TEXT_SIZE: Final = 10.5
TEXT_LEADING: Final = 17.0
# Authority and date below the table, which must not stand alone on a page without being readable as its end.
CLOSING_HEIGHT: Final = 20 * mm
GRID: Final = HexColor("#444444")
HEAD: Final = HexColor("#f2f0ea")

Cells = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class _Row:
    """The lines of each cell, and the height that the longest of them needs."""

    cells: Cells

    @property
    def height(self) -> float:
        return max(len(lines) for lines in self.cells) * LEADING + 2 * PADDING


def _widths(shares: Sequence[float]) -> list[float]:
    return [share * (RIGHT - LEFT) for share in shares]


def _row(values: Sequence[str], shares: Sequence[float]) -> _Row:
    rooms = zip(values, _widths(shares), strict=True)
    return _Row(tuple(wrap(shown(value), "serif-regular", SIZE, room - 2 * PADDING) for value, room in rooms))


def _head(translate: Translate) -> _Row:
    return _row(
        (
            translate("No."),
            translate("Name"),
            translate("ID number"),
            translate("Employing enterprise"),
            translate("Specialties"),
            translate("Remark"),
        ),
        SHARES,
    )


def _paginate(rows: list[_Row], head: _Row, first_top: float) -> list[list[_Row]]:
    """Rows for each page; the last page keeps room for the closing lines."""
    if any(row.height > TOP - BOTTOM - head.height for row in rows):
        raise PrintFailed("a line of the list is higher than a page")
    pages: list[list[_Row]] = [[]]
    room = first_top - BOTTOM - head.height
    for row in rows:
        if row.height > room:
            pages.append([])
            room = TOP - BOTTOM - head.height
        pages[-1].append(row)
        room -= row.height
    if room < CLOSING_HEIGHT:
        # The last row goes over with the closing lines, so that they never stand on a page of their own.
        moved = [pages[-1].pop()] if len(pages[-1]) > 1 else []
        pages.append(moved)
    return pages


class _Sheet:
    """The canvas of one list, and how its parts are drawn."""

    def __init__(
        self, document: NameList | PersonsAnnex, shares: Sequence[float], translate: Translate
    ) -> None:
        self.document, self.widths, self.translate = document, _widths(shares), translate
        self.out = BytesIO()
        self.canvas = Canvas(
            self.out, pagesize=A4, pageCompression=1, lang="zh-CN" if document.language == "zh" else "en"
        )
        self.canvas.setTitle(f"{document.title} {document.number}".strip())

    def opening(self) -> float:
        """Title and introduction on the first page; the height at which the table begins."""
        y = TOP
        for line in wrap(self.document.title, "serif-bold", TITLE_SIZE, RIGHT - LEFT):
            draw_text(
                self.canvas,
                (A4[0] / 2, y - TITLE_SIZE),
                line,
                face="serif-bold",
                size=TITLE_SIZE,
                align="centre",
            )
            y -= TITLE_SIZE * 1.4
        y -= 3 * mm
        for sentence in self.document.introduction:
            # Two characters of indentation; the marks at the front keep their width in wrapping.
            for number, line in enumerate(wrap(f"□□{sentence}", "serif-regular", TEXT_SIZE, RIGHT - LEFT)):
                x, words = (LEFT + 2 * TEXT_SIZE, line.removeprefix("□□")) if number == 0 else (LEFT, line)
                draw_text(self.canvas, (x, y - TEXT_SIZE), words, size=TEXT_SIZE)
                y -= TEXT_LEADING
        return y - 2 * mm

    def row(self, row: _Row, top: float, *, filled: bool = False) -> float:
        """One line of the table; the height at which the next begins."""
        x = LEFT
        self.canvas.setStrokeColor(GRID)
        self.canvas.setLineWidth(0.5)
        self.canvas.setFillColor(HEAD)
        for lines, room in zip(row.cells, self.widths, strict=True):
            self.canvas.setFillColor(HEAD)
            self.canvas.rect(x, top - row.height, room, row.height, stroke=1, fill=int(filled))
            y = top - (row.height - len(lines) * LEADING) / 2
            for line in lines:
                y -= LEADING
                draw_text(self.canvas, (x + room / 2, y + 3), line, size=SIZE, align="centre")
            x += room
        return top - row.height

    def running(self, page: int, pages: int) -> None:
        """What stands at the head and foot of every page."""
        document, translate = self.document, self.translate
        head, foot = A4[1] - 13 * mm, 12 * mm
        mark = translation_mark(document.language, translate)
        draw_text(self.canvas, (LEFT, head), mark, face="serif-bold", size=8, colour=MUTED)
        batch = isinstance(document, NameList)
        called = translate("Batch number") if batch else translate("Declaration number")
        number = f"{called}: {document.number}" if document.number else ""
        draw_text(self.canvas, (RIGHT, head), number, size=8, colour=MUTED, align="right")
        draw_text(self.canvas, (LEFT, foot), document.number, size=8, colour=MUTED)
        count = translate("Page %(page)s of %(pages)s", page=page, pages=pages)
        draw_text(self.canvas, (A4[0] / 2, foot), count, size=8, colour=MUTED, align="centre")
        printed = translate("Printed at %(time)s", time=moment(document.printed_at))
        draw_text(self.canvas, (RIGHT, foot), printed, size=8, colour=MUTED, align="right")

    def closing(self, y: float) -> None:
        for line in (self.document.authority, long_day(self.document.dated, self.document.language)):
            y -= TEXT_LEADING
            draw_text(self.canvas, (RIGHT, y - 4 * mm), line, size=TEXT_SIZE, align="right")


def draw_name_list(document: NameList, translate: Translate) -> bytes:
    """The list as PDF; PrintFailed when a character is in no font or a line does not fit a page."""
    rows = [
        _row((str(number), one.name, one.id_number, one.enterprise, one.specialties, one.remark), SHARES)
        for number, one in enumerate(document.persons, 1)
    ]
    return _drawn(_Sheet(document, SHARES, translate), _head(translate), rows)


def draw_annex(document: PersonsAnnex, translate: Translate) -> bytes:
    """The persons of a form as PDF; the widths of the table are percent."""
    table = document.persons
    shares = [width / 100 for width in table.widths]
    rows = [_row(one, shares) for one in table.rows]
    return _drawn(_Sheet(document, shares, translate), _row(table.columns, shares), rows)


def _drawn(sheet: _Sheet, head: _Row, rows: list[_Row]) -> bytes:
    y = sheet.opening()
    pages = _paginate(rows, head, y)
    for number, page in enumerate(pages, 1):
        y = sheet.row(head, y, filled=True)
        for row in page:
            y = sheet.row(row, y)
        if number == len(pages):
            sheet.closing(y)
        sheet.running(number, len(pages))
        sheet.canvas.showPage()
        y = TOP
    sheet.canvas.save()
    return sheet.out.getvalue()
