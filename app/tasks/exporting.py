"""Exporting: the job that makes the file of a large list, in the language and with the rights of whoever asked."""

from typing import Any

from flask import current_app
from flask_babel import force_locale
from sqlalchemy.orm import Session

from app.extensions.database import db
from app.services.exports import asking, making
from app.services.exports.lists import Wanted
from app.tasks.worker import Work


def export(work: Work) -> dict[str, Any]:
    """In a context of its own: what screens keep for one request must not outlive the job."""
    wanted = Wanted.read(work.payload)
    with current_app.app_context(), force_locale(wanted.language), Session(db.engine) as reader:
        return making.run(work.session, reader, work.job_id, wanted, work.advance)


LONG_JOBS = {asking.JOB: export}
