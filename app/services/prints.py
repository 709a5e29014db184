"""Prints of declarations: a form or a notice at once, and many forms as one PDF that names those it lacks."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask_babel import force_locale, gettext as _, lazy_gettext as _l
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.extensions.clock import local, now, today
from app.extensions.database import begin_writing
from app.extensions.refused import Refused
from app.models import UNFILED, Announcement, Declaration, Job, Publicity
from app.printing.documents import Document, Language
from app.printing.failure import PrintFailed
from app.printing.render import merge, render
from app.security.access.audit import record
from app.security.access.limits import attempts, count_attempt
from app.security.access.policies import policy_on
from app.security.access.roles import Actor, Role
from app.security.access.scope import find, rows_of
from app.services import files
from app.services.acceptance_notices import acceptance_notice
from app.services.application_forms import application_form
from app.services.jobs import ask, asker
from app.services.name_lists import name_list

JOB = "print_forms"
MOST = 500
"""Forms of one PDF; more of them are no paper that anybody can hold."""


def plan(session: Session, actor: Actor, keys: Sequence[int], language: Language, key: str) -> Job:
    """Ask for the forms as a job; the caller commits. 404 when one of them is out of scope."""
    if len(keys) > MOST:
        raise Refused(_l("At most %(most)s forms can be printed at once.", most=MOST))
    query = rows_of(Declaration, actor).where(Declaration.id.in_(keys)).with_only_columns(Declaration.id)
    if set(session.scalars(query)) != set(keys) or not keys:
        raise NotFound
    _count(session, actor)
    job = ask(
        session, actor, JOB, f"{JOB}:{actor.account_id}:{key}", {"ids": list(keys), "language": language}
    )
    job.total = len(keys)
    return job


def run(
    session: Session, job_id: int, payload: Mapping[str, Any], advance: Callable[[int, int], None]
) -> dict[str, Any]:
    """Print what can be printed; a form that fails is named with its reason and holds up no other."""
    actor, language, keys = asker(session, job_id), payload["language"], payload["ids"]
    printed: list[bytes] = []
    done: list[int] = []
    skipped: list[dict[str, Any]] = []
    with force_locale(language):
        for number, key in enumerate(keys, 1):
            outcome = _printed(session, actor, key, language)
            if isinstance(outcome, bytes):
                printed.append(outcome)
                done.append(key)
            else:
                skipped.append({"id": key, "reason": outcome, "findings": []})
            session.rollback()
            advance(number, len(keys))
        if printed:
            _keep(session, actor, job_id, done, merge(printed))
    return {"action": "print", "done": done, "skipped": skipped, "batches": []}


def require_filed(actor: Actor, row: Declaration) -> None:
    """Refuse an officer the paper of a case that the applicant has in hand: what stands in it is not filed."""
    if actor.has(Role.MUNICIPAL, Role.PROVINCIAL) and row.state in UNFILED:
        raise Refused(
            _l("The applicant has it in hand, or it has lapsed. It can be printed when it is filed again.")
        )


def print_form(session: Session, actor: Actor, row: Declaration, language: Language) -> bytes:
    """申报表 of one declaration that was read in scope; the caller commits the audit line."""
    key = row.id
    require_filed(actor, row)
    pdf = _made(session, actor, language, lambda: application_form(session, row, language, _))
    record(session, actor, "declaration.print", "declaration", key, language=language)
    return pdf


def print_notice(session: Session, actor: Actor, row: Declaration, language: Language) -> bytes:
    """受理通知书 of one declaration that was read in scope; the caller commits the audit line."""
    key = row.id
    pdf = _made(session, actor, language, lambda: acceptance_notice(session, row, language, _))
    record(session, actor, "declaration.notice", "declaration", key, language=language)
    return pdf


def print_list(session: Session, actor: Actor, batch: Publicity | Announcement, language: Language) -> bytes:
    """公示 or 公告 list as the authority puts it up, ID numbers masked; the caller commits the audit line."""
    if batch.size > MOST:
        raise Refused(_l("More than %(most)s persons: please print the public page of the list.", most=MOST))
    key = batch.id
    pdf = _made(session, actor, language, lambda: name_list(session, batch, language, _))
    record(session, actor, "list.print", type(batch).__name__.lower(), key, language=language)
    return pdf


def _made(session: Session, actor: Actor, language: Language, document: Callable[[], Document]) -> bytes:
    """The PDF, made with no transaction open; afterwards one that writes is open, for the audit line.

    A print takes seconds, and nobody should wait so long for the write lock.
    """
    session.rollback()
    begin_writing(session)
    _count(session, actor)
    session.commit()
    with force_locale(language):
        built = document()
        session.rollback()
        pdf = _rendered(built)
    begin_writing(session)
    return pdf


def _count(session: Session, actor: Actor) -> None:
    """One more print of this account in this hour; a job of many forms counts once."""
    subject = f"print:{actor.account_id}"
    limit = policy_on(session, today()).number("prints_per_hour")
    if attempts(session, subject, timedelta(hours=1)) >= limit:
        raise Refused(
            _l("You have printed more than %(limit)s times in the last hour. Please try later.", limit=limit)
        )
    count_attempt(session, subject)


def _rendered(document: Document) -> bytes:
    try:
        return bytes(render(document, _))
    except PrintFailed as failed:
        raise Refused(_l("It cannot be printed: %(reason)s", reason=str(failed))) from failed


def _printed(session: Session, actor: Actor, key: int, language: Language) -> bytes | str:
    """The form, or the sentence that says why there is none."""
    try:
        row = find(session, Declaration, key, actor)
        require_filed(actor, row)
        document = application_form(session, row, language, _)
        session.rollback()  # a render takes seconds: nothing is held meanwhile
        return _rendered(document)
    except NotFound:
        return str(_("It is not in your area any more."))
    except Refused as refused:
        return str(refused)


def _keep(session: Session, actor: Actor, job_id: int, keys: Sequence[int], pdf: bytes) -> None:
    begin_writing(session)
    stored = files.store(session, pdf, "application/pdf")
    title = _("Application forms")
    name = f"{title}-{local(now()):%Y%m%d-%H%M}.pdf"
    session.execute(update(Job).where(Job.id == job_id).values(file_id=stored.id, file_name=name))
    for key in keys:
        record(session, actor, "declaration.print", "declaration", key, job=job_id)
    session.commit()
