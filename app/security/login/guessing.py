"""How often the door may be tried, per account, per address and in all (notes S07)."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session, scoped_session

from app.extensions.database import begin_writing
from app.security.access.limits import attempts, count_attempt, forget_attempts, give_back

WINDOW = timedelta(minutes=5)
PER_ACCOUNT, PER_ADDRESS, IN_ALL = 10, 100, 1000

TOO_MANY = _l(
    "Too many attempts for this account or from this network. Please wait five minutes and try again."
)


class TooManyAttempts(Exception):
    """The door stays shut for some minutes, whatever the password."""


def admit(session: Session | scoped_session[Session], whom: str, address: str | None) -> None:
    """Count one try before it is made, so that tries at the same time cannot slip through, and commit.

    Raises `TooManyAttempts`; such a try is not counted, so that the lock ends while somebody still knocks.
    """
    begin_writing(session)
    one = session() if isinstance(session, scoped_session) else session
    limits = _limits(whom, address)
    for subject in limits:
        count_attempt(one, subject)
    if any(attempts(one, subject, WINDOW) > most for subject, most in limits.items()):
        session.rollback()
        raise TooManyAttempts
    session.commit()


def succeeded(session: Session, whom: str, address: str | None) -> None:
    """The try was no guess: forget the account's, and take this one off the network's. The caller commits."""
    everybody, network, account = _limits(whom, address)
    give_back(session, everybody)
    give_back(session, network)
    forget_attempts(session, account)


def _limits(whom: str, address: str | None) -> dict[str, int]:
    # Always in this order: the rows are locked one by one, and two processes must not meet crosswise.
    return {"login": IN_ALL, f"login from {address}": PER_ADDRESS, f"login of {whom}": PER_ACCOUNT}
