"""Ask the signer process for its certificates and for signatures."""

import base64
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.signing.protocol import MOST_ANSWER_BYTES, ProtocolError, receive, send


class SignerUnavailable(Exception):
    """The signer process gave no signature; nothing was signed, and the job may try again later."""


@dataclass(frozen=True)
class SignerIdentity:
    """`chain` holds DER certificates, the signer's own first; `demo` is True for the software key."""

    chain: tuple[bytes, ...]
    demo: bool


@dataclass(frozen=True)
class SignerClient:
    """One connection per question: the signer may restart at any time between two of them."""

    socket_path: Path
    # A token on a USB key takes a second for a signature; a queue of some of them must not be given up.
    timeout: float = 30.0

    def identity(self) -> SignerIdentity:
        answer = self._ask({"op": "identity"})
        try:
            chain = tuple(base64.b64decode(part, validate=True) for part in answer["chain"])
            return SignerIdentity(chain, demo=bool(answer["demo"]))
        except (KeyError, TypeError, ValueError) as error:
            raise SignerUnavailable("the signer answered without its certificates") from error

    def sign(self, attributes: bytes) -> bytes:
        """RSA PKCS #1 v1.5 signature with SHA-256 over DER signed attributes; other data are refused."""
        answer = self._ask({"op": "sign", "attributes": base64.b64encode(attributes).decode()})
        try:
            return base64.b64decode(answer["signature"], validate=True)
        except (KeyError, TypeError, ValueError) as error:
            raise SignerUnavailable("the signer answered without a signature") from error

    def is_up(self) -> bool:
        try:
            self.identity()
        except SignerUnavailable:
            return False
        return True

    def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                connection.settimeout(self.timeout)
                connection.connect(str(self.socket_path))
                send(connection, question)
                answer = receive(connection, MOST_ANSWER_BYTES)
        except (OSError, ProtocolError) as error:
            raise SignerUnavailable(f"the signer at {self.socket_path} does not answer: {error}") from error
        if answer.get("ok") is not True:
            raise SignerUnavailable(f"the signer refused: {answer.get('message', 'without a reason')}")
        return answer
