"""Certificates: allotting a number and a token in the deciding commit, and making the signed file afterwards."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.extensions.clock import now
from app.extensions.database import begin_writing
from app.models import (
    Attachment,
    Certificate,
    CertificateStatus,
    DictionaryEntry,
    Ending,
    Registration,
    RegistrationKind,
    RegistrationStatus,
    StoredFile,
)
from app.models.policy import Policy
from app.printing.certificate import (
    COUNTRY,
    SEAL_BOX,
    CertificateFace,
    SpecialtyTerm,
    draw_certificate,
)
from app.security.access.roles import SYSTEM, Actor
from app.services import files
from app.services.jobs import ask_all
from app.signing.client import SignerClient
from app.signing.seal import seal
from app.signing.token import new_token
from app.workflow.numbering import next_numbers
from app.workflow.perform import perform

JOB = "issue_certificate"
TITLES = {
    RegistrationKind.REGISTERED: f"{COUNTRY}二级建造师注册证书",
    RegistrationKind.TEMPORARY: f"{COUNTRY}二级临时建造师注册证书",
}
"""A temporary constructor's certificate must not look like another one at the first glance."""


def certificate_numbers(session: Session, policy: Policy, count: int) -> list[str]:
    """证书编号: a prefix and a running number, both shaped by policy (notes: 5.4). Those of paper are passed over."""
    digits = policy.number("certificate_digits")
    prefix = policy.text("certificate_prefix")
    numbers = [f"{prefix}{number:0{digits}d}" for number in next_numbers(session, "certificate", count)]
    printed = Registration.paper_number
    taken = set(session.scalars(select(printed).where(printed.in_(numbers))))
    free = [number for number in numbers if number not in taken]
    return free + certificate_numbers(session, policy, len(taken)) if taken else free


def allot(
    session: Session,
    registrations: Sequence[tuple[Registration, int | None]],
    *,
    actor: Actor,
    policy: Policy,
    on: date,
    because: Ending = Ending.REGISTRATION,
    renumbered: bool = True,
) -> list[Certificate]:
    """Give each registration its next certificate, for this declaration if there is one, and ask for the file.

    The caller commits. What a certificate says is frozen here, so that the file is the register as it was at this
    moment. The versions before it end at once, `because` of what the declaration was; without `renumbered` their
    number goes on.
    """
    known = _versions(session, [one.id for one, _declaration in registrations])
    for earlier in known.values():
        _end(earlier, CertificateStatus.REPLACED, because, on)
    labels = _labels(session)
    numbers = _numbers(session, policy, registrations, known, renumbered=renumbered)
    made = [
        Certificate(
            registration_id=registration.id,
            enterprise_id=registration.enterprise_id,
            declaration_id=declaration_id,
            number=number,
            version=max((one.version for one in known.get(registration.id, ())), default=0) + 1,
            token=new_token(),
            issued_on=on,
            face=json.dumps(_face_of(registration, policy, labels), ensure_ascii=False),
        )
        for (registration, declaration_id), number in zip(registrations, numbers, strict=True)
    ]
    session.add_all(made)
    session.flush()
    ask_all(
        session,
        actor,
        JOB,
        {f"{JOB}:{certificate.id}": {"certificate_id": certificate.id} for certificate in made},
    )
    return made


def reissue(
    session: Session,
    registrations: Sequence[Registration],
    *,
    actor: Actor,
    policy: Policy,
    on: date,
    because: Ending,
    though_ended: bool = False,
) -> None:
    """A new version where the register says something else now than the certificate in force; the caller commits.

    Who holds a certificate of paper has no photo on file to make one with. A registration that stands again, though
    it had ended, gets the certificate back that it had (`though_ended`).
    """
    known = _versions(session, [one.id for one in registrations])
    labels = _labels(session)
    changed: list[tuple[Registration, int | None]] = []
    for one in registrations:
        held = known.get(one.id, [])
        if one.status != RegistrationStatus.VALID or not held:
            continue
        in_force = held[-1].ended_on is None
        differs = json.loads(held[-1].face) != _face_of(one, policy, labels)
        if (in_force and differs) or (though_ended and not in_force):
            changed.append((one, None))
    if changed:
        allot(session, changed, actor=actor, policy=policy, on=on, because=because, renumbered=False)


def cancel(session: Session, registration_ids: Sequence[int], *, because: Ending, on: date) -> None:
    """No certificate of these registrations counts any more; the caller commits."""
    for held in _versions(session, registration_ids).values():
        _end(held, CertificateStatus.CANCELLED, because, on)


def _versions(session: Session, registration_ids: Sequence[int]) -> Mapping[int, list[Certificate]]:
    found: dict[int, list[Certificate]] = defaultdict(list)
    for one in session.scalars(
        select(Certificate)
        .where(Certificate.registration_id.in_(registration_ids))
        .order_by(Certificate.version)
    ):
        found[one.registration_id].append(one)
    return found


def _end(held: Sequence[Certificate], status: CertificateStatus, because: Ending, on: date) -> None:
    """One that is being made still gets its file, and is what it is called here as soon as it has it."""
    for one in held:
        if one.ended_on is None:
            one.ended_on, one.ended_because = on, because
            if one.file_id is not None:
                one.status = status


def _numbers(
    session: Session,
    policy: Policy,
    registrations: Sequence[tuple[Registration, int | None]],
    going_on: Mapping[int, Sequence[Certificate]],
    *,
    renumbered: bool,
) -> list[str]:
    """The number of the version before, or of the paper, where it goes on, and a new one for everybody else."""
    before = {
        one.id: going_on[one.id][-1].number if going_on.get(one.id) else one.paper_number
        for one, _declaration in (registrations if not renumbered else ())
    }
    fresh = [one.id for one, _declaration in registrations if not before.get(one.id)]
    given = dict(zip(fresh, certificate_numbers(session, policy, len(fresh)), strict=True)) if fresh else {}
    return [given.get(one.id) or str(before[one.id]) for one, _declaration in registrations]


def issue(session: Session, certificate_id: int, signer: SignerClient, base_url: str) -> None:
    """Draw, sign and store the file, once; then complete the declaration. Safe to run again after any crash."""
    certificate = session.get_one(Certificate, certificate_id)
    if certificate.file_id is None:
        face = _face(session, certificate, base_url)
        signed = seal(draw_certificate(face), signer=signer, authority=face.authority, box=SEAL_BOX)
        begin_writing(session)
        certificate = session.get_one(
            Certificate, certificate_id, with_for_update=True, populate_existing=True
        )
        if certificate.file_id is None:
            _keep_file(session, certificate, signed)
        session.commit()
    _complete(session, certificate)


def read_file(session: Session, certificate: Certificate) -> bytes:
    """The signed PDF as it was issued."""
    return files.read(session.get_one(StoredFile, certificate.file_id))


def _keep_file(session: Session, certificate: Certificate, signed: bytes) -> None:
    stored = files.store(session, signed, "application/pdf")
    certificate.file_id = stored.id
    certificate.sha256 = hashlib.sha256(signed).hexdigest()
    certificate.signed_at = now()
    certificate.status = _standing(certificate)


def _standing(certificate: Certificate) -> CertificateStatus:
    """What it is once it has its file: it may have ended while it was being made."""
    if certificate.ended_on is None:
        return CertificateStatus.CURRENT
    # Who is registered again before the file was made has not made the old certificate a better one.
    cancelled = (
        certificate.ended_because == Ending.CANCELLATION
        or certificate.registration.status != RegistrationStatus.VALID
    )
    return CertificateStatus.CANCELLED if cancelled else CertificateStatus.REPLACED


def _complete(session: Session, certificate: Certificate) -> None:
    if certificate.declaration_id is not None:
        # A declaration that was completed before the crash is skipped, which is just what is wanted.
        perform(session, "complete", {certificate.declaration_id: None}, SYSTEM)


def _labels(session: Session) -> Mapping[tuple[str, str], str]:
    """What the codes on a certificate mean."""
    rows = session.execute(
        select(DictionaryEntry.dictionary, DictionaryEntry.code, DictionaryEntry.label_zh).where(
            DictionaryEntry.dictionary.in_(("specialty", "gender", "registration_kind"))
        )
    )
    return {(row.dictionary, row.code): row.label_zh for row in rows}


def _face_of(
    registration: Registration, policy: Policy, labels: Mapping[tuple[str, str], str]
) -> dict[str, Any]:
    return {
        "kind": _kind(registration, labels),
        "name": registration.name,
        "gender": labels.get(("gender", registration.gender or ""), ""),
        "birth_date": registration.birth_date.isoformat(),
        "registration_number": registration.number,
        "enterprise": registration.enterprise_name,
        "specialties": [
            [
                labels.get(("specialty", one.specialty), one.specialty),
                one.begins_on.isoformat(),
                one.ends_on.isoformat(),
            ]
            for one in registration.specialties
            if one.removed_on is None
        ],
        "authority": policy.text("issuing_authority"),
    }


def _kind(registration: Registration, labels: Mapping[tuple[str, str], str]) -> str:
    return labels.get(("registration_kind", registration.kind), registration.kind)


def _face(session: Session, certificate: Certificate, base_url: str) -> CertificateFace:
    said, registration = json.loads(certificate.face), certificate.registration
    return CertificateFace(
        # A face that was frozen before it named the kind is drawn with that of its registration, which never changes.
        kind=said.get("kind") or _kind(registration, _labels(session)),
        title=TITLES[RegistrationKind(registration.kind)],
        name=said["name"],
        gender=said["gender"],
        birth_date=date.fromisoformat(said["birth_date"]),
        registration_number=said["registration_number"],
        enterprise=said["enterprise"],
        specialties=tuple(
            SpecialtyTerm(name, date.fromisoformat(begins), date.fromisoformat(ends))
            for name, begins, ends in said["specialties"]
        ),
        certificate_number=certificate.number,
        issued_on=certificate.issued_on,
        authority=said["authority"],
        verification_url=f"{base_url}/v/{certificate.token}",
        photo=_picture(session, "photo", Attachment.declaration_id.in_(_declarations_of(certificate))),
        signature=_picture(session, "signature", Attachment.person_id == registration.person_id),
    )


def _declarations_of(certificate: Certificate) -> Select[Any]:
    """The declarations up to this version: one that asks for no photo goes on with the one before."""
    return select(Certificate.declaration_id).where(
        Certificate.registration_id == certificate.registration_id,
        Certificate.version <= certificate.version,
    )


def _picture(session: Session, kind: str, owner: Any) -> bytes | None:
    stored = session.scalar(
        select(StoredFile)
        .join(Attachment, Attachment.file_id == StoredFile.id)
        .where(owner, Attachment.kind == kind)
        .order_by(Attachment.id.desc())
        .limit(1)
    )
    return files.read(stored) if stored else None
