"""Making an export: the file as it is written, sent at once or kept encrypted until its link expires."""

from collections.abc import Callable, Iterator

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.extensions.clock import local, now, today
from app.extensions.refused import Refused
from app.security.access.policies import policy_on
from app.security.access.roles import Actor
from app.services import files, jobs
from app.services.exports import csv_file, xlsx_file
from app.services.exports.asking import write_down
from app.services.exports.lists import Wanted, exportable
from app.services.exports.plan import Export

MEDIA_TYPES = {"csv": csv_file.MEDIA_TYPE, "xlsx": xlsx_file.MEDIA_TYPE}


def blocks(session: Session, export: Export, format_: str) -> Iterator[tuple[int, bytes]]:
    """The file in pieces with the rows that are done; `session` is read from and used for nothing else."""
    write = csv_file.csv_blocks if format_ == "csv" else xlsx_file.xlsx_blocks
    return write(session, export)


def streamed(reader: Session, export: Export, format_: str) -> Iterator[bytes]:
    """The file for a browser; the reader is closed with the last byte, or when the browser goes away."""
    with reader:
        for _done, block in blocks(reader, export, format_):
            if block:
                yield block


def run(session: Session, reader: Session, job_id: int, wanted: Wanted, advance: Callable[[int, int], None]) -> dict[str, int]:
    """Make the file of a job. Killed or cancelled in the middle, it begins anew and leaves no half file."""
    actor = jobs.asker(session, job_id)
    jobs.discard_part(session, job_id)
    export = exportable(wanted.list).export(reader, actor, wanted)
    most = policy_on(reader, today()).number("export_rows")
    total = export.counted(reader, most)
    if total > most:
        raise Refused(_l("More than %(count)s rows match. Please narrow the list with filters first.", count=most))
    advance(0, total)
    done = 0
    with files.writing(MEDIA_TYPES[wanted.format]) as part:
        jobs.keep_part(session, job_id, part.path)
        for done, block in blocks(reader, export, wanted.format):
            part.write(block)
            advance(done, total)
        reader.rollback()
        name = f"{export.file_name}_{local(now()):%Y%m%d-%H%M}.{wanted.format}"
        jobs.keep_file(session, job_id, part, name)
        write_down(session, actor, wanted, export, done, job=job_id)
        session.commit()
    return {"rows": done}
