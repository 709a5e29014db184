"""Parts of pages that show the same to many: written once for what they show, and put in again as they are."""

import secrets
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from babel import Locale
from flask import current_app, request
from flask_babel import get_locale
from jinja2 import Template
from markupsafe import Markup, escape

from app.views.kit.assets import sprite

FOLDER = "kit/parts"
_MOST_KEPT = 1_000
_BLANK = f"({secrets.token_hex(16)})"
"""What stands around the name of a blank while a part is written: a word that nobody can have typed."""


def part(name: str, blanks: Mapping[str, Any] | None = None, /, **shown: Any) -> Markup:
    """The part of this name. It says nothing but `shown`, so that what is kept is right for whoever comes next.

    What is another one on every page (a token, an address, a name, a number) is a blank: the part is kept without
    it, and it is filled in, escaped, whenever the part is put into a page. A part cannot ask what is in a blank.
    """
    blanks = blanks or {}
    template = current_app.jinja_env.get_template(f"{FOLDER}/{name}.html")
    first, *others = _written(
        template, get_locale(), request.script_root, sprite(), tuple(shown.items()), tuple(blanks)
    )
    if not others:
        return first
    filled = {blank: escape(value) for blank, value in blanks.items()}
    names, texts = others[::2], others[1::2]
    # Markup escapes what is joined by it, and here everything is escaped already.
    found = [text for pair in zip(names, texts, strict=True) for text in (filled[pair[0]], pair[1])]
    return Markup("".join((first, *found)))  # noqa: S704 - escaped above, and by the template


@lru_cache(maxsize=_MOST_KEPT)
def _written(
    template: Template,
    _language: Locale | None,
    _root: str,
    _sprite: str,
    shown: tuple[tuple[str, Any], ...],
    blanks: tuple[str, ...],
) -> tuple[Markup, ...]:
    """The texts of the part, and between every two of them the name of the blank that lies there."""
    marks = {name: Markup(f"{_BLANK}{name}{_BLANK}") for name in blanks}  # noqa: S704 - a name of ours
    return tuple(map(Markup, template.render(dict(shown) | marks).split(_BLANK)))
