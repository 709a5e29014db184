"""Pictures of people and papers that do not exist: silhouettes and sheets, drawn and marked as samples."""

from collections.abc import Sequence
from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from app.printing.faces import FOLDER

_WHITE, _INK, _PALE, _MARK = "#ffffff", "#30343b", "#e8ecf1", "#d9dde3"
_COATS = ("#3f5573", "#4d6b57", "#6b4d5e", "#5d5a4b", "#45606b", "#574f78")
_HAIR = ("#2b2b2e", "#3a332d", "#2f3a40")
_INCH = (295, 413)  # 25 × 35 mm at 300 dots per inch
_CARD, _SHEET = (860, 540), (900, 1270)
_SAMPLE = "演示样本"


def portrait(seed: int, size: tuple[int, int] = _INCH, background: str = _WHITE) -> bytes:
    """A one-inch photo of nobody: a silhouette before a white wall, a woman's for an odd seed."""
    double = (2 * size[0], 2 * size[1])  # drawn twice as large, so that its edges become smooth
    image = Image.new("RGB", double, background)
    _draw_bust(ImageDraw.Draw(image), (0, 0, *double), seed)
    return _jpeg(image.resize(size, Image.Resampling.LANCZOS))


def id_card_front(seed: int) -> bytes:
    """The side with the picture, without a single datum of a person on it."""
    image, draw = _marked(_CARD)
    draw.rounded_rectangle((8, 8, _CARD[0] - 8, _CARD[1] - 8), 28, outline=_INK, width=3)
    for line, text in enumerate(
        ("姓名　×××", "性别　×　　民族　×", "出生　××××年××月××日", "住址　××××××××")
    ):
        draw.text((60, 70 + 72 * line), text, _INK, _font(34))
    draw.text((60, 440), "公民身份号码　439900××××××××××××", _INK, _font(34))
    _draw_bust(draw, (600, 60, 810, 354), seed)
    return _jpeg(image)


def id_card_back() -> bytes:
    return _card(("居民身份证", "签发机关　×××公安局", "有效期限　××××年－××××年"))


def id_card_in_hand(seed: int) -> bytes:
    image, draw = _marked(_CARD)
    _draw_bust(draw, (250, 40, 610, 540), seed)
    draw.rounded_rectangle((480, 330, 760, 506), 14, fill=_WHITE, outline=_INK, width=3)
    draw.text((512, 392), "居民身份证", _INK, _font(32))
    return _jpeg(image)


def signature(name: str) -> bytes:
    """The name on white paper, slanted as if somebody had written it."""
    image = Image.new("RGB", (600, 240), _WHITE)
    ImageDraw.Draw(image).text((90, 60), name, _INK, _font(110))
    slant = (1, 0.28, -34, 0.05, 1, -14)
    return _jpeg(image.transform(image.size, Image.Transform.AFFINE, slant, fillcolor=_WHITE))


@cache
def sheet(title: str, lines: tuple[str, ...] = ()) -> bytes:
    """A scanned paper: its title, a few lines, and across it the word that it is a sample."""
    image, draw = _marked(_SHEET)
    draw.text((_SHEET[0] / 2, 150), title, _INK, _font(52), anchor="mm")
    for number, line in enumerate(lines or ("本页为演示用样本，不具有任何效力。",)):
        draw.text((110, 280 + 70 * number), line, _INK, _font(30))
    draw.ellipse((590, 900, 790, 1100), outline="#b23a3a", width=5)
    draw.text((690, 1000), "演示", "#b23a3a", _font(46), anchor="mm")
    return _jpeg(image)


def _card(lines: Sequence[str]) -> bytes:
    image, draw = _marked(_CARD)
    draw.rounded_rectangle((8, 8, _CARD[0] - 8, _CARD[1] - 8), 28, outline=_INK, width=3)
    for number, line in enumerate(lines):
        draw.text((80, 110 + 110 * number), line, _INK, _font(38))
    return _jpeg(image)


def _marked(size: tuple[int, int]) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """A sheet of this size with the word "sample" across it."""
    image = _marked_blank(size).copy()
    return image, ImageDraw.Draw(image)


@cache
def _marked_blank(size: tuple[int, int]) -> Image.Image:
    image = Image.new("RGB", size, _PALE)
    mark = Image.new("L", size, 0)
    middle = (size[0] / 2, size[1] / 2)
    ImageDraw.Draw(mark).text(middle, _SAMPLE, 255, _font(size[0] // 5), anchor="mm")
    image.paste(_MARK, mask=mark.rotate(28))
    return image


def _draw_bust(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], seed: int) -> None:
    """Head, hair and shoulders; the seed chooses among shapes and colours, so that rows can be told apart."""
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    coat, hair = _COATS[seed // 2 % len(_COATS)], _HAIR[seed // 2 % len(_HAIR)]

    def at(x: float, y: float) -> tuple[float, float]:
        return left + x * width, top + y * height

    if seed % 2:  # a woman
        draw.rounded_rectangle((*at(0.27, 0.16), *at(0.73, 0.66)), width * 0.2, fill=hair)
    draw.pieslice((*at(0.06, 0.66), *at(0.94, 1.34)), 180, 360, fill=coat)
    draw.polygon([at(0.42, 0.66), at(0.58, 0.66), at(0.5, 0.8)], fill=_PALE)
    draw.rectangle((*at(0.43, 0.56), *at(0.57, 0.68)), fill="#9aa3ad")
    draw.ellipse((*at(0.31, 0.17), *at(0.69, 0.62)), fill="#aab3bd")
    draw.chord((*at(0.29, 0.12), *at(0.71, 0.56)), 196, 344, fill=hair)


def _jpeg(image: Image.Image) -> bytes:
    stream = BytesIO()
    image.save(stream, "JPEG", quality=82, dpi=(300, 300))
    return stream.getvalue()


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FOLDER / "sans-regular.ttf", size)
