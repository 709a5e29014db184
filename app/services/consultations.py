"""Consultations: asking, answering, forwarding and closing; each says to the enterprise what became of its question."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.extensions.clock import local, now
from app.extensions.refused import Refused
from app.models import Consultation, ConsultationReply, ConsultationStatus
from app.security.access.audit import record
from app.security.access.roles import Actor, Role
from app.security.access.scope import find
from app.services import notices
from app.services.notices import Message

LONGEST = 2000

LABELS: Mapping[str, Any] = {
    ConsultationStatus.WAITING: _l("Waiting for a reply"),
    ConsultationStatus.ANSWERED: _l("Answered"),
    ConsultationStatus.CLOSED: _l("Closed"),
}
TONES: Mapping[str, str] = {
    ConsultationStatus.WAITING: "orange",
    ConsultationStatus.ANSWERED: "green",
    ConsultationStatus.CLOSED: "secondary",
}


@dataclass(frozen=True)
class Step:
    """What may be done with a question: by whom, when, and what the enterprise is told of it."""

    may: Callable[[Consultation, Actor], bool]
    to: ConsultationStatus
    tells: str = ""
    forwards: bool = False
    speaks: bool = False


def _open(row: Consultation) -> bool:
    return bool(row.status != ConsultationStatus.CLOSED)


def _answers(row: Consultation, actor: Actor) -> bool:
    """The province always; the city until it has forwarded the question."""
    if actor.has(Role.PROVINCIAL):
        return _open(row)
    return actor.has(Role.MUNICIPAL) and _open(row) and not row.with_province


def _asks(row: Consultation, actor: Actor) -> bool:
    return actor.has(Role.ENTERPRISE) and _open(row)


STEPS: Mapping[str, Step] = {
    "ask_again": Step(_asks, to=ConsultationStatus.WAITING, speaks=True),
    "reply": Step(_answers, to=ConsultationStatus.ANSWERED, tells="consultation_answered", speaks=True),
    "forward": Step(
        lambda row, actor: actor.has(Role.MUNICIPAL) and _answers(row, actor),
        to=ConsultationStatus.WAITING,
        tells="consultation_forwarded",
        forwards=True,
    ),
    "close": Step(
        lambda row, actor: (
            _asks(row, actor) or (_answers(row, actor) and row.status == ConsultationStatus.ANSWERED)
        ),
        to=ConsultationStatus.CLOSED,
        tells="consultation_closed",
    ),
}


def take(
    session: Session,
    actor: Actor,
    action: str,
    key: object,
    version: int,
    *,
    text: str = "",
    attach: Callable[[ConsultationReply], None] = lambda _reply: None,
) -> Consultation:
    """Take one step on the question as it was seen; the caller commits. 404 outside the actor's scope.

    `attach` is called with the reply when it is stored, so that files can be laid beside it.
    """
    step = STEPS[action]
    row: Consultation = find(session, Consultation, key, actor)
    session.refresh(row, with_for_update={"of": Consultation})
    if not step.may(row, actor):
        if not _open(row):
            raise Refused(_l("The question is closed. Please ask a new one."))
        raise NotFound
    if row.version != version:
        raise Refused(_l("It was changed after you opened it. Please read it again."))
    if step.speaks:
        attach(_say(session, actor, row, text))
    row.status = step.to
    row.with_province = row.with_province or step.forwards
    row.changed_at = now()
    session.flush()
    record(session, actor, f"consultation.{action}", "consultation", row.id)
    if step.tells and not actor.has(Role.ENTERPRISE):
        asked_on = local(row.asked_at).date().isoformat()
        told = Message(
            step.tells,
            enterprise_id=row.enterprise_id,
            consultation_id=row.id,
            parameters={"date": asked_on},
        )
        notices.send(session, [told])
    return row


def _say(session: Session, actor: Actor, row: Consultation, text: str) -> ConsultationReply:
    said = text.strip()
    if not said:
        raise Refused(_l("Write what you want to say."))
    if len(said) > LONGEST:
        raise Refused(_l("The text is too long: at most %(most)s characters.", most=LONGEST))
    reply = ConsultationReply(
        consultation_id=row.id,
        text=said,
        role=actor.role,
        author_id=actor.account_id,
        author_name=actor.name,
    )
    session.add(reply)
    session.flush()
    return reply
