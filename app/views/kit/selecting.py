"""Which rows an act, a print or an export is for: the ticked ones, or all that a filter finds but a few."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from flask_babel import gettext as _
from sqlalchemy import Select, func, inspect, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from app.extensions.refused import Refused
from app.security.access.roles import Actor
from app.views.kit.actions import MOST_TICKED, Action, read_ids
from app.views.kit.listing import Listing, narrowed
from app.views.kit.paging import keys_of

if TYPE_CHECKING:
    from app.views.kit.records import RecordScreen

MATCHING = "matching"
_LONGEST_ADDRESS = 4000


@dataclass(frozen=True)
class Selection:
    """As a list sends it: `ids` ticked on any page, or `select=matching` with the filter `list` and `except`."""

    ticked: Mapping[str, int | None] = field(default_factory=dict)
    """Keys with the version that was seen; empty when everything that matches is meant."""
    matching: bool = False
    exceptions: frozenset[str] = frozenset()
    address: str = ""
    """The filter, as the address of the list carries it, without the question mark."""

    @property
    def empty(self) -> bool:
        return not (self.matching or self.ticked)

    @property
    def arguments(self) -> MultiDict[str, str]:
        return MultiDict(parse_qsl(self.address))

    def rows(self, screen: "RecordScreen", actor: Actor) -> Select[Any]:
        """The rows in the scope of the actor, in no order; the filter is read as the list itself reads it.

        `Refused` when a part of the filter cannot be read any more: all that matches without it are other rows.
        """
        (key,) = inspect(screen.model).primary_key
        if not self.matching:
            return screen.rows(actor).where(key.in_([screen.key_value(one) for one in self.ticked]))
        query = narrowed(screen.rows(actor), asked_for(screen, self.arguments), screen.search)
        if not self.exceptions:
            return query
        return query.where(key.not_in([screen.key_value(one) for one in self.exceptions]))

    def count(self, session: Session, screen: "RecordScreen", actor: Actor, most: int) -> int:
        """How many rows it holds, counted up to one more than `most`."""
        keys = keys_of(self.rows(screen, actor), screen.model)
        return session.scalar(select(func.count()).select_from(keys.limit(most + 1).subquery())) or 0

    def fields(self) -> Iterator[tuple[str, str]]:
        """The hidden fields with which a page between the click and the act sends the same selection again."""
        yield "list", f"?{self.address}"
        if self.matching:
            yield "select", MATCHING
            yield from (("except", key) for key in sorted(self.exceptions))
        for key, version in self.ticked.items():
            yield "ids", key if version is None else f"{key}:{version}"


@dataclass(frozen=True)
class SelectionCall:
    """A request for an act that takes a whole selection (`Action.many`): it reads the rows itself, in scope."""

    screen: "RecordScreen"
    action: Action
    actor: Actor
    selection: Selection
    sent: MultiDict[str, str]
    """The whole form, for answers and `confirmed`."""
    key: str
    back: str

    def rows(self) -> Select[Any]:
        return self.selection.rows(self.screen, self.actor)


def asked_for(screen: "RecordScreen", arguments: MultiDict[str, str]) -> Listing:
    """The list by which rows are chosen that nobody ticked.

    A filter that says nothing any more, such as a search of a session that has ended, would leave more rows than
    the person saw: a page shows them with a note, but nothing is done with them. Raises `Refused`.
    """
    listing = screen.listing(arguments)
    if listing.notes:
        noted = " ".join(str(note) for note in listing.notes)
        raise Refused(
            _("Nothing was done, since a filter of the list does not hold any more. %(notes)s", notes=noted)
        )
    return listing


def read_selection(sent: MultiDict[str, str]) -> Selection:
    """What the form of a list says is selected; 404 for what no list sends."""
    address = sent.get("list", "").removeprefix("?")
    if len(address) > _LONGEST_ADDRESS:
        raise NotFound
    if sent.get("select") != MATCHING:
        return Selection(ticked=read_ids(sent.getlist("ids")), address=address)
    exceptions = frozenset(one.partition(":")[0] for one in sent.getlist("except"))
    if len(exceptions) > MOST_TICKED:
        raise NotFound
    return Selection(matching=True, exceptions=exceptions, address=address)
