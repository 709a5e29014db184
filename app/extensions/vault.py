"""Personal data at rest: envelope encryption with AES-GCM, and a keyed blind index for exact search."""

import base64
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = b"\x01"
_NONCE = 12
_KEY_ID = 4
_HEAD = 1 + _KEY_ID


class VaultClosed(RuntimeError):
    """The keys are missing or do not fit this database; nothing is read or written with a guess instead."""


class MasterKeys:
    """The keys that wrap the data keys. They live in KEY_FILE, outside DATA_DIR, and never in the database."""

    def __init__(self, current: str, keys: Mapping[str, bytes]) -> None:
        self.current = current
        self.keys = dict(keys)

    @classmethod
    def load(cls, path: Path) -> "MasterKeys":
        try:
            stored = json.loads(path.read_text())
            return cls(
                stored["current"], {name: base64.b64decode(key) for name, key in stored["keys"].items()}
            )
        except (OSError, ValueError, KeyError) as error:
            raise VaultClosed(f"The key file {path} cannot be read.") from error

    @classmethod
    def create(cls, path: Path) -> "MasterKeys":
        """Make a key file that only its owner can read; an existing one is never overwritten."""
        keys = cls("m1", {"m1": secrets.token_bytes(32)})
        path.parent.mkdir(parents=True, exist_ok=True)
        keys._write(path, os.O_EXCL)
        return keys

    def rotate(self, path: Path) -> None:
        """Add a fresh master key and make it the current one; the old ones stay until all is re-wrapped."""
        name = f"m{len(self.keys) + 1}"
        self.keys[name] = secrets.token_bytes(32)
        self.current = name
        fresh = path.with_suffix(".new")
        self._write(fresh, os.O_TRUNC)
        fresh.replace(path)

    def _write(self, path: Path, flag: int) -> None:
        keys = {name: base64.b64encode(key).decode() for name, key in self.keys.items()}
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | flag, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump({"current": self.current, "keys": keys}, file)

    def wrap(self, key: bytes) -> tuple[str, bytes]:
        """The name of the master key that was used, and the wrapped key."""
        nonce = os.urandom(_NONCE)
        return self.current, nonce + AESGCM(self.keys[self.current]).encrypt(
            nonce, key, self.current.encode()
        )

    def unwrap(self, name: str, wrapped: bytes) -> bytes:
        try:
            cipher = AESGCM(self.keys[name])
            return cipher.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], name.encode())
        except (KeyError, InvalidTag) as error:
            raise VaultClosed("The key file does not belong to this database.") from error


def _plain(cipher: AESGCM, sealed: bytes, purpose: bytes) -> bytes:
    head, nonce, rest = sealed[:_HEAD], sealed[_HEAD : _HEAD + _NONCE], sealed[_HEAD + _NONCE :]
    try:
        return cipher.decrypt(nonce, rest, head + purpose)
    except InvalidTag as error:
        raise VaultClosed("The encrypted data was changed or is kept under another purpose.") from error


DataKeys = tuple[Mapping[int, bytes], int, bytes]
"""Field keys by their id, the id to encrypt with, and the key of the blind index."""


class Vault:
    """Encrypts and decrypts with the data keys, which are fetched once, at the first use."""

    def __init__(self) -> None:
        self._fetch: Callable[[], DataKeys] | None = None
        self._keys: DataKeys | None = None

    def configure(self, fetch: Callable[[], DataKeys]) -> None:
        self._fetch = fetch
        self._keys = None

    def _opened(self) -> DataKeys:
        if self._keys is None:
            if self._fetch is None:
                raise VaultClosed("The vault was used before it was configured.")
            self._keys = self._fetch()
        return self._keys

    def encrypt(self, plain: bytes, purpose: str = "field") -> bytes:
        """The ciphertext, which names its own key; `purpose` is bound to it and must be given again to decrypt."""
        keys, current, _ = self._opened()
        nonce = os.urandom(_NONCE)
        head = _VERSION + current.to_bytes(_KEY_ID, "big")
        return head + nonce + AESGCM(keys[current]).encrypt(nonce, plain, head + purpose.encode())

    def decrypt(self, sealed: bytes, purpose: str = "field") -> bytes:
        return _plain(self._cipher(sealed[:_HEAD]), sealed, purpose.encode())

    def decrypt_many(self, sealed: Iterable[bytes | None], purpose: str = "field") -> list[bytes | None]:
        """The plain values in this order; None stays None. Each key is made ready once for all of them."""
        bound, ready = purpose.encode(), dict[bytes, AESGCM]()
        plain: list[bytes | None] = []
        for one in sealed:
            if one is None:
                plain.append(None)
                continue
            head = one[:_HEAD]
            if head not in ready:
                ready[head] = self._cipher(head)
            plain.append(_plain(ready[head], one, bound))
        return plain

    def _cipher(self, head: bytes) -> AESGCM:
        keys, _, _ = self._opened()
        key = keys.get(int.from_bytes(head[1:], "big"))
        if head[:1] != _VERSION or key is None:
            raise VaultClosed("The data was encrypted with a key that this vault does not hold.")
        return AESGCM(key)

    def blind(self, value: str, field: str) -> str:
        """A keyed fingerprint: equal for equal values of one field, and of no use without the key."""
        _, _, index_key = self._opened()
        return hmac.new(index_key, f"{field}\x00{value}".encode(), hashlib.sha256).hexdigest()[:40]


vault = Vault()
