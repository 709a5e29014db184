"""What stands around the rows of a list: kept parts, filled in with what this page alone says."""

from collections.abc import Iterable, Sequence
from html import escape
from secrets import token_hex
from typing import TYPE_CHECKING, Any, NamedTuple

from flask_babel import gettext as _, ngettext
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from app.services.exports.asking import IN_FULL
from app.views.kit.actions import Action
from app.views.kit.assets import icon_html
from app.views.kit.columns import Column
from app.views.kit.keeping import Kept
from app.views.kit.listing import SIZES, Heading, Listing, headings
from app.views.kit.parts import part

if TYPE_CHECKING:
    from app.views.kit.lists import ListScreen

_TURNED = {"ascending": "chevron-up", "descending": "chevron-down"}


class Around(NamedTuple):
    """The pieces in the order of the page."""

    views: Markup
    tools: Markup
    heads: Markup
    pager: Markup


def hidden(pairs: Iterable[tuple[str, str]]) -> Markup:
    """Hidden fields of a form."""
    found = [f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in pairs]
    return Markup("".join(found))  # noqa: S704 - escaped above


def around(
    screen: "ListScreen", listing: Listing, columns: Sequence[Column], kept: Kept, bulk: Sequence[Action]
) -> Around:
    return Around(
        views=_views(screen, listing, kept),
        tools=_tools(screen, listing, columns, bulk),
        heads=_heads(screen, listing, columns, ticked=screen.selectable(bulk)),
        pager=_pager(screen, listing),
    )


def _views(screen: "ListScreen", listing: Listing, kept: Kept) -> Markup:
    """The saved views as tabs, and what may be done with the one that is open."""
    return part(
        "views",
        {"token": generate_csrf(), "here": listing.here()},
        views=kept.views,
        open=kept.view(listing.arguments.get("view", "")),
        list=screen.url("list"),
        change=screen.url("views"),
        sharing=screen.may_share(),
    )


def _tools(
    screen: "ListScreen", listing: Listing, columns: Sequence[Column], bulk: Sequence[Action]
) -> Markup:
    """What is selected and what may be done with it, and the choice of columns."""
    exportable = screen.may("export")
    offered = bool(listing.total and (bulk or exportable))
    own = {
        "token": generate_csrf(),
        "account": screen.actor.account_id,
        "filter": listing.address(sort=None, size=None, view=None),
        "here": listing.here(),
        "total": listing.total,
    }
    if offered:
        own |= {"matching": _matching(listing), "list": listing.address(page=None), "key": token_hex(16)}
    return part(
        "tools",
        own,
        offered=offered,
        capped=listing.capped,
        screen=screen.endpoint,
        acts=tuple((one.name, str(one.label), one.tone, one.icon, one.new_tab) for one in bulk),
        act=screen.url("act") if bulk else "",
        export=screen.url("export") if exportable else "",
        in_full=exportable and screen.may(IN_FULL),
        setting=screen.url("setting"),
        choices=screen.choices_of_columns(columns),
    )


def _matching(listing: Listing) -> str:
    if listing.capped:
        return str(_("All rows that match (more than %(count)s)", count=f"{listing.cap:,}"))
    return str(ngettext("The %(num)s row that matches", "All %(num)s rows that match", listing.total))


def _heads(screen: "ListScreen", listing: Listing, columns: Sequence[Column], *, ticked: bool) -> Markup:
    """The heads of the columns; a click on one turns the order."""
    found = []
    if ticked:
        label = escape(_("Tick all rows of this page"))
        found.append(
            '<th class="tick" scope="col"><input class="form-check-input" type="checkbox" data-tick-all '
            f'aria-label="{label}"></th>'
        )
    if screen.numbered:
        found.append(f'<th class="number" scope="col">{escape(_("No."))}</th>')
    found += map(_head, headings(listing, columns, screen.sortable, screen.labels()))
    found.append(f'<th class="acts" scope="col">{escape(_("Operations"))}</th>')
    return Markup("\n".join(found))  # noqa: S704 - escaped here and below


def _head(one: Heading) -> str:
    label = escape(one.label)
    turned = f' aria-sort="{one.direction}"' if one.direction else ""
    if one.address:
        mark = icon_html(_TURNED.get(one.direction, "selector"))
        label = f'<a class="sorter" href="{escape(one.address)}">{label}{mark}</a>'
    return f'<th scope="col"{turned}>{label}</th>'


def _pager(screen: "ListScreen", listing: Listing) -> Markup:
    """Turning pages: by number as far as the rows were counted, by the next key beyond."""
    back, on = listing.previous_address, listing.next_address
    own: dict[str, Any] = {
        "token": generate_csrf(),
        "list": listing.address(),
        "fields": hidden(listing.pairs()),
        "where": _where(listing),
        "page": "" if listing.walking else listing.page,
        "count": ngettext("%(num)s record", "%(num)s records", listing.total),
        "previous": back,
        "next": on,
    }
    if listing.ends and on:
        own["last"] = listing.address(page=listing.pages)
    if listing.capped:
        own["count"] = _("More than %(count)s records", count=f"{listing.cap:,}")
        own["exact"] = listing.address(total="exact", page=listing.page if listing.page > 1 else None)
    return part(
        "pager",
        own,
        back=bool(back),
        on=bool(on),
        ends=listing.ends,
        capped=listing.capped,
        size=listing.size,
        sizes=SIZES,
        open=screen.url("list"),
        setting=screen.url("setting"),
    )


def _where(listing: Listing) -> str:
    if listing.walking:
        return str(_("From row %(number)s on", number=f"{listing.first:,}"))
    pages = listing.pages if listing.ends else f"{listing.pages:,}+"
    return str(_("Page %(page)s of %(pages)s", page=listing.page, pages=pages))
