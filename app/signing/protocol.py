"""What goes over the signer's socket, and the only kind of data that its key will ever sign."""

import json
import socket
from typing import Any, Final

# asn1crypto knows signing_certificate_v2 (RFC 5035) only after its time-stamp module is loaded.
from asn1crypto import cms, tsp  # noqa: F401

MOST_REQUEST_BYTES: Final = 8 * 1024
MOST_ANSWER_BYTES: Final = 64 * 1024
# SHA-256; the digest of the document inside the signed attributes has this size and no other.
DIGEST_BYTES: Final = 32

# The signed attributes of a PAdES B-B signature (ETSI EN 319 142-1, table 1). Nothing else is signed, so that
# the key of the seal cannot be used to sign a certificate, a challenge or another kind of document.
ALLOWED_ATTRIBUTES: Final = frozenset(
    {"content_type", "message_digest", "signing_certificate_v2", "cms_algorithm_protection", "signing_time"}
)
NEEDED_ATTRIBUTES: Final = frozenset({"content_type", "message_digest", "signing_certificate_v2"})


class ProtocolError(Exception):
    """The other side of the socket said something that the protocol does not know."""


def check_attributes(data: bytes, certificate_hash: bytes) -> None:
    """Raise ProtocolError unless these are signed attributes over one SHA-256 digest for this certificate."""
    try:
        attributes = cms.CMSAttributes.load(data, strict=True)
        values = {attribute["type"].native: attribute["values"] for attribute in attributes}
        if len(values) != len(attributes) or any(len(value) != 1 for value in values.values()):
            raise ProtocolError("an attribute is given twice")
        if not values.keys() <= ALLOWED_ATTRIBUTES or not values.keys() >= NEEDED_ATTRIBUTES:
            raise ProtocolError(f"these are not the attributes of a seal: {sorted(values)}")
        named = values["signing_certificate_v2"][0]["certs"][0]
        content, digest = values["content_type"][0].native, values["message_digest"][0].native
        algorithm, named_hash = named["hash_algorithm"]["algorithm"].native, named["cert_hash"].native
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise ProtocolError(f"these are not signed attributes: {error}") from error
    if content != "data":
        raise ProtocolError(f"content of type {content} is not signed")
    if len(digest) != DIGEST_BYTES:
        raise ProtocolError(f"a digest of {len(digest)} bytes is not signed")
    if algorithm != "sha256" or named_hash != certificate_hash:
        raise ProtocolError("the attributes name another certificate")


def send(connection: socket.socket, message: dict[str, Any]) -> None:
    connection.sendall(json.dumps(message).encode() + b"\n")


def receive(connection: socket.socket, most_bytes: int) -> dict[str, Any]:
    """One JSON object, ended by a line feed; ProtocolError when it is longer, cut short or something else."""
    data = b""
    while not data.endswith(b"\n"):
        if len(data) >= most_bytes:
            raise ProtocolError(f"a message is longer than {most_bytes} bytes")
        part = connection.recv(most_bytes - len(data))
        if not part:
            raise ProtocolError("the connection ended inside a message")
        data += part
    try:
        message = json.loads(data)
    except ValueError as error:
        raise ProtocolError("a message is not JSON") from error
    if not isinstance(message, dict):
        raise ProtocolError("a message is not a JSON object")
    return message
