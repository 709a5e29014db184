"""Draw the round red seal: the authority on the arc, a five-pointed star, and DEMO when it is one."""

from functools import cache
from io import BytesIO
from math import cos, pi, sin
from typing import Final

from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas

from app.printing.drawing import draw_text
from app.printing.faces import runs, width
from app.printing.failure import PrintFailed

# 42 mm across, the size of a department's seal (国发[1999]25号: 部门印章直径4.2厘米).
DIAMETER: Final = 42 / 25.4 * 72
RED: Final = Color(0.78, 0.06, 0.06, alpha=0.88)
RING: Final = 2.8
STAR: Final = DIAMETER * 0.145
# The text runs clockwise from lower left to lower right; the rest of the circle stays free.
WIDEST_ARC: Final = 1.45 * pi
LONGEST_IN_LARGE: Final = 13


def _star(canvas: Canvas, radius: float) -> None:
    path = canvas.beginPath()
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * sin(pi / 10) / sin(3 * pi / 10)
        angle = pi / 2 + corner * pi / 5
        (path.lineTo if corner else path.moveTo)(reach * cos(angle), reach * sin(angle))
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)


def _arc_text(canvas: Canvas, text: str, radius: float, size: float) -> None:
    """Write each character upright to the circle, its base line at `radius`, evenly spaced about the top."""
    advance = min(WIDEST_ARC / len(text), 1.55 * size / radius)
    if advance * radius < size * 0.92:
        raise PrintFailed(f"{text!r} is too long for the arc of the seal")
    angle = pi / 2 + advance * (len(text) - 1) / 2
    for character in text:
        canvas.saveState()
        canvas.translate(radius * cos(angle), radius * sin(angle))
        canvas.rotate((angle - pi / 2) * 180 / pi)
        for name, part in runs(character, "serif-bold"):
            canvas.setFont(name, size)
            canvas.drawString(-width(part, "serif-bold", size) / 2, 0, part)
        canvas.restoreState()
        angle -= advance


@cache
def draw_seal(authority: str, *, demo: bool) -> bytes:
    """A one-page PDF of the size of the seal; a demonstration is marked 演示 DEMO and cannot be mistaken."""
    sheet = BytesIO()
    canvas = Canvas(sheet, pagesize=(DIAMETER, DIAMETER), invariant=1, pageCompression=1)
    canvas.translate(DIAMETER / 2, DIAMETER / 2)
    canvas.setFillColor(RED)
    canvas.setStrokeColor(RED)
    canvas.setLineWidth(RING)
    canvas.circle(0, 0, DIAMETER / 2 - RING / 2 - 0.5)
    _star(canvas, STAR)
    size = DIAMETER * (0.125 if len(authority) <= LONGEST_IN_LARGE else 0.1)
    _arc_text(canvas, authority, DIAMETER / 2 - RING - 2.5 - size * 0.88, size)
    label = "演示 DEMO" if demo else "电子印章"
    draw_text(
        canvas,
        (0, -DIAMETER * 0.29),
        label,
        face="sans-bold",
        size=9 if demo else 8,
        colour=RED,
        align="centre",
    )
    if demo:
        draw_text(
            canvas, (0, -DIAMETER * 0.37), "无法律效力", face="sans-bold", size=6, colour=RED, align="centre"
        )
    canvas.showPage()
    canvas.save()
    return sheet.getvalue()
