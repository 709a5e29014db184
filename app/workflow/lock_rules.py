"""Rules about locks: which step a lock holds up, and how little it says of why (decision 28)."""

from collections.abc import Iterator
from typing import Any

from flask_babel import lazy_gettext as _l

from app.models.policy import Policy
from app.workflow.checks import Case, Check, Finding, LockFacts


def told(lock: LockFacts) -> Any:
    """What everybody may know of a lock: of what it is, since when, and until when."""
    of_registration = lock.registration_id is not None
    first = lock.first.isoformat()
    if lock.last is None and of_registration:
        return _l("The registration has been locked by the province since %(first)s.", first=first)
    if lock.last is None:
        return _l("The person has been locked by the province since %(first)s.", first=first)
    last = lock.last.isoformat()
    if of_registration:
        return _l(
            "The registration is locked by the province from %(first)s to %(last)s.", first=first, last=last
        )
    return _l("The person is locked by the province from %(first)s to %(last)s.", first=first, last=last)


def _lock(case: Case, _policy: Policy) -> Iterator[Finding]:
    for one in case.locks:
        yield Finding(told(one), "name")


def _lock_on_cancellation(case: Case, policy: Policy) -> Iterator[Finding]:
    if policy.holds("lock_stops_cancellation"):
        yield from _lock(case, policy)


LOCK = Check("lock", "注册建造师管理规定 第十五条", _l("Neither person nor registration is locked"), _lock)
LOCK_ON_CANCELLATION = Check(
    "lock_on_cancellation",
    "注册建造师管理规定 第十七条",
    _l("No lock holds up the cancellation"),
    _lock_on_cancellation,
)
LOCKS = (LOCK, LOCK_ON_CANCELLATION)
