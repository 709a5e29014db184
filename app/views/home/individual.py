"""The home of a person: where the case is, who holds it, how long it has, and what happens next, in plain words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.extensions.clock import local
from app.extensions.database import db
from app.models import Declaration, Party, Person, Publicity, Registration, State
from app.security.access.roles import Actor, Role
from app.security.access.scope import find, rows_of
from app.services import real_name
from app.views import disputes, notices, time_left
from app.views.home.figures import Board
from app.views.kit.words import words
from app.views.register_page import specialties_in_words, standing_with_certificate
from app.views.specialties import in_words
from app.workflow.states import ENDS, holder_of
from app.workflow.steps import way_of
from app.workflow.types import registry

_SHOWN, _EVENTS, _TOLD = 3, 6, 4

AHEAD: Mapping[State, Any] = {
    State.AWAITING_CONFIRMATION: _l("Whoever declares submits it, and then the other party is asked."),
    State.REFERRED: _l("The former employer is asked to agree, and then the province decides."),
    State.SUBMITTED: _l("Whoever declares fills in the form and submits it."),
    State.ACCEPTED: _l("The city looks whether the papers are complete, and accepts the case."),
    State.ENDORSED: _l("The city reviews the case and hands its opinion to the province."),
    State.APPROVED: _l("The province examines the case and decides."),
    State.PUBLICISED: _l("The list with the name is opened to the public, who may object."),
    State.ANNOUNCED: _l("The registration is announced and takes effect on that day."),
    State.COMPLETED: _l("The system brings the electronic certificate up to date."),
}
"""What has to happen for a case to reach a state, as one tells it to somebody who knows no procedure."""

STOPPED: Mapping[State, Any] = {
    State.REFUSED: _l("The province has refused the registration. The reasons stand in the case."),
    State.NOT_ACCEPTED: _l("The city has not accepted the case. The reasons stand in the case."),
    State.LAPSED: _l("Nobody went on with the declaration in time. A new one may be filed."),
}


@dataclass(frozen=True)
class Stage:
    """One point of the way. `mark` is done, now, ahead, back (it has to be done again) or stopped."""

    label: str
    mark: str
    on: date | None = None


@dataclass(frozen=True)
class Journey:
    """One case on its way."""

    title: str
    enterprise: str
    number: str
    url: str
    state: tuple[str, str]
    stages: Sequence[Stage]
    holder: str
    left: str
    tone: str
    following: str


@dataclass(frozen=True)
class Asked:
    """A declaration that the person is asked to agree to, and how long the answer has."""

    title: str
    enterprise: str
    specialties: str
    url: str
    due_on: date | None
    left: str
    tone: str


@dataclass(frozen=True)
class Event:
    """One step that was taken, as the person is told of it."""

    at: datetime
    text: str
    title: str
    url: str


def board(actor: Actor, role: Role) -> Board:
    person = find(db.session, Person, actor.person_id, actor)
    cases = _cases(actor)
    closing = _closing(cases)
    asked = _asked(actor)
    return Board(
        "home/individual.html",
        {
            "person": person,
            "real_name": (str(real_name.LABELS[person.real_name_state]), real_name.TONES[person.real_name_state]),
            "verified": person.real_name_state == "verified",
            "asked": asked,
            "journeys": [_journey(row, closing) for row in cases],
            "events": sorted(_events(cases), key=lambda one: one.at, reverse=True)[:_EVENTS],
            "registrations": list(_registrations(actor)),
            "notices": notices.newest(actor, _TOLD),
        },
    )  # fmt: skip


def _cases(actor: Actor) -> Sequence[Declaration]:
    """What is under way first, then what ended last."""
    found: Sequence[Declaration] = db.session.scalars(
        rows_of(Declaration, actor)
        .where(Declaration.person_id == actor.person_id)
        .options(selectinload(Declaration.decisions))
        .order_by(Declaration.state.in_(sorted(ENDS)), Declaration.changed_at.desc(), Declaration.id.desc())
        .limit(_SHOWN)
    ).all()
    return found


def _closing(cases: Sequence[Declaration]) -> Mapping[int, date]:
    """Until when the lists are open on which these cases stand."""
    keys = {row.publicity_id for row in cases if row.state == State.PUBLICISED}
    if not keys:
        return {}
    rows = db.session.execute(select(Publicity.id, Publicity.closes_on).where(Publicity.id.in_(keys)))
    return {row.id: row.closes_on for row in rows}


def _journey(row: Declaration, closing: Mapping[int, date]) -> Journey:
    kind = registry[row.type_key]
    path = way_of(kind.flow, [State(one.to_state) for one in row.decisions], State(row.state))
    until = closing.get(row.publicity_id or 0)
    left = _("Until %(date)s", date=until.isoformat()) if until else time_left.in_words(row.due_on)
    return Journey(
        str(kind.label),
        row.enterprise_name,
        row.number or "",
        url_for("OwnCasesScreen.show", key=row.id),
        words().state(row.state),
        list(_stages(row, path)),
        _holder(row),
        left,
        "" if until else time_left.tone(row.due_on),
        _following(row, path),
    )


def waits_for_the_person(row: Declaration) -> bool:
    return row.state == State.AWAITING_CONFIRMATION and row.counterparty == Party.PERSON


def _holder(row: Declaration) -> str:
    if row.state in ENDS:
        return ""
    return _("You") if waits_for_the_person(row) else str(holder_of(row))


def _asked(actor: Actor) -> list[Asked]:
    """What the person is asked to agree to, the most urgent first."""
    screens = current_app.extensions["appbuilder"].baseviews
    answering = {one.kind.key: one for one in screens if getattr(one, "answering", False)}
    rows = db.session.scalars(
        rows_of(Declaration, actor)
        .where(
            Declaration.person_id == actor.person_id,
            Declaration.counterparty == Party.PERSON,
            Declaration.state == State.AWAITING_CONFIRMATION,
        )
        .order_by(Declaration.due_on, Declaration.id)
    )
    return [
        Asked(
            words().declaration_type(row.type_key),
            row.enterprise_name,
            in_words(row.specialties_text),
            answering[row.type_key].url("show", key=row.id),
            row.due_on,
            time_left.in_words(row.due_on),
            time_left.tone(row.due_on),
        )
        for row in rows
    ]


def _stages(row: Declaration, path: Sequence[State]) -> Iterator[Stage]:
    """Every point of the way with the day on which the case came there last."""
    reached = {one.to_state: local(one.at).date() for one in row.decisions}
    state = State(row.state)
    stopped = state in STOPPED
    # A case that came back stands before its submission again; one that was stopped as far as it had come.
    at = path.index(state) if state in path else -1
    if stopped:
        at = max((place for place, one in enumerate(path) if one in reached), default=-1)
    for place, one in enumerate(path[: at + 1] if stopped else path):
        mark = "done" if place <= at else "now" if place == at + 1 else "ahead"
        if mark == "now" and state == State.RETURNED:
            mark = "back"
        yield Stage(words().state(one)[0], mark, reached.get(one) if mark == "done" else None)
    if stopped:
        yield Stage(words().state(state)[0], "stopped", reached.get(state))


def _following(row: Declaration, path: Sequence[State]) -> str:
    state = State(row.state)
    if state in STOPPED:
        return str(STOPPED[state])
    flow = registry[row.type_key].flow
    if state == State.RETURNED:
        ending = flow.find("end_dispute")
        opens = disputes.opens_on(row, ending) if ending else None
        if opens is not None:
            return _disputed(row, opens)
        return str(_("Whoever declares corrects what has been named, and submits it again."))
    if state == State.AWAITING_CONFIRMATION and flow.find("agree"):
        return _if_agreed(row)
    place = path.index(state) + 1 if state in path else 0
    return str(AHEAD[path[place]] if place < len(path) else _("The case has come to its end."))


def _disputed(row: Declaration, opens: date) -> str:
    """What came back from the other party: it holds up everything else, and who is held up may end it one day."""
    if row.initiator == Party.PERSON:
        return str(
            _(
                "The other party has not agreed. You may submit it again, withdraw it, or ask the province to decide "
                "and add evidence. Until then nothing else can be filed for you."
            )
        )
    return str(
        _(
            "It came back to whoever began it, who may submit it again, withdraw it, or in a cancellation ask the "
            "province to decide. It holds up every other declaration about you; from %(date)s on you can end it on "
            "its page.",
            date=opens.isoformat(),
        )
    )


def _if_agreed(row: Declaration) -> str:
    """注销 by two parties: what consent does, and what silence does."""
    until = row.due_on.isoformat() if row.due_on else ""
    if waits_for_the_person(row):
        return str(
            _(
                "You are asked to agree or to disagree. With your consent the registration is cancelled at once. "
                "Without an answer until %(date)s the case goes back to the enterprise, which may ask the "
                "province to decide.",
                date=until,
            )
        )
    return str(
        _(
            "The enterprise is asked to agree. With its consent the registration is cancelled at once. Without an "
            "answer until %(date)s the case comes back to you, and you may ask the province to decide.",
            date=until,
        )
    )


def _events(cases: Sequence[Declaration]) -> Iterator[Event]:
    for row in cases:
        for one in row.decisions:
            move = registry[row.type_key].flow.find(one.action)
            yield Event(
                local(one.at),
                str(move.label) if move else one.action,
                f"{words().declaration_type(row.type_key)} · {row.enterprise_name}",
                url_for("OwnCasesScreen.show", key=row.id),
            )


def _registrations(actor: Actor) -> Iterator[tuple[Registration, tuple[str, str], str, str]]:
    """What the register says of the person, of paper too: those that stand first."""
    rows = db.session.scalars(
        rows_of(Registration, actor)
        .options(selectinload(Registration.specialties), selectinload(Registration.certificates))
        .order_by(Registration.status != "valid", Registration.ends_on.desc(), Registration.id)
        .limit(_SHOWN)
    )
    for row in rows:
        url = url_for("OwnRegistrationsScreen.show", key=row.id)
        yield row, standing_with_certificate(row), specialties_in_words(row), url
