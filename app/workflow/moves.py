"""What a legal move is: from which states to which, by whom, and what it leaves beside the state."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.models.declaration import State
from app.security.access.roles import Role


class Mover(StrEnum):
    """Who moves when it is not an authority: one of the two parties of this very declaration."""

    INITIATOR = "initiator"
    COUNTERPARTY = "counterparty"
    HELD_UP = "held_up"
    """Whoever cannot begin anything else meanwhile: the other party, and the person whom it is about."""


class Told(StrEnum):
    """Whom a step is told: a party of the declaration, or the person whom it is about."""

    INITIATOR = "initiator"
    COUNTERPARTY = "counterparty"
    PERSON = "person"


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
    RECEIVED = "received"
    """The term of the state that follows, counted from the day on which the case was handed in."""


class Ground(StrEnum):
    """Whether whoever turns a declaration down says on which ground of the law."""

    OFFERED = "offered"
    ASKED = "asked"


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
    held_by_locks: bool = False
    """Of the rules only the locks are asked: what the law says of silence waits for nothing else."""
    effect: bool = False
    upholds: bool = False
    compares: bool = False
    """The case comes before an authority or takes effect without one: what other registers say of it is kept."""
    stamps: Stamp | None = None
    clock: Clock = Clock.ANEW
    batch: Batch | None = None
    waits: str = ""
    """The policy value that says for how many working days a case has to stand in its state before the step."""
    ground: Ground | None = None
    evidence: str = ""
    """The kind of attachment without which the step cannot be taken."""
    clause: str = ""
    tells: tuple[tuple[Told, str], ...] = ()
    """Who reads of the step, and as which kind of notice; whoever is told twice is told the first."""


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
