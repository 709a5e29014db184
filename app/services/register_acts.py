"""Acts on the register that nobody has applied for: one officer of the province proposes, another one decides."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.extensions.clock import now, today
from app.extensions.refused import Refused
from app.models import ActKind, ActStage, Attachment, Ending, RegisterAct, Registration, RegistrationStatus
from app.models.identity import age_on
from app.security.access.audit import record
from app.security.access.policies import policy_on
from app.security.access.roles import Actor, Role
from app.security.access.scope import find, rows_of
from app.services import certificates, register_changes
from app.services.register_changes import Correction

EVIDENCE = "act_evidence"
"""The kind of attachment without which nobody can decide."""

_STATUSES = {
    ActKind.ANNUL: (RegistrationStatus.ANNULLED, Ending.ANNULMENT),
    ActKind.REVOKE: (RegistrationStatus.REVOKED, Ending.REVOCATION),
}
_YOUNGEST = 18


def about(session: Session, actor: Actor, number: str) -> Registration | None:
    """The registration with this number, when it stands; the province sees all of them."""
    found: Registration | None = session.scalar(
        rows_of(Registration, actor).where(
            Registration.number == number.strip(), Registration.status == RegistrationStatus.VALID
        )
    )
    return found


def propose(session: Session, actor: Actor, act: RegisterAct) -> None:
    """Take the proposal in: about a registration that stands and has no other proposal; the caller commits."""
    _require_province(actor)
    registration = about(session, actor, act.registration_number)
    if registration is None:
        raise Refused(_l("No registration with this number stands in the register."))
    open_one = session.scalar(
        select(RegisterAct.id).where(
            RegisterAct.registration_id == registration.id, RegisterAct.stage == ActStage.PROPOSED
        )
    )
    if open_one is not None and open_one != act.id:
        raise Refused(_l("Another act on this registration waits for its decision already."))
    act.registration_id, act.name = registration.id, registration.name
    act.registration_number = registration.number
    act.proposed_by_id, act.proposed_at, act.stage = actor.account_id or 0, now(), ActStage.PROPOSED
    for message in wrong(act):
        raise Refused(message)


def wrong(act: RegisterAct) -> list[object]:
    """What cannot be proposed, in words."""
    right = correction(act)
    if act.kind != ActKind.CORRECT:
        return (
            [] if right.empty and not act.right_specialty else [_l("Only a correction says what is right.")]
        )
    if right.empty:
        return [_l("Say what the register should have said.")]
    if right.birth_date and age_on(right.birth_date, today()) < _YOUNGEST:
        return [_l("The right date of birth is not possible.")]
    if right.begins_on and right.ends_on and right.ends_on < right.begins_on:
        return [_l("The term ends before it begins.")]
    return []


def correction(act: RegisterAct) -> Correction:
    return Correction(
        act.right_name,
        act.right_gender,
        act.right_birth_date,
        act.right_specialty,
        act.right_begins_on,
        act.right_ends_on,
    )


def confirm(session: Session, actor: Actor, act_id: object, words: str = "") -> None:
    """Do what was proposed, as another person than who proposed it: register, certificates, history; no commit."""
    act = _undecided(session, actor, act_id)
    if not session.scalar(
        select(Attachment.id).where(Attachment.act_id == act.id, Attachment.kind == EVIDENCE).limit(1)
    ):
        raise Refused(_l("There is no evidence with this act. It has to be added first."))
    day = today()
    registration = register_changes.standing(session, [act.registration_id])[act.registration_id]
    if act.kind == ActKind.CORRECT:
        register_changes.correct(session, registration, correction(act), act_id=act.id)
        certificates.allot(
            session, [(registration, None)], actor=actor, policy=policy_on(session, day), on=day,
            because=Ending.CORRECTION, renumbered=False,
        )  # fmt: skip
    else:
        status, ending = _STATUSES[ActKind(act.kind)]
        register_changes.end(session, registration, status, act_id=act.id, on=day)
        certificates.cancel(session, [registration.id], because=ending, on=day)
    _decide(session, actor, act, ActStage.DONE, words)


def decline(session: Session, actor: Actor, act_id: object, words: str) -> None:
    """Leave the register as it is, and say why; the caller commits."""
    if not words.strip():
        raise Refused(_l("Give the reason."))
    _decide(session, actor, _undecided(session, actor, act_id), ActStage.DECLINED, words)


def withdraw(session: Session, actor: Actor, act_id: object) -> None:
    """Who proposed takes it back before it was decided; the caller commits."""
    _require_province(actor)
    act = find(session, RegisterAct, act_id, actor)
    if act.stage != ActStage.PROPOSED or act.proposed_by_id != actor.account_id:
        raise Refused(_l("Only who proposed it can take it back, and only before the decision."))
    act.stage = ActStage.WITHDRAWN
    record(session, actor, "register_act.withdraw", "register_act", act.id)


def _undecided(session: Session, actor: Actor, act_id: object) -> RegisterAct:
    _require_province(actor)
    key = find(session, RegisterAct, act_id, actor).id
    act = session.get_one(RegisterAct, key, with_for_update=True, populate_existing=True)
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
