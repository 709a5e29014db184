"""One export in a process of its own, beside the least that its rows can cost; what they took is printed as JSON."""

import csv
import io
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app import create_app
from app.extensions.database import db
from app.security.access.roles import Actor, Role
from app.services.exports.lists import Wanted, exportable
from app.services.exports.making import blocks
from config import Config

_ALL = "all=1&sort=number"
_OFFICER = Actor(1, "bench", frozenset({Role.PROVINCIAL}))
_STORED = """SELECT number, name, id_number_masked, due_on, state, enterprise_name, specialties_text, type_key,
 submitted_at, region_code FROM declaration WHERE submitted_at IS NOT NULL AND state NOT IN ('draft', 'awaiting')
 ORDER BY number NULLS LAST, id"""
"""What stands in the database under the columns of the work list, for the same rows in the same order."""
_ROWS = 1_000


def bare(session: Session) -> Iterator[int]:
    """The peer: a bare COPY, or a loop of the csv module over what the driver fetches; the rows of each piece."""
    driver: Any = session.connection().connection.driver_connection
    if session.get_bind().dialect.name == "postgresql":
        with driver.cursor() as cursor, cursor.copy(f"COPY ({_STORED}) TO STDOUT (FORMAT csv)") as copying:
            for _line in copying:
                yield 1
        return
    cursor = driver.execute(_STORED)
    while found := cursor.fetchmany(_ROWS):
        text = io.StringIO()
        csv.writer(text).writerows(found)
        text.getvalue().encode()
        yield len(found)


def _bare_seconds(session: Session, rows: int | None = None) -> float:
    begun = time.perf_counter()
    found = sum(bare(session))
    assert rows in (None, found), f"{found} rows instead of {rows}"
    return time.perf_counter() - begun


def _peak() -> int:
    """Kilobytes at most so far, of this program alone: `getrusage` still counts that of whoever started it."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split(maxsplit=1)[0])


def main() -> None:
    url, data, key, kind, unmasked = sys.argv[1:]
    config = Config(
        data_dir=Path(data), key_file=Path(key), database_url=url, secret_key="bench " * 8, testing=True
    )
    with create_app(config).app_context(), Session(db.engine) as reader:
        begun_with = _peak()
        before = _bare_seconds(reader)
        begun, processor, first = time.perf_counter(), time.process_time(), 0.0
        wanted = Wanted("ReviewScreen", kind, address=_ALL, unmasked=unmasked == "1", reason="bench")
        export = exportable("ReviewScreen").export(reader, _OFFICER, wanted)
        rows, size = 0, 0
        for done, block in blocks(reader, export, kind):
            rows, size = done, size + len(block)
            first = first or time.perf_counter() - begun
        took, processor = time.perf_counter() - begun, time.process_time() - processor
        peak = _peak()
        after = _bare_seconds(reader, rows)
    found = {
        "rows": rows, "columns": len(export.columns), "by_database": export.by_database, "bytes": size,
        "seconds": took, "processor": processor, "first": first, "bare": (before + after) / 2,
        "begun_with": begun_with // 1024, "peak": peak // 1024,
    }  # fmt: skip
    print(json.dumps(found))


if __name__ == "__main__":
    main()
