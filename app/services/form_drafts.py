"""What people are typing, kept for them until the form is stored or the days of the policy are over."""

import json
from collections.abc import Sequence
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.extensions.clock import now, today
from app.extensions.refused import Refused
from app.models import FormDraft
from app.security.access.policies import policy_on
from app.security.access.roles import Actor
from app.security.access.scope import rows_of

MOST = 50
"""Forms of one account whose input is kept; the one that was left longest goes first."""

LARGEST = 60_000
"""Characters of one form's input. A browser sends no more than 64 kB while its page is being closed."""

Fields = Sequence[tuple[str, str]]
"""Names and values as a form sends them; a name may stand there several times."""


def draft_of(session: Session, actor: Actor, form: str) -> FormDraft | None:
    """What this account has typed into this form and not stored."""
    return session.scalar(rows_of(FormDraft, actor).where(FormDraft.form == form))


def fields_of(draft: FormDraft) -> Fields:
    return [(name, value) for name, value in json.loads(draft.content)]


def keep(session: Session, actor: Actor, form: str, version: int | None, fields: Fields) -> FormDraft:
    """Keep the latest input in place of the earlier one. The caller commits."""
    content = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    if len(content) > LARGEST:
        raise Refused(_("This is too much text to be kept by itself. Please save the form."))
    draft = draft_of(session, actor, form) or _begun(session, actor, form)
    draft.version, draft.content, draft.saved_at = version, content, now()
    session.flush()
    return draft


def _begun(session: Session, actor: Actor, form: str) -> FormDraft:
    others = (
        rows_of(FormDraft, actor).order_by(FormDraft.saved_at.desc(), FormDraft.id.desc()).offset(MOST - 1)
    )
    for surplus in session.scalars(others):
        session.delete(surplus)
    draft = FormDraft(account_id=actor.account_id, form=form, content="[]")
    try:
        with session.begin_nested():
            session.add(draft)
    except IntegrityError:
        # Another tab of this account was first by a moment.
        return session.scalars(rows_of(FormDraft, actor).where(FormDraft.form == form)).one()
    return draft


def discard(session: Session, actor: Actor, form: str) -> None:
    """The form was stored, or its input is not wanted any more. The caller commits."""
    session.execute(delete(FormDraft).where(FormDraft.account_id == actor.account_id, FormDraft.form == form))


def discard_stale(session: Session) -> None:
    """Delete what nobody came back for; it is full of personal data. Commits."""
    days = policy_on(session, today()).number("form_draft_days")
    session.execute(delete(FormDraft).where(FormDraft.saved_at < now() - timedelta(days=days)))
    session.commit()
