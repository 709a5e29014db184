"""What a rule is: a clause, a question to a case, and findings that are translated when they are shown."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from app.models.policy import Policy

_BRANCH = re.compile(r"分(公司|厂|店)([（(].*)?$")


class Severity(StrEnum):
    """An error stops the step; a warning is shown to the applicant and to the reviewer."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: what, at which field, under which rule."""

    message: Any
    field: str = ""
    severity: Severity = Severity.ERROR
    rule: str = ""
    clause: str = ""


@dataclass(frozen=True)
class QualificationFacts:
    """One row of the 资格证 library under the person's name and ID number."""

    id: int
    specialty: str
    certificate_number: str
    issued_on: date


@dataclass(frozen=True)
class SpecialtyFacts:
    """One specialty that is asked for."""

    specialty: str
    label: str = ""
    qualification_id: int | None = None
    issued_on: date | None = None
    mandatory_hours: int | None = None
    elective_hours: int | None = None
    registered_until: date | None = None


@dataclass(frozen=True)
class RegistrationFacts:
    """One row of the register under this person."""

    id: int
    kind: str
    status: str
    number: str
    enterprise_id: int
    ends_on: date
    specialties: Mapping[str, date] = field(default_factory=dict)
    """Each specialty that is registered, and until when."""
    registered_on: date | None = None
    cancelled_on: date | None = None
    moved_on: date | None = None
    """When the employer was entered last."""
    seal_check_code: int = 0

    @property
    def live(self) -> bool:
        return self.status == "valid"


@dataclass(frozen=True)
class LockFacts:
    """A lock that holds now: since when, until when if that is said, and of what. Why is not for a party to read."""

    first: date
    last: date | None = None
    registration_id: int | None = None
    """None: of everything about the person."""


@dataclass(frozen=True)
class EnterpriseFacts:
    """The employer, as far as rules ask about it."""

    id: int
    active: bool
    region_in_force: bool
    missing: Sequence[Any] = ()
    has_qualification: bool = True
    """It has entered one at all, be it in force or not."""
    qualified: bool = True
    """One that it has entered is in force."""
    builds: bool = True
    """One of those in force is for building works (施工)."""
    local: bool = True
    """Registered in the province itself (省内企业)."""
    name: str = ""
    founded_on: date | None = None
    changing: bool = False
    """A change of its particulars is open (企业信息变更)."""

    @property
    def is_branch(self) -> bool:
        """分公司 and the like, which are called so by law (企业名称登记管理规定): they are no legal persons."""
        return _BRANCH.search(self.name) is not None


@dataclass(frozen=True)
class Case:
    """A declaration as plain data: what was typed or stored, and what is known about those it names."""

    type_key: str
    registration_kind: str
    today: date
    filed_on: date
    values: Mapping[str, Any]
    required: Sequence[tuple[str, Any]]
    enterprise: EnterpriseFacts
    """Who declares, or employs the person that does."""
    former_enterprise: EnterpriseFacts | None = None
    """Who employs the person by the register, when that is another one."""
    person_known: bool = True
    real_name_verified: bool = False
    verified_how: str = ""
    verified_at: datetime | None = None
    birth_date: date | None = None
    identity_findings: Sequence[tuple[str, Any]] = ()
    qualifications: Sequence[QualificationFacts] = ()
    specialties: Sequence[SpecialtyFacts] = ()
    registrations: Sequence[RegistrationFacts] = ()
    registration_id: int | None = None
    """The registration that the declaration is about, among `registrations`."""
    refused_before: bool = False
    """An earlier declaration of the person, for this kind of registration, ended with 不予注册."""
    false_material_on: date | None = None
    """When a declaration about the person was turned down last because of false material."""
    of_person: bool = False
    """The person himself declares."""
    other_under_way: bool = False
    other_is_own: bool = False
    locks: Sequence[LockFacts] = ()
    attachments: Mapping[str, int] = field(default_factory=dict)
    attachment_rules: Sequence[Any] = ()
    further: Mapping[str, Any] = field(default_factory=dict)
    """What only the rules of this type ask about (`DeclarationType.further`)."""

    @property
    def registration(self) -> RegistrationFacts | None:
        """The registration that the declaration is about."""
        return next((one for one in self.registrations if one.id == self.registration_id), None)

    @property
    def standing(self) -> RegistrationFacts | None:
        """The same, as long as it was not cancelled."""
        found = self.registration
        return found if found is not None and found.live else None


Question = Callable[[Case, Policy], Iterable[Finding]]


@dataclass(frozen=True)
class Check:
    """A rule with its clause: of the law, or of the manual's chapter."""

    rule: str
    clause: str
    label: Any
    ask: Question
    of_filer: bool = False
    """What whoever hands it in answers for. The other party, who can mend nothing of it, is not asked about it."""

    def findings(self, case: Case, policy: Policy) -> list[Finding]:
        return [
            Finding(found.message, found.field, found.severity, self.rule, self.clause)
            for found in self.ask(case, policy)
        ]


def run(checks: Sequence[Check], case: Case, policy: Policy) -> list[Finding]:
    """Every finding of every rule: all at once, never only the first."""
    return [found for check in checks for found in check.findings(case, policy)]


def asked_at(checks: Sequence[Check], *, of_other_party: bool) -> list[Check]:
    """The rules that are asked at a step: the other party's leaves out what the filer answers for."""
    return [check for check in checks if not (of_other_party and check.of_filer)]


def errors(findings: Iterable[Finding]) -> list[Finding]:
    return [found for found in findings if found.severity is Severity.ERROR]
