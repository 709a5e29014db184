"""How often the door may be tried, per account, per address and in all (notes S07)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session, scoped_session

from app.extensions.database import begin_writing
from app.security.access.limits import attempts, count_attempt, forget_attempts, give_back, network

WINDOW, DAY = timedelta(minutes=5), timedelta(days=1)
PER_PLACE, PER_ACCOUNT, PER_ADDRESS, IN_ALL = 10, 50, 100, 1000
"""Tries in five minutes: of one account from one place, of one account, from one address, and altogether."""

HARD_STOP = 100
"""Failures of one account in a day after which no password is right any more (NIST SP 800-63B-4)."""

WRONG_CODES = 50
"""Codes of one account that may be wrong in a day: with three right ones in a million, no way in."""

TOO_MANY = _l(
    "Too many attempts for this account or from this network. Please wait five minutes and try again."
)
TOO_MANY_CODES = _l("Too many wrong codes today. Please wait until tomorrow, or ask an administrator.")


class TooManyAttempts(Exception):
    """The door stays shut for some time, whatever the password; `message` says for how long."""

    def __init__(self, message: Any = TOO_MANY) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Try:
    """Whose door is tried, and from where; `browser` is its own word where the owner has been in before.

    A known browser has counters of its own. What strangers try elsewhere does not shut it, and it is still
    no place to guess from.
    """

    whom: str
    address: str | None
    browser: str | None = None

    def limits(self) -> dict[str, int]:
        # Always in this order: the rows are locked one by one, and two processes must not meet crosswise.
        if self.browser:
            return {self._here: PER_PLACE}
        return {
            "login": IN_ALL,
            f"login from {network(self.address)}": PER_ADDRESS,
            f"login of {self.whom}": PER_ACCOUNT,
            self._here: PER_PLACE,
        }

    @property
    def failures(self) -> str:
        """What the hard stop counts: a known browser's failures, or those of everywhere else together."""
        return f"failures of {self.whom} {self.browser or ''}"

    @property
    def _here(self) -> str:
        return f"login of {self.whom} at {self.browser or network(self.address)}"


def admit(session: Session | scoped_session[Session], one: Try) -> None:
    """Count one try before it is made, so that tries at the same time cannot slip through, and commit.

    Raises `TooManyAttempts`; such a try is not counted, so that the lock ends while somebody still knocks.
    """
    begin_writing(session)
    held = session() if isinstance(session, scoped_session) else session
    limits = one.limits()
    for subject in limits:
        count_attempt(held, subject)
    if any(attempts(held, subject, WINDOW) > most for subject, most in limits.items()):
        session.rollback()
        raise TooManyAttempts
    session.commit()


def stopped(session: Session, one: Try) -> bool:
    """Whether the day's failures are used up. Further tries are not counted, so that the stop ends by itself."""
    return attempts(session, one.failures, DAY) >= HARD_STOP


def failed(session: Session, one: Try) -> None:
    """One failure more, unless the account is stopped. The caller commits."""
    if not stopped(session, one):
        count_attempt(session, one.failures)


def succeeded(session: Session, one: Try) -> None:
    """The try was no guess: forget the account's, and take this one off the network's. The caller commits."""
    for subject in one.limits():
        if f"of {one.whom}" in subject:
            forget_attempts(session, subject)
        else:
            give_back(session, subject)
    forget_attempts(session, one.failures)


def forgive(session: Session, account_id: int) -> None:
    """An administrator gave a new password: what strangers tried counts no more. The caller commits."""
    one = Try(whom(account_id), None)
    forget_attempts(session, one.failures)
    forget_attempts(session, f"login of {one.whom}")


def whom(account_id: int) -> str:
    return f"account {account_id}"


def admit_code(session: Session | scoped_session[Session], account_id: int, address: str | None) -> None:
    """As `admit`, for a code; a browser is of no account here, and a day has a limit too."""
    held = session() if isinstance(session, scoped_session) else session
    if attempts(held, _wrong_codes(account_id), DAY) >= WRONG_CODES:
        raise TooManyAttempts(TOO_MANY_CODES)
    admit(session, _code(account_id, address))
    begin_writing(session)
    count_attempt(held, _wrong_codes(account_id))


def code_succeeded(session: Session, account_id: int, address: str | None) -> None:
    """The code was right: only the wrong ones of the day stay counted. The caller commits."""
    succeeded(session, _code(account_id, address))
    give_back(session, _wrong_codes(account_id))


def _code(account_id: int, address: str | None) -> Try:
    return Try(f"code of {account_id}", address)


def _wrong_codes(account_id: int) -> str:
    return f"wrong codes of {account_id}"
