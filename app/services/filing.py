"""Filing: a draft from a picked person, the specialties that it asks for, and what the rules say of it so far."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions.clock import now, today
from app.extensions.refused import Refused
from app.models import (
    Declaration,
    DeclaredSpecialty,
    DictionaryEntry,
    Enterprise,
    Person,
    Qualification,
    RegisteredSpecialty,
    Registration,
    RegistrationStatus,
    State,
)
from app.models.details import PersonDetails
from app.security.access.audit import record
from app.security.access.policies import policy_on
from app.security.access.roles import Actor
from app.security.access.scope import find, rows_of
from app.workflow import facts
from app.workflow.checks import Case, Check, Finding, Severity, errors
from app.workflow.facts import Declared
from app.workflow.guards import is_party
from app.workflow.perform import Outcome, perform
from app.workflow.states import EDITABLE
from app.workflow.types import DeclarationType

IDENTITY = ("name", "gender", "id_type", "id_number", "birth_date")
"""What the real-name check has proved: it is copied from the person and never typed."""

_SEPARATOR = "、"


@dataclass(frozen=True)
class WantedSpecialty:
    """A specialty that the form asks for: the qualification that it rests on, and the hours where they are due."""

    qualification_id: int
    mandatory_hours: int | None = None
    elective_hours: int | None = None


@dataclass(frozen=True)
class CheckLine:
    """One rule of the pre-check and what it found."""

    check: Check
    findings: Sequence[Finding]

    @property
    def passed(self) -> bool:
        return not self.findings

    @property
    def tone(self) -> str:
        """`green`, `yellow` when there are only warnings, `red` when the rule would stop the submission."""
        if self.passed:
            return "green"
        return "red" if any(one.severity is Severity.ERROR for one in self.findings) else "yellow"


@dataclass(frozen=True)
class Precheck:
    """Every rule of the type with its answer, and the case that was asked about."""

    case: Case
    lines: Sequence[CheckLine]
    needed_attachments: frozenset[str]

    @property
    def findings(self) -> list[Finding]:
        return [found for line in self.lines for found in line.findings]

    @property
    def ready(self) -> bool:
        return not errors(self.findings)


def wanting(session: Session, enterprise: Enterprise) -> list[Any]:
    """What 企业基本信息 still lacks before anything can be declared (manual 3.2.2.1), in words."""
    known = facts.employers(session, [enterprise.id], today())[enterprise.id]
    return [*known.missing, *(() if known.has_qualification else (_l("Enterprise qualification"),))]


def require_complete(session: Session, enterprise: Enterprise) -> None:
    """Raise `Refused` with everything that is missing."""
    missing = wanting(session, enterprise)
    if missing:
        raise Refused(
            _l(
                "Please complete the enterprise's basic information before you declare anything. Still missing:"
            ),
            [Finding(label) for label in missing],
        )
    if not enterprise.active:
        raise Refused(_l("The enterprise is switched off and cannot file declarations."))


def start(session: Session, kind: DeclarationType, actor: Actor, person: Person) -> Declaration:
    """The draft of the actor's enterprise for this person: the one that is open already, or a new one.

    The person was found by the exact look-up, which the caller has done; nothing is committed.
    """
    enterprise = find(session, Enterprise, actor.enterprise_id, actor)
    require_complete(session, enterprise)
    begun = draft_of(session, kind, actor, person)
    if begun is not None:
        return begun
    row = kind.model(
        registration_kind=kind.registration_kind,
        initiator=kind.initiator,
        counterparty=kind.counterparty,
        region_code=enterprise.region_code,
        enterprise_id=enterprise.id,
        person_id=person.id,
        created_by_id=actor.account_id,
    )
    _copy_person(person, row)
    _copy_enterprise(session, enterprise, row)
    session.add(row)
    session.flush()
    offered = choices(session, kind, person)
    if len(offered) == 1:
        set_specialties(session, kind, row, [WantedSpecialty(offered[0].id)])
    record(session, actor, "add", "declaration", row.id, type=kind.key)
    return row


def draft_of(session: Session, kind: DeclarationType, actor: Actor, person: Person) -> Declaration | None:
    """The draft that the actor's enterprise has begun for this person already."""
    found: Declaration | None = session.scalar(
        rows_of(kind.model, actor)
        .where(
            Declaration.person_id == person.id,
            Declaration.enterprise_id == actor.enterprise_id,
            Declaration.state == State.DRAFT,
        )
        .order_by(Declaration.id)
        .limit(1)
    )
    return found


def _copy_person(person: Person, row: Declaration) -> None:
    """Everything that the person has said of himself; what an enterprise may change of it is the form's business."""
    for name in _details():
        setattr(row, name, getattr(person, name))
    row.id_number = person.id_number
    row.mobile = person.mobile


def _details() -> list[str]:
    return [name for name in vars(PersonDetails) if not name.startswith("_")]


def _copy_enterprise(session: Session, enterprise: Enterprise, row: Declaration) -> None:
    """聘用企业情况 as it is now."""
    words = _words(session, "qualification_category", "qualification_grade")
    grades = [
        f"{words.get(('qualification_category', one.category), one.category)} {one.specialty} "
        f"{words.get(('qualification_grade', one.grade), one.grade)}"
        for one in enterprise.qualifications
    ]
    values = {
        "enterprise_name": enterprise.name,
        "enterprise_uscc": enterprise.uscc,
        "enterprise_type": enterprise.enterprise_type,
        "legal_representative": enterprise.legal_representative,
        "county_code": enterprise.county_code or enterprise.region_code,
        "enterprise_nature": enterprise.registration_type,
        "enterprise_address": enterprise.business_address,
        "qualification_certificate_number": _joined(
            (one.certificate_number for one in enterprise.qualifications), 100
        ),
        "qualification_grade": _joined(grades, 200),
    }
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)


def _words(session: Session, *dictionaries: str) -> dict[tuple[str, str], str]:
    rows = session.execute(
        select(DictionaryEntry.dictionary, DictionaryEntry.code, DictionaryEntry.label_zh).where(
            DictionaryEntry.dictionary.in_(dictionaries)
        )
    )
    return {(row.dictionary, row.code): row.label_zh for row in rows}


def _joined(parts: Iterable[str], most: int) -> str:
    """The parts in one line, without repetition; the ones that do not fit any more are counted instead."""
    unique = list(dict.fromkeys(parts))
    for count in range(len(unique), 0, -1):
        rest = f"等{len(unique)}项" if count < len(unique) else ""
        line = _SEPARATOR.join(unique[:count]) + rest
        if len(line) <= most:
            return line
    return "".join(unique[:1])[:most]


def choices(session: Session, kind: DeclarationType, person: Person) -> list[Qualification]:
    """The person's qualifications in specialties that he is not registered for; of several in one the first."""
    if not person.id_number_index:
        return []
    registered = (
        select(RegisteredSpecialty.specialty)
        .join(Registration, Registration.id == RegisteredSpecialty.registration_id)
        .where(
            Registration.person_id == person.id,
            Registration.kind == kind.registration_kind,
            Registration.status == RegistrationStatus.VALID,
            RegisteredSpecialty.removed_on.is_(None),
        )
    )
    rows = session.scalars(
        select(Qualification)
        .where(
            Qualification.id_number_index == person.id_number_index,
            Qualification.name == person.name,
            Qualification.specialty.not_in(registered),
        )
        .order_by(Qualification.issued_on, Qualification.id)
    )
    first: dict[str, Qualification] = {}
    for row in rows:
        first.setdefault(row.specialty, row)
    return list(first.values())


def set_specialties(
    session: Session, kind: DeclarationType, row: Declaration, wanted: Sequence[WantedSpecialty]
) -> None:
    """Make the declaration ask for exactly these; one that the person has no qualification for is refused."""
    offered = {one.id: one for one in choices(session, kind, session.get_one(Person, row.person_id))}
    if any(one.qualification_id not in offered for one in wanted):
        raise Refused(_l("The person holds no qualification for this specialty."))
    asked = {offered[one.qualification_id].specialty: one for one in wanted}
    for known in list(row.specialties):
        if known.specialty not in asked:
            row.specialties.remove(known)
    standing = {one.specialty: one for one in row.specialties}
    for specialty, one in asked.items():
        entry = standing.get(specialty)
        if entry is None:
            entry = DeclaredSpecialty(specialty=specialty)
            row.specialties.append(entry)
        qualification = offered[one.qualification_id]
        entry.qualification_id = qualification.id
        entry.certificate_number = qualification.certificate_number
        entry.issued_on = qualification.issued_on
        entry.mandatory_hours = one.mandatory_hours
        entry.elective_hours = one.elective_hours
    if row.submitted_at is None:
        # Of what was filed once, lists show what was filed until it is filed again (workflow/revisions.py).
        words = _words(session, "specialty")
        row.specialties_text = _joined((words.get(("specialty", one), one) for one in asked), 120)
    row.changed_at = now()


def refresh(session: Session, row: Declaration, *, filing: bool = False) -> None:
    """Bring the employer's block up to date; while it is a draft, also the authority that the city decides.

    What was filed once is brought up to date only when it is filed again: lists of officers show these columns.
    """
    if row.submitted_at is not None and not filing:
        return
    enterprise = session.get_one(Enterprise, row.enterprise_id)
    _copy_enterprise(session, enterprise, row)
    if row.state == State.DRAFT and row.region_code != enterprise.region_code:
        row.region_code = enterprise.region_code


def submit(session: Session, actor: Actor, versions: Mapping[int, int], key: str = "") -> Outcome:
    """Submit these declarations, with the employer as it is now. Everything is committed, as by `perform`."""
    rows = session.scalars(rows_of(Declaration, actor).where(Declaration.id.in_(versions)))
    current = dict(versions)
    for row in rows:
        mine = row.state in EDITABLE and is_party(row, row.initiator, actor)
        if mine and row.version == versions[row.id]:
            refresh(session, row, filing=True)
            session.flush()
            current[row.id] = row.version
    return perform(session, "submit", current, actor, key=key)


def precheck(session: Session, kind: DeclarationType, what: Declared) -> Precheck:
    """Every check of the type, asked about what was typed or stored; the same rules stand at each step."""
    case = facts.gather(session, kind, what)
    policy = policy_on(session, case.today)
    needed = frozenset(rule.key for rule in kind.attachments if rule.required(case, policy))
    return Precheck(case, [CheckLine(check, check.findings(case, policy)) for check in kind.checks], needed)
