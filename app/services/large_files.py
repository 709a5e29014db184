"""Files of any size: written and read piece by piece, each piece encrypted, so that no process holds a whole one."""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.extensions.refused import Refused
from app.extensions.vault import VaultClosed, vault
from app.models import StoredFile
from app.services import files

_IN_PIECES = b"\x02"
"""The first byte of such a file; one that was encrypted as a whole begins with the vault's own mark."""
_PIECE = 1 << 20
_LENGTH = 4


class Part:
    """A file that is being written; nobody finds it before `stored`."""

    def __init__(self, media_type: str) -> None:
        self._name = secrets.token_hex(16)
        self.path = f"{self._name[:2]}/{self._name}"
        self._media_type = media_type
        self._place = files.FileStore.path(self.path)
        self._fresh = self._place.with_suffix(".new")
        self._place.parent.mkdir(parents=True, exist_ok=True)
        self._file: BinaryIO = self._fresh.open("xb")
        self._file.write(_IN_PIECES)
        self._kept = bytearray()
        self._digest, self._size, self._count = hashlib.sha256(), 0, 0

    def write(self, data: bytes) -> int:
        self._kept += data
        while len(self._kept) > _PIECE:
            self._seal(bytes(self._kept[:_PIECE]), end=False)
            del self._kept[:_PIECE]
        return len(data)

    def flush(self) -> None:
        """An archive asks for it after each of its files; a piece is written when it is full."""

    def _seal(self, plain: bytes, *, end: bool) -> None:
        sealed = vault.encrypt(plain, _purpose(self._name, self._count, end=end))
        self._file.write(len(sealed).to_bytes(_LENGTH, "big") + sealed)
        self._digest.update(plain)
        self._size += len(plain)
        self._count += 1

    def stored(self, session: Session) -> StoredFile:
        """End the file, give it its name and add its row; the caller commits."""
        self._seal(bytes(self._kept), end=True)
        self._kept.clear()
        self._file.close()
        self._fresh.replace(self._place)
        row = StoredFile(
            sha256=self._digest.hexdigest(), media_type=self._media_type, size=self._size, path=self.path
        )
        session.add(row)
        session.flush()
        return row

    def discard(self) -> None:
        self._file.close()
        discard(self.path)


@contextmanager
def writing(media_type: str) -> Iterator[Part]:
    """A file to write into; when something goes wrong before the end, nothing of it is left."""
    part, whole = Part(media_type), False
    try:
        yield part
        whole = True
    finally:
        if not whole:
            part.discard()


def discard(path: str) -> None:
    """Delete a file that no row names, whether it was finished or not."""
    place = files.FileStore.path(path)
    for one in (place, place.with_suffix(".new")):
        one.unlink(missing_ok=True)


def pieces(stored: StoredFile) -> Iterator[bytes]:
    """The plain bytes of any stored file, a piece at a time. Raises `Refused` when it is missing or was changed."""
    place = files.FileStore.path(stored.path)
    if not place.exists() or not _is_in_pieces(place):
        yield files.read(stored)
        return
    name, count, left = place.name, 0, stored.size
    with place.open("rb") as file:
        file.read(len(_IN_PIECES))
        while True:
            sealed = file.read(int.from_bytes(file.read(_LENGTH), "big"))
            end = left <= _PIECE
            try:
                plain = vault.decrypt(sealed, _purpose(name, count, end=end))
            except VaultClosed as changed:
                raise Refused(
                    _l("The stored file is missing or was damaged. Please tell the system administrator.")
                ) from changed
            count, left = count + 1, left - len(plain)
            yield plain
            if end:
                return


def _is_in_pieces(place: Path) -> bool:
    with place.open("rb") as file:
        return file.read(len(_IN_PIECES)) == _IN_PIECES


def _purpose(name: str, number: int, *, end: bool) -> str:
    """Each piece knows its file, its place and whether it is the last: none can be moved, left out or cut off."""
    return f"file {name} {number}{' end' if end else ''}"
