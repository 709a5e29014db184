"""Verify a sealed PDF: whole file, unchanged, by a key that is trusted, with the reason when it is not."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from io import BytesIO
from typing import Any, Final

from asn1crypto import x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from app.signing.canonical import is_canonical

# A certificate of ours has about 200 KB; what is much larger is not read at all.
MOST_BYTES: Final = 20 * 1024 * 1024

# What the readers of PDF and ASN.1 run into when bytes are not what they should be.
BROKEN: Final = (
    ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError, RuntimeError,
    OSError, zlib.error,
)  # fmt: skip


class Reason(StrEnum):
    """Why a paper is not accepted; VALID when it is."""

    VALID = "valid"
    NOT_A_PDF = "not_a_pdf"
    NOT_SIGNED = "not_signed"
    SEVERAL_SIGNATURES = "several_signatures"
    ALTERED = "altered"
    ADDED_TO = "added_to"
    BAD_SIGNATURE = "bad_signature"
    NOT_CERTIFIED = "not_certified"
    UNTRUSTED = "untrusted"


@dataclass(frozen=True)
class Verdict:
    """`valid` is True only for Reason.VALID; the signer's words are shown only then."""

    reason: Reason
    signer: str = ""
    signed_at: datetime | None = None

    @property
    def valid(self) -> bool:
        return self.reason is Reason.VALID


def verify(pdf: bytes, trusted: Iterable[bytes]) -> Verdict:
    """Judge a PDF against trusted root certificates (DER); never raises for what the file contains.

    The certificates are judged at the time when the paper was signed, as it says itself: a seal does not end
    with the certificate that made it. No revocation list is asked for: nothing here may go out to a network.
    """
    if len(pdf) > MOST_BYTES or not pdf.startswith(b"%PDF-"):
        return Verdict(Reason.NOT_A_PDF)
    try:
        return _judge(pdf, tuple(trusted))
    except SignatureValidationError:
        return Verdict(Reason.BAD_SIGNATURE)
    except (PdfError, SigningError):
        return Verdict(Reason.NOT_A_PDF)
    except BROKEN:
        return Verdict(Reason.ALTERED)


def _judge(pdf: bytes, trusted: tuple[bytes, ...]) -> Verdict:
    signatures = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures
    if not signatures:
        return Verdict(Reason.NOT_SIGNED)
    if len(signatures) > 1:
        return Verdict(Reason.SEVERAL_SIGNATURES)
    [signature] = signatures
    signed_at: datetime | None = signature.self_reported_timestamp
    roots = [x509.Certificate.load(der) for der in trusted]
    context = ValidationContext(
        trust_roots=roots, moment=signed_at, best_signature_time=signed_at, allow_fetching=False
    )
    status: Any = validate_pdf_signature(signature, context)
    checks = (
        (not status.intact, Reason.ALTERED),
        (not status.valid, Reason.BAD_SIGNATURE),
        (status.coverage is not SignatureCoverageLevel.ENTIRE_FILE, Reason.ADDED_TO),
        (not status.docmdp_ok, Reason.ADDED_TO),
        (signature.docmdp_level is not MDPPerm.NO_CHANGES, Reason.NOT_CERTIFIED),
        (not status.trusted, Reason.UNTRUSTED),
    )
    for failed, reason in checks:
        if failed:
            return Verdict(reason)
    path = {certificate.dump() for certificate in status.validation_path.iter_certs(include_root=True)}
    if not is_canonical(pdf, signature, path | set(trusted)):
        return Verdict(Reason.ALTERED)
    names = status.signing_cert.subject.native
    return Verdict(Reason.VALID, signer=str(names.get("common_name", "")), signed_at=signed_at)
