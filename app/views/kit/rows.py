"""The rows of one page of a list in HTML: what all rows share is written once, and only the values for each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote

from flask_babel import gettext as _
from markupsafe import Markup

from app.security.access.roles import Actor
from app.views.kit.assets import asset
from app.views.kit.columns import Cell, Column, cell
from app.views.kit.listing import Heading, Listing
from app.views.kit.words import words

_WIDE = 9
"""Characters from which on a cell may break its line."""

_KEY = "0key0"


@dataclass(frozen=True, slots=True)
class Row:
    """What the template puts into the frame of a row."""

    ticket: str
    tick: str
    """How the box is called by whoever does not see the row."""
    number: int
    cells: Markup
    links: Markup
    actions: Sequence[Any]
    deletes: Markup


def shown_rows(
    screen: Any, listing: Listing, columns: Sequence[Column], heads: Sequence[Heading], actor: Actor
) -> list[Row]:
    """The rows of the page in the order of the list."""
    begins = [f'<td data-label="{escape(head.label)}"' for head in heads]
    inside = _Inside(screen.revealable())
    acts = _Acts(screen, actor)
    known = words()
    tick = _("Tick %(name)s", name=_KEY)
    found = []
    for number, row in enumerate(listing.rows, listing.first):
        key = screen.key_of(row)
        cells = (
            f"{begin}{_width(one)}>{inside.html(one, key)}</td>"
            for begin, one in zip(
                begins, (cell(screen.model, column, row, known) for column in columns), strict=True
            )
        )
        found.append(
            Row(
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


def _width(one: Cell) -> str:
    if one.kind in {"whole", "amount"}:
        return ' class="num"'
    if one.kind in {"day", "instant"}:
        return ' class="when"'
    return ' class="wide"' if len(one.text) > _WIDE and not one.reveal else ""


class _Inside:
    """What stands inside a cell; a button shows a masked value in full where the actor may ask for it."""

    def __init__(self, revealable: frozenset[str], url: str = "") -> None:
        self._revealable = revealable
        self._button = ""
        if revealable:
            label = escape(_("Show in full (recorded)"))
            where = f' data-url="{escape(url)}"' if url else ""
            icon = (
                f'<svg class="icon" aria-hidden="true"><use href="{escape(asset(_ICONS))}#eye"></use></svg>'
            )
            self._button = (
                f'<button class="btn btn-sm btn-ghost-secondary btn-icon" type="button"{where} title="{label}" '
                f'data-key="%s" data-reveal="%s">{icon}</button></span>'
            ).replace("%s", "{}")

    def html(self, one: Cell, key: str) -> str:
        text = escape(one.text)
        if one.tone:
            return f'<span class="badge bg-{escape(one.tone)}-lt">{text}</span>'
        if one.reveal and one.reveal in self._revealable:
            button = self._button.format(escape(key), escape(one.reveal))
            return f'<span class="sealed"><span class="sealed-text" data-sealed>{text}</span> {button}'
        if one.kind == "instant" and text:
            return f'<span class="nowrap">{text[:10]}</span> <span class="text-secondary">{text[11:]}</span>'
        return text


_ICONS = "vendor/icons/icons.svg"


def cell_html(one: Cell, screen: Any, key: str, revealable: frozenset[str] = frozenset()) -> Markup:
    """One value outside a list, in the very form that it has in one."""
    url = screen.url("reveal") if one.reveal and one.reveal in revealable else ""
    return Markup(_Inside(revealable if url else frozenset(), url).html(one, key))  # noqa: S704 - escaped above


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
