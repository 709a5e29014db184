"""The rows of one page of a list in HTML: what all rows share is written once, and only the values for each."""

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import quote

from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from app.security.access.roles import Actor
from app.views.kit.assets import icon_html
from app.views.kit.columns import Cell, Column, Kind, attribute, cell, said
from app.views.kit.listing import Listing
from app.views.kit.words import Words, words

_WIDE = 9
"""Characters from which on a cell may break its line."""

_LONG, _NUMBER = ' class="wide"', ' class="nowrap"'
"""How a long text stands, and a number with the character of its province, which is one word."""

_CLASSES: Mapping[str, str] = {
    Kind.WHOLE: ' class="num"', Kind.AMOUNT: ' class="num"', Kind.DAY: ' class="when"', Kind.INSTANT: ' class="when"',
}  # fmt: skip
"""How the cells of a kind stand, whatever they hold."""

_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b", re.ASCII)
"""A day among words, which is not to be broken at its hyphens."""

_KEY = "0key0"
_TICK = (
    '<td class="tick"><input class="form-check-input" type="checkbox" name="ids" value="{ticket}" form="bulk" '
    'data-tick aria-label="{label}"></td>'
)


def shown_rows(
    screen: Any, listing: Listing, columns: Sequence[Column], actor: Actor, *, selectable: bool
) -> Markup:
    """The rows of the page in the order of the list."""
    revealable, known = screen.revealable(), words()
    acts = _Acts(screen, actor, listing.here())
    writers = [_writer(screen.model, column, known, revealable) for column in columns]
    before, _name, after = escape(_("Tick %(name)s", name=_KEY)).partition(_KEY)
    ticked, numbered, key_of, ticket_of = "", "", screen.key_of, screen.ticket
    found = []
    for number, row in enumerate(listing.rows, listing.first):
        key, ticket = key_of(row), escape(ticket_of(row))
        if selectable:
            ticked = _TICK.format(ticket=ticket, label=f"{before}{escape(screen.named(row))}{after}")
        if screen.numbered:
            numbered = f'<td class="number">{number}</td>'
        cells = "".join([write(row) for write in writers])
        found.append(
            f'<tr data-key="{escape(key)}">{ticked}{numbered}{cells}'
            f'<td class="acts"><div class="row-acts">{acts.of(row, key, ticket)}</div></td></tr>'
        )
    return Markup("\n".join(found))  # noqa: S704 - every value went through `escape`


def _writer(model: Any, column: Column, known: Words, revealable: frozenset[str]) -> Callable[[Any], str]:
    """What writes the cells of one column: a value that comes again on the page is written once."""
    if column.text or column.tone or attribute(model, column.name).kind is Kind.WRITE_ONLY:
        return lambda row: _cell(
            cell(model, column, row, known), revealable
        )  # the row says more than the value
    shown, written = attribute(model, column.name), dict[Any, str]()
    value_of, as_it_is = (
        shown.reader,
        column.words is None and column.choices is None and shown.kind is Kind.TEXT,
    )

    def write_once(row: Any) -> str:
        value = value_of(row)
        found = written.get(value)
        if found is None:
            # Names and numbers are other ones in every row, and nothing has to be said of them.
            plain = as_it_is and isinstance(value, str)
            one = Cell(value) if plain else said(shown, column, value, known)
            found = written[value] = _cell(one, revealable)
        return found

    return write_once


def _cell(one: Cell, revealable: frozenset[str]) -> str:
    """A masked value that may be shown in full names its field: js/rows.js puts the button to it."""
    field = f' data-field="{escape(one.reveal)}"' if one.reveal and one.reveal in revealable else ""
    said_as = "" if one.reveal or len(one.text) <= _WIDE else _NUMBER if one.text[1:].isdigit() else _LONG
    return f"<td{_CLASSES.get(one.kind, said_as)}{field}>{_inside(one)}</td>"


def _inside(one: Cell) -> str:
    text = escape(one.text)
    if one.kind is Kind.TEXT and "-" in text:
        text = _DAY.sub(r"<time>\g<0></time>", text)
    if one.tone:
        return f'<span class="badge bg-{escape(one.tone)}-lt">{text}</span>'
    if one.kind is Kind.INSTANT and text:
        return f"<time>{text[:10]}</time> <small>{text[11:]}</small>"
    return text


def cell_html(one: Cell, screen: Any, key: str, revealable: frozenset[str] = frozenset()) -> Markup:
    """One value outside a list; a button shows a masked one in full where the actor may ask for it.

    The button is a form of its own, so that it works without a script; with one the value appears in its place.
    """
    if not (one.reveal and one.reveal in revealable and not one.tone):
        return Markup(_inside(one))  # noqa: S704 - escaped above
    label, url = escape(_("Show in full (recorded)")), escape(screen.url("reveal"))
    return Markup(  # noqa: S704 - escaped above
        f'<div class="sealed"><span class="sealed-text" data-sealed>{escape(one.text)}</span> '
        f'<form method="post" action="{url}">'
        f'<input type="hidden" name="csrf_token" value="{escape(generate_csrf())}">'
        f'<input type="hidden" name="key" value="{escape(key)}">'
        f'<input type="hidden" name="field" value="{escape(one.reveal)}">'
        f'<button class="btn btn-sm btn-ghost-secondary btn-icon" type="submit" title="{label}" '
        f'aria-label="{label}" data-url="{url}" data-key="{escape(key)}" '
        f'data-reveal="{escape(one.reveal)}">{icon_html("eye")}</button></form></div>'
    )


class _Acts:
    """The last cell: what may be done with a row. Whether at all is asked once for the page."""

    def __init__(self, screen: Any, actor: Actor, back: str) -> None:
        self._screen, self._actor = screen, actor
        self._url = escape(screen.url("act")) if screen.actions else ""
        self._hidden = (
            f'<input type="hidden" name="csrf_token" value="{escape(generate_csrf())}">'
            f'<input type="hidden" name="back" value="{escape(back)}">'
        )
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

    def of(self, row: Any, key: str, ticket: str) -> str:
        screen, actor = self._screen, self._actor
        html = self._shown["show"](key)
        if self._may["edit"] and screen.may_edit(row, actor):
            html += self._shown["edit"](key)
        for one in screen.row_links(row, actor):
            tab = ' target="_blank" rel="noopener"' if one.new_tab else ""
            html += f'<a class="row-act" href="{escape(one.url)}"{tab}>{escape(str(one.label))}</a>'
        for act in screen.listed_actions(row, actor):
            html += self._button(act, ticket)
        if self._may["delete"] and screen.may_delete(row, actor):
            html += self._shown["delete"](key)
        return html

    def _button(self, act: Any, ticket: str) -> str:
        """A form of its own, with a key of its own, for each row."""
        tab = ' target="_blank"' if act.new_tab else ""
        tone = " text-danger" if act.tone == "danger" else ""
        return (
            f'<form method="post" action="{self._url}"{tab}>{self._hidden}'
            f'<input type="hidden" name="ids" value="{ticket}">'
            f'<input type="hidden" name="key" value="{secrets.token_hex(16)}">'
            f'<button class="row-act{tone}" type="submit" name="action" value="{escape(act.name)}">'
            f"{escape(str(act.label))}</button></form>"
        )
