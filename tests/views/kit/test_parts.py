"""Parts of pages that are kept: they say what they show and nothing of the person who asks."""

import pytest
from flask_babel import force_locale
from jinja2 import meta

from app.views.kit.parts import FOLDER, part

SHOWN = {
    "chip": {"one"},
    "colours": set(),
    "columns": {"choices"},
    "foot": {"help", "verify"},
    "menu": {"groups"},
    "search": {"filters"},
    "tail": set(),
}
WORDS = {"_", "icon_html"}


def test_every_part_is_known_here(app):
    names = app.jinja_env.list_templates(filter_func=lambda name: name.startswith(f"{FOLDER}/"))
    assert {name.removeprefix(f"{FOLDER}/").removesuffix(".html") for name in names} == SHOWN.keys()


@pytest.mark.parametrize("name", SHOWN)
def test_a_part_says_nothing_but_what_it_is_given(app, name):
    """With its includes: a token, a session or a name in it would be shown to the next person too."""
    waiting, asked = [f"{FOLDER}/{name}.html"], set()
    while waiting:
        source, *_ = app.jinja_env.loader.get_source(app.jinja_env, waiting.pop())
        tree = app.jinja_env.parse(source)
        asked |= meta.find_undeclared_variables(tree)
        waiting += [one for one in meta.find_referenced_templates(tree) if one]
    assert asked <= SHOWN[name] | WORDS


def test_a_part_is_kept_for_its_language_and_for_what_it_shows(app):
    with app.test_request_context():
        with force_locale("en"):
            english = part("columns", choices=(("name", "Name", True),))
            assert part("columns", choices=(("name", "Name", True),)) is english
            assert part("columns", choices=(("name", "Name", False),)) != english
            ours = part("search", filters=False)
        with force_locale("zh"):
            assert part("search", filters=False) != ours


def test_what_a_part_shows_is_escaped(app):
    with app.test_request_context():
        assert "<script>" not in part("columns", choices=(("name", "<script>", True),))
