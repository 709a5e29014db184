"""Closing: a declaration that was announced and makes no certificate is completed by a job, like those that do."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.security.access.roles import SYSTEM, Actor
from app.services.jobs import ask
from app.workflow.perform import perform

JOB = "complete_declaration"


def ask_to_close(session: Session, actor: Actor, declaration_ids: Sequence[int]) -> None:
    """Ask for the completion of these declarations, once each; the caller commits."""
    for key in declaration_ids:
        ask(session, actor, JOB, f"{JOB}:{key}", {"declaration_id": key})


def close(session: Session, declaration_id: int) -> None:
    """Complete it. One that its parties have completed already is skipped; safe to run again after any crash."""
    perform(session, "complete", {declaration_id: None}, SYSTEM)
