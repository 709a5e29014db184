"""The engraved look of a certificate: interlaced waves along the border, rosettes in the corners."""

from collections.abc import Callable
from functools import cache
from math import cos, pi, sin
from typing import Final

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

Point = tuple[float, float]
Curve = Callable[[float], Point]

GOLD: Final = HexColor("#a8843c")
PALE: Final = HexColor("#f1e8d6")
DEEP: Final = HexColor("#8c1d18")

# The band lies between these distances from the edge of the sheet.
OUTER: Final = 9 * mm
INNER: Final = 18 * mm
STRANDS: Final = 5


def _trace(path: PDFPathObject, curve: Curve, steps: int) -> None:
    """Follow `curve` (parameter 0 to 1) with cubic arcs whose tangents are taken from the curve itself."""
    step, near = 1 / steps, 1e-5

    def tangent(t: float) -> Point:
        (x0, y0), (x1, y1) = curve(t - near), curve(t + near)
        return (x1 - x0) / (2 * near), (y1 - y0) / (2 * near)

    path.moveTo(*curve(0))
    for number in range(steps):
        start, end = number * step, (number + 1) * step
        (x0, y0), (x1, y1) = curve(start), curve(end)
        (dx0, dy0), (dx1, dy1) = tangent(start), tangent(end)
        third = step / 3
        path.curveTo(x0 + dx0 * third, y0 + dy0 * third, x1 - dx1 * third, y1 - dy1 * third, x1, y1)


def _wave(start: Point, end: Point, *, waves: int, phase: float, swing: float) -> Curve:
    (x0, y0), (x1, y1) = start, end
    length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
    across = (-(y1 - y0) / length, (x1 - x0) / length)

    def curve(t: float) -> Point:
        offset = swing * sin(2 * pi * waves * t + phase)
        return x0 + (x1 - x0) * t + across[0] * offset, y0 + (y1 - y0) * t + across[1] * offset

    return curve


def _rosette(centre: Point, *, radius: float, petals: int, phase: float, depth: float) -> Curve:
    def curve(t: float) -> Point:
        angle = 2 * pi * t
        reach = radius * (1 - depth + depth * cos(petals * angle + phase))
        return centre[0] + reach * cos(angle), centre[1] + reach * sin(angle)

    return curve


@cache
def _band() -> PDFPathObject:
    width, height = A4
    middle = (OUTER + INNER) / 2
    swing = (INNER - OUTER) / 2 - 1
    corner = 13 * mm
    sides: list[tuple[Point, Point, int]] = [
        ((OUTER + corner, middle), (width - OUTER - corner, middle), 16),
        ((OUTER + corner, height - middle), (width - OUTER - corner, height - middle), 16),
        ((middle, OUTER + corner), (middle, height - OUTER - corner), 24),
        ((width - middle, OUTER + corner), (width - middle, height - OUTER - corner), 24),
    ]
    path = PDFPathObject()
    for start, end, waves in sides:
        for strand in range(STRANDS):
            phase = 2 * pi * strand / STRANDS
            _trace(path, _wave(start, end, waves=waves, phase=phase, swing=swing), waves * 4)
    return path


@cache
def _corners() -> PDFPathObject:
    width, height = A4
    inset = OUTER + 6.5 * mm
    path = PDFPathObject()
    for centre in (
        (inset, inset),
        (width - inset, inset),
        (inset, height - inset),
        (width - inset, height - inset),
    ):
        for turn in range(4):
            curve = _rosette(centre, radius=6.4 * mm, petals=8, phase=turn * pi / 2, depth=0.3)
            _trace(path, curve, 48)
    return path


@cache
def _background() -> PDFPathObject:
    centre = (A4[0] / 2, A4[1] * 0.47)
    path = PDFPathObject()
    for ring, petals in ((34, 18), (52, 24), (70, 30)):
        for turn in range(6):
            curve = _rosette(centre, radius=ring * mm, petals=petals, phase=turn * pi / 3, depth=0.12)
            _trace(path, curve, petals * 4)
    return path


def draw_ornament(canvas: Canvas) -> None:
    """Draw background and border; the pen is left as it was found."""
    width, height = A4
    canvas.saveState()
    canvas.setLineWidth(0.35)
    canvas.setStrokeColor(PALE)
    canvas.drawPath(_background())
    canvas.setStrokeColor(GOLD)
    canvas.drawPath(_band())
    canvas.setStrokeColor(DEEP)
    canvas.drawPath(_corners())
    for inset, line in ((OUTER, 1.6), (INNER, 0.8), (INNER + 1.4 * mm, 0.35)):
        canvas.setLineWidth(line)
        canvas.rect(inset, inset, width - 2 * inset, height - 2 * inset)
    canvas.restoreState()
