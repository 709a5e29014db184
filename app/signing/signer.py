"""The process that holds the key of the seal and answers over a socket that only its own user may open."""

# PyKCS11 is imported here alone: each of its calls keeps the interpreter lock, and it is GPL-2.0-or-later.

import argparse
import base64
import hashlib
import logging
import os
import signal
import socket
import socketserver
import struct
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

import PyKCS11
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from app.signing.protocol import MOST_REQUEST_BYTES, ProtocolError, check_attributes, receive, send
from app.signing.software_key import KeyRefused, SoftwareKey

log = logging.getLogger("signer")

# A client that connects and says nothing must not keep a thread for ever.
SILENCE_SECONDS: Final = 5.0
LONGEST_SOCKET_PATH: Final = 100

# After these the session or the whole token is gone; logging in again once is worth it, a wrong PIN never is.
LOST: Final = frozenset({
    PyKCS11.CKR_SESSION_HANDLE_INVALID,
    PyKCS11.CKR_SESSION_CLOSED,
    PyKCS11.CKR_USER_NOT_LOGGED_IN,
    PyKCS11.CKR_KEY_HANDLE_INVALID,
    PyKCS11.CKR_OBJECT_HANDLE_INVALID,
    PyKCS11.CKR_DEVICE_REMOVED,
    PyKCS11.CKR_DEVICE_ERROR,
    PyKCS11.CKR_TOKEN_NOT_PRESENT,
    PyKCS11.CKR_CRYPTOKI_NOT_INITIALIZED,
})  # fmt: skip


class SealKey(Protocol):
    """A key that can seal: its certificates (own first) and RSA PKCS #1 v1.5 signatures with SHA-256."""

    chain: tuple[x509.Certificate, ...]

    @property
    def demo(self) -> bool: ...

    def sign(self, data: bytes) -> bytes: ...


class SealKeyFailed(Exception):
    """The token could not sign this time."""


class TokenKey:
    """A private key in a PKCS#11 token, found by the labels of the token and of the key."""

    demo: Final = False

    def __init__(
        self,
        module: Path,
        token_label: str,
        key_label: str,
        pin: str,
        more_certificates: Sequence[x509.Certificate],
    ) -> None:
        self._module, self._token_label, self._key_label, self._pin = module, token_label, key_label, pin
        self._library: Any = None
        self._session: Any = None
        self._key: Any = None
        try:
            self._open()
            self.chain = self._read_chain(more_certificates)
        except PyKCS11.PyKCS11Error as error:
            raise KeyRefused(f"the token does not open: {error}") from error

    def _find_slot(self) -> int:
        for slot in self._library.getSlotList(tokenPresent=True):
            token = self._library.getTokenInfo(slot)
            if token.label.strip() != self._token_label:
                continue
            if token.flags & PyKCS11.CKF_USER_PIN_FINAL_TRY:
                raise KeyRefused(
                    "one wrong PIN more would lock the token: log in to it by its own tool first"
                )
            return int(slot)
        raise KeyRefused(f"there is no token with the label {self._token_label!r}")

    def _open(self) -> None:
        self._library = PyKCS11.PyKCS11Lib()
        self._library.load(str(self._module))
        self._session = self._library.openSession(self._find_slot(), PyKCS11.CKF_SERIAL_SESSION)
        try:
            self._session.login(self._pin)
        except PyKCS11.PyKCS11Error as error:
            if error.value != PyKCS11.CKR_USER_ALREADY_LOGGED_IN:
                raise
        keys = self._session.findObjects(
            [
                (PyKCS11.CKA_CLASS, PyKCS11.CKO_PRIVATE_KEY),
                (PyKCS11.CKA_KEY_TYPE, PyKCS11.CKK_RSA),
                (PyKCS11.CKA_LABEL, self._key_label),
            ]
        )
        if len(keys) != 1:
            raise KeyRefused(
                f"the token holds {len(keys)} RSA keys with the label {self._key_label!r}, not one"
            )
        self._key = keys[0]

    def _read_chain(self, more: Sequence[x509.Certificate]) -> tuple[x509.Certificate, ...]:
        """The certificate of the key, then each issuer that is at hand, up to the root."""
        found = self._session.findObjects([(PyKCS11.CKA_CLASS, PyKCS11.CKO_CERTIFICATE)])
        values = [bytes(self._session.getAttributeValue(one, [PyKCS11.CKA_VALUE])[0]) for one in found]
        at_hand = [*(x509.load_der_x509_certificate(value) for value in values), *more]
        modulus = bytes(self._session.getAttributeValue(self._key, [PyKCS11.CKA_MODULUS])[0])
        own = [one for one in at_hand if _modulus(one) == int.from_bytes(modulus, "big")]
        if not own:
            raise KeyRefused("neither the token nor the chain file holds the certificate of the key")
        chain = [own[0]]
        while chain[-1].issuer != chain[-1].subject:
            issuer = next((one for one in at_hand if one.subject == chain[-1].issuer), None)
            if issuer is None or issuer in chain:
                break
            chain.append(issuer)
        return tuple(chain)

    def sign(self, data: bytes) -> bytes:
        try:
            return self._sign_once(data)
        except PyKCS11.PyKCS11Error as error:
            if error.value not in LOST:
                raise SealKeyFailed(str(error)) from error
            log.warning("the session with the token is lost (%s): logging in again", error)
        try:
            self._open()
            return self._sign_once(data)
        except (PyKCS11.PyKCS11Error, KeyRefused) as error:
            raise SealKeyFailed(str(error)) from error

    def _sign_once(self, data: bytes) -> bytes:
        mechanism = PyKCS11.Mechanism(PyKCS11.CKM_SHA256_RSA_PKCS, None)
        return bytes(self._session.sign(self._key, data, mechanism))


def _modulus(certificate: x509.Certificate) -> int | None:
    numbers = getattr(certificate.public_key(), "public_numbers", lambda: None)()
    return getattr(numbers, "n", None)


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """Answers one question per connection; a token takes one operation at a time, so signing is serial."""

    daemon_threads = False
    request_queue_size = 64

    def __init__(self, path: Path, key: SealKey) -> None:
        self.key = key
        self.turn = threading.Lock()
        self.certificate_hash = hashlib.sha256(key.chain[0].public_bytes(Encoding.DER)).digest()
        before = os.umask(0o177)
        try:
            super().__init__(str(path), Question)
        finally:
            os.umask(before)

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """The socket's mode keeps other users out; the kernel's word on who calls is the second lock."""
        _, user, _ = struct.unpack("3i", request.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
        return bool(user == os.getuid())


class Question(socketserver.BaseRequestHandler):
    server: Server

    def handle(self) -> None:
        self.request.settimeout(SILENCE_SECONDS)
        try:
            send(self.request, self._answer())
        except OSError as error:
            log.info("a client went away: %s", error)

    def _answer(self) -> dict[str, Any]:
        try:
            question = receive(self.request, MOST_REQUEST_BYTES)
            if question.get("op") == "identity":
                chain = [one.public_bytes(Encoding.DER) for one in self.server.key.chain]
                texts = [base64.b64encode(der).decode() for der in chain]
                return {"ok": True, "chain": texts, "demo": self.server.key.demo}
            return {"ok": True, "signature": base64.b64encode(self._sign(question)).decode()}
        except (ProtocolError, SealKeyFailed) as error:
            log.warning("refused: %s", error)
            return {"ok": False, "message": str(error)}

    def _sign(self, question: dict[str, Any]) -> bytes:
        if question.get("op") != "sign":
            raise ProtocolError("there is no such operation")
        try:
            attributes = base64.b64decode(question.get("attributes", ""), validate=True)
        except (TypeError, ValueError) as error:
            raise ProtocolError("the attributes are not Base64") from error
        check_attributes(attributes, self.server.certificate_hash)
        with self.server.turn:
            return self.server.key.sign(attributes)


def clear_the_way(path: Path) -> None:
    """Remove the socket that a killed signer left behind; refuse when a living one answers on it."""
    if len(str(path)) > LONGEST_SOCKET_PATH:
        raise KeyRefused(f"the path of the socket is longer than {LONGEST_SOCKET_PATH} characters: {path}")
    if not path.is_socket():
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()
            return
    raise KeyRefused(f"a signer already runs at {path}")


def _read_pin(options: argparse.Namespace) -> str:
    if options.pin_file:
        return str(options.pin_file.read_text(encoding="utf-8")).strip()
    pin = os.environ.pop(options.pin_env, "")
    if not pin:
        raise KeyRefused(f"the PIN is missing: set {options.pin_env} or give --pin-file")
    return pin


def open_key(options: argparse.Namespace) -> SealKey:
    """The key that the options name; the software key is refused in production."""
    if options.backend == "software":
        if os.environ.get("ENV", "development") == "production":
            raise KeyRefused("the software key is for demonstrations: production needs --backend pkcs11")
        if options.key_file is None:
            raise KeyRefused("--key-file (or KEY_FILE) is missing")
        return SoftwareKey(options.key_file)
    if not (options.module and options.token_label and options.key_label):
        raise KeyRefused("--backend pkcs11 needs --module, --token-label and --key-label")
    more = x509.load_pem_x509_certificates(options.chain.read_bytes()) if options.chain else []
    return TokenKey(options.module, options.token_label, options.key_label, _read_pin(options), more)


def read_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    def path_from(name: str) -> Path | None:
        return Path(os.environ[name]) if os.environ.get(name) else None

    parser = argparse.ArgumentParser(prog="python -m app.signing.signer", description=__doc__)
    parser.add_argument("--socket", type=Path, required=True, help="where to listen (mode 0600)")
    parser.add_argument("--backend", choices=("software", "pkcs11"), default="software")
    parser.add_argument("--key-file", type=Path, default=path_from("KEY_FILE"), help="software: KEY_FILE")
    parser.add_argument("--module", type=Path, help="pkcs11: the library of the token's maker")
    parser.add_argument("--token-label")
    parser.add_argument("--key-label")
    parser.add_argument("--chain", type=Path, help="pkcs11: issuers that the token does not hold (PEM)")
    parser.add_argument("--pin-file", type=Path)
    parser.add_argument("--pin-env", default="PKCS11_PIN", help="name of the variable that holds the PIN")
    parser.add_argument("--exit-with-parent", action="store_true", help="stop when the starting process ends")
    return parser.parse_args(arguments)


def serve(server: Server, path: Path, is_over: Callable[[], bool]) -> None:
    """Answer until SIGTERM, SIGINT or `is_over`; then finish what was begun and remove the socket."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1})
    thread.start()
    log.info("ready at %s", path)
    while not stop.wait(1.0) and not is_over():
        pass
    server.shutdown()
    path.unlink(missing_ok=True)
    server.server_close()
    thread.join()


def main(arguments: Sequence[str] | None = None) -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s signer %(levelname)s %(message)s")
    parent = os.getppid()
    options = read_options(arguments)
    try:
        clear_the_way(options.socket)
        server = Server(options.socket, open_key(options))
    except (KeyRefused, OSError, ValueError) as error:
        log.error("%s", error)  # noqa: TRY400 - the sentence is for an operator, the trace would hide it
        return 2
    serve(server, options.socket, lambda: options.exit_with_parent and os.getppid() != parent)
    return 0


if __name__ == "__main__":
    sys.exit(main())
