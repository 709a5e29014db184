"""Parts of pages that are kept: they say what they show and nothing of the person who asks."""

import pytest
from flask_babel import force_locale
from jinja2 import meta

from app.views.kit.parts import FOLDER, part

SHOWN = {
    "account": {"account", "logout", "token"},
    "bar": {"account", "bell", "class", "help", "links", "login", "logout", "mark", "name", "news", "note", "otherwise", "person",
            "place", "role", "token", "told", "unread"},
    "brand": {"mark"},
    "chips": {"chips", "one"},
    "choices": {"chosen", "name", "offered"},
    "colours": set(),
    "colours_menu": set(),
    "columns": {"choices", "here", "setting", "token"},
    "counts": {"days", "late", "list", "overdue", "presses", "soon", "waiting", "waits"},
    "foot": {"help", "verify"},
    "jobs_note": {"url"},
    "language": {"class", "otherwise"},
    "pager": {"back", "capped", "count", "ends", "exact", "fields", "last", "list", "next", "on", "open", "page",
              "previous", "setting", "size", "sizes", "token", "where"},
    "search": {"filters"},
    "side": {"account", "class", "groups", "links", "login", "logout", "name", "otherwise", "person", "place",
             "role", "token"},
    "tail": set(),
    "tools": {"account", "act", "acts", "capped", "choices", "export", "filter", "here", "in_full", "key", "list",
              "matching", "offered", "screen", "setting", "token", "total"},
    "views": {"change", "here", "list", "open", "sharing", "token", "views"},
}  # fmt: skip
WORDS = {"_", "icon_html", "language", "part"}


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
            english = part("foot", help="/help/", verify="/verify/")
            assert part("foot", help="/help/", verify="/verify/") is english
            assert part("foot", help="/other/", verify="/verify/") != english
            ours = part("search", filters=False)
        with force_locale("zh"):
            assert part("search", filters=False) != ours


def test_what_a_part_shows_is_escaped(app):
    with app.test_request_context():
        assert "<script>" not in part("columns", choices=(("name", "<script>", True),))


def test_what_is_another_one_on_every_page_is_filled_in_and_not_kept(app):
    with app.test_request_context():
        hers = part("account", {"token": "hers"}, account=(), logout="/out")
        his = part("account", {"token": "his"}, account=(), logout="/out")
    assert 'value="hers"' in hers
    assert his == hers.replace("hers", "his")


def test_what_is_filled_in_is_escaped(app):
    with app.test_request_context():
        found = part("account", {"token": '"><script>'}, account=(), logout="/out")
    assert "<script>" not in found
    assert "&#34;&gt;&lt;script&gt;" in found


def test_a_part_cannot_make_what_it_shows_depend_on_a_blank(app):
    """Inside the part a blank is never empty: a condition on it would hold for everybody, whoever reads."""
    with app.test_request_context():
        empty = part("language", {"otherwise": ""}, **{"class": "x"})
        full = part("language", {"otherwise": "/en"}, **{"class": "x"})
    assert str(full) == str(empty).replace('href=""', 'href="/en"')
