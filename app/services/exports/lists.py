"""The lists that can be exported: offered by the screens when the platform starts, found again by a job."""

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.extensions.vault import vault
from app.security.access.roles import Actor
from app.services.exports.plan import Export

FORMATS = ("csv", "xlsx")
_PURPOSE = "export"


@dataclass(frozen=True)
class Wanted:
    """What somebody wants exported, as plain values that a job can keep until it runs."""

    list: str
    format: str
    language: str = "zh"
    columns: tuple[str, ...] = ()
    """The chosen ones in their order; none for those of the list."""
    address: str = ""
    """The filter, as the address of the list carries it."""
    matching: bool = False
    """All that the filter finds but the exceptions; with nothing ticked either, all that it finds."""
    ticked: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    unmasked: bool = False
    reason: str = ""

    def kept(self) -> dict[str, Any]:
        """As the payload of a job: a filter or a reason may hold what somebody typed, and is encrypted."""
        asked = asdict(self)
        typed = json.dumps({"address": self.address, "reason": self.reason})
        asked["typed"] = base64.b64encode(vault.encrypt(typed.encode(), _PURPOSE)).decode()
        del asked["address"], asked["reason"]
        return asked

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Wanted":
        values = dict(kept)
        typed = vault.decrypt(base64.b64decode(values.pop("typed")), _PURPOSE)
        for name in ("columns", "ticked", "exceptions"):
            values[name] = tuple(values[name])
        return cls(**values, **json.loads(typed))


class ExportableList(Protocol):
    """A list as the exports see it."""

    name: str
    subject: str
    """How the audit calls its rows."""
    title: Any

    def count(self, session: Session, actor: Actor, wanted: Wanted, most: int) -> int:
        """How many rows it has for this actor, counted no further than one more than `most`; 404 as below."""

    def export(self, session: Session, actor: Actor, wanted: Wanted) -> Export:
        """The table for this actor as he is now, in the words of the locale in force.

        404 when the list is none of his, or when personal data may not leave it in full.
        """


_offered: dict[str, ExportableList] = {}


def offer(one: ExportableList) -> None:
    _offered[one.name] = one


def exportable(name: str) -> ExportableList:
    if name not in _offered:
        raise NotFound
    return _offered[name]
