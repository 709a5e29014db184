"""Terms: what ends by the calendar alone, and who is reminded of it before."""

from datetime import date, timedelta

from sqlalchemy.orm import Session, scoped_session

from app.extensions.clock import now, today
from app.services import lapsing, reminders

PAUSE = timedelta(minutes=30)


class TermKeeper:
    """Looks again after the pause, because a term waits for the end of a case; reminds once a day."""

    def __init__(self) -> None:
        self._due = now()
        self._reminded: date | None = None

    def __call__(self, session: Session | scoped_session[Session]) -> None:
        if now() < self._due:
            return
        self._due = now() + PAUSE
        own = session() if isinstance(session, scoped_session) else session
        day = today()
        lapsing.strike_off_ended(own, day)
        if self._reminded != day:
            reminders.remind_of_terms(own, day)
            reminders.remind_to_confirm(own, day)
            self._reminded = day


CHORES = (TermKeeper(),)
