"""The left navigation: its groups in the order of the manual, and of each what the actor may open."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _l


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


def navigation() -> list[Group]:
    """What the actor may open, in order; no question to the database."""
    shown = [
        screen
        for screen in current_app.extensions["appbuilder"].baseviews
        if getattr(screen, "section", None) and screen.may(screen.default_view)
    ]
    shown.sort(key=lambda screen: screen.position)
    groups = []
    for section in Section:
        entries = tuple(_entry(screen) for screen in shown if screen.section is section)
        if entries:
            groups.append(Group(section.value, *_SHOWN[section], entries))
    return groups


def _entry(screen: Any) -> Entry:
    return Entry(
        screen.title,
        screen.icon,
        url_for(f"{screen.endpoint}.{screen.default_view}"),
        request.blueprint == screen.endpoint,
    )
