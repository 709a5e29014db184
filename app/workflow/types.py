"""What a declaration type is: one value that screens, permissions, moves and papers are made from."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from app.models.comparison import ComparisonKind
from app.models.declaration import Declaration, Party, RegistrationKind
from app.models.policy import Policy
from app.security.access.roles import Actor
from app.workflow.checks import Case, Check
from app.workflow.moves import Flow

Effect = Callable[[Session, Sequence[Any], Actor, date], None]
"""What an announcement writes: called in the commit of the move, with declarations of the type, the actor, the date.

`Refused` undoes it for all of them; then it is asked again with each declaration by itself, so that one that cannot be
entered holds up nobody else.
"""


class Picker(StrEnum):
    """How the person or the certificate that a declaration is about is found."""

    QUALIFIED_PERSON = "qualified_person"
    """A stranger in the 资格证 library, by exact name and ID number (manual 3.2.3.1)."""
    CERTIFICATE = "certificate"
    """A registration of the initiator's own: 选择该证书信息 (manual 3.2.3.3)."""
    CERTIFICATE_ELSEWHERE = "certificate_elsewhere"
    """A registration at another enterprise, by exact name and ID number (manual 3.2.3.8)."""


class Asked(StrEnum):
    """Which specialties a declaration may ask for."""

    QUALIFIED = "qualified"
    """Those of the person's qualifications that are not registered: one or more are chosen."""
    REGISTERED = "registered"
    """Those of the registration: one or more are chosen."""
    ALL = "all"
    """Those of the registration, all of them: there is nothing to choose."""


class Hours(StrEnum):
    """Whether hours of continuing education are asked for beside a specialty."""

    WHEN_OVERDUE = "when_overdue"
    ALWAYS = "always"
    NEVER = "never"


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
    picker: Picker
    fieldsets: Sequence[tuple[Any, Sequence[str]]]
    attachments: Sequence[AttachmentKind]
    checks: Sequence[Check]
    effect: Effect
    specialties: Asked = Asked.QUALIFIED
    hours: Hours = Hours.WHEN_OVERDUE
    further: Callable[[Session, Any], Mapping[str, Any]] = lambda _session, _declared: {}
    """What is stored and only this type's rules ask about, for what is declared (workflow/facts.py: `Declared`)."""
    begin: Callable[[Session, Any], None] = lambda _session, _row: None
    """What a draft of this type copies beyond what every draft does; called when it is begun, and when it is filed."""
    renews: bool = False
    """Whether it gives what is registered a new term."""
    term: str = ""
    """The policy value with the working days in which all authorities together finish it; empty: each has its own."""
    puts_right: Mapping[str, str] = field(default_factory=dict)
    """Which field says what another one should have said: papers show both beside each other."""
    follows: Callable[[Mapping[str, Any]], Mapping[str, Any]] = lambda _values: {}
    """What nobody types because other fields of the form say it, from their values."""
    switch: str = ""
    """The policy value that has to hold before anything new may be begun; empty: always."""
    initiator: Party = Party.ENTERPRISE
    counterparty: Party | None = None
    title: Any = ""
    """What the menu calls the screen of all declarations of this type."""
    note: Any = ""
    in_workbook: Sequence[str] = ()
    """By which names one workbook for many persons may ask for it, the template's first; empty: not at all."""
    compared_with: Sequence[ComparisonKind] | None = None
    """What its cases are compared with; None: what follows from its other properties."""
    confirmation_title: Any = ""
    """What the menu calls the screen on which the counterparty answers."""
    confirmation_position: int = 0

    @property
    def of_registration(self) -> bool:
        """Whether it is about a registration that stands already."""
        return self.picker is not Picker.QUALIFIED_PERSON

    @property
    def comparisons(self) -> tuple[ComparisonKind, ...]:
        """What its cases are compared with, for the officers who review them.

        Who comes to an enterprise might be registered at another one; whoever leaves one might lead a project there;
        and who is said to be employed is insured by the employer.
        """
        if self.compared_with is not None:
            return tuple(self.compared_with)
        wanted = {
            ComparisonKind.DUPLICATE: self.picker is not Picker.CERTIFICATE,
            ComparisonKind.PROJECTS: self.gives_up or self.picker is Picker.CERTIFICATE_ELSEWHERE,
            ComparisonKind.INSURANCE: "employed_from" in self.fields,
        }
        return tuple(kind for kind in ComparisonKind if wanted[kind])

    @property
    def gives_up(self) -> bool:
        """Whether a registration, or a part of it, is given up by it (注销)."""
        return "cancellation_reason" in self.fields

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
