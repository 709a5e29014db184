"""The rows of one page of a list in HTML: what all rows share is written once, and only the values for each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote

from flask_babel import gettext as _
from markupsafe import Markup

from app.security.access.roles import Actor
from app.views.kit.assets import icon_html
from app.views.kit.columns import Cell, Column, cell
from app.views.kit.listing import Listing
from app.views.kit.words import words

_WIDE = 9
"""Characters from which on a cell may break its line."""

_KEY = "0key0"


@dataclass(frozen=True, slots=True)
class Row:
    """What the template puts into the frame of a row."""

    key: str
    ticket: str
    tick: str
    """How the box is called by whoever does not see the row."""
    number: int
    cells: Markup
    links: Markup
    actions: Sequence[Any]
    deletes: Markup


def shown_rows(screen: Any, listing: Listing, columns: Sequence[Column], actor: Actor) -> list[Row]:
    """The rows of the page in the order of the list."""
    revealable = screen.revealable()
    acts = _Acts(screen, actor)
    known = words()
    tick = _("Tick %(name)s", name=_KEY)
    found = []
    for number, row in enumerate(listing.rows, listing.first):
        key = screen.key_of(row)
        cells = (_cell(cell(screen.model, column, row, known), revealable) for column in columns)
        found.append(
            Row(
                key=key,
                ticket=screen.ticket(row),
                tick=tick.replace(_KEY, screen.named(row)),
                number=number,
                cells=Markup("".join(cells)),  # noqa: S704 - every value went through `escape`
                links=acts.links(row, key),
                actions=acts.actions(row),
                deletes=acts.deletes(row, key),
            )
        )
    return found


def _cell(one: Cell, revealable: frozenset[str]) -> str:
    """A masked value that may be shown in full names its field: js/rows.js puts the button to it."""
    field = f' data-field="{escape(one.reveal)}"' if one.reveal and one.reveal in revealable else ""
    return f"<td{_width(one)}{field}>{_inside(one)}</td>"


def _width(one: Cell) -> str:
    if one.kind in {"whole", "amount"}:
        return ' class="num"'
    if one.kind in {"day", "instant"}:
        return ' class="when"'
    return ' class="wide"' if len(one.text) > _WIDE and not one.reveal else ""


def _inside(one: Cell) -> str:
    text = escape(one.text)
    if one.tone:
        return f'<span class="badge bg-{escape(one.tone)}-lt">{text}</span>'
    if one.kind == "instant" and text:
        return f'<span class="nowrap">{text[:10]}</span> <span class="text-secondary">{text[11:]}</span>'
    return text


def cell_html(one: Cell, screen: Any, key: str, revealable: frozenset[str] = frozenset()) -> Markup:
    """One value outside a list; a button shows a masked one in full where the actor may ask for it."""
    if not (one.reveal and one.reveal in revealable and not one.tone):
        return Markup(_inside(one))  # noqa: S704 - escaped above
    label, url = escape(_("Show in full (recorded)")), escape(screen.url("reveal"))
    return Markup(  # noqa: S704 - escaped above
        f'<span class="sealed"><span class="sealed-text" data-sealed>{escape(one.text)}</span> '
        f'<button class="btn btn-sm btn-ghost-secondary btn-icon" type="button" title="{label}" '
        f'aria-label="{label}" data-url="{url}" data-key="{escape(key)}" '
        f'data-reveal="{escape(one.reveal)}">{icon_html("eye")}</button></span>'
    )


class _Acts:
    """The last cell: what may be done with a row. Whether at all is asked once for the page."""

    def __init__(self, screen: Any, actor: Actor) -> None:
        self._screen, self._actor = screen, actor
        self._may = {name: screen.may(name) for name in ("show", "edit", "delete")}
        self._shown = {
            name: self._link(name, label, tone)
            for name, label, tone in (
                ("show", screen.show_label, ""), ("edit", _("Edit"), ""), ("delete", _("Delete"), " text-danger"),
            )
        }  # fmt: skip

    def _link(self, name: str, label: Any, tone: str) -> Callable[[str], str]:
        if not self._may[name]:
            return lambda _key: ""
        url = escape(self._screen.url(name, key=_KEY))
        text = escape(str(label))
        before, _key, after = f'<a class="row-act{tone}" href="{url}">{text}</a>'.partition(_KEY)
        return lambda key: f"{before}{quote(key, safe='')}{after}"

    def links(self, row: Any, key: str) -> Markup:
        screen, actor = self._screen, self._actor
        html = self._shown["show"](key)
        if self._may["edit"] and screen.may_edit(row, actor):
            html += self._shown["edit"](key)
        for one in screen.row_links(row, actor):
            tab = ' target="_blank" rel="noopener"' if one.new_tab else ""
            html += f'<a class="row-act" href="{escape(one.url)}"{tab}>{escape(str(one.label))}</a>'
        return Markup(html)  # noqa: S704 - escaped above

    def actions(self, row: Any) -> Sequence[Any]:
        return [one for one in self._screen.single_actions(row, self._actor) if one.listed]

    def deletes(self, row: Any, key: str) -> Markup:
        allowed = self._may["delete"] and self._screen.may_delete(row, self._actor)
        return Markup(self._shown["delete"](key) if allowed else "")  # noqa: S704 - escaped above
