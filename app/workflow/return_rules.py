"""Rules about whoever comes back: after a cancellation, a refusal, false material, an annulment (notes: 2.0, 2.2)."""

from collections.abc import Iterator

from flask_babel import lazy_gettext as _l

from app.models.identity import birthday_at
from app.models.policy import Policy
from app.workflow.checks import Case, Check, Finding

_LAW = "注册建造师管理规定"
ANNULLED, REVOKED = "annulled", "revoked"
_BARS = {ANNULLED: "annulment_bar_years", REVOKED: "revocation_bar_years"}
"""How a registration ended, and the policy value that says for how long no new one is granted."""
AS_BEFORE = ("original_number", "original_certificate_number", "ceased_on", "ceased_because")
"""What a re-registration says of the registration before."""
AS_REFUSED = ("refused_on", "refusal_ground")
"""What it says of the refusal, of somebody who was never registered."""


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


def _as_registered_before(case: Case, _policy: Policy) -> Iterator[Finding]:
    """It is copied, and never typed: what differs was changed in the register after the declaration was handed in.

    What a declaration does not say was not asked yet when it was handed in.
    """
    for name in (*AS_BEFORE, *AS_REFUSED):
        known, said = case.further.get(name), case.values.get(name)
        if known is not None and said is not None and said != known:
            yield Finding(
                _l("The register has changed since: please open the declaration and hand it in again."), name
            )


def barred_after(status: str, case: Case, policy: Policy) -> Iterator[Finding]:
    """What a registration that ended in this way still stands against."""
    years = policy.number(_BARS[status])
    for one in case.registrations:
        if (
            years
            and one.status == status
            and one.cancelled_on
            and case.filed_on < (free_on := birthday_at(one.cancelled_on, years))
        ):
            day = free_on.isoformat()
            yield Finding(
                _l("A registration was annulled: a new one may be asked for from %(date)s on.", date=day)
                if status == ANNULLED
                else _l("A registration was revoked: a new one may be asked for from %(date)s on.", date=day),
                "name",
            )


def _barred(case: Case, policy: Policy) -> Iterator[Finding]:
    for status in _BARS:
        yield from barred_after(status, case, policy)


def _false_material(case: Case, policy: Policy) -> Iterator[Finding]:
    """Whoever has kept something back or handed in what was false asks for nothing in the year that follows."""
    found, years = case.false_material_on, policy.number("false_material_bar_years")
    if found is not None and case.filed_on < (free_on := birthday_at(found, years)):
        yield Finding(
            _l(
                "A declaration about the person was turned down on %(day)s because of false material: registration may "
                "be asked for again from %(date)s on.",
                day=found.isoformat(),
                date=free_on.isoformat(),
            ),
            "name",
        )


CANCELLED_BEFORE = Check(
    "cancelled_before", f"{_LAW} 第十八条", _l("Entirely cancelled or refused before"), _cancelled_before
)
AS_REGISTERED_BEFORE = Check(
    "as_registered_before",
    f"{_LAW} 第十八条",
    _l("Number and end as the register has them"),
    _as_registered_before,
)
BARRED = Check(
    "barred", f"{_LAW} 第十五条、第三十四条", _l("Not barred after an annulment or a revocation"), _barred
)
FALSE_MATERIAL = Check(
    "false_material", f"{_LAW} 第三十三条", _l("No false material in the year before"), _false_material
)
