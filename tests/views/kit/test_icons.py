"""Every icon that a page names is in the sprite; a missing one is an empty square that nobody reports."""

import re
from pathlib import Path

from app.views.kit.navigation import Section, navigation
from tests.house.tree import ROOT, nothing

_NAMED = re.compile(r"""icon\(\s*["']([a-z0-9-]+)["']""")
_CHOSEN = re.compile(r"""["']([a-z0-9-]+)["']""")
SPRITE = ROOT / "app/static/vendor/icons/icons.svg"


def _known() -> set[str]:
    return set(re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text(encoding="utf-8")))


def _in_templates() -> set[tuple[str, str]]:
    return {
        (path.name, name)
        for path in (ROOT / "app/templates").rglob("*.html")
        for name in _NAMED.findall(path.read_text(encoding="utf-8"))
    }


def _of_screens(app) -> set[tuple[str, str]]:
    found = set()
    for screen in app.appbuilder.baseviews:
        named = [screen.icon, *(action.icon for action in getattr(screen, "actions", ()))]
        found |= {(type(screen).__name__, name) for name in named if name}
    return found


def test_every_icon_is_in_the_sprite(app):
    known = _known()
    named = _in_templates() | _of_screens(app)
    assert len(named) > 40
    nothing(
        [
            f"{place}: the icon {name} is not in icons.txt"
            for place, name in sorted(named)
            if name not in known
        ]
    )


def test_every_section_has_words_and_an_icon_of_the_sprite(app):
    from app.views.kit import navigation as module

    with app.test_request_context():
        assert navigation() is not None
    for section in Section:
        label, icon = module._SHOWN[section]
        assert str(label)
        assert icon in _known()


def test_the_sprite_is_made_from_the_list():
    listed = set(Path(SPRITE.parents[1] / "icons.txt").read_text(encoding="utf-8").split())
    assert listed == _known()
