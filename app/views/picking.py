"""选择: whom a declaration is about, found by exact look-up or chosen among the registrations of one's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from flask import current_app, flash, redirect, request
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.extensions.clock import today
from app.extensions.database import db
from app.extensions.refused import Refused
from app.extensions.search import contains
from app.models import Enterprise, Party, Person, RealNameState, Registration, RegistrationStatus
from app.security.access.lookup import qualified_persons, registered_elsewhere
from app.security.access.roles import Actor
from app.security.access.scope import find, rows_of
from app.services import filing, roster
from app.views.kit.filtering import clean
from app.views.kit.listing import whole
from app.views.kit.policies import policy_today
from app.views.kit.records import RecordScreen
from app.views.kit.requests import commit
from app.views.kit.sealing import looks_like_an_id_number
from app.workflow import register_rules
from app.workflow.radar import LABELS, Stage
from app.workflow.types import DeclarationType, Picker

PAGE_SIZE = 20
"""Rows of one page of a picker (manual 3.2.3.1)."""

_PICK_LIFE = 30 * 60
_LONGEST_NUMBER = 30
_UNPROCESSABLE = 422
_TEMPLATES: Mapping[Picker, str] = {
    Picker.QUALIFIED_PERSON: "declarations/pick.html",
    Picker.CERTIFICATE: "declarations/pick_certificate.html",
    Picker.CERTIFICATE_ELSEWHERE: "declarations/pick_elsewhere.html",
}


@dataclass(frozen=True)
class Found:
    """What a picker shows in a row; `token` is what its button sends."""

    token: str
    person: Person | None = None
    registration: Registration | None = None
    window: str = ""
    """Of a renewal: whether it can be filed today, or from when on."""


def pick(screen: RecordScreen, kind: DeclarationType) -> str | Response | tuple[str, int]:
    """The picker of this type: its page, a search in it, or the draft for whoever was picked."""
    actor = screen.actor
    filing.require_open(db.session(), kind)
    missing = _missing(kind, actor)
    if missing or (request.method == "GET" and kind.picker is not Picker.CERTIFICATE):
        page = screen.page(_TEMPLATES[kind.picker], kind=kind, missing=missing, typed=("", ""))
        return (page, _UNPROCESSABLE) if request.method == "POST" else page
    if "pick" in request.form:
        return _start(screen, kind, actor)
    if kind.picker is Picker.CERTIFICATE:
        return _offer_own(screen, kind, actor)
    return _search(screen, kind, actor)


def _missing(kind: DeclarationType, actor: Actor) -> Sequence[Any]:
    if kind.initiator != Party.ENTERPRISE:
        return ()
    return filing.wanting(db.session, find(db.session, Enterprise, actor.enterprise_id, actor))


def _search(screen: RecordScreen, kind: DeclarationType, actor: Actor) -> str | tuple[str, int]:
    """Nothing is shown before both name and ID number were typed exactly (manual 3.2.3.1)."""
    name = clean(request.form.get("person_name", ""))
    number = clean(request.form.get("person_number", ""))[:_LONGEST_NUMBER]
    template = _TEMPLATES[kind.picker]
    values: dict[str, Any] = {"kind": kind, "missing": (), "typed": (name, number)}
    if not (name and number):
        fault = _("Please type both the name and the ID number.")
        return screen.page(template, fault=fault, **values), _UNPROCESSABLE
    try:
        found = _strangers(kind, actor, name, number)
    except Refused as refused:
        commit()  # that it was refused is written down
        return screen.page(template, fault=str(refused), **values), _UNPROCESSABLE
    commit()
    return screen.page(template, picks=found[:PAGE_SIZE], page_size=PAGE_SIZE, **values)


def _strangers(kind: DeclarationType, actor: Actor, name: str, number: str) -> list[Found]:
    if kind.picker is Picker.QUALIFIED_PERSON:
        persons = qualified_persons(db.session, actor, name, number)
        return [Found(_token(kind, actor, one.id), person=one) for one in persons]
    registrations = registered_elsewhere(db.session, actor, name, number, kind.registration_kind)
    return [Found(_token(kind, actor, one.id), registration=one) for one in registrations]


def _own(kind: DeclarationType, actor: Actor) -> Select[Any]:
    return rows_of(Registration, actor).where(
        Registration.kind == kind.registration_kind, Registration.status == RegistrationStatus.VALID
    )


def _offer_own(screen: RecordScreen, kind: DeclarationType, actor: Actor) -> str:
    """The registrations of the initiator's own, narrowed by a part of the name or by a whole ID number."""
    typed = clean(request.form.get("typed", ""))
    rows = _own(kind, actor)
    if typed and looks_like_an_id_number(typed):
        rows = rows.where(Registration.id_number.equals(Registration, typed))
    elif typed:
        rows = rows.where(contains(Registration.name, typed))
    total = db.session.scalar(select(func.count()).select_from(rows.subquery())) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(1, whole(request.form.get("page"), 1)), pages)
    found = db.session.scalars(
        rows.options(selectinload(Registration.certificates), selectinload(Registration.specialties))
        .order_by(Registration.ends_on, Registration.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return screen.page(
        _TEMPLATES[Picker.CERTIFICATE],
        kind=kind, missing=(), typed=typed, total=total, page=page, pages=pages, page_size=PAGE_SIZE,
        first=(page - 1) * PAGE_SIZE + 1,
        picks=[Found(str(one.id), registration=one, window=_window(kind, one)) for one in found],
    )  # fmt: skip


def _window(kind: DeclarationType, row: Registration) -> str:
    """By the dates alone: the term that ends first decides."""
    if register_rules.RENEWAL_WINDOW not in kind.checks:
        return ""
    day = today()
    first = min(roster.windows_of(row, policy_today(), day), key=attrgetter("ends_on"), default=None)
    if first is None or first.stage is Stage.OPEN:
        return str(_("Can be filed")) if first else ""
    if first.opens_on is not None and first.opens_on > day:
        return str(_("Can be filed from %(date)s on", date=first.opens_on.isoformat()))
    return str(LABELS[first.stage])


def _start(screen: RecordScreen, kind: DeclarationType, actor: Actor) -> Response:
    person, registration = _picked(kind, actor, request.form["pick"])
    begun = filing.start(db.session, kind, actor, person, registration)
    commit()
    if begun.known:
        flash(_("A declaration was begun for this person already: here it is."), "info")
    return redirect(screen.url("edit", key=screen.key_of(begun.row)))


def _picked(kind: DeclarationType, actor: Actor, token: str) -> tuple[Person, Registration | None]:
    if kind.picker is Picker.CERTIFICATE:
        held = find(db.session, Registration, token, actor)
        return db.session.get_one(Person, held.person_id), _standing(kind, held)
    key = _read(kind, actor, token)
    if kind.picker is Picker.CERTIFICATE_ELSEWHERE:
        registration = _standing(kind, db.session.get(Registration, key))
        return db.session.get_one(Person, registration.person_id), registration
    person = db.session.get(Person, key)
    if person is None or person.real_name_state != RealNameState.VERIFIED:
        raise Refused(_("This person cannot be chosen any more. Please search again."))
    return person, None


def _standing(kind: DeclarationType, registration: Registration | None) -> Registration:
    fits = registration is not None and registration.kind == kind.registration_kind
    if registration is None or not fits or registration.status != RegistrationStatus.VALID:
        raise Refused(_("This certificate cannot be chosen any more. Please search again."))
    return registration


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="picked person")


def _token(kind: DeclarationType, actor: Actor, key: int) -> str:
    """What the row's button sends: proof that this enterprise has found this one by name and number."""
    return str(_signer().dumps([kind.key, actor.enterprise_id, key]))


def _read(kind: DeclarationType, actor: Actor, token: str) -> int:
    try:
        key, enterprise_id, found = _signer().loads(token, max_age=_PICK_LIFE)
    except BadSignature as error:
        raise NotFound from error
    if key != kind.key or enterprise_id != actor.enterprise_id:
        raise NotFound
    return int(found)
