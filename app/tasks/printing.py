"""Printing: the job that makes one PDF or a ZIP of many papers."""

from typing import Any

from app.services import bulk_prints
from app.tasks.worker import Work


def print_papers(work: Work) -> dict[str, Any]:
    return bulk_prints.run(work.session, work.job_id, work.payload, work.advance)


LONG_JOBS = {bulk_prints.JOB: print_papers}
