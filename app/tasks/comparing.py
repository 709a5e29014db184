"""Comparing: the job that asks other registers about a case, and tries again while they do not answer."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from app.integrations.projects import ProjectsRegister
from app.integrations.signed_http import NotConnected
from app.integrations.social_insurance import SocialInsurance
from app.services.comparing import Sources, compare
from app.tasks.worker import NotYet, Work
from app.workflow.comparing import JOB

System = TypeVar("System")


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


# Beside the exports: a system that lets everybody wait holds up no certificate.
LONG_JOBS = {JOB: compare_declaration}
