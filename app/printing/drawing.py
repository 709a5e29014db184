"""Strokes of the pen for paper that is drawn, not laid out: text in any script, pictures, QR codes."""

from io import BytesIO
from typing import Final, Literal

import segno
from PIL import Image, UnidentifiedImageError
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from app.printing.faces import Face, runs, width
from app.printing.failure import PrintFailed

INK: Final = HexColor("#1f1f1f")
MUTED: Final = HexColor("#6b6459")

# A one-inch photo has 295 × 413 pixels; anything far beyond a scanned page is an attack or a mistake.
MOST_PIXELS: Final = 8_000_000


def draw_text(  # noqa: PLR0913 - a stroke of the pen has a place, a text and a look
    canvas: Canvas,
    at: tuple[float, float],
    text: str,
    *,
    face: Face = "serif-regular",
    size: float = 11,
    colour: Color = INK,
    align: Literal["left", "centre", "right"] = "left",
    spacing: float = 0,
) -> None:
    """Write one line at a point of its base line; `spacing` is put between the characters (points)."""
    x, y = at
    whole = width(text, face, size) + spacing * max(len(text) - 1, 0)
    x -= {"left": 0.0, "centre": whole / 2, "right": whole}[align]
    pen = canvas.beginText(x, y)
    pen.setFillColor(colour)
    pen.setCharSpace(spacing)
    for name, part in runs(text, face):
        pen.setFont(name, size)
        pen.textOut(part)
    canvas.drawText(pen)


def check_picture(data: bytes) -> None:
    """Raise PrintFailed unless these bytes are a JPEG or PNG of bounded size that decodes to its end."""
    try:
        with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as image:
            if image.width * image.height > MOST_PIXELS:
                raise PrintFailed(f"a picture of {image.width} × {image.height} pixels is too large")
            image.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise PrintFailed(f"a picture cannot be read: {error}") from error


def draw_picture(canvas: Canvas, data: bytes, box: tuple[float, float, float, float]) -> None:
    """Place a JPEG or PNG in the middle of a box (x, y, width, height in points), keeping its proportions."""
    check_picture(data)
    x, y, room, height = box
    canvas.drawImage(
        ImageReader(BytesIO(data)), x, y, room, height, mask="auto", preserveAspectRatio=True, anchor="c"
    )


def draw_qr(canvas: Canvas, content: str, box: tuple[float, float, float]) -> None:
    """Draw a QR code as vector squares in a box (x, y, side in points), its quiet zone included."""
    x, y, side = box
    matrix = segno.make_qr(content, error="m").matrix
    quiet = 4
    module = side / (len(matrix) + 2 * quiet)
    path = canvas.beginPath()
    for row, modules in enumerate(matrix):
        top = y + side - (row + quiet) * module
        for column, dark in enumerate(modules):
            if dark:
                path.rect(x + (column + quiet) * module, top - module, module, module)
    canvas.setFillColor(HexColor("#000000"))
    canvas.drawPath(path, stroke=0, fill=1)
