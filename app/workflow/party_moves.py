"""The moves of the parties of a declaration: handing it in, answering it, and ending what they do not agree upon."""

from typing import Any

from flask_babel import lazy_gettext as _l

from app.models.declaration import State
from app.security.access.roles import Role
from app.workflow.moves import Move, Mover, Stamp, Told, move

Tells = tuple[tuple[Told, str], ...]


def told(kind: str, *whom: Told) -> Tells:
    """The same notice to all of these; without names to whoever began the case and whom it is about."""
    return tuple((one, kind) for one in whom or (Told.INITIATOR, Told.PERSON))


EVERYBODY = (Told.INITIATOR, Told.PERSON, Told.COUNTERPARTY)
_ASKED: Tells = ((Told.COUNTERPARTY, "asked_to_confirm"), (Told.PERSON, "declared"))


def filing(to: State, *, settled: bool = False) -> tuple[Move, ...]:
    """Whoever begins a declaration hands it in, to `to`, and has it in hand again while nobody has acted on it.

    What the parties settle between them (`settled`) comes before no authority later: it is compared at once.
    """
    return (
        move(
            "submit",
            State.DRAFT,
            State.RETURNED,
            to=to,
            by=Mover.INITIATOR,
            stamps=Stamp.SUBMITTED,
            checked=True,
            bulk=True,
            compares=settled or to is not State.AWAITING_CONFIRMATION,
            tells=_ASKED if to is State.AWAITING_CONFIRMATION else told("declared", Told.PERSON),
            label=_l("Submit"),
            done=_l("submitted"),
            clause="操作手册 3.2.3.1",
        ),
        move(
            "withdraw",
            to,
            State.RETURNED,
            to=State.DRAFT,
            by=Mover.INITIATOR,
            tells=told("withdrawn", Told.PERSON, Told.COUNTERPARTY),
            label=_l("Withdraw"),
            done=_l("withdrawn"),
        ),
        move(
            "lapse",
            State.DRAFT,
            State.RETURNED,
            to=State.LAPSED,
            by=Role.SYSTEM,
            tells=told("lapsed", Told.INITIATOR),
            label=_l("Lapse"),
            done=_l("lapsed"),
        ),
    )


def answer(action: str, to: State, label: Any, done: Any, **traits: Any) -> tuple[Move, ...]:
    """The other party agrees or does not; its silence gives the case back to whoever began it."""
    return (
        move(
            action,
            State.AWAITING_CONFIRMATION,
            to=to,
            by=Mover.COUNTERPARTY,
            stamps=Stamp.CONFIRMED,
            checked=True,
            label=label,
            done=done,
            **traits,
        ),
        move(
            "disagree",
            State.AWAITING_CONFIRMATION,
            to=State.RETURNED,
            by=Mover.COUNTERPARTY,
            reason=True,
            tells=told("disagreed"),
            label=_l("Disagree"),
            done=_l("sent back by the other party"),
        ),
        move(
            "go_unanswered",
            State.AWAITING_CONFIRMATION,
            to=State.RETURNED,
            by=Role.SYSTEM,
            tells=told("unanswered", *EVERYBODY),
            label=_l("No answer"),
            done=_l("given back without an answer"),
        ),
    )


ENDING_THE_DISPUTE = move(
    "end_dispute",
    State.RETURNED,
    to=State.LAPSED,
    by=Mover.HELD_UP,
    waits="dispute_days",
    reason=True,
    tells=told("dispute_ended", *EVERYBODY),
    label=_l("End the dispute"),
    done=_l("ended by who was held up"),
)
"""What came back from the other party and is left lying holds up the person and every other enterprise."""

FORCING = move(
    "force",
    State.RETURNED,
    to=State.REFERRED,
    by=Mover.INITIATOR,
    stamps=Stamp.SUBMITTED,
    checked=True,
    reason=True,
    evidence="evidence",
    compares=True,
    tells=told("forced", Told.COUNTERPARTY),
    label=_l("Ask the province to decide"),
    done=_l("submitted to the province"),
    clause="注册建造师管理规定 第十七条",
)
