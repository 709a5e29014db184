"""Closing: the job that completes what was announced and makes no certificate."""

from app.services import closing
from app.tasks.worker import Work


def complete_declaration(work: Work) -> None:
    closing.close(work.session, work.payload["declaration_id"])


JOBS = {closing.JOB: complete_declaration}
