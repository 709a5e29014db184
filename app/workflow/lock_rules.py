"""Rules about locks: which step a lock holds up, and how little it says of why (decision 28)."""

from collections.abc import Iterator

from flask_babel import lazy_gettext as _l

from app.models.policy import Policy
from app.workflow.checks import Case, Check, Finding


def _lock(case: Case, _policy: Policy) -> Iterator[Finding]:
    for reason in case.lock_reasons:
        yield Finding(_l("The person is locked: %(reason)s", reason=reason), "name")


def _lock_on_cancellation(case: Case, policy: Policy) -> Iterator[Finding]:
    if policy.holds("lock_stops_cancellation"):
        yield from _lock(case, policy)


LOCK = Check("lock", "注册建造师管理规定 第十五条", _l("The person is not locked"), _lock)
LOCK_ON_CANCELLATION = Check(
    "lock_on_cancellation",
    "注册建造师管理规定 第十七条",
    _l("No lock holds up the cancellation"),
    _lock_on_cancellation,
)
