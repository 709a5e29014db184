"""Making an export: the file as it is written, sent at once or kept encrypted until its link expires."""

import time
from collections.abc import Callable, Iterator

from flask_babel import lazy_gettext as _l
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.extensions.clock import local, now, today
from app.extensions.database import begin_writing
from app.extensions.refused import Refused
from app.models import Job
from app.security.access.policies import policy_on
from app.services import jobs, large_files
from app.services.exports import csv_file, xlsx_file
from app.services.exports.asking import write_down
from app.services.exports.lists import Wanted, exportable
from app.services.exports.plan import Export

MEDIA_TYPES = {"csv": csv_file.MEDIA_TYPE, "xlsx": xlsx_file.MEDIA_TYPE}
_STORED_AS = {"csv": csv_file.MEDIA_TYPE, "xlsx": "application/zip"}
"""A workbook is a ZIP, and its own name is longer than the column of a stored file takes."""
_PAUSE = 0.5
"""Seconds between two words about the progress: each of them is a commit."""

Advance = Callable[[int, int], None]


def blocks(session: Session, export: Export, format_: str) -> Iterator[tuple[int, bytes]]:
    """The file in pieces with the rows that are done; `session` is read from and used for nothing else."""
    if session.get_bind().dialect.name == "postgresql":
        # Compiling so many branches takes longer than it saves, and nothing is sent before.
        session.execute(text("SET LOCAL jit = off"))
    write = csv_file.csv_blocks if format_ == "csv" else xlsx_file.xlsx_blocks
    return write(session, export)


def streamed(reader: Session, export: Export, format_: str) -> Iterator[bytes]:
    """The file for a browser; the reader is closed with the last byte, or when the browser goes away."""
    with reader:
        for _done, block in blocks(reader, export, format_):
            if block:
                yield block


def run(session: Session, reader: Session, job_id: int, wanted: Wanted, advance: Advance) -> dict[str, int]:
    """Make the file of a job. Whoever asked may have lost a right since: his list is compiled anew.

    Interrupted in the middle, it begins again; an unfinished file is deleted then, and nobody ever finds it.
    """
    if session.get_one(Job, job_id).file_id is not None:
        return {"rows": session.get_one(Job, job_id).progress}
    actor = jobs.asker(session, job_id)
    session.rollback()
    asked = exportable(wanted.list)
    most = policy_on(reader, today()).number("export_rows")
    total = asked.count(reader, actor, wanted, most)
    if total > most:
        raise Refused(
            _l("More than %(count)s rows match. Please narrow the list with filters first.", count=most)
        )
    advance(0, total)
    export = asked.export(reader, actor, wanted)
    with large_files.writing(_STORED_AS[wanted.format]) as part:
        jobs.begin_part(session, job_id, part)
        done = _write(part, blocks(reader, export, wanted.format), lambda rows: advance(rows, total))
        reader.rollback()
        name = f"{export.file_name}_{local(now()):%Y%m%d-%H%M}.{wanted.format}"
        begin_writing(session)
        jobs.keep_file(session, job_id, part, name)
        write_down(session, actor, wanted, export, done)
        session.commit()
    advance(done, done)
    return {"rows": done}


def _write(part: large_files.Part, made: Iterator[tuple[int, bytes]], advance: Callable[[int], None]) -> int:
    done, told = 0, time.monotonic()
    for rows, block in made:
        done = rows
        part.write(block)
        if time.monotonic() - told > _PAUSE:
            advance(done)
            told = time.monotonic()
    return done
