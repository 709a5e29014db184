"""Rules about a registration that stands already, each with the clause that it rests on (notes: 2.2-2.11)."""

from collections.abc import Iterator
from datetime import date, timedelta

from flask_babel import lazy_gettext as _l

from app.models.identity import birthday_at, months_after
from app.models.policy import Policy
from app.workflow.checks import Case, Check, Finding

_LAW = "注册建造师管理规定"
_BARS = {"annulled": "annulment_bar_years", "revoked": "revocation_bar_years"}
"""How a registration ended, and the policy value that says for how long no new one is granted."""
_OF_THE_AUTHORITY = frozenset({"annulled", "revoked"})
"""Reasons of a cancellation that only the authority itself may give."""


def _registered(case: Case, _policy: Policy) -> Iterator[Finding]:
    if case.registration is None:
        yield Finding(_l("The registration is not in the register any more."), "registration_number")
    elif not case.registration.live:
        yield Finding(_l("The registration has been cancelled."), "registration_number")


def _employed(case: Case, _policy: Policy) -> Iterator[Finding]:
    found = case.standing
    if found is not None and found.enterprise_id != case.enterprise.id:
        yield Finding(_l("The person is registered with another enterprise by now."), "registration_number")


def _cancelled_before(case: Case, _policy: Policy) -> Iterator[Finding]:
    same_kind = [one for one in case.registrations if one.kind == case.registration_kind]
    if any(one.live for one in same_kind):
        yield Finding(
            _l("The person is registered still. The registration has to be cancelled entirely before."),
            "name",
        )
    elif not same_kind and not case.refused_before:
        yield Finding(
            _l("The person was never registered and never refused. Please file an initial registration."),
            "name",
        )


def _barred(case: Case, policy: Policy) -> Iterator[Finding]:
    for one in case.registrations:
        years = policy.number(_BARS[one.status]) if one.status in _BARS else 0
        if years and one.cancelled_on and case.filed_on < (free_on := birthday_at(one.cancelled_on, years)):
            yield Finding(
                _l(
                    "A registration was annulled or revoked: a new one may be asked for from %(date)s on.",
                    date=free_on.isoformat(),
                ),
                "name",
            )


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


def _in_force(case: Case, policy: Policy) -> Iterator[Finding]:
    """An expired specialty is cancelled first, and in the last days of a term nothing but that may be filed."""
    found = case.standing
    if found is None:
        return
    last = case.filed_on + timedelta(days=policy.number("expiry_gate_days"))
    if any(ends_on < case.filed_on for ends_on in found.specialties.values()):
        yield Finding(
            _l("The term of a specialty has ended. Please file its cancellation first."), "valid_until"
        )
    elif found.specialties and min(found.specialties.values()) < last:
        yield Finding(
            _l(
                "In the last %(days)s days of a term nothing but a cancellation may be filed.",
                days=policy.number("expiry_gate_days"),
            ),
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


def _renewal_education(case: Case, policy: Policy) -> Iterator[Finding]:
    for position, one in enumerate(case.specialties):
        needed = policy.number("education_hours_first" if position == 0 else "education_hours_further")
        if one.hours < needed:
            yield Finding(
                _l(
                    "%(hours)s hours of continuing education are needed for this specialty, %(given)s are given.",
                    hours=needed,
                    given=one.hours,
                ),
                "specialties",
            )


def _ground(case: Case, _policy: Policy) -> Iterator[Finding]:
    reason = case.values.get("cancellation_reason")
    if reason in _OF_THE_AUTHORITY:
        yield Finding(_l("Only the authority itself may cancel for this reason."), "cancellation_reason")
    if reason == "employment_ended" and not case.values.get("dismissed_on"):
        yield Finding(_l("Give the day on which the employment ended."), "dismissed_on")
    dismissed_on = case.values.get("dismissed_on")
    if dismissed_on and dismissed_on > case.today:
        yield Finding(_l("The day of dismissal lies in the future."), "dismissed_on")


def _as_registered_before(case: Case, _policy: Policy) -> Iterator[Finding]:
    number, cancelled_on = case.further.get("number"), case.further.get("cancelled_on")
    if number and case.values.get("original_number") != number:
        yield Finding(
            _l("The register has another number for the former registration: %(number)s.", number=number),
            "original_number",
        )
    ceased_on = case.values.get("ceased_on")
    if ceased_on and cancelled_on and ceased_on != cancelled_on:
        yield Finding(
            _l("By the register the former registration ceased on %(date)s.", date=cancelled_on.isoformat()),
            "ceased_on",
        )


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
CANCELLED_BEFORE = Check(
    "cancelled_before", f"{_LAW} 第十八条", _l("Entirely cancelled or refused before"), _cancelled_before
)
BARRED = Check(
    "barred", f"{_LAW} 第十五条、第三十四条", _l("Not barred after an annulment or a revocation"), _barred
)
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
RENEWAL_WINDOW = Check("renewal_window", f"{_LAW} 第十二条", _l("The time of renewal"), _renewal_window)
RENEWAL_EDUCATION = Check(
    "renewal_education", f"{_LAW} 第十二条", _l("Continuing education of this term"), _renewal_education
)
GROUND = Check("ground", f"{_LAW} 第十六条、第十七条", _l("The ground of the cancellation"), _ground)
AS_REGISTERED_BEFORE = Check(
    "as_registered_before",
    f"{_LAW} 第十八条",
    _l("Number and end as the register has them"),
    _as_registered_before,
)
LOSS = Check("loss", f"{_LAW} 第十九条", _l("The statement of loss"), _loss)
RELEASED = Check("released", f"{_LAW} 第十三条", _l("Released by the former employer"), _released)
ELSEWHERE = Check("elsewhere", f"{_LAW} 第十三条", _l("Registered with another enterprise"), _elsewhere)
PAUSE = Check("pause", f"{_LAW} 第十三条", _l("Long enough with the present employer"), _pause)
