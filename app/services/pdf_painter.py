"""Paints pages of a stranger's PDF in a process with little memory and time, and hands them over as pictures."""

import resource
import struct
import sys
from io import BytesIO

import pypdfium2

MEMORY = 1024 * 1024 * 1024
SECONDS = 20
LONGEST_SIDE = 1800
"""Pixels: an A4 page at 150 dots per inch, which shows the small print of a contract."""

_MOST_SCALE = 3.0
_POINTS = 14_400
"""The longest side that a page may have (ISO 32000); more than that is no paper."""


def limit() -> None:
    """From here on, a bomb ends this process instead of the server."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def painted(data: bytes, first: int, count: int) -> tuple[int, list[bytes]]:
    """How many pages there are, and these of them as JPEG; raises `PdfiumError` or `ValueError` for no document."""
    document = pypdfium2.PdfDocument(data)
    pages = []
    for number in range(first - 1, min(first - 1 + count, len(document))):
        page = document[number]
        longest = max(page.get_size())
        if not 0 < longest <= _POINTS:
            raise ValueError("no paper")
        picture = page.render(scale=min(_MOST_SCALE, LONGEST_SIDE / longest)).to_pil().convert("RGB")
        out = BytesIO()
        picture.save(out, "JPEG", quality=85)
        pages.append(out.getvalue())
    return len(document), pages


def main() -> int:
    first, count = int(sys.argv[1]), int(sys.argv[2])
    data = sys.stdin.buffer.read()
    limit()
    try:
        total, pages = painted(data, first, count)
    except (pypdfium2.PdfiumError, ValueError, MemoryError):
        return 1
    out = sys.stdout.buffer
    out.write(struct.pack(">I", total))
    for page in pages:
        out.write(struct.pack(">I", len(page)) + page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
