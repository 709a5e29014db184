"""A table as a workbook that is written while it is read: text cells alone, and never more than a chunk in memory."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from sqlalchemy.orm import Session

from app.services.exports.harmless import fit
from app.services.exports.plan import Cells, Export

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_000
"""A sheet has 1,048,576 rows; some of them are for the lines above. What is more goes to the next sheet."""
_MOST_BYTES = 1_500_000_000
"""Some programs do not open a sheet of more than 2 GB."""

_CELL, _ROW = "\ud800", "\ud801"
"""Between cells and rows until they are marked up: lone surrogates, which no database gives."""
_OPEN, _CLOSE = '<c t="inlineStr"><is><t xml:space="preserve">', "</t></is></c>"
_BOLD = '<c s="1" t="inlineStr"><is><t xml:space="preserve">'
_LIKE_A_CODE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_NARROWEST, _WIDEST = 10, 40

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PARTS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_XF = '<xf numFmtId="{format}" fontId="{font}" fillId="0" borderId="0"{more}/>'
# 49 is the format "text": a number stays as it is when somebody edits its cell.
_TEXT, _TITLE = (
    _XF.format(format=49, font=font, more=f' xfId="0" applyNumberFormat="1" applyFont="{font}"')
    for font in (0, 1)
)
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill '
    'patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1">'
    "<border><left/><right/><top/><bottom/><diagonal/></border></borders>"
    f'<cellStyleXfs count="1">{_XF.format(format=0, font=0, more="")}</cellStyleXfs>'
    f'<cellXfs count="2">{_TEXT}{_TITLE}</cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


class _Sink(io.RawIOBase):
    """Takes what the archive writes and gives it away at once; nothing goes back in it."""

    def __init__(self) -> None:
        self._kept: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._kept.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        kept, self._kept = self._kept, []
        return b"".join(kept)


def xlsx_blocks(session: Session, export: Export) -> Iterator[tuple[int, bytes]]:
    """The file in pieces, each with the number of rows that is done by then."""
    sink = _Sink()
    above = [[line] for line in export.notes]
    done, sheets = 0, 0
    rest: Iterator[Sequence[Cells]] = export.chunks(session)
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        more = True
        while more:
            more, sheets, rows, size = False, sheets + 1, 0, 0
            with archive.open(f"xl/worksheets/sheet{sheets}.xml", "w") as sheet:
                sheet.write(_begin(export.heads, above).encode())
                for chunk in rest:
                    marked = fit(_marked(chunk).encode())
                    sheet.write(marked)
                    done, rows, size = done + len(chunk), rows + len(chunk), size + len(marked)
                    yield done, sink.taken()
                    if rows + len(chunk) > MOST_ROWS or size > _MOST_BYTES:
                        following = next(rest, None)
                        more = following is not None
                        rest = chain([following], rest) if following is not None else rest
                        break
                sheet.write(_end(len(export.columns)).encode())
        for name, text in _frame(sheets):
            archive.writestr(name, text)
    yield done, sink.taken()


def _marked(rows: Sequence[Cells]) -> str:
    """Rows as XML: joined first, so that every step runs over a whole chunk at once."""
    text = _ROW.join([_CELL.join(row) for row in rows])
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
    if "_x" in text:
        text = _LIKE_A_CODE.sub("_x005F_", text)
    text = text.replace(_CELL, f"{_CLOSE}{_OPEN}").replace(_ROW, f"{_CLOSE}</row><row>{_OPEN}")
    return f"<row>{_OPEN}{text}{_CLOSE}</row>"


def _begin(heads: Cells, above: Sequence[Cells]) -> str:
    widths = [max(_NARROWEST, min(_WIDEST, 2 * len(head) + 4)) for head in heads]
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>'
        for place, width in enumerate(widths, 1)
    )
    titles = _marked([heads]).replace(_OPEN, _BOLD)
    notes = _marked(above) if above else ""
    return f'{_HEAD}<worksheet xmlns="{_MAIN}"><cols>{columns}</cols><sheetData>{notes}{titles}'


def _end(columns: int) -> str:
    """No green corners: the numbers are meant to be text."""
    area = f"A1:{_letters(columns)}1048576"
    return (
        f'</sheetData><ignoredErrors><ignoredError sqref="{area}" numberStoredAsText="1"/></ignoredErrors>'
        "</worksheet>"
    )


def _letters(place: int) -> str:
    """`27` is column AA."""
    before, last = divmod(place - 1, 26)
    return (_letters(before) if before else "") + chr(ord("A") + last)


def _frame(sheets: int) -> Iterator[tuple[str, str]]:
    """What makes a workbook of the sheets."""
    numbers = range(1, sheets + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{one}.xml" ContentType="{_PARTS}.worksheet+xml"/>'
        for one in numbers
    )
    types = (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
        f'ContentType="{_PARTS}.sheet.main+xml"/><Override PartName="/xl/styles.xml" '
        f'ContentType="{_PARTS}.styles+xml"/>{overrides}</Types>'
    )
    yield "[Content_Types].xml", types
    yield "_rels/.rels", _related([("officeDocument", "xl/workbook.xml")])
    named = "".join(f'<sheet name="Sheet{one}" sheetId="{one}" r:id="rId{one}"/>' for one in numbers)
    yield (
        "xl/workbook.xml",
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{named}</sheets></workbook>',
    )
    parts = [("worksheet", f"worksheets/sheet{one}.xml") for one in numbers]
    yield "xl/_rels/workbook.xml.rels", _related([*parts, ("styles", "styles.xml")])
    yield "xl/styles.xml", _STYLES


def _related(parts: Sequence[tuple[str, str]]) -> str:
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(parts, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'
