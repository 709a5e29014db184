"""Rules that several declaration types share, each with the clause that it rests on (notes: 2.0, 2.1)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from app.models.identity import birthday_at, graduation_findings, months_after
from app.models.policy import Policy
from app.models.registration import RegistrationStatus
from app.workflow.checks import Case, Check, EnterpriseFacts, Finding, Severity

_LAW = "注册建造师管理规定"
_NOTHING = frozenset({"", "无", "没有", "none", "/", "-", "—"})
"""What people write into a field to say that there is nothing to write."""
NEW_ENTERPRISE_COMMITMENT = "new_enterprise_commitment"
"""The paper with which a new enterprise promises to be qualified by the constructors that it registers."""


def _complete(case: Case, _policy: Policy) -> Iterator[Finding]:
    for name, label in case.required:
        if case.values.get(name) in (None, ""):
            yield Finding(_l("%(field)s is missing.", field=label), name)


def _identity(case: Case, _policy: Policy) -> Iterator[Finding]:
    for name, message in case.identity_findings:
        yield Finding(message, name)


def _graduation(case: Case, _policy: Policy) -> Iterator[Finding]:
    graduated_on = case.values.get("graduation_date")
    for one in graduation_findings(graduated_on, case.birth_date, case.filed_on):
        yield Finding(one.message, one.field)


def _real_name(case: Case, _policy: Policy) -> Iterator[Finding]:
    if not case.real_name_verified:
        yield Finding(
            _l("The person has not passed the real-name check. He or she has to complete it first."), "name"
        )


def _qualified(case: Case, _policy: Policy) -> Iterator[Finding]:
    held = {one.id: one for one in case.qualifications}
    if not held:
        yield Finding(_l("The person is not in the qualification library."), "name")
    for one in case.specialties:
        qualification = held.get(one.qualification_id or 0)
        if qualification is None or qualification.specialty != one.specialty:
            yield Finding(_l("The person holds no qualification for this specialty."), "specialties")


def _specialties(case: Case, policy: Policy) -> Iterator[Finding]:
    if not case.specialties:
        yield Finding(_l("Choose at least one specialty."), "specialties")
    cap = policy.number("specialty_cap")
    if len(case.specialties) > cap:
        yield Finding(_l("At most %(cap)s specialties may be registered.", cap=cap), "specialties")


def _never_registered(case: Case, _policy: Policy) -> Iterator[Finding]:
    same_kind = [one for one in case.registrations if one.kind == case.registration_kind]
    if any(one.status == RegistrationStatus.VALID for one in same_kind):
        yield Finding(
            _l("The person is registered already. The registration has to be cancelled before a new one."),
            "name",
        )
    elif same_kind:
        yield Finding(
            _l("The person was registered before. Please file a re-registration instead of an initial one."),
            "name",
        )


def _one_under_way(case: Case, _policy: Policy) -> Iterator[Finding]:
    if not case.other_under_way:
        return
    if case.of_person:
        message = _l(
            "Another declaration about you is under way. “My declarations” shows with whom it lies and how it ends."
        )
    elif case.other_is_own:
        message = _l(
            "Your enterprise has another declaration under way for this person. Please finish or withdraw it first."
        )
    else:
        message = _l("Another enterprise has a declaration under way for this person.")
    yield Finding(message, "name")


def _age(case: Case, policy: Policy) -> Iterator[Finding]:
    if case.birth_date is None:
        return
    limit = policy.number("age_limit")
    closes = birthday_at(case.birth_date, limit) - timedelta(days=policy.number("age_gate_days"))
    if case.filed_on >= closes:
        yield Finding(
            _l(
                "From %(date)s on nothing but a cancellation may be filed, because the person turns %(age)s "
                "soon after.",
                date=closes.isoformat(),
                age=limit,
            ),
            "birth_date",
        )


def _contract(case: Case, _policy: Policy) -> Iterator[Finding]:
    begins, ends = case.values.get("employed_from"), case.values.get("employed_to")
    open_ended = bool(case.values.get("employed_open_ended"))
    if not open_ended and ends is None:
        yield Finding(_l("Give the day on which the employment ends, or tick open-ended."), "employed_to")
    if open_ended and ends is not None:
        yield Finding(
            _l("An open-ended employment has no last day: empty the field or untick open-ended."),
            "employed_to",
        )
    if begins and begins > case.filed_on:
        yield Finding(_l("The employment has to have begun on the day of filing."), "employed_from")
    if begins and ends and ends < begins:
        yield Finding(_l("The employment ends before it begins."), "employed_to")
    elif ends and ends < case.filed_on:
        yield Finding(_l("The employment has ended already."), "employed_to")


def _employer(case: Case, policy: Policy) -> Iterator[Finding]:
    if not case.enterprise.active:
        yield Finding(_l("The enterprise is switched off and cannot file declarations."), "enterprise_name")
    if case.enterprise.missing:
        names = "、".join(str(label) for label in case.enterprise.missing)
        yield Finding(
            _l("The enterprise's basic information is incomplete: %(fields)s.", fields=names),
            "enterprise_name",
        )
    if case.enterprise.is_branch:
        yield Finding(
            _l("A branch registers nobody: the company itself, to which it belongs, has to file."),
            "enterprise_name",
        )
    if not case.enterprise.qualified:
        yield from _unqualified(case, policy)


def _unqualified(case: Case, policy: Policy) -> Iterator[Finding]:
    """Who has just been founded may need constructors before it can be qualified, and promises so."""
    if case.enterprise.has_qualification:
        yield Finding(
            _l("The qualifications of the enterprise have run out. Please enter the present ones."),
            "enterprise_name",
        )
    elif not (_takes_commitment(case) and is_new(case.enterprise, case.filed_on, policy)):
        yield Finding(_l("The enterprise has entered no construction qualification."), "enterprise_name")


def _takes_commitment(case: Case) -> bool:
    return any(rule.key == NEW_ENTERPRISE_COMMITMENT for rule in case.attachment_rules)


def is_new(enterprise: EnterpriseFacts, day: date, policy: Policy) -> bool:
    """新设立企业: founded so lately that it cannot have been qualified yet."""
    founded_on, months = enterprise.founded_on, policy.number("new_enterprise_months")
    return founded_on is not None and day < months_after(founded_on, months)


def commits_as_new(case: Case, policy: Policy) -> bool:
    """Whether the promise of a new enterprise stands in the place of its qualification."""
    enterprise = case.enterprise
    return not enterprise.has_qualification and is_new(enterprise, case.filed_on, policy)


def _unchanging(case: Case, _policy: Policy) -> Iterator[Finding]:
    if case.enterprise.changing:
        yield Finding(
            _l(
                "A change of the enterprise's particulars is open. Until it is decided or withdrawn, only "
                "cancellations may be filed."
            ),
            "enterprise_name",
        )
    if case.former_enterprise is not None and case.former_enterprise.changing:
        yield Finding(
            _l(
                "A change of the former employer's particulars is open. Until it is decided or withdrawn, only "
                "cancellations may be filed."
            ),
            "name",
        )


def _region(case: Case, _policy: Policy) -> Iterator[Finding]:
    if not case.enterprise.region_in_force:
        yield Finding(
            _l("The enterprise's city is not in force any more. Please have it corrected."), "region_code"
        )


def _attachments(case: Case, policy: Policy) -> Iterator[Finding]:
    for rule in case.attachment_rules:
        if rule.required(case, policy) and not case.attachments.get(rule.key):
            yield Finding(
                _l("The attachment %(name)s is missing.", name=rule.label), f"attachment_{rule.key}"
            )


def has_misconduct(case: Case) -> bool:
    """Whether the applicant has declared a penalty or another misconduct."""
    return (case.values.get("misconduct") or "").strip(" 。.").lower() not in _NOTHING


def _misconduct(case: Case, _policy: Policy) -> Iterator[Finding]:
    if has_misconduct(case):
        yield Finding(
            _l("Penalties or misconduct were declared: check them against the grounds for refusal."),
            "misconduct",
            Severity.WARNING,
        )


def _check(rule: str, clause: str, label: Any, ask: Any, *, of_filer: bool = False) -> Check:
    return Check(rule, clause, label, ask, of_filer)


COMPLETE = _check(
    "complete", "操作手册 3.2.3.1", _l("All required fields are filled in"), _complete, of_filer=True
)
IDENTITY = _check(
    "identity", "GB 11643-1999", _l("The ID number agrees with birth date and gender"), _identity
)
GRADUATION = _check("graduation", "操作手册 3.2.3.1", _l("The graduation date is possible"), _graduation)
REAL_NAME = _check("real_name", "操作手册 3.2.3.1", _l("The real-name check was passed"), _real_name)
QUALIFIED = _check(
    "qualified", f"{_LAW} 第六条、第十一条", _l("A qualification for every specialty"), _qualified
)
SPECIALTIES = _check("specialties", f"{_LAW} 第十一条", _l("The number of specialties"), _specialties)
NEVER_REGISTERED = _check(
    "never_registered", f"{_LAW} 第十一条、第十八条", _l("Never registered before"), _never_registered
)
ONE_UNDER_WAY = _check(
    "one_under_way", f"{_LAW} 第十五条", _l("No other declaration is under way"), _one_under_way
)
AGE = _check("age", f"{_LAW} 第十五条", _l("The age limit"), _age)
CONTRACT = _check(
    "contract", f"{_LAW} 第六条、第十一条", _l("The employment contract"), _contract, of_filer=True
)
EMPLOYER = _check(
    "employer",
    "操作手册 3.2.2.1",
    _l("The employer's information and qualification"),
    _employer,
    of_filer=True,
)
UNCHANGING = _check(
    "unchanging",
    "参照北京",
    _l("No change of the enterprise is open"),
    _unchanging,
    of_filer=True,
)
REGION = _check("region", "操作手册 3.2.3.1", _l("The competent authority"), _region, of_filer=True)
ATTACHMENTS = _check("attachments", f"{_LAW} 第十一条", _l("The attachments"), _attachments, of_filer=True)
MISCONDUCT = _check("misconduct", f"{_LAW} 第十五条", _l("Penalties or misconduct"), _misconduct)
