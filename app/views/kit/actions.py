"""Acts on the rows of a list: who may, on which rows, what is asked before, and what came of it."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _, ngettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.security.access.roles import Actor, Role
from app.views.kit.columns import Choices, options
from app.views.kit.formats import normal
from app.views.kit.uploads import AttachmentSlot, Uploads

if TYPE_CHECKING:
    from app.views.kit.selecting import SelectionCall

MOST_AT_ONCE = 200
"""Rows that one request deals with; an act that takes more declares `many`."""
MOST_TICKED = 1000
"""Rows that a form names one by one; more than that is said as a filter."""
_LONGEST_ANSWER, _LONGEST_VERSION = 2000, 9


@dataclass(frozen=True)
class Outcome:
    """What an act came to. `skipped` names each row that was not done, with the reason."""

    done: int = 0
    skipped: Sequence[tuple[str, str]] = ()
    message: Any = None

    def sentence(self) -> str:
        if self.message is not None:
            return str(self.message)
        return str(ngettext("%(num)s row was done.", "%(num)s rows were done.", self.done))


@dataclass(frozen=True)
class ActionField:
    """Something that is asked before an act is done."""

    name: str
    label: Any
    required: bool = False
    long: bool = False
    hint: Any = ""
    choices: Choices | None = None
    default: str = ""
    templates: Sequence[Any] = ()
    """Sentences that a click puts into a long field."""
    kind: str = "text"
    """`date` for a day."""


@dataclass(frozen=True)
class Call:
    """One request for an act: the rows were read again in scope, the answers are clean text."""

    screen: Any
    actor: Actor
    rows: Sequence[Any]
    versions: Mapping[Any, int]
    answers: Mapping[str, str]
    key: str
    """The idempotency key: the same page sent twice brings the same key."""
    uploads: Uploads = field(default_factory=Uploads)
    """The files that were sent with the answers; the act says to which row they belong."""


@dataclass(frozen=True)
class Action:
    """An act that a role may do on rows in the right state."""

    name: str
    label: Any
    roles: Sequence[Role]
    perform: Callable[[Call], Outcome | Response | None]
    when: Callable[[Any, Actor], bool] = lambda _row, _actor: True
    single: bool = True
    bulk: bool = False
    confirm: Any = None
    fields: Sequence[ActionField] = ()
    slots: Sequence[AttachmentSlot] = ()
    """Files that are asked for beside the fields."""
    tone: str = ""
    icon: str = ""
    listed: bool = True
    """False: the button stands on the row's own page alone."""
    changes: bool = True
    """False for an act that only makes a file, such as printing."""
    new_tab: bool = False
    many: "Callable[[SelectionCall], str | Response | tuple[str, int]] | None" = None
    """What is done with a selection of `many_from` rows and more: a plan, a job. Without it, so many are refused."""
    many_from: int = MOST_AT_ONCE + 1

    @property
    def asks(self) -> bool:
        """Whether a page stands between the click and the act."""
        return self.confirm is not None or bool(self.fields)

    def open_to(self, actor: Actor) -> bool:
        return actor.has(*self.roles)


@dataclass
class Asking:
    """The page between the click and the act: what was typed so far, and what is wrong with it."""

    action: Action
    rows: Sequence[Any]
    ids: Sequence[str]
    back: str
    key: str = field(default_factory=lambda: secrets.token_hex(16))
    answers: dict[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    uploads: Uploads = field(default_factory=Uploads)

    def refuse_at(self, anchor: str, _label: str, message: str) -> None:
        """A file that cannot be taken; the slot itself says so beside it."""
        self.faults[anchor] = message

    def read(self, sent: Mapping[str, str]) -> bool:
        """Take the answers out of the form; True when none is missing or foreign."""
        for one in self.action.fields:
            text = normal("", sent.get(one.name, ""))[:_LONGEST_ANSWER]
            self.answers[one.name] = text
            if one.required and not text:
                self.faults[one.name] = _("Please fill in: %(label)s.", label=str(one.label))
            elif text and one.choices is not None and text not in dict(options(one.choices)):
                self.faults[one.name] = _("Please choose one of the list.")
        self.uploads.check(self)
        return not self.faults


def read_ids(sent: Sequence[str]) -> dict[str, int | None]:
    """`3:7` is the row 3 as it was in version 7; more than a list lets tick, or something else, is 404."""
    found: dict[str, int | None] = {}
    for one in sent:
        key, _colon, version = one.partition(":")
        if version and not (version.isascii() and version.isdigit() and len(version) <= _LONGEST_VERSION):
            raise NotFound
        found[key] = int(version) if version else None
    if len(found) > MOST_TICKED:
        raise NotFound
    return found


@dataclass(frozen=True)
class Sorted:
    """What would become of the rows of an act that asks before it is done."""

    passing: Sequence[Any]
    stopped: Sequence[Any]
    """They are in a state that the act is not for."""
    changed: Sequence[Any] = ()
    """They are not as they were when the act was asked for, and are looked at again first."""


def sort_out(rows: Sequence[Any], action: Action, actor: Actor, changed: Callable[[Any], bool]) -> Sorted:
    passing = [row for row in rows if action.when(row, actor)]
    stopped = [row for row in rows if row not in passing]
    if not (action.asks and action.changes):
        return Sorted(passing, stopped)  # the act itself says what it makes of a row that changed
    moved = [row for row in passing if changed(row)]
    return Sorted([row for row in passing if row not in moved], stopped, moved)
