"""A table as CSV: UTF-8 with the mark that Excel needs, every cell in quotes; copied out whole by PostgreSQL."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from app.services.exports.harmless import fit, harmless
from app.services.exports.plan import Cells, Export

MEDIA_TYPE = "text/csv"
_MARK = b"\xef\xbb\xbf"
_BLOCK = 1 << 16


def csv_blocks(session: Session, export: Export) -> Iterator[tuple[int, bytes]]:
    """The file in pieces, each with the number of rows that is done by then."""
    above = [[harmless(line)] for line in export.notes]
    yield 0, _MARK + _lines([*above, export.heads])
    if export.by_database and session.get_bind().dialect.name == "postgresql":
        yield from _copied(session, export.cells)
        return
    done = 0
    for chunk in export.chunks(session):
        done += len(chunk)
        yield done, _lines(chunk)


def _lines(rows: Sequence[Cells]) -> bytes:
    """Joined at one go, which takes a third of the time, unless a cell holds a quote of its own."""
    text = '"\n"'.join(['","'.join(row) for row in rows])
    if text.count('"') == 2 * (sum(map(len, rows)) - 1):
        return fit(f'"{text}"\n'.encode())
    quoted = io.StringIO()
    csv.writer(quoted, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return fit(quoted.getvalue().encode())


def _copied(session: Session, cells: Select[Any]) -> Iterator[tuple[int, bytes]]:
    """COPY takes no parameters, so they are put into the statement by the driver, which quotes them."""
    connection = session.connection()
    asked = cells.compile(dialect=connection.dialect).construct_expanded_state()
    values = {
        name: asked.processors[name](value) if name in asked.processors else value
        for name, value in asked.parameters.items()
    }
    command = f"COPY ({asked.statement}) TO STDOUT (FORMAT csv, FORCE_QUOTE *)"
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(command, values) as copying:
        block, done = bytearray(), 0
        # The server sends one message for each row. Kept as such, they would cost more than the rows themselves.
        for line in copying:
            block += line
            done += 1
            if len(block) >= _BLOCK:
                yield done, fit(bytes(block))
                block.clear()
        yield done, fit(bytes(block))
