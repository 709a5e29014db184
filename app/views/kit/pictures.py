"""Files that people send: pictures are made anew from their pixels, documents kept, all else refused."""

import io
import re
import unicodedata
import warnings
from dataclasses import dataclass
from pathlib import PurePosixPath

from flask_babel import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError
from werkzeug.datastructures import FileStorage

from app.extensions.refused import Refused

ONE_INCH = (295, 413)
"""A one-inch photo of 25 × 35 mm at 300 dots per inch, in pixels."""

_MOST_BYTES = 10 * 1024 * 1024
_MOST_PIXELS = 40_000_000
_LONGEST_SIDE = 2400
_LONGEST_NAME = 80
_WHITE = 225
_LIVING_PDF = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA|Encrypt)\b")


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
    data = file.stream.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise Refused(_("The file is larger than %(count)s MB.", count=_MOST_BYTES // 1024 // 1024))
    if not data:
        raise Refused(_("The file is empty."))
    if data[:1024].lstrip().startswith(b"%PDF-") and not photo:
        return _document(data, file.filename or "")
    image = _opened(data, pdf_allowed=not photo)
    found: tuple[str, ...] = ()
    if photo == "one_inch":
        image = _one_inch(image)
        if not _white_behind(image):
            found = (_("The background of the photo does not look white; it may be returned for that."),)
    elif max(image.size) > _LONGEST_SIDE:
        image.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=92 if photo else 88, dpi=(300, 300), optimize=True)
    return Accepted(out.getvalue(), "image/jpeg", _name(file.filename or "", "jpg"), found)


def _document(data: bytes, name: str) -> Accepted:
    if b"%%EOF" not in data[-2048:]:
        raise Refused(_("The PDF is incomplete; please save it again and send that."))
    if _LIVING_PDF.search(data):
        raise Refused(
            _("The PDF is encrypted or contains scripts or other files. Please print it to a new PDF.")
        )
    return Accepted(data, "application/pdf", _name(name, "pdf"))


def _opened(data: bytes, *, pdf_allowed: bool) -> Image.Image:
    """The upright picture in plain colours. Only two formats are ever tried, whatever the name says."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image: Image.Image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
            if image.width * image.height > _MOST_PIXELS:
                raise Refused(_("The picture has too many pixels; please make it smaller."))
            image.load()
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Refused(_("The picture has too many pixels; please make it smaller.")) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        allowed = _("a JPEG, PNG or PDF file") if pdf_allowed else _("a JPEG or PNG picture")
        raise Refused(_("This is not %(allowed)s, or it is damaged.", allowed=allowed)) from error
    upright = ImageOps.exif_transpose(image)
    clear = upright.convert("RGBA")
    plain = Image.new("RGB", clear.size, "white")
    plain.paste(clear, mask=clear.getchannel("A"))
    return plain


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
