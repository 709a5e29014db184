"""Asking the central registry about one's own enterprise: limited, recorded, and never with the database waiting."""

from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.extensions.clock import now, today
from app.extensions.database import begin_writing
from app.extensions.refused import Refused
from app.integrations.central_registry import CentralRegistry
from app.integrations.signed_http import OutsideFailed
from app.models import Enterprise
from app.security.access.audit import record
from app.security.access.limits import attempts, count_attempt
from app.security.access.policies import policy_on
from app.security.access.roles import Actor
from app.security.access.scope import find
from app.services.central_registry.answers import Answer, mark


def ask(session: Session, actor: Actor, key: object, registry: CentralRegistry) -> Answer | None:
    """What the registry says of the actor's enterprise, or None when it has no entry.

    Commits before it asks, so that nobody waits for the database while the registry thinks. Raises `Refused` when
    the enterprise has asked too often, and `OutsideFailed`.
    """
    begin_writing(session)
    enterprise = find(session, Enterprise, key, actor)
    uscc = enterprise.uscc
    _count(session, enterprise.id)
    session.commit()
    try:
        entry = registry.entry(uscc)
    except OutsideFailed as failed:
        begin_writing(session)
        _record_question(session, actor, key, outcome="failed", reason=failed.reason)
        session.commit()
        raise
    begin_writing(session)
    _record_question(session, actor, key, found=entry is not None)
    session.commit()
    return Answer(entry, now(), mark(find(session, Enterprise, key, actor))) if entry else None


def _count(session: Session, enterprise_id: int) -> None:
    subject = f"central-registry:{enterprise_id}"
    limit = policy_on(session, today()).number("central_registry_per_hour")
    if attempts(session, subject, timedelta(hours=1)) >= limit:
        raise Refused(
            _l(
                "Your enterprise has asked the central registry %(limit)s times in the last hour. Please try again "
                "later.",
                limit=limit,
            )
        )
    count_attempt(session, subject)


def _record_question(session: Session, actor: Actor, key: object, **detail: Any) -> None:
    record(session, actor, "central_registry.ask", "enterprise", key, **detail)
