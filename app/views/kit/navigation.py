"""The ways through the platform: the left navigation in the order of the manual, and what is open to everybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from flask import current_app, request, url_for
from flask_babel import get_locale, lazy_gettext as _l

from app.security.login.current import current_identity
from app.security.login.language import ARGUMENT as LANGUAGE_ARGUMENT
from app.views.kit.policies import policy_today


class Section(StrEnum):
    """A group of the navigation."""

    BASICS = "basics"
    DECLARING = "declaring"
    LOOKING_UP = "looking_up"
    REVIEWING = "reviewing"
    PUBLISHING = "publishing"
    REGISTER = "register"
    QUALIFICATIONS = "qualifications"
    SETTINGS = "settings"
    ACCOUNTS = "accounts"
    AUDIT = "audit"


_SHOWN = {
    Section.BASICS: (_l("Basic information"), "building"),
    Section.DECLARING: (_l("Personnel (declarations)"), "file-text"),
    Section.LOOKING_UP: (_l("Personnel (queries)"), "search"),
    Section.REVIEWING: (_l("Review"), "clipboard-check"),
    Section.PUBLISHING: (_l("Publicity and announcements"), "speakerphone"),
    Section.REGISTER: (_l("Register"), "books"),
    Section.QUALIFICATIONS: (_l("Qualification library"), "certificate"),
    Section.SETTINGS: (_l("Policies and reference data"), "adjustments"),
    Section.ACCOUNTS: (_l("Accounts"), "users"),
    Section.AUDIT: (_l("Audit"), "shield-check"),
}

_PUBLIC = (
    ("PublicityScreen.index", "speakerphone", _l("Publicity")),
    ("AnnouncementScreen.index", "news", _l("Announcements")),
    ("VerificationScreen.entry", "qrcode", _l("Verify a certificate")),
    ("ReceiptScreen.look_up", "receipt", _l("How an objection stands")),
    ("HelpScreen.index", "help-circle", _l("Help")),
)

_ACCOUNT = (
    ("AccountScreen.password", "key", _l("Change password")),
    ("AccountScreen.sessions", "device-mobile", _l("My sessions")),
)


@dataclass(frozen=True)
class Entry:
    label: Any
    icon: str
    url: str
    active: bool


@dataclass(frozen=True)
class Group:
    name: str
    label: Any
    icon: str
    entries: tuple[Entry, ...]

    @property
    def active(self) -> bool:
        return any(entry.active for entry in self.entries)


_Menu = Sequence[tuple[str, str, str, Sequence[tuple[str, str, str, str]]]]
"""Groups with their entries: the screen's endpoint, its label, its icon and its address."""


def navigation() -> tuple[Group, ...]:
    """What the actor may open and the province has open, in order; no question to the database."""
    closed = _closed()
    return tuple(
        Group(name, label, icon, tuple(Entry(text, mark, url, here == request.blueprint)
                                       for here, text, mark, url in entries if here not in closed))
        for name, label, icon, entries in _menu()
    )  # fmt: skip


def _closed() -> frozenset[str]:
    """The screens that a policy value of today keeps shut."""
    policy = policy_today()
    screens = current_app.extensions["appbuilder"].baseviews
    return frozenset(
        one.endpoint for one in screens if getattr(one, "switch", "") and not policy.holds(one.switch)
    )


def _menu() -> _Menu:
    """The menu of a set of roles in one language: put together once, and anew when a role may other things."""
    held: dict[Any, tuple[int | None, _Menu]] = current_app.extensions.setdefault("menus", {})
    identity = current_identity()
    roles, version = (identity.role_names, identity.grants_version) if identity else (None, None)
    key = (roles, str(get_locale()), request.script_root)
    found = held.get(key)
    if found is None or found[0] != version:
        found = held[key] = (version, _made())
    return found[1]


def _made() -> _Menu:
    shown = [
        screen
        for screen in current_app.extensions["appbuilder"].baseviews
        if getattr(screen, "section", None) and screen.may(screen.default_view)
    ]
    shown.sort(key=lambda screen: screen.position)
    menu = []
    for section in Section:
        entries = tuple(_entry(screen) for screen in shown if screen.section is section)
        if entries:
            label, icon = _SHOWN[section]
            menu.append((section.value, str(label), icon, entries))
    return menu


def _entry(screen: Any) -> tuple[str, str, str, str]:
    url = url_for(f"{screen.endpoint}.{screen.default_view}")
    return screen.endpoint, str(screen.title), screen.icon, url


def public_links() -> tuple[Entry, ...]:
    """What is open to everybody, whether logged in or not."""
    return tuple(
        Entry(str(label), icon, url_for(endpoint), request.blueprint == endpoint.partition(".")[0])
        for endpoint, icon, label in _PUBLIC
    )


def account_links() -> tuple[Entry, ...]:
    """What somebody who has logged in does with his own account."""
    return tuple(
        Entry(str(label), icon, url_for(endpoint), request.endpoint == endpoint)
        for endpoint, icon, label in _ACCOUNT
    )


def here_in(language: str) -> str:
    """The address of this very page, with its filters, in another language."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != LANGUAGE_ARGUMENT]
    return f"?{urlencode([*kept, (LANGUAGE_ARGUMENT, language)])}"
