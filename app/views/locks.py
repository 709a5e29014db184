"""锁定 and 解锁 of persons by the province."""

from collections.abc import Mapping, Sequence

from flask import flash, redirect, request
from flask_appbuilder import expose
from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.wrappers import Response

from app.extensions.clock import today
from app.extensions.database import db
from app.extensions.refused import Refused
from app.models import RegistrationLock
from app.security.access.roles import Actor, Role
from app.services import locks
from app.views.kit.actions import Action, Call, Outcome
from app.views.kit.columns import Column
from app.views.kit.filtering import Filter, day
from app.views.kit.formats import normal
from app.views.kit.navigation import Section
from app.views.kit.records import Link, RecordScreen
from app.views.kit.requests import commit

_PROVINCE = (Role.PROVINCIAL,)
_LONGEST_REASON, _UNPROCESSABLE = 500, 422


def holds(row: RegistrationLock) -> bool:
    return row.unlocked_on is None and (row.until is None or row.until >= today())


def _unlock(call: Call) -> Outcome:
    for row in call.rows:
        locks.unlock(db.session, call.actor, row.id)
    commit()
    return Outcome(len(call.rows))


class LockScreen(RecordScreen):
    """Every lock there ever was; a lock is ended, never changed or deleted."""

    model = RegistrationLock
    route_base = "/locks"
    title = _l("Locked persons")
    section = Section.REGISTER
    position = 50
    icon = "lock"
    readers = _PROVINCE
    list_columns = (
        "person.name",
        Column("person.id_number"),
        "reason",
        "locked_on",
        "until",
        "unlocked_on",
        Column(
            "holds",
            label=_l("State"),
            text=lambda row: _("Locked") if holds(row) else _("Unlocked"),
            tone=lambda row: "red" if holds(row) else "secondary",
        ),
    )
    filters = (
        Filter(
            "holds",
            _l("State"),
            choices={"1": _l("Locked")},
            where=lambda _choice: RegistrationLock.holds_on(today()),
        ),
        Filter("locked_on"),
    )
    order = "-locked_on"
    sortable = ("locked_on", "until")
    empty_text = _l("Nobody is locked.")
    actions = (
        Action(
            "unlock",
            _l("Unlock"),
            _PROVINCE,
            _unlock,
            when=lambda row, _actor: holds(row),
            bulk=True,
            confirm=_l("Every step for the person can be taken again from now on."),
            icon="lock-open",
        ),
    )
    roles = {"lock": frozenset(_PROVINCE)}

    def named(self, row: RegistrationLock) -> str:
        return str(row.person.name)

    def toolbar(self, actor: Actor) -> Sequence[Link]:
        return [Link(_l("Lock a person"), self.url("lock"), "lock", "primary")]

    @expose("/lock", methods=("GET", "POST"))
    def lock(self) -> str | Response | tuple[str, int]:
        """A person is named by name and ID number, exactly, and never picked from a list of all."""
        if request.method == "GET":
            return self._form({})
        said = {name: normal(name, request.form.get(name, "")) for name in ("name", "id_number", "until")}
        said["reason"] = normal("", request.form.get("reason", ""))[:_LONGEST_REASON]
        until = day(said["until"])
        if said["until"] and until is None:
            return self._form(said, _("Please write the date as 2026-01-31.")), _UNPROCESSABLE
        try:
            row = locks.lock(
                db.session, self.actor, said["name"], said["id_number"], reason=said["reason"], until=until
            )
        except Refused as refused:
            return self._form(said, str(refused)), _UNPROCESSABLE
        commit()
        flash(_("%(name)s is locked.", name=row.person.name), "success")
        return redirect(self.url("list"))

    def _form(self, said: Mapping[str, str], fault: str = "") -> str:
        return self.page("publicity/lock.html", said=said, fault=fault)


SCREENS = (LockScreen,)
