"""Sweeping: what nobody asks for any more is deleted, a little at a time and not all the time."""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, scoped_session

from app.extensions.clock import now
from app.extensions.database import begin_writing
from app.models import LoginSession
from app.security.access import limits
from app.services import bulk, face_checks, files, forgetting, form_drafts, jobs
from app.services.imports import life_cycle

PAUSE = timedelta(minutes=10)
KEPT = timedelta(days=7)
"""How long a session is kept after its end; the logins themselves stay in the audit."""

LISTS_KEPT = timedelta(days=7)
"""How long an uploaded list waits to be loaded: it is full of personal data."""

FILES_KEPT = timedelta(hours=24)
"""How long a file waits for the form that it was sent with; the page that holds it is good for half of that."""

_AT_ONCE = 1000
_FOLDERS_AT_ONCE = 16


class Sweeper:
    """Sweeps when it is asked, but not again before the pause is over."""

    def __init__(self) -> None:
        self._due = now()
        self._folder = 0

    def __call__(self, session: Session | scoped_session[Session]) -> None:
        if now() < self._due:
            return
        self._due = now() + PAUSE
        begin_writing(session)
        old = select(LoginSession.id).where(LoginSession.expires_at < now() - KEPT).limit(_AT_ONCE)
        session.execute(delete(LoginSession).where(LoginSession.id.in_(old.scalar_subquery())))
        own = session() if isinstance(session, scoped_session) else session
        limits.sweep(own)
        bulk.discard_plans(own)
        session.commit()
        jobs.discard_expired(own)
        life_cycle.discard_stale(own, now() - LISTS_KEPT)
        forgetting.forget_lapsed_drafts(own)
        face_checks.forget_frames(own)
        files.discard_unused(own, now() - FILES_KEPT)
        begin_writing(own)
        form_drafts.discard_stale(own)
        # The whole store is walked in a few hours, a part of it at a time.
        part = files.FOLDERS[self._folder : self._folder + _FOLDERS_AT_ONCE]
        self._folder = (self._folder + _FOLDERS_AT_ONCE) % len(files.FOLDERS)
        files.discard_strays(own, now() - FILES_KEPT, part)


CHORES = (Sweeper(),)
