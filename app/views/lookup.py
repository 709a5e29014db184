"""Looking up strangers: the picker of a declaration, and 二级建造师资格证信息查询, both exact, limited and logged."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import current_app, flash, redirect, request
from flask_appbuilder import expose
from flask_babel import gettext as _, lazy_gettext as _l
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.extensions.database import db
from app.extensions.refused import Refused
from app.models import Enterprise, Person, Qualification, RealNameState
from app.security.access.lookup import qualifications_by_id_number, qualified_persons
from app.security.access.roles import Actor, Role
from app.security.access.scope import find
from app.services import filing
from app.views.kit.access import Screen
from app.views.kit.filtering import clean
from app.views.kit.navigation import Section
from app.views.kit.records import RecordScreen
from app.views.kit.requests import commit
from app.workflow.types import DeclarationType

PAGE_SIZE = 20
"""Rows of one page of the picker (manual 3.2.3.1)."""

_PICK_LIFE = 30 * 60
_LONGEST_NUMBER = 30
_UNPROCESSABLE = 422

Picker = Callable[[Session, Actor, str, str], Sequence[Person]]
PICKERS: Mapping[str, Picker] = {"qualified_person": qualified_persons}
"""How the person of a declaration is found, by `DeclarationType.picker`."""


def pick(screen: RecordScreen, kind: DeclarationType) -> str | Response | tuple[str, int]:
    """选择人员信息: nothing is shown before both name and ID number were typed exactly (manual 3.2.3.1)."""
    actor = screen.actor
    missing = filing.wanting(db.session, find(db.session, Enterprise, actor.enterprise_id, actor))
    if missing or request.method == "GET":
        page = screen.page("declarations/pick.html", kind=kind, missing=missing, typed=("", ""))
        return (page, _UNPROCESSABLE) if request.method == "POST" else page
    if "pick" in request.form:
        return _start(screen, kind, actor)
    return _search(screen, kind, actor)


def _search(screen: RecordScreen, kind: DeclarationType, actor: Actor) -> str | tuple[str, int]:
    name = clean(request.form.get("person_name", ""))
    number = clean(request.form.get("person_number", ""))[:_LONGEST_NUMBER]
    values: dict[str, Any] = {"kind": kind, "missing": (), "typed": (name, number)}
    if not (name and number):
        fault = _("Please type both the name and the ID number.")
        return screen.page("declarations/pick.html", fault=fault, **values), _UNPROCESSABLE
    try:
        persons = PICKERS[kind.picker](db.session, actor, name, number)
    except Refused as refused:
        db.session.rollback()
        return screen.page("declarations/pick.html", fault=str(refused), **values), _UNPROCESSABLE
    commit()
    picks = [(_pick_of(kind, actor, person), person) for person in persons[:PAGE_SIZE]]
    return screen.page("declarations/pick.html", picks=picks, page_size=PAGE_SIZE, **values)


def _start(screen: RecordScreen, kind: DeclarationType, actor: Actor) -> Response:
    person = db.session.get(Person, _picked(kind, actor, request.form["pick"]))
    if person is None or person.real_name_state != RealNameState.VERIFIED:
        raise Refused(_("This person cannot be chosen any more. Please search again."))
    known = filing.draft_of(db.session, kind, actor, person) is not None
    row = filing.start(db.session, kind, actor, person)
    commit()
    if known:
        flash(_("Your enterprise had begun a declaration for this person already: here it is."), "info")
    return redirect(screen.url("edit", key=screen.key_of(row)))


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="picked person")


def _pick_of(kind: DeclarationType, actor: Actor, person: Person) -> str:
    """What the row's button sends: proof that this enterprise has found this person by name and number."""
    return str(_signer().dumps([kind.key, actor.enterprise_id, person.id]))


def _picked(kind: DeclarationType, actor: Actor, token: str) -> int:
    try:
        key, enterprise_id, person_id = _signer().loads(token, max_age=_PICK_LIFE)
    except BadSignature as error:
        raise NotFound from error
    if key != kind.key or enterprise_id != actor.enterprise_id:
        raise NotFound
    return int(person_id)


class QualificationLookupScreen(Screen):
    """Which valid qualifications stand under an ID number (manual 3.2.4.4); the number never stands in an address."""

    route_base = "/qualification-lookup"
    default_view = "look_up"
    title = _l("Look-up of qualifications")
    section, position, icon = Section.LOOKING_UP, 40, "file-search"
    roles = {"look_up": frozenset({Role.ENTERPRISE})}

    @expose("/", methods=("GET", "POST"))
    def look_up(self) -> str | tuple[str, int]:
        if request.method == "GET":
            return self.page("persons/qualifications.html", typed="", found=None)
        typed = clean(request.form.get("id_number", ""))[:_LONGEST_NUMBER]
        if not typed:
            fault = _("Please type the ID number.")
            return self.page("persons/qualifications.html", typed="", found=None, fault=fault), _UNPROCESSABLE
        try:
            found: Sequence[Qualification] = qualifications_by_id_number(db.session, self.actor, typed)
        except Refused as refused:
            db.session.rollback()
            page = self.page("persons/qualifications.html", typed=typed, found=None, fault=str(refused))
            return page, _UNPROCESSABLE
        commit()
        return self.page("persons/qualifications.html", typed=typed, found=found)


SCREENS = (QualificationLookupScreen,)
