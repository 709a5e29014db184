"""Walks all objects of a stranger's PDF in a process with little memory and time, and says what it found."""

import resource
import sys
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.errors import DependencyError, LimitReachedError, PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject

MEMORY = 512 * 1024 * 1024
SECONDS = 10
MOST_PAGES = 200
MOST_OBJECTS = 50_000
MOST_PARTS = 1_000_000

LIVING = frozenset(
    f"/{name}"
    for name in (
        "JavaScript", "JS", "Launch", "AA", "SubmitForm", "ImportData", "GoToR", "GoToE", "Rendition", "Movie",
        "EmbeddedFile", "EmbeddedFiles", "XFA", "RichMedia",
    )
)  # fmt: skip

# What a damaged file raises depends on where it is damaged; the person can do the same about each.
_DAMAGES = (
    PyPdfError, DependencyError, zlib.error, LookupError, ValueError, TypeError, AttributeError, ArithmeticError,
    AssertionError, RecursionError, NotImplementedError, OSError,
)  # fmt: skip


def limit() -> None:
    """From here on, a bomb ends this process instead of the server."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def found_in(data: bytes) -> str:
    """`still` for a document that only shows pages; otherwise why it is refused, in one word."""
    reader = PdfReader(BytesIO(data))
    if "/Encrypt" in reader.trailer:
        return "closed"
    if not isinstance(reader.trailer["/Root"].get_object(), DictionaryObject):
        return "damaged"
    pages = parts = 0
    for one in _objects(reader):
        for part in _parts(one):
            parts += 1
            if parts > MOST_PARTS:
                return "large"
            if _is_living(part):
                return "living"
            pages += isinstance(part, DictionaryObject) and dict.get(part, "/Type") == "/Page"
    if pages > MOST_PAGES:
        return "pages"
    return "still" if pages else "damaged"


def _objects(reader: PdfReader) -> Iterator[Any]:
    """Everything that the tables of the file name, also what no page leads to, and what lies in streams."""
    numbers = {(number, generation) for generation, table in reader.xref.items() for number in table}
    numbers |= {(number, 0) for number in reader.xref_objStm}
    if len(numbers) > MOST_OBJECTS:
        raise MemoryError
    yield reader.trailer
    for number, generation in sorted(numbers):
        yield reader.get_object(IndirectObject(number, generation, reader))


def _parts(one: Any) -> Iterator[Any]:
    """The object and what is written in it; what it refers to has a number of its own."""
    waiting = [one]
    while waiting:
        part = waiting.pop()
        yield part
        if isinstance(part, DictionaryObject):
            waiting += dict.values(part)
        elif isinstance(part, ArrayObject):
            waiting += list.__iter__(part)


def _is_living(part: Any) -> bool:
    if isinstance(part, NameObject):
        return part in LIVING
    if not isinstance(part, DictionaryObject):
        return False
    # To open at a page is no act; the acts that may stand there have names of their own, or are unknown.
    opening = part["/OpenAction"] if "/OpenAction" in part else None  # noqa: SIM401 - get() leads nowhere
    return bool(LIVING & part.keys()) or isinstance(opening, DictionaryObject)


def main() -> int:
    data = sys.stdin.buffer.read()
    limit()
    try:
        found = found_in(data)
    except (MemoryError, LimitReachedError):
        found = "large"
    except _DAMAGES:
        found = "damaged"
    sys.stdout.write(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
