"""The legal moves of a declaration, as data: nothing else in the code names two states together."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from app.models.declaration import State
from app.security.access.roles import Role


class Mover(StrEnum):
    """Who moves when it is not an authority: one of the two parties of this very declaration."""

    INITIATOR = "initiator"
    COUNTERPARTY = "counterparty"


class Batch(StrEnum):
    """The list that a move puts its rows on."""

    PUBLICITY = "publicity"
    ANNOUNCEMENT = "announcement"


class Stamp(StrEnum):
    """The evidence that a move leaves on the declaration: who did it, when, and under which number."""

    SUBMITTED = "submitted"
    ENDORSED = "endorsed"
    CONFIRMED = "confirmed"
    DECIDED = "decided"
    REOPENED = "reopened"
    """What was decided is taken back."""


class Clock(StrEnum):
    """Until when the next one has to act: the term of the state that follows, or once more time in this one."""

    ANEW = "anew"
    EXTENDED = "extended"


@dataclass(frozen=True)
class Move:
    """One legal step. `by` is who may ask for it; `checked` runs the type's rules; `effect` changes the register.

    `upholds` settles the open objections to the row as upheld; `stamps` and `clock` say what is written beside the
    state. Whatever a step does stands here: who writes it down knows no action by its name.
    """

    action: str
    sources: frozenset[State]
    to: State
    by: Mover | Role
    label: Any
    done: Any
    bulk: bool = False
    reason: bool = False
    opinion: bool = False
    checked: bool = False
    effect: bool = False
    upholds: bool = False
    stamps: Stamp | None = None
    clock: Clock = Clock.ANEW
    batch: Batch | None = None
    clause: str = ""


@dataclass(frozen=True)
class Flow:
    """A table of moves under one name."""

    name: str
    moves: tuple[Move, ...]

    def find(self, action: str) -> Move | None:
        return next((move for move in self.moves if move.action == action), None)

    def from_state(self, state: str) -> list[Move]:
        return [move for move in self.moves if state in move.sources]

    @property
    def states(self) -> frozenset[State]:
        sources = {state for move in self.moves for state in move.sources}
        return frozenset(sources | {move.to for move in self.moves})


def move(
    action: str, *sources: State, to: State, by: Mover | Role, label: Any, done: Any, **traits: Any
) -> Move:
    return Move(action, frozenset(sources), to, by, label, done, **traits)


def flow(name: str, *parts: Move | Iterable[Move]) -> Flow:
    moves = [one for part in parts for one in ([part] if isinstance(part, Move) else part)]
    return Flow(name, tuple(moves))


_FILING = (
    move(
        "submit",
        State.DRAFT,
        State.RETURNED,
        to=State.SUBMITTED,
        by=Mover.INITIATOR,
        stamps=Stamp.SUBMITTED,
        checked=True,
        bulk=True,
        label=_l("Submit"),
        done=_l("submitted"),
        clause="操作手册 3.2.3.1",
    ),
    move(
        "withdraw",
        State.SUBMITTED,
        State.RETURNED,
        to=State.DRAFT,
        by=Mover.INITIATOR,
        label=_l("Withdraw"),
        done=_l("withdrawn"),
    ),
    move(
        "lapse",
        State.DRAFT,
        State.RETURNED,
        to=State.LAPSED,
        by=Role.SYSTEM,
        label=_l("Lapse"),
        done=_l("lapsed"),
    ),
)

# The first move of a state is the one that goes on: screens open with it.
_MUNICIPAL = (
    move(
        "accept",
        State.SUBMITTED,
        to=State.ACCEPTED,
        by=Role.MUNICIPAL,
        bulk=True,
        checked=True,
        label=_l("Accept"),
        done=_l("accepted"),
        clause="行政许可法 第三十二条",
    ),
    move(
        "deem_accepted",
        State.SUBMITTED,
        to=State.ACCEPTED,
        by=Role.SYSTEM,
        label=_l("Deem accepted"),
        done=_l("deemed accepted"),
        clause="行政许可法 第三十二条",
    ),
    move(
        "endorse",
        State.ACCEPTED,
        to=State.ENDORSED,
        by=Role.MUNICIPAL,
        stamps=Stamp.ENDORSED,
        bulk=True,
        opinion=True,
        checked=True,
        label=_l("Endorse"),
        done=_l("endorsed"),
        clause="行政许可法 第四十三条",
    ),
    move(
        "return",
        State.SUBMITTED,
        State.ACCEPTED,
        to=State.RETURNED,
        by=Role.MUNICIPAL,
        bulk=True,
        reason=True,
        label=_l("Return for correction"),
        done=_l("returned for correction"),
        clause="行政许可法 第三十二条",
    ),
    move(
        "decline",
        State.SUBMITTED,
        to=State.NOT_ACCEPTED,
        by=Role.MUNICIPAL,
        bulk=True,
        reason=True,
        label=_l("Decline to accept"),
        done=_l("not accepted"),
        clause="行政许可法 第三十二条",
    ),
    move(
        "extend",
        State.ACCEPTED,
        to=State.ACCEPTED,
        by=Role.MUNICIPAL,
        clock=Clock.EXTENDED,
        reason=True,
        label=_l("Extend the term"),
        done=_l("term extended"),
        clause="行政许可法 第四十二条",
    ),
)


def _provincial(*approved: State) -> tuple[Move, ...]:
    """The province decides. Until the register has changed it may find that what it approved cannot stand."""
    return (
        move(
            "approve",
            State.ENDORSED,
            to=State.APPROVED,
            by=Role.PROVINCIAL,
            stamps=Stamp.DECIDED,
            bulk=True,
            checked=True,
            label=_l("Approve"),
            done=_l("approved"),
            clause="注册建造师管理规定 第九条",
        ),
        move(
            "refuse",
            State.ENDORSED,
            *approved,
            to=State.REFUSED,
            by=Role.PROVINCIAL,
            stamps=Stamp.DECIDED,
            bulk=True,
            reason=True,
            label=_l("Refuse registration"),
            done=_l("refused"),
            clause="注册建造师管理规定 第十五条",
        ),
        move(
            "send_back",
            State.ENDORSED,
            State.APPROVED,
            to=State.ACCEPTED,
            by=Role.PROVINCIAL,
            stamps=Stamp.REOPENED,
            bulk=True,
            reason=True,
            label=_l("Send back to the city"),
            done=_l("sent back to the city"),
        ),
        move(
            "return_to_applicant",
            State.ENDORSED,
            to=State.RETURNED,
            by=Role.PROVINCIAL,
            bulk=True,
            reason=True,
            label=_l("Return to the applicant"),
            done=_l("returned to the applicant"),
        ),
    )


_PUBLICITY = (
    move(
        "publicise",
        State.APPROVED,
        to=State.PUBLICISED,
        by=Role.PROVINCIAL,
        bulk=True,
        batch=Batch.PUBLICITY,
        label=_l("Publicise"),
        done=_l("publicised"),
        clause="操作手册 1.1.2",
    ),
    move(
        "uphold",
        State.PUBLICISED,
        to=State.REFUSED,
        by=Role.PROVINCIAL,
        stamps=Stamp.DECIDED,
        reason=True,
        upholds=True,
        label=_l("Uphold the objection"),
        done=_l("refused after an objection"),
    ),
)


def _announcement(source: State) -> tuple[Move, ...]:
    return (
        move(
            "announce",
            source,
            to=State.ANNOUNCED,
            by=Role.PROVINCIAL,
            bulk=True,
            checked=True,
            effect=True,
            batch=Batch.ANNOUNCEMENT,
            label=_l("Announce"),
            done=_l("announced"),
            clause="操作手册 1.1.2",
        ),
        move(
            "complete",
            State.ANNOUNCED,
            to=State.COMPLETED,
            by=Role.SYSTEM,
            label=_l("Complete"),
            done=_l("completed"),
        ),
    )


REVIEWED = flow(
    "reviewed",
    _FILING,
    _MUNICIPAL,
    _provincial(State.APPROVED, State.PUBLICISED),
    _PUBLICITY,
    _announcement(State.PUBLICISED),
)
"""初始, 重新, 增项, 延续: the city accepts and endorses, the province decides, publicises and announces."""

REVIEWED_WITHOUT_PUBLICITY = flow(
    "reviewed_without_publicity",
    _FILING,
    _MUNICIPAL,
    _provincial(State.APPROVED),
    _announcement(State.APPROVED),
)
"""补办, 身份证号变更, 临时延期, 临时注销: as above, and announced without publicity."""
