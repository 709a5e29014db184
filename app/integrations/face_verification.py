"""Face verification: whether the person himself looks into the camera (docs/integrations/face-verification.md)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NoReturn
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _l

from app.extensions.clock import now
from app.integrations.fields import Fields
from app.integrations.signed_http import SignedClient, connect
from config import Config, on_this_machine

OPEN_PATH, RESULT_PATH = "/v1/face-checks", "/v1/face-checks/result"
MOST_FRAME_BYTES = 500_000
_LONGEST_ADDRESS, _LONGEST_REASON = 600, 40
_RECEIPT = r"[A-Za-z0-9_-]{8,64}"
_JPEG = b"\xff\xd8\xff"
_SHORTEST, _LONGEST = timedelta(minutes=1), timedelta(hours=24)
_OTHER_CLOCK = timedelta(minutes=5)


class Outcome(StrEnum):
    """What came of a check so far."""

    PENDING = "pending"
    PASSED = "passed"
    FAILED = "failed"


@dataclass(frozen=True)
class Opened:
    """A check that waits for its person: under which number, where, and until when."""

    receipt: str
    address: str
    expires_at: datetime


@dataclass(frozen=True)
class Result:
    """What the service says; a frame comes with a passed check alone, and a reason with a failed one."""

    outcome: Outcome
    reason: str | None = None
    decided_at: datetime | None = None
    frame: bytes | None = None


class FaceVerification:
    """Asks the service; `client` signs, and knows the other side. With `production` nobody is sent to this machine."""

    def __init__(self, client: SignedClient, *, production: bool = False) -> None:
        self._client = client
        self._production = production

    @classmethod
    def connected(cls, config: Config) -> "FaceVerification":
        """As the operator has set it up. Raises `NotConnected`."""
        source = _l("Face verification")
        client = connect(config.face_verification, source=source, production=config.production)
        return cls(client, production=config.production)

    def open(self, *, name: str, id_number: str, nonce: str, return_address: str) -> Opened:
        """Begin a check of this person. Raises `Unreachable` or `WrongAnswer`."""
        asked = {"name": name, "id_number": id_number, "nonce": nonce, "return_address": return_address}
        answer = Fields(self._client.post(OPEN_PATH, asked), self._client, "answer")
        if answer.word("nonce", 32) != nonce:
            answer.refuse("nonce")
        receipt = answer.word("receipt", 64, _RECEIPT)
        address = answer.word("address", _LONGEST_ADDRESS, "https?://[!-~]+")
        if not self._leads_outside(address):
            answer.refuse("address")
        expires_at = answer.instant("expires_at", wanted=True)
        if expires_at is None or not now() + _SHORTEST <= expires_at <= now() + _LONGEST:
            answer.refuse("expires_at")
        return Opened(receipt, address, expires_at)

    def result(self, receipt: str, nonce: str, *, opened_at: datetime, expires_at: datetime) -> Result:
        """How the check under this number stands. Raises `Unreachable` or `WrongAnswer`."""
        asked = {"receipt": receipt, "nonce": nonce}
        answer = Fields(self._client.post(RESULT_PATH, asked), self._client, "answer")
        for name, expected in asked.items():
            if answer.word(name, 64) != expected:
                answer.refuse(name)
        result = _result(answer)
        at = result.decided_at
        if at is not None:
            latest = min(now(), expires_at) + _OTHER_CLOCK
            if not opened_at - _OTHER_CLOCK <= at <= latest:
                answer.refuse("decided_at")
        return result

    def refuse_frame(self) -> NoReturn:
        """The frame came with a signature and is no picture after all: nothing of the answer is used."""
        self._client.wrong("answer.frame: no picture")

    def _leads_outside(self, address: str) -> bool:
        """Where a person is sent: over https and to no machine of ours; to a simulator only where one may be."""
        try:
            parts = urlsplit(address)
            known = bool(parts.hostname) and parts.port != 0 and not (parts.username or parts.password)
        except ValueError:
            return False
        if on_this_machine(address):
            return known and not self._production
        return known and parts.scheme == "https"


def _result(answer: Fields) -> Result:
    """What belongs to the outcome must be there, and nothing that does not."""
    outcome = answer.word("result", 8, "|".join(Outcome))
    reason = answer.text("reason", _LONGEST_REASON, pattern="[a-z_]+")
    decided_at = answer.instant("decided_at")
    frame = answer.octets("frame", MOST_FRAME_BYTES)
    if (reason is not None) != (outcome == Outcome.FAILED):
        answer.refuse("reason")
    if (decided_at is None) != (outcome == Outcome.PENDING):
        answer.refuse("decided_at")
    if (frame is not None) != (outcome == Outcome.PASSED) or not (frame or _JPEG).startswith(_JPEG):
        answer.refuse("frame")
    return Result(Outcome(outcome), reason, decided_at, frame)
