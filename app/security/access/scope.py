"""Which rows: one SQL condition for each model and actor, used by every list, form, action, file and count."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, exists, false, or_, select, true
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.extensions.among import one_of
from app.models import (
    UNFILED,
    Account,
    Announcement,
    Attachment,
    AuditEntry,
    Certificate,
    Claim,
    Comparison,
    Consultation,
    ConsultationReply,
    Declaration,
    Departure,
    DictionaryEntry,
    Enterprise,
    EnterpriseChange,
    EnterpriseQualification,
    FaceCheck,
    FormDraft,
    Holiday,
    Job,
    ListSetting,
    LoginSession,
    Notice,
    Objection,
    Party,
    Person,
    PolicyValue,
    Publicity,
    Qualification,
    RealNameState,
    Region,
    RegisterAct,
    Registration,
    RegistrationEvent,
    RegistrationLock,
    SavedView,
    State,
    WorkbookImport,
)
from app.models.enterprise_change import FILED
from app.security.access.readings import about
from app.security.access.roles import Actor, Role

Row = TypeVar("Row")
Condition = ColumnElement[bool]

_MOST_KEPT = 2_000
"""Conditions that a process keeps: they are made of the actor alone, say what is asked, and hold no answer."""
_LONGEST_ID = 10
"""Digits of a number that a 32-bit key cannot hold: such a key is no row's."""


def _declaration(actor: Actor) -> Condition:
    if actor.has(Role.SYSTEM):
        return true()
    # Of the states, only what lapsed may not have been filed (a check of the table says so). Asked in this order,
    # SQLite needs no row of the table to count a desk.
    filed = ~one_of(Declaration.state, (State.DRAFT, State.AWAITING_CONFIRMATION)) & or_(
        Declaration.state != State.LAPSED, Declaration.submitted_at.is_not(None)
    )
    if actor.has(Role.PROVINCIAL):
        return filed
    if actor.has(Role.MUNICIPAL) and actor.region_code:
        return (Declaration.region_code == actor.region_code) & filed
    if actor.has(Role.ENTERPRISE) and actor.enterprise_id:
        former = (Declaration.former_enterprise_id == actor.enterprise_id) & (
            Declaration.state != State.DRAFT
        )
        # What a person has begun is the person's own until it is submitted.
        own = (Declaration.enterprise_id == actor.enterprise_id) & or_(
            Declaration.state != State.DRAFT, Declaration.initiator == Party.ENTERPRISE
        )
        return or_(own, former)
    if actor.has(Role.INDIVIDUAL) and actor.person_id:
        return (Declaration.person_id == actor.person_id) & or_(
            Declaration.state != State.DRAFT, Declaration.initiator == Party.PERSON
        )
    return false()


def _registration(actor: Actor) -> Condition:
    if actor.has(Role.PROVINCIAL, Role.SYSTEM):
        return true()
    if actor.has(Role.MUNICIPAL) and actor.region_code:
        return Registration.region_code == actor.region_code
    if actor.has(Role.ENTERPRISE) and actor.enterprise_id:
        return Registration.enterprise_id == actor.enterprise_id
    if actor.has(Role.INDIVIDUAL) and actor.person_id:
        return Registration.person_id == actor.person_id
    return false()


def _departure(actor: Actor) -> Condition:
    """What left an employer is his alone to read; everybody else has the registration itself."""
    if actor.has(Role.SYSTEM):
        return true()
    if actor.has(Role.ENTERPRISE) and actor.enterprise_id:
        return Departure.enterprise_id == actor.enterprise_id
    return false()


def _event(actor: Actor) -> Condition:
    """With the registration; of one that has left an employer, the changes of his own time."""
    seen = _within(RegistrationEvent.registration_id, Registration, actor)
    if not (actor.has(Role.ENTERPRISE) and actor.enterprise_id):
        return seen
    of_own_time = exists(
        select(1).where(
            Departure.registration_id == RegistrationEvent.registration_id,
            Departure.enterprise_id == RegistrationEvent.enterprise_id,
            Departure.at >= RegistrationEvent.at,
            _departure(actor),
        )
    )
    return or_(seen, of_own_time)


def _person(actor: Actor) -> Condition:
    if actor.has(Role.PROVINCIAL, Role.SYSTEM):
        return true()
    if actor.has(Role.MUNICIPAL) and actor.region_code:
        # A person belongs to the city of the counter that checks, once the check was asked for, and to the city
        # that reviews the declaration.
        declared = exists(select(1).where(Declaration.person_id == Person.id, _declaration(actor)))
        asked = (Person.region_code == actor.region_code) & (
            Person.real_name_state != RealNameState.INCOMPLETE
        )
        return or_(asked, declared)
    if actor.has(Role.INDIVIDUAL) and actor.person_id:
        return Person.id == actor.person_id
    return false()


def _enterprise(actor: Actor) -> Condition:
    if actor.has(Role.PROVINCIAL, Role.SYSTEM):
        return true()
    if actor.has(Role.MUNICIPAL) and actor.region_code:
        return Enterprise.region_code == actor.region_code
    if actor.has(Role.ENTERPRISE) and actor.enterprise_id:
        return Enterprise.id == actor.enterprise_id
    return false()


def _enterprise_change(actor: Actor) -> Condition:
    """An authority sees what was handed in to it; the city to which the enterprise has moved, what brought it there."""
    if actor.has(Role.SYSTEM):
        return true()
    filed = one_of(EnterpriseChange.state, FILED)
    if actor.has(Role.PROVINCIAL):
        return filed
    if actor.has(Role.MUNICIPAL) and actor.region_code:
        came = (EnterpriseChange.new_region_code == actor.region_code) & (
            EnterpriseChange.state == State.COMPLETED
        )
        return or_((EnterpriseChange.region_code == actor.region_code) & filed, came)
    if actor.has(Role.ENTERPRISE) and actor.enterprise_id:
        return EnterpriseChange.enterprise_id == actor.enterprise_id
    return false()


def _within(column: Any, model: type, actor: Actor) -> Condition:
    """The column points at a row of `model` that the actor may see."""
    return exists(select(1).where(column == model.id, visible_to(model, actor)))  # type: ignore[attr-defined]


def _attachment(actor: Actor) -> Condition:
    return or_(
        _declared_file(actor),
        _within(Attachment.person_id, Person, actor),
        _within(Attachment.enterprise_id, Enterprise, actor),
        _within(Attachment.objection_id, Objection, actor),
        _within(Attachment.act_id, RegisterAct, actor),
        _lock_evidence(actor),
        _within(Attachment.consultation_id, Consultation, actor),
        _within(Attachment.reply_id, ConsultationReply, actor),
        _within(Attachment.enterprise_change_id, EnterpriseChange, actor),
    )


def _declared_file(actor: Actor) -> Condition:
    """For the authorities only what was handed in: not what the applicant adds while he has the case in hand."""
    rows = select(1).where(Attachment.declaration_id == Declaration.id, _declaration(actor))
    if actor.has(Role.MUNICIPAL, Role.PROVINCIAL):
        filed = Attachment.uploaded_at <= Declaration.submitted_at
        rows = rows.where(or_(~one_of(Declaration.state, UNFILED), filed))
    return exists(rows)


def _lock_evidence(actor: Actor) -> Condition:
    """On what a lock rests is for the province, which sets it."""
    return Attachment.lock_id.is_not(None) if actor.has(Role.PROVINCIAL, Role.SYSTEM) else false()


def _claim(actor: Actor) -> Condition:
    """Applicants do not see which officer has their case open."""
    if not actor.has(Role.MUNICIPAL, Role.PROVINCIAL, Role.SYSTEM):
        return false()
    return _within(Claim.declaration_id, Declaration, actor)


def _comparison(actor: Actor) -> Condition:
    """What other registers say is for those who review the case; its parties learn of it when they are asked."""
    if not actor.has(Role.MUNICIPAL, Role.PROVINCIAL, Role.SYSTEM):
        return false()
    return _within(Comparison.declaration_id, Declaration, actor)


def _notice(actor: Actor) -> Condition:
    if actor.enterprise_id and actor.has(Role.ENTERPRISE):
        return Notice.enterprise_id == actor.enterprise_id
    if actor.person_id and actor.has(Role.INDIVIDUAL):
        return Notice.person_id == actor.person_id
    return false()


def _audit(actor: Actor) -> Condition:
    """The auditor reads all of it; a person those lines alone that tell who looked at his data."""
    if actor.has(Role.AUDITOR, Role.SYSTEM):
        return true()
    if actor.has(Role.INDIVIDUAL) and actor.person_id:
        return about(actor.person_id)
    return false()


def _consultation(actor: Actor) -> Condition:
    if actor.has(Role.PROVINCIAL, Role.SYSTEM):
        return true()
    if actor.has(Role.MUNICIPAL) and actor.region_code:
        return Consultation.region_code == actor.region_code
    if actor.has(Role.ENTERPRISE) and actor.enterprise_id:
        return Consultation.enterprise_id == actor.enterprise_id
    return false()


def _lock(actor: Actor) -> Condition:
    """The authorities read why; the parties learn of a lock what the rules say of it (decision 28)."""
    if actor.has(Role.PROVINCIAL, Role.SYSTEM):
        return true()
    if not (actor.has(Role.MUNICIPAL) and actor.region_code):
        return false()
    registered_here = exists(
        select(1).where(Registration.person_id == RegistrationLock.person_id, _registration(actor))
    )
    of_person = or_(registered_here, _within(RegistrationLock.person_id, Person, actor))
    return or_(
        _within(RegistrationLock.registration_id, Registration, actor),
        RegistrationLock.registration_id.is_(None) & of_person,
    )


def _objection(actor: Actor) -> Condition:
    return true() if actor.has(Role.PROVINCIAL, Role.SYSTEM) else false()


def _saved_view(actor: Actor) -> Condition:
    """A shared view is a filter, not rows: whoever opens it sees his own scope through it."""
    if not actor.account_id:
        return false()
    group = sharing_group(actor)
    return or_(SavedView.owner_id == actor.account_id, SavedView.shared_role == group if group else false())


def sharing_group(actor: Actor) -> str | None:
    """Whom somebody shares his views with: the officers of his role, and of his city when he has one."""
    if actor.has(Role.PROVINCIAL):
        return str(Role.PROVINCIAL)
    if actor.has(Role.MUNICIPAL) and actor.region_code:
        return f"{Role.MUNICIPAL}:{actor.region_code}"
    if actor.has(Role.PROVINCIAL_ADMINISTRATOR):
        return str(Role.PROVINCIAL_ADMINISTRATOR)
    return None


def _workbook_import(actor: Actor) -> Condition:
    """What an enterprise has uploaded is its own; what belongs to none is the province's."""
    if actor.has(Role.SYSTEM):
        return true()
    if actor.has(Role.PROVINCIAL):
        return WorkbookImport.enterprise_id.is_(None)
    if actor.has(Role.ENTERPRISE) and actor.enterprise_id:
        return WorkbookImport.enterprise_id == actor.enterprise_id
    return false()


def _own(column: Any) -> Callable[[Actor], Condition]:
    return lambda actor: column == actor.account_id if actor.account_id else false()


def _only(*roles: Role) -> Callable[[Actor], Condition]:
    return lambda actor: true() if actor.has(*roles) else false()


def _anybody(_actor: Actor) -> Condition:
    return true()


_RULES: dict[type, Callable[[Actor], Condition]] = {
    Account: _only(Role.ADMINISTRATOR, Role.SYSTEM),
    Announcement: _anybody,
    Attachment: _attachment,
    AuditEntry: _audit,
    Certificate: lambda actor: _within(Certificate.registration_id, Registration, actor),
    Claim: _claim,
    Comparison: _comparison,
    Consultation: _consultation,
    ConsultationReply: lambda actor: _within(ConsultationReply.consultation_id, Consultation, actor),
    Declaration: _declaration,
    Departure: _departure,
    DictionaryEntry: _anybody,
    Enterprise: _enterprise,
    EnterpriseChange: _enterprise_change,
    EnterpriseQualification: lambda actor: _within(EnterpriseQualification.enterprise_id, Enterprise, actor),
    FaceCheck: lambda actor: _within(FaceCheck.person_id, Person, actor),
    FormDraft: _own(FormDraft.account_id),
    Holiday: _anybody,
    Job: _own(Job.created_by_id),
    ListSetting: _own(ListSetting.account_id),
    LoginSession: _own(LoginSession.account_id),
    Notice: _notice,
    Objection: _objection,
    Person: _person,
    PolicyValue: _anybody,
    Publicity: _anybody,
    Qualification: _only(Role.PROVINCIAL, Role.SYSTEM),
    Region: _anybody,
    RegisterAct: _only(Role.PROVINCIAL, Role.SYSTEM),
    Registration: _registration,
    RegistrationEvent: _event,
    RegistrationLock: _lock,
    SavedView: _saved_view,
    WorkbookImport: _workbook_import,
}


def visible_to(model: type, actor: Actor) -> Condition:
    """The condition under which a row of `model` exists for this actor.

    A declaration type follows the rule of `Declaration`. A model without a rule is visible to nobody.
    """
    return _condition(model, actor.scope)


@lru_cache(maxsize=_MOST_KEPT)
def _condition(model: type, actor: Actor) -> Condition:
    rule = next((_RULES[base] for base in model.__mro__ if base in _RULES), None)
    return rule(actor) if rule else false()


def rows_of(model: type[Row], actor: Actor) -> Select[Row]:
    """A SELECT of the rows that exist for this actor: the start of every query of a screen."""
    key: Any = model
    found: Select[Row] = _rows(key, actor.scope)
    return found


@lru_cache(maxsize=_MOST_KEPT)
def _rows(model: type[Any], actor: Actor) -> Select[Any]:
    return select(model).where(visible_to(model, actor))


def single_valued(model: type, actor: Actor) -> frozenset[str]:
    """Columns that hold one and the same value in all rows that exist for this actor: no list needs them."""
    of_one_city = issubclass(model, (Consultation, Declaration, Registration, Enterprise))
    municipal = actor.has(Role.MUNICIPAL) and not actor.has(Role.PROVINCIAL, Role.SYSTEM)
    return frozenset({"region_code"}) if of_one_city and municipal else frozenset()


def _names_a_row(key: str) -> bool:
    """A row has one name: as 07, or in wide digits, the row 7 would be in the audit where nobody looks for it."""
    return key.isascii() and key.isdigit() and len(key) < _LONGEST_ID and key == str(int(key))


def find(session: Session, model: type[Row], key: object, actor: Actor) -> Row:
    """The row with this primary key, or 404 when it is not there or not in scope: the two answers are one."""
    column: Any = model.__mapper__.primary_key[0]  # type: ignore[attr-defined]
    if column.type.python_type is int and not _names_a_row(str(key)):
        raise NotFound
    found = session.scalar(
        rows_of(model, actor).where(column == (int(str(key)) if column.type.python_type is int else key))
    )
    if found is None:
        raise NotFound
    return found
