"""通知: what the platform has told an enterprise or a person, what of it is unread, and the way to what it is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, flash, g, redirect, url_for
from flask_appbuilder import expose
from flask_babel import lazy_gettext as _l, ngettext
from werkzeug.wrappers import Response

from app.extensions.clock import local
from app.extensions.database import db
from app.models import Notice
from app.security.access.roles import Actor, Role
from app.security.login.current import current_actor
from app.services import notices
from app.views import notice_words
from app.views.kit.actions import Action, Call, Outcome
from app.views.kit.columns import Column
from app.views.kit.filtering import Filter
from app.views.kit.navigation import Section
from app.views.kit.records import RecordScreen
from app.views.kit.requests import commit

_READERS = (Role.ENTERPRISE, Role.INDIVIDUAL)
_STATES = {"1": _l("Unread"), "0": _l("Read")}


def beside(rows: Sequence[Notice], actor: Actor) -> Mapping[int, Any]:
    """Whom these notices are about, read once for a page."""
    known: dict[int, Any] = g.setdefault("noticed", {})
    missing = [row.id for row in rows if row.id not in known]
    if missing:
        known.update(notices.named(db.session(), actor, missing))
    return known


def text(row: Notice, actor: Actor) -> str:
    found = beside((row,), actor).get(row.id)
    name = (found.declared or found.registered or "") if found else ""
    # What a person is told is about himself, with a registration or a case that he may see or without.
    return notice_words.sentence(row, name or (actor.name if row.person_id is not None else ""))


def target(row: Notice, actor: Actor) -> str:
    """The page of what the notice is about; empty when the reader may not see it any more."""
    if row.consultation_id is not None:
        return url_for("ConsultationScreen.show", key=row.consultation_id)
    if row.enterprise_change_id is not None:
        return url_for("EnterpriseChangeScreen.show", key=row.enterprise_change_id)
    found = beside((row,), actor).get(row.id)
    if found is None:
        return ""
    if found.declaration_id is not None:
        return _case(row, found, actor)
    if found.registration_id is not None:
        # Of paper there is no electronic certificate: the page of the registration exists for every one of them.
        screen = "HistoricalRecordsScreen" if actor.has(Role.ENTERPRISE) else "OwnRegistrationsScreen"
        return url_for(f"{screen}.show", key=found.registration_id)
    return ""


def _case(row: Notice, found: Any, actor: Actor) -> str:
    wording = notice_words.KINDS.get(row.kind)
    if wording is not None and wording.confirms:
        return _confirmation(found.type_key).url("show", key=found.declaration_id)  # type: ignore[no-any-return]
    screen = "EnterpriseCasesScreen" if actor.has(Role.ENTERPRISE) else "OwnCasesScreen"
    return url_for(f"{screen}.show", key=found.declaration_id)


def _confirmation(type_key: str) -> Any:
    """The screen on which the other party answers. Home pages stand before the screens of the types are made."""
    screens = current_app.extensions["appbuilder"].baseviews
    return next(one for one in screens if getattr(one, "answering", False) and one.kind.key == type_key)


@dataclass(frozen=True)
class Line:
    """A notice in a line of a home page."""

    title: str
    tone: str
    text: str
    url: str
    at: datetime
    unread: bool


def newest(actor: Actor, count: int) -> list[Line]:
    """What stands on the home page."""
    rows = notices.newest(db.session(), actor, count)
    beside(rows, actor)
    return [
        Line(
            notice_words.title(row),
            notice_words.tone(row),
            text(row, actor),
            target(row, actor),
            local(row.at),
            row.unread,
        )
        for row in rows
    ]


def _open(call: Call) -> Response:
    """Whoever goes to the case has read the notice."""
    (row,) = call.rows
    url = target(row, call.actor)
    notices.mark_read(db.session(), call.actor, [row.id])
    commit()
    answer: Response = redirect(url)
    return answer


def _read(call: Call) -> Outcome:
    done = notices.mark_read(db.session(), call.actor, [row.id for row in call.rows])
    commit()
    return Outcome(done, message=_told(done))


def _told(done: int) -> str:
    return str(ngettext("%(num)s notice was marked as read.", "%(num)s notices were marked as read.", done))


class NoticeScreen(RecordScreen):
    """All accounts of an enterprise read the same notices: what one has read is read for all."""

    model = Notice
    route_base = "/notices"
    title = _l("Notices")
    section, position, icon = Section.BASICS, 5, "bell"
    readers = _READERS
    exporters = ()
    list_columns = (
        Column(
            "unread",
            label=_l("State"),
            text=lambda row: _STATES["1" if row.unread else "0"],
            tone=lambda row: "orange" if row.unread else "secondary",
        ),
        Column("subject", label=_l("Topic"), text=notice_words.title, tone=notice_words.tone),
        Column("text", label=_l("Notice"), text=lambda row: text(row, current_actor())),
        "at",
    )
    sortable = ("at",)
    order = "-unread"
    filters = (
        Filter("unread", _l("State"), choices=_STATES, where=lambda choice: Notice.unread.is_(choice == "1")),
        Filter("at"),
    )
    empty_text = _l("Nothing was told to you yet.")
    list_template = "notices/list.html"
    actions = (
        Action(
            "open",
            _l("View"),
            _READERS,
            _open,
            when=lambda row, actor: bool(target(row, actor)),
            changes=False,
            icon="arrow-right",
        ),
        Action(
            "read",
            _l("Mark as read"),
            _READERS,
            _read,
            when=lambda row, _actor: row.unread,
            bulk=True,
            icon="check",
        ),
    )
    roles = {"read_all": frozenset(_READERS)}

    def named(self, row: Notice) -> str:
        return notice_words.title(row)

    def read_beside(self, rows: Sequence[Notice], actor: Actor) -> None:
        beside(rows, actor)

    @expose("/read-all", methods=("POST",))
    def read_all(self) -> Response:
        done = notices.mark_read(db.session(), self.actor)
        commit()
        flash(_told(done), "success")
        answer: Response = redirect(self.url("list"))
        return answer


SCREENS = (NoticeScreen,)
