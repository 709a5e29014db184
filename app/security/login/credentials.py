"""A change of what an account may log in with, or as, ends its sessions: nobody has to remember it."""

from typing import Any

from sqlalchemy import event, inspect

from app.models import Account


def _outdate(account: Account) -> None:
    state: Any = inspect(account)
    if state.persistent:
        account.credential_version += 1


def _changed(account: Account, value: Any, former: Any, _initiator: Any) -> None:
    if value != former:
        _outdate(account)


def _joined(account: Account, _role: Any, _initiator: Any) -> None:
    _outdate(account)


def watch_credentials() -> None:
    """Count `credential_version` up with each new password, second factor or role, and when disabled."""
    for column in (Account.password, Account.second_factor, Account.active):
        if not event.contains(column, "set", _changed):
            # The former value is loaded first: a comparison with "unknown" would end sessions for nothing.
            event.listen(column, "set", _changed, active_history=True)
    for change in ("append", "remove"):
        if not event.contains(Account.roles, change, _joined):
            event.listen(Account.roles, change, _joined)
