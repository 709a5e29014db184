"""What a declaration type is: one value that screens, permissions, moves and papers are made from."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.models.declaration import Declaration, Party, RegistrationKind
from app.models.policy import Policy
from app.security.access.roles import Actor
from app.workflow.checks import Case, Check
from app.workflow.flows import Flow

Effect = Callable[[Session, Sequence[Any], Actor, date], None]
"""What an announcement writes: called in the commit of the move, with declarations of the type, the actor, the date.

`Refused` undoes it for all of them; then it is asked again with each declaration by itself, so that one that cannot be
entered holds up nobody else.
"""


@dataclass(frozen=True)
class AttachmentKind:
    """A paper that belongs to a declaration: how many, and when it must be there."""

    key: str
    label: Any
    required: Callable[[Case, Policy], bool] = lambda _case, _policy: True
    most: int = 5
    photo: bool = False
    hint: Any = ""


@dataclass(frozen=True)
class DeclarationType:
    """One kind of declaration. Everything that differs between kinds stands here and nowhere else."""

    key: str
    code: str
    model: type[Declaration]
    label: Any
    registration_kind: RegistrationKind
    flow: Flow
    position: int
    picker: str
    fieldsets: Sequence[tuple[Any, Sequence[str]]]
    attachments: Sequence[AttachmentKind]
    checks: Sequence[Check]
    effect: Effect
    specialties: bool = True
    initiator: Party = Party.ENTERPRISE
    counterparty: Party | None = None
    title: Any = ""
    """What the menu calls the screen of all declarations of this type."""
    note: Any = ""

    @property
    def fields(self) -> list[str]:
        """Every form field of the type, in the order of its fieldsets."""
        return [name for _, names in self.fieldsets for name in names]


@dataclass
class Registry:
    """The declaration types that exist; `app.declarations.find` fills it."""

    types: dict[str, DeclarationType] = field(default_factory=dict)

    def add(self, one: DeclarationType) -> None:
        known = self.types.get(one.key)
        if known is not None and known is not one:
            raise ValueError(f"Two declaration types are called {one.key}.")
        self.types[one.key] = one

    def __getitem__(self, key: str) -> DeclarationType:
        return self.types[key]

    def __iter__(self) -> Iterator[DeclarationType]:
        return iter(sorted(self.types.values(), key=lambda one: one.position))


registry = Registry()
