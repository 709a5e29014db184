"""What every simulator is made of: a small web server that checks signed questions and signs answers, or spoils one."""

import argparse
import contextlib
import ctypes
import hashlib
import hmac
import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)
_FRESH_SECONDS = 300
_MOST_QUESTION_BYTES = 64 * 1024
_HUGE_BYTES = 2_000_000


class Fault(StrEnum):
    """What is wrong with every answer while it is switched on."""

    NONE = "none"
    SLOW = "slow"
    ERROR = "error"
    WRONG_SIGNATURE = "wrong-signature"
    REPLAYED = "replayed"
    STALE = "stale"
    NOT_JSON = "not-json"
    HUGE = "huge"
    EMPTY = "empty"


_BODIES = {
    Fault.NOT_JSON: b"<html><body>Please log in</body></html>",
    Fault.HUGE: b'{"filler": "%s"}' % (b"x" * _HUGE_BYTES),
    Fault.EMPTY: b"",
}


class Refusal(Exception):
    """The question is not answered: a status and a word that says why."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


@dataclass(frozen=True)
class Question:
    """What was asked, after its signature was found to be right."""

    method: str
    path: str
    query: Mapping[str, str]
    body: Any


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes


class Simulator:
    """One system of others; a subclass says what it is called and what it answers."""

    title: ClassVar[str]

    def __init__(
        self, key_id: str, secret: str, fault: Fault = Fault.NONE, slow_seconds: float = 6.0
    ) -> None:
        self.key_id = key_id
        self.fault = fault
        self.slow_seconds = slow_seconds
        self.asked = 0
        """Questions that came, answered or not."""
        self._secret = secret.encode()
        self._nonces: dict[str, float] = {}
        self._lock = threading.Lock()
        self._first: Reply | None = None

    def answer(self, question: Question) -> Mapping[str, Any]:
        """The body of the answer; `Refusal` for what cannot be answered."""
        raise NotImplementedError

    def reply(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """The signed answer to this request, or to the fault that is switched on."""
        self.asked += 1
        nonce = headers.get("X-Nonce", "")
        try:
            question = self._checked(method, target, headers, body)
            status, found = 200, self.answer(question)
        except Refusal as refusal:
            status, found = refusal.status, {"error": refusal.code}
        made = self._signed(
            status, nonce, json.dumps(found, ensure_ascii=False).encode("utf-8", "surrogatepass")
        )
        return self._spoilt(made, nonce)

    def _checked(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Question:
        timestamp, nonce = headers.get("X-Timestamp", ""), headers.get("X-Nonce", "")
        if headers.get("X-Key-Id") != self.key_id:
            raise Refusal(401, "unknown_key")
        if not timestamp.isdecimal() or abs(time.time() - int(timestamp)) > _FRESH_SECONDS:
            raise Refusal(401, "stale_timestamp")
        signature = self._hmac("request", method, target, timestamp, nonce, _hash(body))
        if not hmac.compare_digest(signature.encode(), headers.get("X-Signature", "").encode()):
            raise Refusal(401, "wrong_signature")
        self._use_up(nonce)
        parts = urlsplit(target)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        return Question(method, parts.path, query, _parsed(body) if body else None)

    def _use_up(self, nonce: str) -> None:
        """A nonce is good once, for as long as its timestamp would be taken."""
        with self._lock:
            oldest = time.time() - 2 * _FRESH_SECONDS
            self._nonces = {one: at for one, at in self._nonces.items() if at > oldest}
            if not nonce or nonce in self._nonces:
                raise Refusal(401, "repeated_nonce")
            self._nonces[nonce] = time.time()

    def _signed(self, status: int, nonce: str, body: bytes, *, age: int = 0, secret: bytes = b"") -> Reply:
        timestamp = str(int(time.time()) - age)
        signature = self._hmac("answer", str(status), nonce, timestamp, _hash(body), secret=secret)
        return Reply(status, {"X-Timestamp": timestamp, "X-Signature": signature}, body)

    def _hmac(self, *parts: str, secret: bytes = b"") -> str:
        words = "\n".join(("v1", *parts)).encode()
        return hmac.new(secret or self._secret, words, hashlib.sha256).hexdigest()

    def _spoilt(self, made: Reply, nonce: str) -> Reply:
        """The reply with the fault that is switched on; what is not about signatures is signed well."""
        self._first = self._first or made
        if self.fault is Fault.REPLAYED:
            return self._first
        if self.fault is Fault.SLOW:
            time.sleep(self.slow_seconds)
        return self._signed(
            500 if self.fault is Fault.ERROR else made.status,
            nonce,
            _BODIES.get(self.fault, made.body),
            age=3600 if self.fault is Fault.STALE else 0,
            secret=b"somebody else's" if self.fault is Fault.WRONG_SIGNATURE else b"",
        )


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        raise Refusal(400, "not_json") from None


class _Handler(BaseHTTPRequestHandler):
    server_version = "Simulator"
    sys_version = ""
    timeout = 10
    simulator: ClassVar[Simulator]

    def do_GET(self) -> None:
        self._reply()

    def do_POST(self) -> None:
        self._reply()

    def _reply(self) -> None:
        given = self.headers.get("Content-Length", "0")
        length = int(given) if given.isdecimal() else 0
        if length > _MOST_QUESTION_BYTES:
            self.send_error(413)
            return
        body = self.rfile.read(length)
        reply = self.simulator.reply(self.command, self.path, dict(self.headers.items()), body)
        # Whoever asked may have given up by now.
        with contextlib.suppress(ConnectionError):
            self.send_response(reply.status)
            for name, value in ({"Content-Type": "application/json; charset=utf-8"} | reply.headers).items():
                self.send_header(name, value)
            self.send_header("X-Simulator", "true")
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

    def log_message(self, *_words: object) -> None:
        """Silence: an address is not written down here either."""


def server_of(simulator: Simulator, listener: socket.socket) -> ThreadingHTTPServer:
    """The web server of this simulator over a socket that listens already."""
    handler = type("Handler", (_Handler,), {"simulator": simulator})
    server = ThreadingHTTPServer(listener.getsockname()[:2], handler, bind_and_activate=False)
    server.socket.close()
    server.socket = listener
    server.daemon_threads = True
    return server


@contextlib.contextmanager
def running(simulator: Simulator) -> Iterator[str]:
    """The simulator in a thread of this process, at the address that is given; for tests."""
    server = server_of(simulator, socket.create_server(("127.0.0.1", 0)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def _end_with(parent: int) -> None:
    """Be told to end when the parent has ended, however it did."""
    ctypes.CDLL(None, use_errno=True).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit()


def main(kind: type[Simulator]) -> None:
    """Run one simulator as its own process, until it is ended.

    The key comes from SIMULATOR_KEY_ID and SIMULATOR_SECRET, since everybody may read the words of a command.
    """
    options = argparse.ArgumentParser(description=f"Simulator of {kind.title}, with made-up data.")
    options.add_argument("--port", type=int, default=0, help="on 127.0.0.1; 0 takes any that is free")
    options.add_argument("--listener", type=int, help="an inherited socket that listens already")
    options.add_argument("--parent", type=int, help="the process with which this one ends")
    options.add_argument("--fault", type=Fault, default=Fault.NONE, choices=list(Fault))
    asked = options.parse_args()
    if asked.parent is not None:
        _end_with(asked.parent)
    if os.environ.get("ENV") == "production":
        sys.exit("A simulator does not run where ENV is production.")
    key_id, secret = os.environ.get("SIMULATOR_KEY_ID", ""), os.environ.get("SIMULATOR_SECRET", "")
    if not (key_id and secret):
        sys.exit("SIMULATOR_KEY_ID and SIMULATOR_SECRET must be set, to the same as the platform has.")
    if asked.listener is None:
        listener = socket.create_server(("127.0.0.1", asked.port))
    else:
        listener = socket.socket(fileno=asked.listener)
    server = server_of(kind(key_id, secret, asked.fault), listener)
    place = f"http://127.0.0.1:{server.server_address[1]}"
    print(f"SIMULATOR of {kind.title}, not the real one, with made-up data: {place}", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()
