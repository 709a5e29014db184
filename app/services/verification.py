"""Verification of a certificate by anybody: the token of the QR code, and what the public may know."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from string import ascii_letters, digits

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import TooManyRequests

from app.extensions.clock import today
from app.extensions.database import begin_writing
from app.models import Certificate, CertificateStatus, Ending, RegistrationStatus
from app.models.personal import mask_name, public_id_mask
from app.security.access.limits import attempts, count_attempt, network

_TOKEN_LENGTH = range(22, 64)
_ALPHABET = frozenset(f"{ascii_letters}{digits}-_")
_MINUTE = timedelta(minutes=1)
MISSES_IN_A_MINUTE = 60
"""Unknown tokens from one address, after which it has to wait for the next minute."""


class Verdict(StrEnum):
    """What the public page says in one word."""

    VALID = "valid"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    ANNULLED = "annulled"
    REVOKED = "revoked"
    REPLACED = "replaced"
    BEING_REPLACED = "being_replaced"
    BEING_ISSUED = "being_issued"
    UNKNOWN = "unknown"


_OF_THE_AUTHORITY: dict[str, Verdict] = {
    RegistrationStatus.ANNULLED: Verdict.ANNULLED,
    RegistrationStatus.REVOKED: Verdict.REVOKED,
}


@dataclass(frozen=True)
class Specialty:
    """One specialty as the public sees it."""

    name: str
    begins_on: date
    ends_on: date
    expired: bool


@dataclass(frozen=True)
class Finding:
    """The answer to a token; an unknown one and a malformed one get the same."""

    verdict: Verdict
    kind: str = ""
    name: str = ""
    gender: str = ""
    registration_number: str = ""
    certificate_number: str = ""
    enterprise: str = ""
    issued_on: date | None = None
    ends_on: date | None = None
    authority: str = ""
    id_number: str = ""
    specialties: tuple[Specialty, ...] = ()
    ended_on: date | None = None
    ended_because: str = ""
    """Why this version does not count any more (`Ending`), where it ended by itself."""
    awaited: bool = False
    """The version that takes its place has no file yet: what is told is what that one will say."""


def answer(session: Session, token: str, address: str) -> Finding:
    """What may be known about the certificate with this token, for somebody at this address.

    Only misses are counted, so that a look at a certificate writes nothing. Whoever guesses is stopped with 429.
    """
    subject = f"verify:{network(address)}"
    if attempts(session, subject, _MINUTE) >= MISSES_IN_A_MINUTE:
        raise TooManyRequests(retry_after=60)
    found = look_up(session, token)
    if found.verdict is Verdict.UNKNOWN:
        begin_writing(session)
        count_attempt(session, subject)
        session.commit()
    return found


def look_up(session: Session, token: str, on: date | None = None) -> Finding:
    """What may be known about the certificate with this token.

    What cannot be a token is looked up all the same, as one that nobody has: the answer and its time are those of an
    unknown one.
    """
    possible = len(token) in _TOKEN_LENGTH and set(token) <= _ALPHABET
    certificate = session.scalar(select(Certificate).where(Certificate.token == (token if possible else "")))
    if certificate is None:
        return Finding(Verdict.UNKNOWN)
    return _finding(certificate, _awaited(session, certificate), on or today())


def _awaited(session: Session, certificate: Certificate) -> Certificate | None:
    """The version that is being made in the place of this one, which nobody can be shown another one instead of."""
    if certificate.ended_on is None or certificate.file_id is None:
        return None
    newer = session.scalars(
        select(Certificate)
        .where(
            Certificate.registration_id == certificate.registration_id,
            Certificate.version > certificate.version,
        )
        .order_by(Certificate.version)
    ).all()
    if not newer or any(one.file_id is not None for one in newer) or newer[-1].ended_on is not None:
        return None
    return newer[-1]


def _finding(certificate: Certificate, awaited: Certificate | None, day: date) -> Finding:
    """Of a version that is being replaced what the register says now: its own words are those of yesterday."""
    registration = certificate.registration
    said = json.loads((awaited or certificate).face)
    specialties = tuple(
        Specialty(name, date.fromisoformat(begins), date.fromisoformat(ends), date.fromisoformat(ends) < day)
        for name, begins, ends in said["specialties"]
    )
    return Finding(
        verdict=_verdict(certificate, specialties, awaited=awaited is not None),
        kind=registration.kind,
        name=mask_name(registration.name),
        gender=said["gender"],
        registration_number=registration.number,
        certificate_number=certificate.number,
        enterprise=said["enterprise"],
        issued_on=certificate.issued_on,
        ends_on=max((one.ends_on for one in specialties), default=None),
        authority=said["authority"],
        id_number=public_id_mask(registration.id_number_masked or ""),
        specialties=specialties,
        ended_on=certificate.ended_on or registration.cancelled_on,
        ended_because=certificate.ended_because or "",
        awaited=awaited is not None,
    )


def _verdict(certificate: Certificate, specialties: tuple[Specialty, ...], *, awaited: bool) -> Verdict:
    registration, expired = certificate.registration, all(one.expired for one in specialties)
    if registration.status in _OF_THE_AUTHORITY:
        return _OF_THE_AUTHORITY[registration.status]
    if (
        registration.status == RegistrationStatus.CANCELLED
        or certificate.status == CertificateStatus.CANCELLED
        or certificate.ended_because == Ending.CANCELLATION
    ):
        return Verdict.CANCELLED
    if certificate.ended_on is not None or certificate.status == CertificateStatus.REPLACED:
        # A copy that was reported lost may be in anybody's hands: it is never spoken well of.
        well = awaited and not expired and certificate.ended_because != Ending.LOSS
        return Verdict.BEING_REPLACED if well else Verdict.REPLACED
    if certificate.status == CertificateStatus.ISSUING:
        return Verdict.BEING_ISSUED
    return Verdict.EXPIRED if expired else Verdict.VALID
