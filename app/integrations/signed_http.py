"""Signed questions to the systems of others, and their signed answers (docs/integrations/README.md)."""

import hashlib
import hmac
import json
import logging
import re
import secrets
import ssl
import time
from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar, NoReturn

import httpx
from flask_babel import lazy_gettext as _l
from stdnum.cn import ric, uscc

from config import OutsideSystem, on_this_machine

_log = logging.getLogger("platform.outside")

_CONNECT_SECONDS, _READ_SECONDS, _WHOLE_SECONDS = 2.0, 5.0, 15.0
_MOST_BYTES = 1_000_000
_FRESH_SECONDS = 300
_OK, _TOO_MANY, _SERVER_ERROR = 200, 429, 500
_ID_NUMBER = re.compile(r"\d{6}(?:18|19|20)\d{9}[\dX]")
_ERROR_CODE, _TIMESTAMP = re.compile(r"[a-z_]{1,40}"), re.compile(r"[0-9]{1,12}")


class OutsideFailed(Exception):
    """A system of others was of no use now: `message` is for people, `reason` is a word for the log.

    What is raised is one of the failures below, each of which has its sentence.
    """

    sentence: ClassVar[Any]
    """What people read: which system it is (`source`), and what they can do."""

    def __init__(self, source: Any, reason: str) -> None:
        super().__init__(reason)
        self.source = source
        self.reason = reason

    @property
    def message(self) -> str:
        return str(self.sentence) % {"source": self.source}

    def __str__(self) -> str:
        return self.message


class NotConnected(OutsideFailed):
    """Nobody has told the platform where the system is."""

    sentence = _l(
        "%(source)s: this platform is not connected with it. Only the operator of the platform can connect it."
    )


class Unreachable(OutsideFailed):
    """No connection, no answer in time, or the answer that there is none now."""

    sentence = _l("%(source)s: it cannot be reached at the moment. Please try again in a few minutes.")


class WrongAnswer(OutsideFailed):
    """An answer that is not what was agreed: nothing of it may be used."""

    sentence = _l(
        "%(source)s: its answer cannot be trusted or understood, so nothing of it is used. Please try again "
        "later; if it happens again, tell the operator of the platform."
    )


class SignedClient:
    """Asks one system. A connection lives for one question; nothing is sent again by itself.

    `source` is what people call the system, translated. With `simulators` the answers of a simulator are taken.
    """

    def __init__(
        self,
        base_url: str,
        key_id: str,
        secret: str,
        *,
        source: str,
        transport: httpx.BaseTransport | None = None,
        simulators: bool = False,
    ) -> None:
        if not base_url.startswith("https://") and not on_this_machine(base_url):
            raise ValueError("Only a simulator on this machine is asked without https.")
        self.base_url = base_url.rstrip("/")
        self.source = source
        self._key_id = key_id
        self._secret = secret.encode()
        self._transport = transport
        self._simulators = simulators

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """The answer to a question whose words may stand in logs on the way: never an ID number.

        Raises `Unreachable` or `WrongAnswer`.
        """
        if any(map(_looks_like_an_id_number, query.values())):
            raise ValueError("An ID number never travels in an address: ask with post().")
        return self._asked("GET", path, dict(query), b"")

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a question that is sent as JSON. Raises `Unreachable` or `WrongAnswer`."""
        return self._asked("POST", path, {}, json.dumps(body, ensure_ascii=False).encode())

    def wrong(self, reason: str) -> NoReturn:
        """Refuse an answer that is signed and is still not what was agreed; `reason` holds nothing of it."""
        _log.warning("%s: %s", self.base_url, reason)
        raise WrongAnswer(self.source, reason)

    def _asked(self, method: str, path: str, query: dict[str, str], body: bytes) -> dict[str, Any]:
        begun = time.monotonic()
        try:
            found = self._exchanged(method, path, query, body)
        except OutsideFailed as failed:
            _log.warning("%s%s: %s", self.base_url, path, failed.reason)
            raise
        _log.info("%s%s: answered in %.0f ms", self.base_url, path, (time.monotonic() - begun) * 1000)
        return found

    def _exchanged(self, method: str, path: str, query: dict[str, str], body: bytes) -> dict[str, Any]:
        limits = httpx.Timeout(_READ_SECONDS, connect=_CONNECT_SECONDS)
        try:
            with (
                # The environment says nothing here: neither a proxy nor a password of some .netrc.
                httpx.Client(
                    transport=self._transport, verify=_trusted(), timeout=limits, trust_env=False
                ) as client,
                client.stream(**self._question(method, path, query, body)) as answer,
            ):
                nonce = answer.request.headers["X-Nonce"]
                return self._read(answer, nonce)
        except httpx.TimeoutException:
            raise Unreachable(self.source, "time_limit") from None
        except httpx.TransportError as error:
            # What the library says may hold the address with its query: the name of the error is enough.
            raise Unreachable(self.source, f"no_connection {type(error).__name__}") from None

    def _question(self, method: str, path: str, query: dict[str, str], body: bytes) -> dict[str, Any]:
        url = httpx.URL(self.base_url + path, params=query) if query else httpx.URL(self.base_url + path)
        timestamp, nonce = str(int(time.time())), secrets.token_hex(16)
        target = url.raw_path.decode("ascii")
        headers = {
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "X-Key-Id": self._key_id,
            "X-Timestamp": timestamp,
            "X-Nonce": nonce,
            "X-Signature": self._signed("request", method, target, timestamp, nonce, _hash(body)),
        }
        if body:
            headers["Content-Type"] = "application/json; charset=utf-8"
        return {"method": method, "url": url, "headers": headers, "content": body, "follow_redirects": False}

    def _read(self, answer: httpx.Response, nonce: str) -> dict[str, Any]:
        """What the answer says, when it is the system's own and belongs to this question."""
        if "X-Simulator" in answer.headers and not self._simulators:
            raise WrongAnswer(self.source, "simulator")
        status = answer.status_code
        if status >= _SERVER_ERROR or status == _TOO_MANY:
            raise Unreachable(self.source, f"status_{status}")
        body = self._body(answer)
        given = answer.headers.get("X-Timestamp", "")
        expected = self._signed("answer", str(status), nonce, given, _hash(body))
        trusted = hmac.compare_digest(expected.encode(), answer.headers.get("X-Signature", "").encode())
        if status != _OK:
            raise WrongAnswer(self.source, f"status_{status} {_code(body) if trusted else ''}".strip())
        if not trusted:
            raise WrongAnswer(self.source, "wrong_signature")
        if not _TIMESTAMP.fullmatch(given) or abs(time.time() - int(given)) > _FRESH_SECONDS:
            raise WrongAnswer(self.source, "stale")
        found = _parsed(body)
        if not isinstance(found, dict):
            raise WrongAnswer(self.source, "not_json")
        return found

    def _body(self, answer: httpx.Response) -> bytes:
        if answer.headers.get("Content-Encoding", "identity") != "identity":
            raise WrongAnswer(self.source, "packed")
        latest = time.monotonic() + _WHOLE_SECONDS
        body = bytearray()
        for piece in answer.iter_raw():
            body += piece
            if len(body) > _MOST_BYTES:
                raise WrongAnswer(self.source, "too_large")
            if time.monotonic() > latest:
                raise Unreachable(self.source, "time_limit")
        return bytes(body)

    def _signed(self, *parts: str) -> str:
        return hmac.new(self._secret, "\n".join(("v1", *parts)).encode(), hashlib.sha256).hexdigest()


def connect(system: OutsideSystem, *, source: str, production: bool) -> SignedClient:
    """The client of a system as the operator has set it up. Raises `NotConnected`."""
    if not system.url:
        raise NotConnected(source, "not_connected")
    return SignedClient(system.url, system.key_id, system.secret, source=source, simulators=not production)


def _looks_like_an_id_number(value: str) -> bool:
    """Of any area, also one that was never allotted. A credit code may look like one, and has a digit of its own."""
    number = value.strip().upper()
    shaped = _ID_NUMBER.fullmatch(number) and ric.calc_check_digit(number) == number[-1]
    return bool(shaped) and not (number.startswith("9") and uscc.is_valid(number))


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _parsed(body: bytes) -> Any:
    """The JSON value of these bytes; None for what is none."""
    try:
        return json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _code(body: bytes) -> str:
    """The word by which a signed refusal says what it lacks; nothing else of it reaches the log."""
    found = _parsed(body)
    code = found.get("error") if isinstance(found, dict) else None
    return code if isinstance(code, str) and _ERROR_CODE.fullmatch(code) else ""


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates that this machine trusts, which an operator can add to; names are checked."""
    return ssl.create_default_context()
