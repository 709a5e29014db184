"""Files of visitors: how much people without an account may send, so that nobody fills the disk in their name."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.extensions.refused import Refused
from app.models import Attachment, Objection, ObjectionState, StoredFile
from app.security.access.limits import attempts, count_attempt, network
from app.services import files

MOST = 3
"""Files of one objection."""

MOST_AN_HOUR, MOST_MEGABYTES_AN_HOUR = 30, 100
"""What may come from one network: the papers of ten objections."""

MOST_MEGABYTES_A_DAY = 1000
"""What all visitors together may send in a day; most of what is sent and handed in with nothing is gone the next."""

MOST_MEGABYTES_OPEN = 5000
"""What the objections that nobody has settled yet may hold on the disk."""

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_MEGABYTE = 1_000_000
_EVERYBODY = "visitor-megabytes"


def count_sent(session: Session, address: str) -> None:
    """Count one file more before it is looked at, whatever comes of it; the caller commits. Raises `Refused`."""
    sender = network(address)
    often = attempts(session, f"visitor-files:{sender}", _HOUR) >= MOST_AN_HOUR
    if often or attempts(session, f"{_EVERYBODY}:{sender}", _HOUR) >= MOST_MEGABYTES_AN_HOUR:
        raise Refused(_l("Very many files came from your network in the last hour. Please try again later."))
    full = attempts(session, _EVERYBODY, _DAY) >= MOST_MEGABYTES_A_DAY
    if full or _held_open(session) >= MOST_MEGABYTES_OPEN * _MEGABYTE:
        raise Refused(
            _l(
                "No more files can be taken at the moment. Send the objection without them, "
                "and hand them to the provincial authority."
            )
        )
    count_attempt(session, f"visitor-files:{sender}")


def keep(session: Session, address: str, data: bytes, media_type: str) -> StoredFile:
    """Store what was looked at and count each megabyte that was begun; the caller commits."""
    begun = -(-len(data) // _MEGABYTE)
    for subject in (f"{_EVERYBODY}:{network(address)}", _EVERYBODY):
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
