"""The search box and the filters of a list: as chips with an editor each, and as the form that comes back."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from flask import flash, jsonify, redirect, request
from flask_babel import get_locale
from sqlalchemy import inspect
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.extensions.database import begin_writing, db
from app.security.access.audit import record
from app.views.kit import offering, sealing
from app.views.kit.applying import Applied
from app.views.kit.columns import Kind, attribute
from app.views.kit.filtering import SEARCH, Asks, Filter, clean
from app.views.kit.listing import Listing
from app.views.kit.periods import PAST, PERIODS
from app.views.kit.remembered import remembered
from app.views.kit.requests import commit
from app.views.kit.words import words

if TYPE_CHECKING:
    from app.views.kit.lists import ListScreen

KEPT = "_kept"
"""What stands behind the name of a field that holds a sealed value: its token, while nothing else is typed."""


@dataclass(frozen=True)
class Chip:
    """One filter of the bar: what it is called, whether it is on, and what its editor offers."""

    name: str
    label: str
    asks: Asks
    on: Applied | None
    offered: Sequence[tuple[str, Any]]
    chosen: Sequence[str]
    typed: str
    kept: str
    source: str = ""
    """Where a script asks for the values of a relation."""
    begin: str = ""
    end: str = ""

    @property
    def offers(self) -> bool:
        return self.asks is not Asks.CHOICE or bool(self.offered)


class Chips(NamedTuple):
    """The bar of filters: those that are on, and those that are off."""

    on: tuple[Chip, ...]
    off: tuple[Chip, ...]


def chips(screen: "ListScreen", listing: Listing) -> Chips:
    """A filter that offers nothing is left out."""
    filters = screen.filters_for(screen.actor)
    on = {one.name for one in listing.filters}
    return Chips(
        tuple(_chip(screen, one, listing) for one in filters if one.name in on),
        tuple(
            chip
            for one in filters
            if one.name not in on and not one.quiet and (chip := _off(screen, one)).offers
        ),
    )


def _off(screen: "ListScreen", one: Filter) -> Chip:
    """A filter that is off says the same to all, as long as the words of its choices are the same."""
    if callable(one.choices):
        return _chip(screen, one, None)
    name = f"chip:{get_locale()}:{request.script_root}:{screen.endpoint}:{one.name}"
    return remembered(name, lambda: _chip(screen, one, None))


def _chip(screen: "ListScreen", one: Filter, listing: Listing | None) -> Chip:
    applied = listing.filters if listing else ()
    on = next((found for found in applied if found.name == one.name), None)
    asks = one.asks(screen.model)
    sent = on.arguments if on else {}
    own = sent.get(one.name, ())
    listed = [own] if isinstance(own, str) else list(own)
    text = listed[0] if listed and asks in {Asks.TEXT, Asks.WHOLE, Asks.SEALED} else ""
    like = "".join(sent.get(f"{one.name}_like", ""))
    held = next((value for value in (text, like) if sealing.is_token(value)), "")
    return Chip(
        name=one.name,
        label=str(one.text(screen.model)),
        asks=asks,
        on=on,
        offered=tuple((code, str(text)) for code, text in _offered(screen, one, asks, listed)),
        chosen=tuple(listed),
        typed="" if held else text or like,
        kept=held,
        source=screen.url("offered", name=one.name) if asks is Asks.RELATION else "",
        begin=str(sent.get(f"{one.name}_from", "")),
        end=str(sent.get(f"{one.name}_to", "")),
    )


def _offered(
    screen: "ListScreen", one: Filter, asks: Asks, chosen: Sequence[str]
) -> Sequence[tuple[str, Any]]:
    if asks is Asks.CHOICE:
        return one.offered(screen.model, words())
    if asks is Asks.PERIOD:
        past = attribute(screen.model, one.name).kind is Kind.INSTANT
        return [(code, label) for code, (label, _span) in PERIODS.items() if code in PAST or not past]
    if asks is Asks.RELATION and chosen:
        relation = one.relation(screen.model)
        named = (
            offering.named(relation, screen.actor, chosen)
            if relation
            else dict(zip(chosen, chosen, strict=True))
        )
        return list(named.items())
    return ()


def find(screen: "ListScreen") -> Response:
    """The filter that was filled in, as an address that names nobody."""
    sent = MultiDict(request.form)
    for name in [name for name in sent if name.endswith(KEPT)]:
        field = name.removesuffix(KEPT)
        if not clean(sent.get(field, "")) and sealing.is_token(sent[name]):
            sent[field] = sent[name]
    sent["all"] = "1"
    listing = screen.listing(sent)
    write_down(screen, numbers_typed(listing, {value for _name, value in sent.items(multi=True)}))
    for note in listing.notes:
        flash(note, "warning")  # the address that is gone to has nothing of it any more
    return redirect(screen.url("list") + listing.address(page=None), 303)


def in_the_address(listing: Listing) -> Sequence[str]:
    """The numbers of persons that the address of this request holds as they were typed, masked."""
    return numbers_typed(listing, {value for _name, value in request.args.items(multi=True)})


def numbers_typed(listing: Listing, sent: Collection[str]) -> Sequence[str]:
    """The numbers by which the list is narrowed anew, masked; a token that was sent stands for an earlier search."""

    def fresh(*arguments: str) -> bool:
        return any(sealing.is_token(one) and one not in sent for one in arguments)

    filters = [one.text for one in listing.filters if fresh(*_flat(one.arguments))]
    return [*([listing.shown] if fresh(listing.argument) else []), *filters]


def _flat(arguments: Mapping[str, str | Sequence[str]]) -> Iterator[str]:
    for value in arguments.values():
        yield from [value] if isinstance(value, str) else value


def write_down(screen: "ListScreen", numbers: Sequence[str]) -> None:
    """Whoever has logged in and looks for one person by a number leaves a line for each, with the number masked."""
    actor = screen.actor
    if not numbers or actor.account_id is None:
        return
    begin_writing(db.session)
    subject = inspect(screen.model).base_mapper.local_table.name
    for number in numbers:
        record(db.session(), actor, "search_number", subject, list=screen.endpoint, number=number)
    commit()


def offer(screen: "ListScreen", name: str) -> Response:
    """What a relation's filter offers for what was typed; 404 for a filter that the screen does not have."""
    one = next((one for one in screen.filters_for(screen.actor) if one.name == name), None)
    if one is None or one.asks(screen.model) is not Asks.RELATION:
        raise NotFound
    typed, relation = clean(request.args.get(SEARCH, "")), one.relation(screen.model)
    if relation is not None:
        rows = offering.offered(relation, screen.actor, typed)
    else:
        rows = one.lookup(typed) if one.lookup else ()
    found = [{"value": value, "text": text} for value, text in rows[: offering.MOST_OFFERED]]
    answer: Response = jsonify(items=found, more=len(rows) >= offering.MOST_OFFERED)
    return answer
