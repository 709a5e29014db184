"""Which rows an act, a print or an export is for: the ticked ones, or all that a filter finds but a few."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from sqlalchemy import Select, inspect
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from app.security.access.roles import Actor
from app.views.kit.actions import MOST_AT_ONCE, read_ids
from app.views.kit.listing import narrowed

if TYPE_CHECKING:
    from app.views.kit.records import RecordScreen

MATCHING = "matching"
_LONGEST_ADDRESS = 2000


@dataclass(frozen=True)
class Selection:
    """As a list sends it: `ids` ticked on any page, or `select=matching` with the filter `list` and `except`."""

    ticked: Mapping[str, int | None] = field(default_factory=dict)
    """Keys with the version that was seen; empty when everything that matches is meant."""
    matching: bool = False
    exceptions: frozenset[str] = frozenset()
    arguments: Mapping[str, str] = field(default_factory=dict)
    """The filter, as the address of the list carries it."""

    @property
    def empty(self) -> bool:
        return not (self.matching or self.ticked)

    def rows(self, screen: "RecordScreen", actor: Actor) -> Select[Any]:
        """The rows in the scope of the actor, in no order; the filter is read as the list itself reads it."""
        (key,) = inspect(screen.model).primary_key
        if not self.matching:
            return screen.rows(actor).where(key.in_([screen.key_value(one) for one in self.ticked]))
        listing = screen.listing(MultiDict(self.arguments))
        query = narrowed(screen.rows(actor), listing, screen.search)
        if not self.exceptions:
            return query
        return query.where(key.not_in([screen.key_value(one) for one in self.exceptions]))


def read_selection(sent: MultiDict[str, str]) -> Selection:
    """What the form of a list says is selected; 404 for what no list sends."""
    address = sent.get("list", "").removeprefix("?")
    if len(address) > _LONGEST_ADDRESS:
        raise NotFound
    arguments = dict(parse_qsl(address))
    if sent.get("select") != MATCHING:
        return Selection(ticked=read_ids(sent.getlist("ids")), arguments=arguments)
    exceptions = frozenset(one.partition(":")[0] for one in sent.getlist("except"))
    if len(exceptions) > MOST_AT_ONCE:
        raise NotFound
    return Selection(matching=True, exceptions=exceptions, arguments=arguments)
