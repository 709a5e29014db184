"""Bulk decisions: the job that performs what an officer planned over more rows than one call takes."""

from typing import Any

from app.services import bulk, bulk_run
from app.tasks.worker import Work


def decide(work: Work) -> dict[str, Any]:
    return bulk_run.run(work.session, work.job_id, work.payload, work.advance)


JOBS = {bulk.JOB: decide}
