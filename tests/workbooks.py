"""Workbooks for tests: small lists of qualifications, and packages that were tampered with."""

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from openpyxl import Workbook

from app.services.qualification_import.columns import COLUMNS
from samples import make_qualifications
from samples.fictitious import Maker

HEADINGS = [column.heading for column in COLUMNS]
Values = dict[str, Any]


@cache
def sample() -> bytes:
    return make_qualifications.workbook()


def people(count: int, seed: int = 1) -> list[Values]:
    """Rows without fault about as many people."""
    maker = Maker(seed)
    return [maker.row() for _ in range(count)]


def listed(rows: Iterable[Mapping[str, Any]], change: Callable[[Any], None] = lambda _book: None) -> bytes:
    """The list of these rows, its headings in row 1; `change` may spoil the workbook before it is saved."""
    table = [HEADINGS, *([row.get(column.attribute, "") for column in COLUMNS] for row in rows)]
    return workbook(table, change)


def workbook(table: Iterable[Iterable[Any]], change: Callable[[Any], None] = lambda _book: None) -> bytes:
    book = Workbook()
    book.active.title = "资格证"
    for row in table:
        book.active.append(["" if value is None else value for value in row])
    change(book)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def repacked(data: bytes, **parts: bytes | None) -> bytes:
    """The package with parts replaced, added or left out (None); `__` stands for `/`, `_dot_` for `.`."""
    wanted = {name.replace("__", "/").replace("_dot_", "."): content for name, content in parts.items()}
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as package,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in package.infolist():
            if part.filename not in wanted:
                new.writestr(part.filename, package.read(part))
        for name, content in wanted.items():
            if content is not None:
                new.writestr(name, content)
    return made.getvalue()


def wide(text: str) -> str:
    """The same signs in full width, as a Chinese keyboard gives them."""
    return "".join(chr(ord(sign) + 0xFEE0) for sign in text)


def part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(name)
