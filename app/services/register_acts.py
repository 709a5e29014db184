"""Acts on the register that nobody has applied for: one officer of the province proposes, another one decides."""

from dataclasses import replace
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import NotFound

from app.extensions.clock import now, today
from app.extensions.refused import Refused
from app.models import ActKind, ActStage, Attachment, Ending, RegisterAct, Registration, RegistrationStatus
from app.models.identity import age_on
from app.security.access.audit import record
from app.security.access.policies import policy_on
from app.security.access.roles import Actor, Role
from app.security.access.scope import find, rows_of
from app.services import certificates, notices, register_changes, register_corrections
from app.services.notices import Message

EVIDENCE = "act_evidence"
"""The kind of attachment without which nobody can decide."""

_STATUSES = {
    ActKind.ANNUL: (RegistrationStatus.ANNULLED, Ending.ANNULMENT, "act_annulled"),
    ActKind.REVOKE: (RegistrationStatus.REVOKED, Ending.REVOCATION, "act_revoked"),
}
"""What each act makes of a registration, of its certificates, and how the parties are told."""
_YOUNGEST = 18


def about(session: Session, actor: Actor, number: str) -> Registration | None:
    """The registration with this number, whatever its status is; the province sees all of them."""
    found: Registration | None = session.scalar(
        rows_of(Registration, actor).where(Registration.number == number.strip())
    )
    return found


def missing(kind: str | None) -> object:
    """That the register has no such number, and which registrations an act of this kind may be about."""
    if kind == ActKind.CORRECT:
        return _l(
            "The register has no registration with this number. Every one can be corrected, whether it stands or has "
            "ended."
        )
    if kind:
        return _l(
            "The register has no registration with this number. One that stands or was cancelled can be annulled or "
            "revoked."
        )
    return _l("The register has no registration with this number.")


def waits_for(actor: Actor) -> ColumnElement[bool]:
    """The proposals that this officer may decide: those of others."""
    return (RegisterAct.stage == ActStage.PROPOSED) & (RegisterAct.proposed_by_id != actor.account_id)


def propose(session: Session, actor: Actor, act: RegisterAct) -> None:
    """Take the proposal in: about a registration that has no other proposal; the caller commits."""
    _require_province(actor)
    registration = about(session, actor, act.registration_number)
    if registration is None:
        raise Refused(missing(act.kind))
    open_one = session.scalar(
        select(RegisterAct.id).where(
            RegisterAct.registration_id == registration.id, RegisterAct.stage == ActStage.PROPOSED
        )
    )
    if open_one is not None and open_one != act.id:
        raise Refused(_l("Another act on this registration waits for its decision already."))
    for message in (*wrong(act), *impossible(registration, act.kind)):
        raise Refused(message)
    act.registration_id, act.name = registration.id, registration.name
    act.registration_number = registration.number
    act.proposed_by_id, act.proposed_at, act.stage = actor.account_id or 0, now(), ActStage.PROPOSED
    if act.kind == ActKind.CORRECT:
        _try(session, registration, act)


def _try(session: Session, registration: Registration, act: RegisterAct) -> None:
    """What could not be carried out is not proposed: `Refused` says why; the register stays as it is."""
    day = today()
    trial = session.begin_nested()
    try:
        register_corrections.apply(
            session,
            registration,
            register_corrections.correction(act),
            policy=policy_on(session, day),
            on=day,
        )
    finally:
        trial.rollback()


def wrong(act: RegisterAct) -> list[object]:
    """What cannot be proposed of any registration, in words."""
    right = register_corrections.correction(act)
    if act.kind != ActKind.CORRECT:
        return [] if right.empty and not right.specialty else [_l("Only a correction says what is right.")]
    if right.empty:
        return [_l("Say what the register should have said.")]
    if right.birth_date and age_on(right.birth_date, today()) < _YOUNGEST:
        return [_l("The right date of birth is not possible.")]
    if right.begins_on and right.ends_on and right.ends_on < right.begins_on:
        return [_l("The term ends before it begins.")]
    if any(day and day > today() for day in (right.registered_on, right.cancelled_on)):
        return [_l("A day of the past has to be given.")]
    return []


def impossible(registration: Registration, kind: str) -> list[object]:
    """What the status stands against: what was annulled or revoked is so once, and everything can be corrected."""
    ended = (RegistrationStatus.ANNULLED, RegistrationStatus.REVOKED)
    if kind != ActKind.CORRECT and registration.status in ended:
        return [_l("This registration was annulled or revoked already.")]
    return []


def confirm(session: Session, actor: Actor, act_id: object, words: str = "") -> None:
    """Do what was proposed, as another person than who proposed it: register, certificates, history; no commit."""
    act = _undecided(session, actor, act_id)
    if not session.scalar(
        select(Attachment.id).where(Attachment.act_id == act.id, Attachment.kind == EVIDENCE).limit(1)
    ):
        raise Refused(_l("There is no evidence with this act. It has to be added first."))
    day = today()
    registration = _locked(session, act.registration_id)
    for message in impossible(registration, act.kind):
        raise Refused(message)
    if act.kind == ActKind.CORRECT:
        _correct(session, actor, registration, act, day)
    else:
        status, ending, kind = _STATUSES[ActKind(act.kind)]
        register_changes.end(session, registration, status, act=act, on=day)
        certificates.cancel(session, [registration.id], because=ending, on=day)
        notices.send(session, _told(registration, act, kind, day))
    _decide(session, actor, act, ActStage.DONE, words)


def _correct(session: Session, actor: Actor, registration: Registration, act: RegisterAct, day: date) -> None:
    """The row, and a certificate that says it; whom the constructor leaves by it is told as well."""
    policy, former = policy_on(session, day), registration.enterprise_id
    ended = registration.status != RegistrationStatus.VALID
    register_corrections.correct(session, actor, registration, act, policy=policy, on=day)
    certificates.reissue(
        session, [registration], actor=actor, policy=policy, on=day, because=Ending.CORRECTION,
        though_ended=ended,
    )  # fmt: skip
    told = _told(registration, act, "act_corrected", day)
    if former is not None and former != registration.enterprise_id:
        told.append(replace(told[0], enterprise_id=former, person_id=None, key=f"act:{act.id}:former"))
    notices.send(session, told)


def _told(registration: Registration, act: RegisterAct, kind: str, day: date) -> list[Message]:
    return notices.to_both(
        registration, kind, f"act:{act.id}", date=day.isoformat(), document=act.document_number
    )


def _locked(session: Session, key: int) -> Registration:
    return session.scalars(
        select(Registration)
        .where(Registration.id == key)
        .options(selectinload(Registration.specialties))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def decline(session: Session, actor: Actor, act_id: object, words: str) -> None:
    """Leave the register as it is, and say why; the caller commits."""
    if not words.strip():
        raise Refused(_l("Give the reason."))
    _decide(session, actor, _undecided(session, actor, act_id), ActStage.DECLINED, words)


def withdraw(session: Session, actor: Actor, act_id: object) -> None:
    """Who proposed takes it back before it was decided; the caller commits."""
    _require_province(actor)
    act = _held(session, actor, act_id)
    if act.stage != ActStage.PROPOSED or act.proposed_by_id != actor.account_id:
        raise Refused(_l("Only who proposed it can take it back, and only before the decision."))
    act.stage = ActStage.WITHDRAWN
    record(session, actor, "register_act.withdraw", "register_act", act.id)


def _held(session: Session, actor: Actor, act_id: object) -> RegisterAct:
    """The act as it is now, and nobody else's until the commit."""
    act = find(session, RegisterAct, act_id, actor)
    try:
        session.refresh(act, with_for_update=True)
    except StaleDataError:
        raise Refused(
            _l("Somebody else was first by a moment, so nothing was done. Please open the page again.")
        ) from None
    return act


def _undecided(session: Session, actor: Actor, act_id: object) -> RegisterAct:
    _require_province(actor)
    act = _held(session, actor, act_id)
    if act.stage != ActStage.PROPOSED:
        raise Refused(_l("This act has been decided already."))
    if act.proposed_by_id == actor.account_id:
        raise Refused(_l("You proposed it yourself: another officer has to decide."))
    return act


def _decide(session: Session, actor: Actor, act: RegisterAct, state: ActStage, words: str) -> None:
    act.stage = state
    act.decided_by_id, act.decided_at = actor.account_id, now()
    act.decided_because = words.strip() or None
    record(session, actor, f"register_act.{state}", "register_act", act.id, kind=act.kind)


def _require_province(actor: Actor) -> None:
    if not actor.has(Role.PROVINCIAL):
        raise NotFound
