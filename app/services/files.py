"""Files at rest: encrypted under DATA_DIR/files, named by chance, checked against their hash when read."""

import hashlib
import re
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.orm import Session

from app.extensions.database import begin_writing
from app.extensions.refused import Refused
from app.extensions.vault import vault
from app.models import StoredFile
from app.security.access.limits import attempts, count_attempt

MOST_AN_HOUR = 600
MOST_MEGABYTES_AN_HOUR = 1000
"""What one account may send in an hour: the papers of a hundred persons."""

FOLDERS = tuple(f"{number:02x}" for number in range(256))

_PURPOSE = "file"
_AT_ONCE = 500
_OURS = re.compile(r"[0-9a-f]{32}(?:\.new)?")


class FileStore:
    """The folder that holds every stored file; `open_store` says once where it is."""

    folder: Path | None = None

    @classmethod
    def path(cls, relative: str) -> Path:
        if cls.folder is None:
            raise RuntimeError("The file store was used before its folder was named.")
        return cls.folder / relative


def open_store(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    FileStore.folder = folder


def store(session: Session, data: bytes, media_type: str) -> StoredFile:
    """Write the file encrypted, then add its row.

    In this order no row lacks its file; a transaction that fails leaves a file that no row knows.
    """
    name = secrets.token_hex(16)
    relative = f"{name[:2]}/{name}"
    path = FileStore.path(relative)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_bytes(vault.encrypt(data, _PURPOSE))
    fresh.replace(path)
    row = StoredFile(
        sha256=hashlib.sha256(data).hexdigest(), media_type=media_type, size=len(data), path=relative
    )
    session.add(row)
    session.flush()
    return row


def read(stored: StoredFile) -> bytes:
    """The plain bytes. Raises `Refused` when the file is missing or was changed on the disk."""
    try:
        data = vault.decrypt(FileStore.path(stored.path).read_bytes(), _PURPOSE)
    except FileNotFoundError:
        data = b""
    if hashlib.sha256(data).hexdigest() != stored.sha256:
        raise Refused(_l("The stored file is missing or was damaged. Please tell the system administrator."))
    return data


def count_sent(session: Session, account: object) -> None:
    """Count one file more before it is looked at, whatever comes of it; the caller commits. Raises `Refused`."""
    hour = timedelta(hours=1)
    megabytes = attempts(session, f"megabytes:{account}", hour)
    if attempts(session, f"files:{account}", hour) >= MOST_AN_HOUR or megabytes >= MOST_MEGABYTES_AN_HOUR:
        raise Refused(_l("You have sent very many files in the last hour. Please go on a little later."))
    count_attempt(session, f"files:{account}")


def count_bytes(session: Session, account: object, size: int) -> None:
    """Count what was read, each megabyte that was begun; the caller commits."""
    count_attempt(session, f"megabytes:{account}", -(-size // 1_000_000))


def discard_unused(session: Session, before: datetime) -> int:
    """Delete what was stored before that moment and belongs to nothing, first the rows and then the files.

    Ended in between, it leaves files without a row, which `discard_strays` finds. Says how many.
    """
    gone = 0
    while True:
        begin_writing(session)
        found = session.execute(
            select(StoredFile.id, StoredFile.path)
            .where(StoredFile.created_at < before, ~_in_use())
            .order_by(StoredFile.id)
            .limit(_AT_ONCE)
        ).all()
        session.execute(delete(StoredFile).where(StoredFile.id.in_([row.id for row in found])))
        session.commit()
        for row in found:
            FileStore.path(row.path).unlink(missing_ok=True)
        gone += len(found)
        if len(found) < _AT_ONCE:
            return gone


def discard(session: Session, keys: Sequence[int]) -> list[Path]:
    """Take these rows away as far as nothing else refers to them; the caller commits and then deletes the files."""
    found = session.execute(
        select(StoredFile.id, StoredFile.path).where(StoredFile.id.in_(keys), ~_in_use())
    ).all()
    session.execute(delete(StoredFile).where(StoredFile.id.in_([row.id for row in found])))
    return [FileStore.path(row.path) for row in found]


def _in_use() -> ColumnElement[bool]:
    """Whether a row of any table refers to the file: asked of the tables themselves, so that none is forgotten."""
    own = StoredFile.__table__
    columns = [
        key.parent
        for table in StoredFile.metadata.tables.values()
        for key in table.foreign_keys
        if key.references(own)
    ]
    found: ColumnElement[bool] = exists().where(columns[0] == StoredFile.id)
    for column in columns[1:]:
        found = found | exists().where(column == StoredFile.id)
    return found


def discard_strays(session: Session, before: datetime, folders: Iterable[str] = FOLDERS) -> int:
    """Delete files of these folders that no row names and that were written before that moment; says how many."""
    gone = 0
    for folder in folders:
        written = _written(folder, before)
        for start in range(0, len(written), _AT_ONCE):
            names = written[start : start + _AT_ONCE]
            known = set(session.scalars(select(StoredFile.path).where(StoredFile.path.in_(names))))
            session.rollback()
            for name in set(names) - known:
                FileStore.path(name).unlink(missing_ok=True)
                gone += 1
    return gone


def _written(folder: str, before: datetime) -> Sequence[str]:
    place = FileStore.path(folder)
    if not place.is_dir():
        return ()
    limit = before.timestamp()
    return [
        f"{folder}/{file.name}"
        for file in place.iterdir()
        if _OURS.fullmatch(file.name) and file.stat().st_mtime < limit
    ]
