"""Importing: the job that loads a long list, all its good rows or none, in the language of whoever asked."""

from typing import Any

from flask_babel import force_locale, lazy_gettext as _l
from werkzeug.exceptions import NotFound

from app.extensions.refused import Refused
from app.services.imports import loading
from app.tasks.worker import Work


def load(work: Work) -> dict[str, Any]:
    asked = work.payload
    with force_locale(asked["language"]):
        try:
            return {"loaded": loading.run(work.session, work.job_id, asked["kind"], asked["import"])}
        except NotFound as gone:
            raise Refused(str(_l("Your account may not import such lists any more."))) from gone
        except Refused as refused:
            # Said now, in the language of whoever asked.
            raise Refused(str(refused)) from refused


LONG_JOBS = {loading.JOB: load}
