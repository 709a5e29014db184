"""Printing: the job that makes one PDF of many application forms."""

from typing import Any

from app.services import prints
from app.tasks.worker import Work


def print_forms(work: Work) -> dict[str, Any]:
    return prints.run(work.session, work.job_id, work.payload, work.advance)


JOBS = {prints.JOB: print_forms}
