"""Files of visitors: how much people without an account may send, so that nobody fills the disk in their name."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.extensions.clock import today
from app.extensions.refused import Refused
from app.models import Attachment, Objection, ObjectionState, StoredFile
from app.security.access.limits import attempts, count_attempt, network
from app.security.access.policies import policy_on
from app.services import files

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_MEGABYTE = 1_000_000
_FILES, _MEGABYTES = "visitor-files", "visitor-megabytes"
"""What is counted of each network; under the second name alone, the megabytes of all of them."""


def count_sent(session: Session, address: str) -> None:
    """Count one file more before it is looked at, whatever comes of it; the caller commits. Raises `Refused`."""
    sender, policy = network(address), policy_on(session, today())

    def worn_out(limit: str, subject: str, period: timedelta) -> bool:
        return attempts(session, subject, period) >= policy.number(limit)

    often = worn_out("visitor_files_per_hour", f"{_FILES}:{sender}", _HOUR)
    if often or worn_out("visitor_megabytes_per_hour", f"{_MEGABYTES}:{sender}", _HOUR):
        raise Refused(_l("Very many files came from your network in the last hour. Please try again later."))
    room = policy.number("visitor_megabytes_open") * _MEGABYTE
    if worn_out("visitor_megabytes_per_day", _MEGABYTES, _DAY) or _held_open(session) >= room:
        raise Refused(
            _l(
                "No more files can be taken at the moment. Send the objection without them, "
                "and hand them to the provincial authority."
            )
        )
    count_attempt(session, f"{_FILES}:{sender}")


def keep(session: Session, address: str, data: bytes, media_type: str) -> StoredFile:
    """Store what was looked at and count each megabyte that was begun; the caller commits."""
    begun = -(-len(data) // _MEGABYTE)
    for subject in (f"{_MEGABYTES}:{network(address)}", _MEGABYTES):
        count_attempt(session, subject, begun)
    return files.store(session, data, media_type)


def _held_open(session: Session) -> int:
    size = session.scalar(
        select(func.coalesce(func.sum(StoredFile.size), 0))
        .select_from(Objection)
        .join(Attachment, Attachment.objection_id == Objection.id)
        .join(StoredFile, StoredFile.id == Attachment.file_id)
        .where(Objection.state == ObjectionState.OPEN)
    )
    return int(size or 0)
