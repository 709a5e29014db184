"""Comparing: the job that asks other registers about a case, and tries again while they do not answer."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy.orm import Session, scoped_session

from app.extensions.clock import now
from app.integrations.projects import ProjectsRegister
from app.integrations.signed_http import NotConnected
from app.integrations.social_insurance import SocialInsurance
from app.services.comparing import Sources, compare
from app.services.comparisons import ask_for_missing
from app.tasks.worker import NotYet, Work
from app.workflow.comparing import JOB

System = TypeVar("System")

PAUSE = timedelta(minutes=10)


def compare_declaration(work: Work) -> None:
    """Nobody waits for it: no step of the case asks whether it is done."""
    sources = Sources(
        insurance=_connected(SocialInsurance.connected, work.config),
        projects=_connected(ProjectsRegister.connected, work.config),
    )
    since = datetime.fromisoformat(work.payload["since"])
    wait = compare(work.session, work.payload["declaration_id"], since, sources)
    if wait is not None:
        raise NotYet("another system has not answered", wait)


def _connected(connect: Callable[[Any], System], config: Any) -> System | None:
    try:
        return connect(config)
    except NotConnected:
        return None


class MissingComparisons:
    """Looks for cases that lack a comparison; again at once while there were any, else after the pause."""

    def __init__(self) -> None:
        self._due = now()

    def __call__(self, session: Session | scoped_session[Session]) -> None:
        if now() < self._due:
            return
        own = session() if isinstance(session, scoped_session) else session
        if not ask_for_missing(own):
            self._due = now() + PAUSE


CHORES = (MissingComparisons(),)

# Beside the exports: a system that lets everybody wait holds up no certificate.
LONG_JOBS = {JOB: compare_declaration}
