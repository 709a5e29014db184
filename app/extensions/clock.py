"""What time it is: instants in UTC, business dates in Asia/Shanghai."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    """The business date: the calendar day in the province, whatever the server's own zone."""
    return datetime.now(SHANGHAI).date()


def local(moment: datetime) -> datetime:
    return moment.astimezone(SHANGHAI)
