"""Exporting: the job that makes the file of a large list, in the language and with the rights of whoever asked."""

from typing import Any

from flask import current_app
from flask_babel import force_locale, lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.extensions.database import db
from app.extensions.refused import Refused
from app.services.exports import asking, making
from app.services.exports.lists import Wanted
from app.tasks.worker import Work


def export(work: Work) -> dict[str, Any]:
    """In a context of its own: what screens keep for one request must not outlive the job."""
    wanted = Wanted.read(work.payload)
    with current_app.app_context(), force_locale(wanted.language), Session(db.engine) as reader:
        try:
            return making.run(work.session, reader, work.job_id, wanted, work.advance)
        except NotFound as gone:
            raise Refused(str(_l("Your account may not export this list any more."))) from gone
        except Refused as refused:
            # Said now, in the language of whoever asked.
            raise Refused(str(refused)) from refused


LONG_JOBS = {asking.JOB: export}
