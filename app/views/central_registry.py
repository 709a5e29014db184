"""中央库下载: the screen that lays the central registry's entry beside the enterprise's own information (manual 3.2.2.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, flash, redirect, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from werkzeug.wrappers import Response

from app.extensions.clock import local
from app.extensions.database import db
from app.extensions.refused import Refused
from app.integrations.central_registry import CentralRegistry, Licence
from app.integrations.signed_http import OutsideFailed
from app.models import Enterprise, EnterpriseQualification
from app.security.access.roles import Role
from app.security.access.scope import find
from app.services.central_registry.answers import Answer, Outdated, opened, sealed
from app.services.central_registry.asking import ask
from app.services.central_registry.differences import (
    FIXED,
    LICENCE_FIELDS,
    LICENCE_NAMED,
    Differences,
    LicenceDifference,
    differences_between,
)
from app.services.central_registry.taking import take
from app.views.kit.access import Screen
from app.views.kit.columns import Column, attribute, said
from app.views.kit.requests import commit, writes_late
from app.views.kit.words import words
from config import Config

_ENTERPRISE = frozenset({Role.ENTERPRISE})
_UNPROCESSABLE, _CONFLICT = 422, 409


@dataclass(frozen=True)
class Line:
    """One thing that differs, as the page shows it; `tick` is what its box sends."""

    tick: str
    label: str
    ours: str
    theirs: str
    why_not: Any


class CentralRegistryScreen(Screen):
    """Asks only when it is told to: an address that is opened again, or in advance, asks nothing."""

    route_base = "/central-registry"
    default_view = "ask"
    title = _l("Download from the central registry")
    roles = {"ask": _ENTERPRISE, "take": _ENTERPRISE}

    @expose("/<key>", methods=("GET", "POST"))
    @writes_late
    def ask(self, key: str) -> str | tuple[str, int]:
        enterprise = find(db.session, Enterprise, key, self.actor)
        if request.method == "GET":
            return self._page(enterprise)
        try:
            answer = ask(db.session(), self.actor, key, _registry())
        except (OutsideFailed, Refused) as failed:
            return self._stopped(key, failed.message, _UNPROCESSABLE)
        enterprise = find(db.session, Enterprise, key, self.actor)
        return self._page(enterprise, answer=answer, asked=True)

    @expose("/<key>/take", methods=("POST",))
    def take(self, key: str) -> str | Response | tuple[str, int]:
        token, chosen = request.form.get("answer", ""), request.form.getlist("take")
        try:
            taken = take(db.session(), self.actor, key, token, chosen)
        except Outdated as outdated:
            return self._stopped(key, outdated.message, _CONFLICT)
        except Refused as refused:
            db.session.rollback()
            enterprise = find(db.session, Enterprise, key, self.actor)
            answer = opened(token, self.actor, enterprise)
            return self._page(enterprise, answer=answer, asked=True, fault=refused.message), _UNPROCESSABLE
        commit()
        text = ngettext(
            "%(num)s thing was taken from the central registry.",
            "%(num)s things were taken from the central registry.",
            taken,
        )
        flash(text, "success")
        return redirect(url_for("EnterpriseScreen.show", key=key))

    def _stopped(self, key: str, fault: Any, status: int) -> tuple[str, int]:
        db.session.rollback()
        return self._page(find(db.session, Enterprise, key, self.actor), fault=fault), status

    def _page(
        self, enterprise: Enterprise, *, answer: Answer | None = None, asked: bool = False, fault: Any = None
    ) -> str:
        shown: dict[str, Any] = {}
        if answer is not None:
            found = differences_between(db.session(), enterprise, answer.entry)
            shown = {
                "found": found,
                "lines": _lines(found),
                "fixed": any(one.why_not is FIXED for one in found.fields),
                "licences": [_licence_line(one) for one in found.licences],
                "ours_alone": [_licence_words(one) for one in found.ours_alone],
                "equal": _labels(found.equal),
                "silent": _labels(found.silent),
                "token": sealed(answer, self.actor, enterprise),
                "at": local(answer.at),
                "as_of": answer.entry.as_of,
            }
        return self.page(
            "enterprise/central_registry.html", row=enterprise, asked=asked, fault=fault,
            **shown,
        )  # fmt: skip


def _registry() -> CentralRegistry:
    config: Config = current_app.extensions["platform_config"]
    return CentralRegistry.connected(config)


def _lines(found: Differences) -> Sequence[Line]:
    return [
        Line(
            one.name,
            str(attribute(Enterprise, one.name).label),
            _in_words(Enterprise, one.name, one.ours),
            _in_words(Enterprise, one.name, one.theirs),
            one.why_not,
        )
        for one in found.fields
    ]


def _licence_line(one: LicenceDifference) -> Line:
    """Of a licence that is held already, only what differs is told again."""
    tick = f"licence-{one.position}"
    if one.ours is None:
        return Line(tick, _licence_name(one.theirs), "", _licence_details(one.theirs), one.why_not)
    ours, theirs = (_licence_details(licence, one.changed) for licence in (one.ours, one.theirs))
    return Line(tick, _licence_name(one.theirs), ours, theirs, one.why_not)


def _licence_words(licence: EnterpriseQualification) -> str:
    return f"{_licence_name(licence)} {_licence_details(licence)}"


def _licence_name(licence: Licence | EnterpriseQualification) -> str:
    names = LICENCE_NAMED
    return " ".join(_in_words(EnterpriseQualification, name, getattr(licence, name)) for name in names)


def _licence_details(
    licence: Licence | EnterpriseQualification, names: Sequence[str] = LICENCE_FIELDS
) -> str:
    told = ((name, _in_words(EnterpriseQualification, name, getattr(licence, name))) for name in names)
    return "\n".join(
        f"{attribute(EnterpriseQualification, name).label}{_(': ')}{text or '—'}" for name, text in told
    )


def _in_words(model: type, name: str, value: Any) -> str:
    return said(attribute(model, name), Column(name), value, words()).text


def _labels(names: Sequence[str]) -> Sequence[str]:
    return [str(attribute(Enterprise, name).label) for name in names]


SCREENS = (CentralRegistryScreen,)
