"""Parts of pages that show the same to many: written once for what they show, and put in again as they are."""

from functools import lru_cache
from typing import Any

from flask import current_app, request
from flask_babel import get_locale
from jinja2 import Template
from markupsafe import Markup

from app.views.kit.assets import sprite

FOLDER = "kit/parts"
_MOST_KEPT = 1_000


def part(name: str, **shown: Any) -> Markup:
    """The part of this name. It says nothing but `shown`, so that what is kept is right for whoever comes next."""
    template = current_app.jinja_env.get_template(f"{FOLDER}/{name}.html")
    return _written(template, str(get_locale()), request.script_root, sprite(), tuple(shown.items()))


@lru_cache(maxsize=_MOST_KEPT)
def _written(
    template: Template, _language: str, _root: str, _sprite: str, shown: tuple[tuple[str, Any], ...]
) -> Markup:
    return Markup(template.render(shown))  # noqa: S704 - a template has escaped it
