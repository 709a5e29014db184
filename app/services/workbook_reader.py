"""Reads a stranger's workbook in a process with little memory and time, and tells its rows as JSON lines."""

import json
import re
import resource
import sys
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, time, timedelta
from io import BytesIO
from typing import IO, Any, NoReturn
from xml.parsers import expat

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

MEMORY = 640 * 1024 * 1024
SECONDS = 25
LONGEST_TEXT = 2_000
MOST_COLUMNS = 100
MOST_CHARACTERS = 60_000_000
MOST_MARKS = 10_000
MOST_PARTS = 2_000
MOST_UNPACKED = 600 * 1024 * 1024

_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships id"
_STRICT_RELATION = "http://purl.oclc.org/ooxml/officeDocument/relationships id"
# The cheap question first: most workbooks have neither a formula nor an error, and need no second parse.
_MARKED = re.compile(rb"<(?:\w+:)?f[\s/>]|\st=[\"']e[\"']")
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})$")

# What a damaged package raises depends on where it is damaged; the person can do the same about each.
_DAMAGES = (
    CalamineError, zipfile.BadZipFile, zlib.error, expat.ExpatError, KeyError, ValueError, OSError, EOFError,
)  # fmt: skip


class Unreadable(Exception):
    """Why the whole workbook is refused, as a word that the other process turns into a sentence."""


def say(*line: Any) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=False, default=_told) + "\n")


def _told(value: Any) -> Any:
    """A cell that JSON does not know; a moment and a day are both told as a day in ISO form."""
    if isinstance(value, date):
        return {"date": value.isoformat()[:10]}
    if isinstance(value, time | timedelta):
        return str(value)
    raise TypeError(type(value).__name__)


def limit() -> None:
    """From here on, a bomb ends this process instead of the server."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def require_workbook(package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    names = {part.filename for part in parts}
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unreadable("bomb")
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable("password")
    if "xl/vbaProject.bin" in names:
        raise Unreadable("macros")
    if "xl/workbook.xml" not in names:
        raise Unreadable("other_format" if {"xl/workbook.bin", "content.xml"} & names else "not_excel")


def _parse(file: IO[bytes], start: Any) -> None:
    """Call `start(local name, attributes)` for each element. Document types belong to attacks: refused."""

    def refuse(*_: Any) -> NoReturn:
        raise Unreadable("damaged")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, attributes: start(name.rpartition(" ")[2], attributes)
    parser.ParseFile(file)


def sheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
    """The part of the package in which each sheet lies, by the sheet's name."""
    targets: dict[str, str] = {}
    sheets: dict[str, str] = {}

    def relation(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            key = attributes.get(_RELATION) or attributes.get(_STRICT_RELATION, "")
            target = targets.get(key, "")
            sheets[attributes.get("name", "")] = (
                target[1:] if target.startswith("/") else f"xl/{target.removeprefix('./')}"
            )

    with package.open("xl/_rels/workbook.xml.rels") as file:
        _parse(file, relation)
    with package.open("xl/workbook.xml") as file:
        _parse(file, sheet)
    return sheets


class Marks:
    """Where a sheet has formulas and error values, which calamine shows as plain values or as nothing."""

    def __init__(self) -> None:
        self.row = self.column = 0
        self.formulas: list[tuple[int, int]] = []
        self.errors: list[tuple[int, int]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column = 0
        elif name == "c":
            self._enter(attributes.get("r", ""))
            if attributes.get("t") == "e":
                self._add(self.errors)
        elif name == "f":
            self._add(self.formulas)

    def _enter(self, address: str) -> None:
        found = _CELL.match(address)
        if found is None:
            self.column += 1
            return
        self.row = int(found[2])
        self.column = 0
        for letter in found[1]:
            self.column = self.column * 26 + ord(letter) - 64

    def _add(self, kind: list[tuple[int, int]]) -> None:
        kind.append((self.row, self.column))
        if len(kind) > MOST_MARKS:
            raise Unreadable("formulas")


def marks_of(package: zipfile.ZipFile, part: str) -> Marks:
    marks = Marks()
    if part in package.namelist() and _has_marks(package, part):
        with package.open(part) as file:
            _parse(file, marks.start)
    return marks


def _has_marks(package: zipfile.ZipFile, part: str) -> bool:
    tail = b""
    with package.open(part) as file:
        while block := file.read(1 << 20):
            if _MARKED.search(tail + block):
                return True
            tail = block[-64:]
    return False


def tell(data: bytes, most_rows: int) -> None:
    """All sheets, one after the other: a line with what is known of the sheet, then its rows."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        require_workbook(package)
        parts = sheet_parts(package)
        room = [most_rows, MOST_CHARACTERS]
        with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
            for facts in book.sheets_metadata:
                if facts.name not in parts or "worksheets/" not in parts[facts.name]:
                    continue
                marks = marks_of(package, parts[facts.name])
                sheet = book.get_sheet_by_name(facts.name)
                merged = sheet.merged_cell_ranges or []
                if len(merged) > MOST_MARKS:
                    raise Unreadable("merged")
                visible = facts.visible == SheetVisibleEnum.Visible
                say("sheet", facts.name, visible, merged, marks.formulas, marks.errors)
                for number, cells in rows_of(sheet):
                    _take(room, cells)
                    say("row", number, cells)
    say("end")


def _take(room: list[int], cells: list[Any]) -> None:
    room[0] -= 1
    room[1] -= sum(len(cell) for cell in cells if isinstance(cell, str))
    if room[0] < 0:
        raise Unreadable("rows")
    if room[1] < 0:
        raise Unreadable("bomb")


def rows_of(sheet: CalamineSheet) -> Iterator[tuple[int, list[Any]]]:
    """Number and cells of each row that is not blank, from column A on; overlong texts are cut."""
    if sheet.start is None:
        return
    if sheet.total_width > MOST_COLUMNS:
        raise Unreadable("columns")
    # calamine begins at the first row of the sheet, but at the first column that is used.
    margin = [""] * sheet.start[1]
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = [cell[:LONGEST_TEXT] if isinstance(cell, str) else cell for cell in row]
        if any(not isinstance(cell, str) or cell.strip() for cell in cells):
            yield number, margin + cells


def main() -> int:
    data = sys.stdin.buffer.read()
    limit()
    try:
        tell(data, int(sys.argv[1]))
    except Unreadable as reason:
        say("refused", str(reason))
    except PasswordError:
        say("refused", "password")
    except _DAMAGES:
        say("refused", "damaged")
    except (MemoryError, NotImplementedError):
        say("refused", "bomb")
    return 0


if __name__ == "__main__":
    sys.exit(main())
