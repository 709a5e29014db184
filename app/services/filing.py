"""Filing: a draft for a picked person or certificate, what the rules say of it so far, and its submission."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.extensions.clock import today
from app.extensions.database import begin_writing
from app.extensions.refused import Refused
from app.models import Declaration, Enterprise, Party, Person, Registration, State
from app.models.policy import Policy
from app.security.access.audit import record
from app.security.access.policies import policy_on
from app.security.access.roles import Actor
from app.security.access.scope import find, rows_of
from app.services import snapshots, specialties
from app.workflow import facts
from app.workflow.checks import Case, Check, Finding, Severity, errors
from app.workflow.facts import Declared
from app.workflow.guards import is_party
from app.workflow.holding import hold
from app.workflow.perform import Outcome, perform
from app.workflow.return_rules import AS_BEFORE, AS_REFUSED
from app.workflow.rules import is_new
from app.workflow.states import EDITABLE
from app.workflow.types import DeclarationType, Picker, registry

GIVEN = frozenset(
    {
        *("name", "gender", "id_type", "id_number", "birth_date"),
        *("registration_number", "certificate_number", "valid_until", "held_specialties", "seal_check_code"),
        *("former_enterprise_name", "former_legal_representative", "former_county_code"),
        *("former_contact", "former_phone", "new_gender", "new_birth_date"),
        *(*AS_BEFORE, *AS_REFUSED),
    }
)
"""What the real-name check has proved, what the register says, and what follows from a number: never typed."""


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
class Begun:
    """A draft, and whether it was there before."""

    row: Declaration
    known: bool = False


@dataclass(frozen=True)
class Precheck:
    """Every rule of the type with its answer, and the case and the policy that were asked about."""

    case: Case
    policy: Policy
    lines: Sequence[CheckLine]
    needed_attachments: frozenset[str]

    @property
    def findings(self) -> list[Finding]:
        return [found for line in self.lines for found in line.findings]

    @property
    def ready(self) -> bool:
        return not errors(self.findings)


def wanting(session: Session, enterprise: Enterprise) -> list[Any]:
    """What 企业基本信息 still lacks before anything can be declared (manual 3.2.2.1), in words.

    Who has just been founded begins without a qualification, and the rules ask for its commitment.
    """
    known = facts.employers(session, [enterprise.id], today())[enterprise.id]
    if known.has_qualification or is_new(known, today(), policy_on(session, today())):
        return list(known.missing)
    return [*known.missing, _l("Enterprise qualification")]


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


def start(
    session: Session,
    kind: DeclarationType,
    actor: Actor,
    person: Person,
    registration: Registration | None = None,
) -> Begun:
    """The draft of the actor for this person or registration: the one that is open already, or a new one.

    Whom it is about was found by the picker of the type, which the caller has asked; nothing is committed.
    """
    require_open(session, kind)
    hold_persons(session, [person.id])
    known = draft_of(session, kind, actor, person)
    if known is not None:
        return Begun(known, known=True)
    row = fresh(session, kind, actor, person, registration)
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError as error:
        raise Refused(
            _l("Somebody else has just begun this draft. Please open the list and go on with it.")
        ) from error
    kind.begin(session, row)
    specialties.set_first(session, kind, row)
    record(session, actor, "add", "declaration", row.id, type=kind.key)
    return Begun(row)


def hold_persons(session: Session, persons: Iterable[int]) -> None:
    """Who begins drafts for the same persons waits for one another, so that the second one finds the first one's.

    In one order, so that none waits for ever; and for all persons of an act before its first draft.
    """
    session.execute(
        select(Person.id)
        .where(Person.id.in_(set(persons)))
        .order_by(Person.id)
        .with_for_update(key_share=True)
    )


def fresh(
    session: Session,
    kind: DeclarationType,
    actor: Actor,
    person: Person,
    registration: Registration | None = None,
) -> Declaration:
    """What a draft of this type copies of the person, the employer and the register; nothing is stored."""
    enterprise = _declaring_enterprise(session, kind, actor, registration)
    row = kind.model(
        registration_kind=kind.registration_kind,
        initiator=kind.initiator,
        counterparty=kind.counterparty,
        region_code=enterprise.region_code,
        enterprise_id=enterprise.id,
        former_enterprise_id=_former_enterprise(kind, registration),
        person_id=person.id,
        registration_id=registration.id if registration else None,
        created_by_id=actor.account_id,
    )
    snapshots.copy_person(person, row)
    snapshots.copy_enterprise(session, enterprise, row)
    snapshots.copy_registration(session, row)
    return row


def require_open(session: Session, kind: DeclarationType) -> None:
    """Raise `Refused` while the province has this kind of declaration switched off."""
    if kind.switch and not policy_on(session, today()).holds(kind.switch):
        raise Refused(_l("The province has not opened this kind of declaration."))


def _declaring_enterprise(
    session: Session, kind: DeclarationType, actor: Actor, registration: Registration | None
) -> Enterprise:
    """The one that declares, complete; for what a person declares the one that employs him by the register."""
    if kind.initiator == Party.PERSON:
        if registration is None:
            raise NotFound
        return session.get_one(Enterprise, registration.enterprise_id)
    enterprise = find(session, Enterprise, actor.enterprise_id, actor)
    require_complete(session, enterprise)
    return enterprise


def _former_enterprise(kind: DeclarationType, registration: Registration | None) -> int | None:
    moving = kind.picker is Picker.CERTIFICATE_ELSEWHERE and registration is not None
    return registration.enterprise_id if moving and registration else None


def draft_of(session: Session, kind: DeclarationType, actor: Actor, person: Person) -> Declaration | None:
    """The draft that the actor has begun for this person already."""
    drafts = rows_of(kind.model, actor).where(
        Declaration.person_id == person.id, Declaration.state == State.DRAFT
    )
    if kind.initiator == Party.ENTERPRISE:
        drafts = drafts.where(Declaration.enterprise_id == actor.enterprise_id)
    found: Declaration | None = session.scalar(drafts.order_by(Declaration.id).limit(1))
    return found


def refresh(session: Session, row: Declaration, *, filing: bool = False) -> None:
    """Bring the blocks of employer and register up to date; while it is a draft, also the person and the city.

    What was filed once is brought up to date only when it is filed again: lists of officers show these columns.
    """
    if row.submitted_at is not None and not filing:
        return
    enterprise = session.get_one(Enterprise, row.enterprise_id)
    snapshots.copy_enterprise(session, enterprise, row)
    snapshots.copy_registration(session, row)
    registry[row.type_key].begin(session, row)
    if row.state == State.DRAFT:
        snapshots.copy_identity(session.get_one(Person, row.person_id), row)
        if row.region_code != enterprise.region_code:
            row.region_code = enterprise.region_code


def submit(session: Session, actor: Actor, versions: Mapping[int, int], key: str = "") -> Outcome:
    """Submit these declarations, with the employer as it is now. Everything is committed, as by `perform`."""
    # Before the first row is read: SQLite has no locks of rows, and what is refreshed is in the commit of the step.
    begin_writing(session)
    mine: Sequence[Declaration] = session.scalars(
        rows_of(Declaration, actor)
        .where(Declaration.id.in_(versions))
        .order_by(Declaration.id)
        .with_for_update(of=Declaration.__table__)
        .execution_options(populate_existing=True)
    ).all()
    # What is copied of the employer is what the rules are asked about, so that it keeps still from here on.
    hold(session, mine)
    current = dict(versions)
    for row in mine:
        own = row.state in EDITABLE and is_party(row, row.initiator, actor)
        if own and row.version == versions[row.id]:
            refresh(session, row, filing=True)
            session.flush()
            current[row.id] = row.version
    return perform(session, "submit", current, actor, key=key)


def precheck(session: Session, kind: DeclarationType, what: Declared) -> Precheck:
    """Every check of the type, asked about what was typed or stored; the same rules stand at each step."""
    case = facts.gather(session, kind, what)
    policy = policy_on(session, case.today)
    needed = frozenset(rule.key for rule in kind.attachments if rule.required(case, policy))
    return Precheck(
        case, policy, [CheckLine(check, check.findings(case, policy)) for check in kind.checks], needed
    )
