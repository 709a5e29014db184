"""Prints of many rows at once: a job that makes one PDF or a ZIP, goes on after a kill, and names what it lacks."""

import hashlib
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from flask_babel import force_locale, gettext as _, lazy_gettext as _l
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.extensions.clock import local, now
from app.extensions.database import begin_writing
from app.extensions.refused import Refused
from app.models import (
    Certificate,
    CertificateStatus,
    Declaration,
    Job,
    Registration,
    RegistrationStatus,
    StoredFile,
)
from app.printing.documents import Language
from app.printing.failure import PrintFailed
from app.printing.render import merge, render_all
from app.security.access.audit import record
from app.security.access.roles import Actor
from app.security.access.scope import find, rows_of
from app.services import certificates, files, jobs, large_files
from app.services.acceptance_notices import acceptance_notice
from app.services.application_forms import application_form
from app.services.prints import count_print, require_filed

JOB = "print_forms"
MOST = 5000
"""Papers of one job, as of one bulk decision."""

MOST_OF_ONE_PDF = 500
"""Forms of one PDF; more of them are no paper that anybody can hold, and are handed over as a ZIP."""

FORM, NOTICE, CERTIFICATE = "form", "notice", "certificate"
_AT_ONCE = 24
_ACTS = {FORM: "declaration.print", NOTICE: "declaration.notice", CERTIFICATE: "print"}
_STRANGE = re.compile(r"[^\w.()（）·-]+")

Advance = Callable[[int, int], None]
Paper = bytes | str
"""A PDF, or the sentence that says why there is none."""


@dataclass
class _Pile:
    """What was printed so far; kept with the job after every batch, so that a killed job goes on from there."""

    parts: list[int] = field(default_factory=list)
    done: list[int] = field(default_factory=list)
    skipped: list[dict[str, Any]] = field(default_factory=list)

    @property
    def seen(self) -> int:
        return len(self.done) + len(self.skipped)


def model_of(paper: str) -> type:
    return Registration if paper == CERTIFICATE else Declaration


def plan(
    session: Session, actor: Actor, paper: str, keys: Sequence[int], *, language: Language, key: str
) -> Job:
    """Ask for the papers as a job; the caller commits. 404 when one of the rows is out of scope."""
    if len(keys) > MOST:
        raise Refused(_l("At most %(most)s forms can be printed at once.", most=MOST))
    model: Any = model_of(paper)
    found = session.scalars(
        rows_of(model, actor)
        .where(model.id.in_(keys))
        .with_only_columns(model.id, maintain_column_froms=True)
    )
    if set(found) != set(keys) or not keys:
        raise NotFound
    count_print(session, actor)
    # A certificate keeps its signature only as the file that it is.
    bundle = "pdf" if paper != CERTIFICATE and len(keys) <= MOST_OF_ONE_PDF else "zip"
    payload = {"paper": paper, "ids": list(keys), "language": language, "bundle": bundle}
    # A list that stays open beside its papers asks for others with the one key that it was given.
    what = hashlib.sha256(repr((key, paper, language, tuple(keys))).encode()).hexdigest()
    job = jobs.ask(session, actor, JOB, f"{JOB}:{actor.account_id}:{what}", payload)
    job.total = len(keys)
    return job


def run(session: Session, job_id: int, payload: Mapping[str, Any], advance: Advance) -> dict[str, Any]:
    """Print what can be printed; a paper that fails is named with its reason and holds up no other."""
    actor, keys = jobs.asker(session, job_id), payload["ids"]
    noted = jobs.checkpoint(session, job_id)
    pile = _Pile(**{name: noted.get(name, []) for name in ("parts", "done", "skipped")})
    made = session.get_one(Job, job_id).file_id is not None
    session.rollback()
    with force_locale(payload["language"]):
        while pile.seen < len(keys) and not made:
            _print_batch(session, actor, job_id, payload, pile)
            advance(pile.seen, len(keys))
        if pile.parts and not made:
            _bind(session, job_id, payload, pile)
    return {"action": "print", "done": pile.done, "skipped": pile.skipped, "batches": []}


def _print_batch(
    session: Session, actor: Actor, job_id: int, payload: Mapping[str, Any], pile: _Pile
) -> None:
    """Some papers, both cores busy with them, and one commit for what came of them."""
    paper, keys = payload["paper"], payload["ids"][pile.seen : pile.seen + _AT_ONCE]
    if paper == CERTIFICATE:
        named = [_certificate(session, actor, key) for key in keys]
    else:
        named = _declared(session, actor, paper, keys, payload["language"])
    session.rollback()
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for key, (name, made) in zip(keys, named, strict=True):
            if isinstance(made, bytes):
                archive.writestr(f"{_STRANGE.sub('_', name)}.pdf", made)
                pile.done.append(key)
            else:
                pile.skipped.append({"id": key, "reason": made, "findings": []})
    begin_writing(session)
    if any(isinstance(made, bytes) for _name, made in named):
        pile.parts.append(files.store(session, packed.getvalue(), "application/zip").id)
    for key in keys:
        if key in pile.done:
            record(session, actor, _ACTS[paper], _subject(paper), key, job=job_id)
    noted = jobs.checkpoint(session, job_id) | {
        "parts": pile.parts, "done": pile.done, "skipped": pile.skipped
    }  # fmt: skip
    jobs.keep_checkpoint(session, job_id, noted)
    session.commit()


def _subject(paper: str) -> str:
    return "registration" if paper == CERTIFICATE else "declaration"


def _declared(
    session: Session, actor: Actor, paper: str, keys: Sequence[int], language: Language
) -> list[tuple[str, Paper]]:
    found: list[tuple[str, Any]] = [_document(session, actor, paper, key, language) for key in keys]
    session.rollback()  # a render takes seconds: nothing is held meanwhile
    documents = [made for _name, made in found if not isinstance(made, str)]
    rendered = iter(render_all(documents, _))
    return [(name, made if isinstance(made, str) else _said(next(rendered))) for name, made in found]


def _document(session: Session, actor: Actor, paper: str, key: int, language: Language) -> tuple[str, Any]:
    """The name of the paper and what it says, or the sentence that says why there is none."""
    try:
        row = find(session, Declaration, key, actor)
        name = f"{row.number}-{row.name}"
        if row.number is None:
            return "", str(_("It was not submitted yet."))
        require_filed(actor, row)
        make = application_form if paper == FORM else acceptance_notice
        return name, make(session, row, language, _)
    except NotFound:
        present = session.scalar(
            rows_of(Declaration, actor).where(Declaration.id == key).with_only_columns(Declaration.id)
        )
        gone = present is None
        return "", str(_("It is not in your area any more.") if gone else _("It was not accepted."))
    except Refused as refused:
        return "", str(refused)


def _said(made: bytes | PrintFailed) -> Paper:
    if isinstance(made, bytes):
        return made
    return str(_("It cannot be printed: %(reason)s", reason=str(made)))


def _certificate(session: Session, actor: Actor, key: int) -> tuple[str, Paper]:
    """The signed file as it was issued, of a registration that is in force."""
    try:
        row = find(session, Registration, key, actor)
    except NotFound:
        return "", str(_("It is not in your area any more."))
    newest = session.scalar(
        select(Certificate)
        .where(Certificate.registration_id == key)
        .order_by(Certificate.version.desc())
        .limit(1)
    )
    counts = newest is not None and newest.status in {CertificateStatus.ISSUING, CertificateStatus.CURRENT}
    if newest is None or not counts or row.status != RegistrationStatus.VALID:
        return "", str(_("There is no certificate in force."))
    if newest.status == CertificateStatus.ISSUING:
        return "", str(
            _("The certificate is being made and signed; it can be printed as soon as it is there.")
        )
    return f"{row.number}-{row.name}", certificates.read_file(session, newest)


def _bind(session: Session, job_id: int, payload: Mapping[str, Any], pile: _Pile) -> None:
    """One file of all batches, which are deleted with the same commit."""
    titles = {
        FORM: _("Application forms"),
        NOTICE: _("Notices of acceptance"),
        CERTIFICATE: _("Certificates"),
    }
    bundle = payload["bundle"]
    stored = [session.get_one(StoredFile, key) for key in pile.parts]
    with large_files.writing("application/pdf" if bundle == "pdf" else "application/zip") as part:
        jobs.begin_part(session, job_id, part)
        papers = (paper for one in stored for paper in _unpacked(files.read(one)))
        if bundle == "pdf":
            part.write(merge(pdf for _name, pdf in papers))
        else:
            _zip(part, papers)
        session.rollback()
        begin_writing(session)
        name = f"{titles[payload['paper']]}-{local(now()):%Y%m%d-%H%M}.{bundle}"
        jobs.keep_file(session, job_id, part, name)
        paths = [one.path for one in session.scalars(select(StoredFile).where(StoredFile.id.in_(pile.parts)))]
        session.execute(delete(StoredFile).where(StoredFile.id.in_(pile.parts)))
        session.commit()
    for path in paths:
        large_files.discard(path)


def _unpacked(packed: bytes) -> Iterable[tuple[str, bytes]]:
    with zipfile.ZipFile(BytesIO(packed)) as archive:
        for name in archive.namelist():
            yield name, archive.read(name)


def _zip(part: large_files.Part, papers: Iterable[tuple[str, bytes]]) -> None:
    with zipfile.ZipFile(part, "w") as archive:  # type: ignore[call-overload]
        for name, pdf in papers:
            archive.writestr(name, pdf)
