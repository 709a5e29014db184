"""Rules about a registration that stands already, each with the clause that it rests on (notes: 2.2-2.11)."""

from collections.abc import Iterator
from datetime import date, timedelta

from flask_babel import lazy_gettext as _l

from app.models.identity import months_after
from app.models.policy import Policy
from app.workflow.checks import Case, Check, Finding

_LAW = "注册建造师管理规定"


def _registered(case: Case, _policy: Policy) -> Iterator[Finding]:
    if case.registration is None:
        yield Finding(_l("The registration is not in the register any more."), "registration_number")
    elif not case.registration.live:
        yield Finding(_l("The registration has been cancelled."), "registration_number")


def _employed(case: Case, _policy: Policy) -> Iterator[Finding]:
    found = case.standing
    if found is not None and found.enterprise_id != case.enterprise.id:
        yield Finding(_l("The person is registered with another enterprise by now."), "registration_number")


def _not_registered_yet(case: Case, _policy: Policy) -> Iterator[Finding]:
    found = case.standing
    for one in case.specialties:
        if found is not None and one.specialty in found.specialties:
            yield Finding(_l("The specialty is registered already."), "specialties")


def _still_registered(case: Case, _policy: Policy) -> Iterator[Finding]:
    found = case.standing
    if not case.specialties:
        yield Finding(_l("Choose at least one specialty."), "specialties")
    for one in case.specialties:
        if found is not None and one.specialty not in found.specialties:
            yield Finding(_l("A specialty that was chosen is not registered any more."), "specialties")


def _specialty_cap(case: Case, policy: Policy) -> Iterator[Finding]:
    found, cap = case.standing, policy.number("specialty_cap")
    if not case.specialties:
        yield Finding(_l("Choose at least one specialty."), "specialties")
    if found is not None and len(found.specialties) + len(case.specialties) > cap:
        yield Finding(_l("At most %(cap)s specialties may be registered.", cap=cap), "specialties")


def _not_ended(case: Case, _policy: Policy) -> Iterator[Finding]:
    """What has ended before the filing is cancelled first; what ends under the case leaves nothing to be changed."""
    found = case.standing
    if found is None:
        return
    ends = list(found.specialties.values()) or [found.ends_on]
    if min(ends) < case.filed_on:
        yield Finding(
            _l("The term of a specialty has ended. Please file its cancellation first."), "valid_until"
        )
    elif max(ends) < case.today:
        message = _l(
            "The term ended on %(date)s, while this case was under way: nothing can be entered in it any more.",
            date=max(ends).isoformat(),
        )
        yield Finding(message, "valid_until")


def _in_force(case: Case, policy: Policy) -> Iterator[Finding]:
    """The same, and in the last days of a term nothing but a cancellation may be filed."""
    found, days = case.standing, policy.number("expiry_gate_days")
    ended = list(_not_ended(case, policy))
    yield from ended
    if found is None or ended or not found.specialties:
        return
    if min(found.specialties.values()) < case.filed_on + timedelta(days=days):
        yield Finding(
            _l("In the last %(days)s days of a term nothing but a cancellation may be filed.", days=days),
            "valid_until",
        )


def _renewal_window(case: Case, policy: Policy) -> Iterator[Finding]:
    found = case.standing
    for one in case.specialties:
        ends_on = found.specialties.get(one.specialty) if found else None
        if ends_on is None:
            continue
        opens, closes = renewal_window(ends_on, policy)
        if case.filed_on < opens:
            message = _l("The renewal of a specialty opens on %(date)s.", date=opens.isoformat())
            yield Finding(message, "specialties")
        elif case.filed_on > closes:
            message = _l(
                "The renewal of a specialty closed on %(date)s. Now only a cancellation may be filed, and after it a "
                "re-registration.",
                date=closes.isoformat(),
            )
            yield Finding(message, "specialties")


def renewal_window(ends_on: date, policy: Policy) -> tuple[date, date]:
    """The first and the last day on which the renewal of a term that ends then may be filed."""
    opens = ends_on - timedelta(days=policy.number("renewal_opens_days"))
    return opens, ends_on - timedelta(days=policy.number("renewal_closes_days"))


def _loss(case: Case, _policy: Policy) -> Iterator[Finding]:
    if case.values.get("replacement_reason") != "loss":
        return
    declared_on = case.values.get("declared_lost_on")
    if not case.values.get("declared_lost_in"):
        yield Finding(_l("Name the medium in which the loss was declared."), "declared_lost_in")
    if declared_on is None:
        yield Finding(_l("Give the day on which the loss was declared."), "declared_lost_on")
    elif declared_on > case.today:
        yield Finding(_l("The declaration of loss lies in the future."), "declared_lost_on")


def _released(case: Case, _policy: Policy) -> Iterator[Finding]:
    released_on = case.values.get("released_on")
    if released_on and released_on > case.today:
        yield Finding(_l("The release by the former employer lies in the future."), "released_on")


def _elsewhere(case: Case, _policy: Policy) -> Iterator[Finding]:
    found = case.standing
    if found is not None and found.enterprise_id == case.enterprise.id:
        yield Finding(_l("The person is registered with your enterprise already."), "name")


def _pause(case: Case, policy: Policy) -> Iterator[Finding]:
    found, months = case.standing, policy.number("transfer_pause_months")
    since = found.moved_on if found else None
    if since is not None and case.filed_on < (free_on := months_after(since, months)):
        yield Finding(
            _l(
                "The person has been with the present employer for fewer than %(months)s months: a transfer may be "
                "filed from %(date)s on.",
                months=months,
                date=free_on.isoformat(),
            ),
            "name",
        )


REGISTERED = Check("registered", f"{_LAW} 第十二条", _l("The registration stands"), _registered)
EMPLOYED = Check("employed", f"{_LAW} 第十二条", _l("Registered with this enterprise"), _employed)
NOT_REGISTERED_YET = Check(
    "not_registered_yet", f"{_LAW} 第十四条", _l("The specialty is not registered yet"), _not_registered_yet
)
STILL_REGISTERED = Check(
    "still_registered", f"{_LAW} 第十二条", _l("The chosen specialties are registered"), _still_registered
)
SPECIALTY_CAP = Check("specialty_cap", f"{_LAW} 第十四条", _l("The number of specialties"), _specialty_cap)
IN_FORCE = Check(
    "in_force", f"{_LAW} 第十二条", _l("The term has not ended and is not about to end"), _in_force
)
NOT_ENDED = Check("not_ended", f"{_LAW} 第十六条", _l("The term has not ended"), _not_ended)
RENEWAL_WINDOW = Check("renewal_window", f"{_LAW} 第十二条", _l("The time of renewal"), _renewal_window)
LOSS = Check("loss", f"{_LAW} 第十九条", _l("The statement of loss"), _loss)
RELEASED = Check("released", f"{_LAW} 第十三条", _l("Released by the former employer"), _released)
ELSEWHERE = Check("elsewhere", f"{_LAW} 第十三条", _l("Registered with another enterprise"), _elsewhere)
PAUSE = Check("pause", f"{_LAW} 第十三条", _l("Long enough with the present employer"), _pause)
