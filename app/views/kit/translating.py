"""The catalogue of a page's language, looked up once for the page and not for each of its hundred words."""

from typing import Any

from flask import Flask, g, has_app_context
from flask_babel import Domain, get_locale
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup


class QuickDomain(Domain):
    """Flask-Babel asks for the locale and the catalogue at every word, which takes a third of a page's time."""

    def get_translations(self) -> Any:
        context: Any = g.get("_flask_babel") if has_app_context() else None
        held = getattr(context, "catalogue", None)
        # A part of a page may be written in another language: the catalogue goes with the locale of the moment.
        if held is not None and held[0] is getattr(context, "babel_locale", None):
            return held[1]
        found = super().get_translations()
        if context is not None:
            context.catalogue = (get_locale(), found)
        return found


def install(app: Flask) -> None:
    """Put the quick domain in the place of Flask-Babel's own, for templates and for lazy words."""
    domain = QuickDomain()
    app.extensions["babel"].instance.domain_instance = domain
    environment: Any = app.jinja_env
    environment.install_gettext_callables(
        lambda message: domain.get_translations().ugettext(message),
        lambda one, many, number: domain.get_translations().ungettext(one, many, number),
        newstyle=True,
    )

    @pass_eval_context
    def spoken(context: EvalContext, message: str, **values: Any) -> str:
        """What Jinja's own `_` gives, without asking for it by its name at each of a page's hundred words."""
        found = domain.get_translations().ugettext(message)
        return (Markup(found) if context.autoescape else found) % values  # noqa: S704 - a catalogue's own words

    environment.globals["_"] = spoken
