"""The frame around every page: what it shows to many is a kept part, what is one person's own is filled in."""

from typing import Any, NamedTuple

from flask import request, session, url_for
from flask_babel import get_locale, gettext as _, ngettext
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from app.security.access.roles import LABELS
from app.security.login.current import current_actor, current_identity
from app.views.kit.assets import asset, need
from app.views.kit.navigation import account_links, here_in, navigation, public_links
from app.views.kit.parts import part
from app.views.kit.requests import NOTED

_NAMED = frozenset({"LoginView.login", "PortalView.index"})
"""The places that the frame marks by themselves; the others are entries of the menu."""

_MOST_SAID = 99
"""Unread notices that the bell says; there may be more."""


class Frame(NamedTuple):
    """The bar over the page and the navigation beside it."""

    bar: Markup
    side: Markup


def frame() -> Frame:
    """The frame of this request: of the actor who has logged in, or of a visitor."""
    identity = current_identity()
    own: dict[str, Any] = {"otherwise": otherwise()}
    shown = {
        "person": identity is not None,
        "place": request.endpoint if request.endpoint in _NAMED else "",
        "login": url_for("LoginView.login"),
        "logout": url_for("LoginView.logout"),
        "links": () if identity else public_links(),
        "account": account_links() if identity else (),
    }
    if identity is not None:
        role = str(LABELS[current_actor().role])
        own |= {"name": identity.display_name, "role": role, "token": generate_csrf()}
    if identity is not None and (identity.enterprise_id or identity.person_id):
        said = f"{identity.unread}" if identity.unread <= _MOST_SAID else f"{_MOST_SAID}+"
        own |= {"told": _told(identity.unread), "unread": said}
        shown |= {"bell": url_for("NoticeScreen.list"), "news": identity.unread > 0}
    bar = part("bar", own | {"note": _note()}, help=url_for("HelpScreen.index"), mark=mark(), **shown)
    return Frame(bar, part("side", own, groups=navigation() if identity else (), **shown))


def mark() -> str:
    """The address of the platform's mark."""
    return asset("img/mark.svg")


def otherwise() -> str:
    """This page in the other language."""
    locale = get_locale()
    return here_in("en" if locale is None or locale.language == "zh" else "zh")


def _told(unread: int) -> str:
    if not unread:
        return str(_("Notices"))
    return str(ngettext("%(num)s unread notice", "%(num)s unread notices", unread))


def _note() -> Markup | str:
    """Where a script tells of the own jobs that are under way: only while the session says that there are some."""
    if not session.get(NOTED):
        return ""
    need("js/jobs-note.js")
    return part("jobs_note", url=url_for("JobScreen.note"))
