"""Files at rest: encrypted under DATA_DIR/files, named by chance, checked against their hash when read."""

import hashlib
import secrets
from pathlib import Path

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.extensions.refused import Refused
from app.extensions.vault import vault
from app.models import StoredFile

_PURPOSE = "file"


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
