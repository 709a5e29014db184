"""Prints of declarations, one at once: a form, a notice, or the list of a batch."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from flask_babel import force_locale, gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from app.extensions.clock import today
from app.extensions.database import begin_writing
from app.extensions.refused import Refused
from app.models import UNFILED, Announcement, Declaration, EnterpriseChange, Publicity
from app.printing.documents import Document, Language
from app.printing.failure import PrintFailed
from app.printing.render import merge, render
from app.security.access.audit import record
from app.security.access.limits import attempts, count_attempt
from app.security.access.policies import policy_on
from app.security.access.roles import Actor, Role
from app.services.acceptance_notices import acceptance_notice
from app.services.application_forms import application_form
from app.services.enterprise_change_forms import change_form
from app.services.name_lists import name_list
from app.services.summary_lists import summary_list

MOST_LISTED = 500
"""Persons of one printed list; more of them are no paper that anybody can hold."""


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
    pdf = _made(session, actor, language, lambda: [application_form(session, row, language, _)])
    record(session, actor, "declaration.print", "declaration", key, language=language)
    return pdf


def print_notice(session: Session, actor: Actor, row: Declaration, language: Language) -> bytes:
    """受理通知书 of one declaration that was read in scope; the caller commits the audit line."""
    key = row.id
    pdf = _made(session, actor, language, lambda: [acceptance_notice(session, row, language, _)])
    record(session, actor, "declaration.notice", "declaration", key, language=language)
    return pdf


def print_change(session: Session, actor: Actor, row: EnterpriseChange, language: Language) -> bytes:
    """变更申请表 of one change that was read in scope; the caller commits the audit line."""
    key = row.id
    pdf = _made(session, actor, language, lambda: change_form(session, row, actor, language, _))
    record(session, actor, "enterprise_change.print", "enterprise_change", key, language=language)
    return pdf


def print_list(session: Session, actor: Actor, batch: Publicity | Announcement, language: Language) -> bytes:
    """公示 or 公告 list as the authority puts it up, ID numbers masked; the caller commits the audit line."""
    if batch.size > MOST_LISTED:
        raise Refused(
            _l("More than %(most)s persons: please print the public page of the list.", most=MOST_LISTED)
        )
    key = batch.id
    pdf = _made(session, actor, language, lambda: [name_list(session, batch, language, _)])
    record(session, actor, "list.print", type(batch).__name__.lower(), key, language=language)
    return pdf


def print_summary(session: Session, actor: Actor, keys: Sequence[int], language: Language) -> bytes:
    """企业申请汇总表 of declarations of the actor's own enterprise; the caller commits the audit line."""
    pdf = _made(session, actor, language, lambda: [summary_list(session, actor, keys, language, _)])
    record(session, actor, "list.print", "enterprise", actor.enterprise_id, language=language, rows=len(keys))
    return pdf


def _made(
    session: Session, actor: Actor, language: Language, documents: Callable[[], Sequence[Document]]
) -> bytes:
    """The PDF, made with no transaction open; afterwards one that writes is open, for the audit line.

    A print takes seconds, and nobody should wait so long for the write lock.
    """
    session.rollback()
    begin_writing(session)
    count_print(session, actor)
    session.commit()
    with force_locale(language):
        built = documents()
        session.rollback()
        pdf = _rendered(built)
    begin_writing(session)
    return pdf


def count_print(session: Session, actor: Actor) -> None:
    """One more print of this account in this hour; a job of many forms counts once."""
    subject = f"print:{actor.account_id}"
    limit = policy_on(session, today()).number("prints_per_hour")
    if attempts(session, subject, timedelta(hours=1)) >= limit:
        raise Refused(
            _l("You have printed more than %(limit)s times in the last hour. Please try later.", limit=limit)
        )
    count_attempt(session, subject)


def _rendered(documents: Sequence[Document]) -> bytes:
    """One PDF of all of them in their order."""
    try:
        pdfs = [bytes(render(one, _)) for one in documents]
        return merge(pdfs) if len(pdfs) > 1 else pdfs[0]
    except PrintFailed as failed:
        raise Refused(_l("It cannot be printed: %(reason)s", reason=str(failed))) from failed
