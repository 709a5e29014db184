"""Files that people send: pictures are made anew from their pixels, documents kept, all else refused."""

import io
import re
import struct
import unicodedata
import warnings
from dataclasses import dataclass
from pathlib import PurePosixPath
from threading import BoundedSemaphore

from flask_babel import gettext as _
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError
from werkzeug.datastructures import FileStorage

from app.extensions.refused import Refused
from app.services.pdfs import require_still

ONE_INCH = (295, 413)
"""A one-inch photo of 25 × 35 mm at 300 dots per inch, in pixels."""

MOST_BYTES = 10 * 1024 * 1024
_MOST_PIXELS, _MOST_PIXELS_OF_A_JPEG = 12_500_000, 24_000_000
"""A telephone takes 12.2 million; a JPEG is made smaller while it is unpacked, and may have more."""

_LONGEST_SIDE = 2400
_LONGEST_NAME = 80
_JPEGS = frozenset({"JPEG", "MPO"})
_SMOOTH = frozenset({"L", "LA", "RGB", "RGBA"})
"""Modes that can be made smaller as they are."""

_AT_ONCE = BoundedSemaphore(2)
"""Pictures that this process unpacks at one time."""

_WHITE = 225

_TURNS: dict[object, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What brings a picture upright, by the orientation that its camera noted."""


@dataclass(frozen=True)
class Accepted:
    """A file that may be stored: its bytes are ours, not the sender's, unless it is a PDF."""

    data: bytes
    media_type: str
    name: str
    warnings: tuple[str, ...] = ()


def accept(file: FileStorage, photo: str = "") -> Accepted:
    """Check and make anew. `photo`: `one_inch`, `picture`, or empty for a scan that may also be a PDF.

    Raises `Refused` with a sentence for whoever sent it.
    """
    data = file.stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Refused(_("The file is larger than %(count)s MB.", count=MOST_BYTES // 1024 // 1024))
    if not data:
        raise Refused(_("The file is empty."))
    if data[:1024].lstrip().startswith(b"%PDF-") and not photo:
        return _document(data, file.filename or "")
    with _AT_ONCE:
        return _drawn_anew(data, file.filename or "", photo)


def _drawn_anew(data: bytes, name: str, photo: str) -> Accepted:
    image = _opened(data, pdf_allowed=not photo)
    found: tuple[str, ...] = ()
    if photo == "one_inch":
        image = _one_inch(image)
        if not _white_behind(image):
            found = (_("The background of the photo does not look white; it may be returned for that."),)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=92 if photo else 88, dpi=(300, 300), optimize=True)
    return Accepted(out.getvalue(), "image/jpeg", _name(name, "jpg"), found)


def _document(data: bytes, name: str) -> Accepted:
    require_still(data)
    return Accepted(data, "application/pdf", _name(name, "pdf"))


def _opened(data: bytes, *, pdf_allowed: bool) -> Image.Image:
    """The upright picture in plain colours. Only two formats are ever tried, whatever the name says."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image: Image.Image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
            _require_room(image)
            image.load()
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Refused(_("The picture has too many pixels; please make it smaller.")) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        allowed = _("a JPEG, PNG or PDF file") if pdf_allowed else _("a JPEG or PNG picture")
        raise Refused(_("This is not %(allowed)s, or it is damaged.", allowed=allowed)) from error
    # The cheap steps first: what is made smaller costs little in four colours.
    if image.mode not in _SMOOTH or "transparency" in image.info:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE), Image.Resampling.LANCZOS)
    upright = _upright(image)
    # A new picture has the pixels and nothing else: no place, no time, no comment.
    plain = Image.new("RGB", upright.size, "white")
    if upright.has_transparency_data:
        clear = upright.convert("RGBA")
        plain.paste(clear, mask=clear.getchannel("A"))
    else:
        plain.paste(upright.convert("RGB"))
    return plain


def _upright(image: Image.Image) -> Image.Image:
    """Turned as its notes say. Notes that cannot be read tell nothing, and the picture itself is as good."""
    try:
        turn = _TURNS.get(image.getexif().get(ExifTags.Base.Orientation))
    except (SyntaxError, ValueError, TypeError, LookupError, OSError, OverflowError, struct.error):
        turn = None
    return image if turn is None else image.transpose(turn)


def _require_room(image: Image.Image) -> None:
    """Refuse a picture by its head alone; a JPEG is told to be unpacked at a half or less where it is large."""
    # A progressive JPEG is held as a whole before it is made smaller.
    halved = image.format in _JPEGS and "progressive" not in image.info
    most = _MOST_PIXELS_OF_A_JPEG if halved else _MOST_PIXELS
    if image.width * image.height > most:
        raise Refused(_("The picture has too many pixels; please make it smaller."))
    if image.format in _JPEGS:
        large = image.width * image.height > _MOST_PIXELS
        image.draft("RGB", (image.width // 2, image.height // 2) if large else (_LONGEST_SIDE, _LONGEST_SIDE))


def _one_inch(image: Image.Image) -> Image.Image:
    width, height = ONE_INCH
    if image.width < width or image.height < height:
        raise Refused(
            _("The photo must have at least %(width)s × %(height)s pixels.", width=width, height=height)
        )
    # A head stands in the upper half: when the picture is too high, more is cut below than above.
    return ImageOps.fit(image, ONE_INCH, Image.Resampling.LANCZOS, centering=(0.5, 0.3))


def _white_behind(image: Image.Image) -> bool:
    """Look at both upper corners, where a one-inch photo shows only what is behind the person."""
    width, height = image.size
    corners = ((0, 0, width // 6, height // 5), (width - width // 6, 0, width, height // 5))
    for box in corners:
        corner = image.crop(box).resize((1, 1), Image.Resampling.BOX)
        pixel = corner.getpixel((0, 0))
        if not isinstance(pixel, tuple) or min(pixel) < _WHITE:
            return False
    return True


def _name(sent: str, ending: str) -> str:
    """What the sender called it, as far as a file may be called so, with the ending of what it is."""
    stem = PurePosixPath(sent.replace("\\", "/")).stem
    kept = "".join(one for one in unicodedata.normalize("NFC", stem) if unicodedata.category(one)[0] != "C")
    kept = re.sub(r'[<>:"/|?*\s]+', " ", kept).strip(" .")[:_LONGEST_NAME]
    return f"{kept or 'file'}.{ending}"
