"""锁定 and 解锁 of registrations and of persons by the province."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flask import request
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, or_

from app.extensions.clock import today
from app.extensions.database import db
from app.extensions.refused import Refused
from app.extensions.search import contains
from app.models import Person, Registration, RegistrationLock
from app.security.access.roles import Actor, Role
from app.services import locks
from app.views.kit.actions import Action, ActionField, Call, Outcome
from app.views.kit.columns import Column
from app.views.kit.filtering import Filter, Search, day
from app.views.kit.formats import normal
from app.views.kit.forms import Field, Fieldset
from app.views.kit.navigation import Section
from app.views.kit.records import RecordScreen
from app.views.kit.requests import commit, typed
from app.views.kit.sealing import looks_like_an_id_number
from app.views.kit.uploads import AttachmentSlot

_PROVINCE = (Role.PROVINCIAL,)
_OF_WHOM = ("number", "name", "id_number")

STATES: Mapping[str, tuple[Any, str]] = {
    "locked": (_l("Locked"), "red"),
    "coming": (_l("Not begun yet"), "orange"),
    "unlocked": (_l("Unlocked"), "secondary"),
    "over": (_l("Ended by itself"), "secondary"),
}


def state_of(row: RegistrationLock, on: date | None = None) -> str:
    """Where a lock stands on that day, or today: a key of `STATES`."""
    now = on or today()
    if row.unlocked_on is not None and row.unlocked_on <= max(now, row.locked_on):
        return "unlocked"
    if row.until is not None and row.until < now:
        return "over"
    return "coming" if row.locked_on > now else "locked"


def _is(state: str) -> ColumnElement[bool]:
    now = today()
    if state == "coming":
        holds = or_(
            RegistrationLock.unlocked_on.is_(None), RegistrationLock.unlocked_on > RegistrationLock.locked_on
        )
        return and_(RegistrationLock.locked_on > now, holds)
    return RegistrationLock.holds_on(now)


def _may_be_unlocked(row: RegistrationLock, _actor: Actor) -> bool:
    return state_of(row) in {"locked", "coming"}


def _unlock(call: Call) -> Outcome:
    typed_day = call.answers.get("on", "")
    on = day(typed_day)
    if typed_day and on is None:
        raise Refused(_("Please write the date as 2026-01-31."))
    for row in call.rows:
        locks.unlock(db.session(), call.actor, row.id, reason=call.answers.get("reason", ""), on=on)
    commit()
    return Outcome(len(call.rows))


class _OfWhom(Search):
    """A lock has no name of its own: it is found by whom it is about, and by the number that is locked."""

    def condition(self, model: Any, typed: str) -> ColumnElement[bool]:
        if looks_like_an_id_number(typed):
            return RegistrationLock.person.has(Person.id_number.equals(Person, typed))
        return or_(
            RegistrationLock.person.has(contains(Person.name, typed)),
            RegistrationLock.registration.has(contains(Registration.number, typed)),
        )


class LockScreen(RecordScreen):
    """Every lock there ever was; a lock is ended, never changed or deleted."""

    model = RegistrationLock
    route_base = "/locks"
    title = _l("Locks")
    section = Section.REGISTER
    position = 50
    icon = "lock"
    readers = adders = _PROVINCE
    add_label = _l("Lock a registration or a person")
    list_columns = (
        "person.name",
        Column("person.id_number"),
        Column(
            "registration.number",
            label=_l("What is locked"),
            words=lambda number: number or _("Everything about the person"),
        ),
        "reason",
        "locked_on",
        "until",
        "unlocked_on",
        Column(
            "state",
            label=_l("State"),
            text=lambda row: STATES[state_of(row)][0],
            tone=lambda row: STATES[state_of(row)][1],
        ),
    )
    further_columns = ("unlock_reason",)
    search = _OfWhom("person.name", label=_l("Name, ID number or registration number"))
    filters = (
        Filter(
            "holds",
            _l("State"),
            choices={"locked": _l("Locked"), "coming": _l("Not begun yet")},
            where=_is,
        ),
        Filter("locked_on"),
    )
    order = "-locked_on"
    sortable = ("locked_on", "until")
    empty_text = _l("Nothing is locked.")
    show_fieldsets = (
        Fieldset(
            _l("Lock"),
            (
                "person.name",
                "registration.number",
                "reason",
                "locked_on",
                "until",
                "unlocked_on",
                "unlock_reason",
            ),
        ),
    )
    form_fieldsets = (
        Fieldset(
            _l("Lock"),
            (
                Field("locked_on", hint=_l("Today or a later day")),
                Field("until", hint=_l("Empty: until somebody unlocks.")),
                Field(
                    "reason",
                    wide=True,
                    hint=_l("Read by the authorities alone; the parties see the days of the lock."),
                ),
            ),
        ),
    )
    form_boxes = {
        "number": _l("Registration number"),
        "name": _l("Name"),
        "id_number": _l("ID number"),
        "everything": _l("Everything about the person"),
    }
    form_template = "register/lock.html"
    actions = (
        Action(
            "unlock",
            _l("Unlock"),
            _PROVINCE,
            _unlock,
            when=_may_be_unlocked,
            bulk=True,
            confirm=_l("From that day on every step can be taken again."),
            fields=(
                ActionField("reason", _l("Reason of the unlocking"), required=True, long=True),
                ActionField("on", _l("Unlocked on"), kind="date", hint=_l("Empty: today")),
            ),
            icon="lock-open",
        ),
    )

    def named(self, row: RegistrationLock) -> str:
        held = row.registration
        return f"{row.person.name} {held.number}" if held else str(row.person.name)

    def fresh(self, actor: Actor) -> RegistrationLock:
        return RegistrationLock(locked_on=today())

    def slots(self, row: Any, actor: Actor) -> Sequence[AttachmentSlot]:
        hint = _l("On what the lock rests, where there is a paper")
        return (AttachmentSlot(locks.EVIDENCE, _l("Evidence"), most=10, hint=hint),)

    def check(self, row: RegistrationLock, actor: Actor) -> Iterable[tuple[str, Any]]:
        yield from locks.wrong(row)
        try:
            self._target(actor)
        except Refused as refused:
            yield "number" if _said()["number"] else "name", refused.message

    def _target(self, actor: Actor) -> locks.Target:
        """A person is named by name and ID number, exactly, and never picked from a list of all."""
        return locks.target(db.session(), actor, **_said(), everything=request.form.get("everything") == "1")

    def before_save(self, row: RegistrationLock, actor: Actor, *, added: bool) -> None:
        locks.lock(db.session(), actor, row, self._target(actor))

    def context(self, row: Any, actor: Actor) -> Mapping[str, Any]:
        """What was typed of whom it is about; the page of a registration sends its number along."""
        sent = typed() or request.args
        return {"said": {name: sent.get(name, "") for name in (*_OF_WHOM, "everything")}}


def _said() -> dict[str, str]:
    return {name: normal(name, request.form.get(name, "")) for name in _OF_WHOM}


SCREENS = (LockScreen,)
