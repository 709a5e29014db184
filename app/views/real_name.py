"""个人实名认证: the person's own page (manual 2.3), and the counter of the city where an officer checks in person."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import redirect, request
from flask_appbuilder import expose
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import Select
from werkzeug.wrappers import Response

from app.extensions.clock import local, today
from app.extensions.database import db
from app.models import FACE_CAPTURE, Person, RealNameState
from app.models.identity import RESIDENCE_PERMIT, RESIDENT_CARD, graduation_findings, id_number_findings
from app.security.access.roles import Actor, Role
from app.services import consents, face_checks, real_name
from app.views.kit.actions import Action, ActionField, Call, Outcome
from app.views.kit.columns import Column
from app.views.kit.filtering import Filter, Search
from app.views.kit.forms import Field, Fieldset
from app.views.kit.navigation import Section
from app.views.kit.records import RecordScreen
from app.views.kit.requests import commit
from app.views.kit.uploads import AttachmentSlot, Slot, attached

_IDENTITY = Fieldset(_l("Identity"), real_name.IDENTITY)
_CONTACT = Fieldset(_l("How to reach you"), ("mobile", "emergency_name", "emergency_mobile"))
_EDUCATION = Fieldset(_l("Education"), ("school", "major", "graduation_date", "education", "degree"))
_COUNTER = Fieldset(
    _l("Counter"),
    (
        Field(
            "region_code",
            label=_l("City of the counter"),
            hint=_l("Where you go to be checked in person"),
            required=True,
        ),
    ),
)

_TOLD = _l("Taken from the ID number when you save.")

_PICTURES = [
    AttachmentSlot(kind, label, photo="picture", hint=_l("Needed for the check."))
    for kind, label in real_name.PICTURES.items()
]
_FRAME = AttachmentSlot(FACE_CAPTURE, _l("Picture of the face check"))
_HOW = Column("verified_how", choices=real_name.METHODS)
_STATE = Column(
    "real_name_state",
    choices=real_name.LABELS,
    tone=lambda row: real_name.TONES.get(row.real_name_state, ""),
)


def pictures_of(person: Person) -> list[Slot]:
    """The five pictures of the manual, with what was uploaded for them; a face check's beside them while it is kept."""
    *five, frame = attached(db.session, person, [*_PICTURES, _FRAME])
    return [*five, frame] if frame.held else five


def how_verified(person: Person) -> str:
    """In which way the person was verified, and when; empty for whoever is not."""
    if person.real_name_state != RealNameState.VERIFIED:
        return ""
    return method_in_words(person.verified_how, person.verified_at)


def method_in_words(method: str | None, at: datetime | None) -> str:
    """A way of verification with its day; empty where nobody was verified."""
    return f"{real_name.METHODS.get(method or '', method)} {local(at):%Y-%m-%d}" if at else ""


class RealNameScreen(RecordScreen):
    """The person's own data. Name and number came with the account; the rest is filled in here and then checked."""

    model = Person
    route_base = "/real-name"
    title = _l("Real-name check of a person")
    section, position, icon = Section.BASICS, 10, "id"
    readers = editors = (Role.INDIVIDUAL,)
    exporters = ()
    list_columns = ("name", "id_number")
    show_fieldsets = (_IDENTITY, _CONTACT, _EDUCATION, _COUNTER)
    form_fieldsets = show_fieldsets
    show_template = "persons/show.html"
    form_template = "persons/form.html"
    form_boxes = {"agreed": _l("Consent")}
    about_oneself = True
    actions = (
        Action(
            "ask",
            _l("Submit for the check"),
            roles=(Role.INDIVIDUAL,),
            perform=lambda call: _step(real_name.ask, call),
            when=lambda row, _actor: (
                row.real_name_state in real_name.EDITABLE and not real_name.missing(db.session, row)
            ),
            confirm=_l(
                "The officer at the counter sees your data and pictures and compares them with you. You cannot change "
                "them while they wait."
            ),
            tone="primary",
            icon="send",
        ),
        Action(
            "recall",
            _l("Take back to change"),
            roles=(Role.INDIVIDUAL,),
            perform=lambda call: _step(real_name.recall, call),
            when=lambda row, _actor: row.real_name_state == RealNameState.WAITING,
            icon="arrow-back-up",
        ),
    )

    def rows(self, actor: Actor) -> Select[Any]:
        return super().rows(actor).where(Person.id == actor.person_id)

    @expose("/")
    def list(self) -> Response:
        return redirect(self.url("show", key=self.actor.person_id))

    def may_edit(self, row: Any, actor: Actor) -> bool:
        return bool(row.real_name_state != RealNameState.WAITING)

    def form_for(self, row: Any, actor: Actor) -> Sequence[Fieldset]:
        """What was verified is fixed; where the number tells birth date and gender, nobody types them."""
        if row.real_name_state not in real_name.EDITABLE:
            return (_CONTACT, _EDUCATION)
        told = ("gender", "birth_date") if row.id_type in {RESIDENT_CARD, RESIDENCE_PERMIT} else ()
        fixed = {"name", "id_type", "id_number", *told}
        hints = {name: _TOLD for name in told if getattr(row, name) is None}
        identity = [
            Field(name, readonly=name in fixed, hint=hints.get(name, "")) for name in real_name.IDENTITY
        ]
        return (Fieldset(_IDENTITY.title, identity), _CONTACT, _EDUCATION, _COUNTER)

    def slots(self, row: Any, actor: Actor) -> Sequence[AttachmentSlot]:
        return _PICTURES if row.real_name_state in real_name.EDITABLE else ()

    def check(self, row: Any, actor: Actor) -> Sequence[tuple[str, Any]]:
        real_name.fill_from_number(row)
        faults = (
            *id_number_findings(row.id_number or "", row.birth_date, row.gender, row.id_type),
            *graduation_findings(row.graduation_date, row.birth_date, today()),
        )
        found = [(fault.field, fault.message) for fault in faults]
        if real_name.mobile_in_use(db.session(), row):
            found.append(("mobile", real_name.MOBILE_IN_USE))
        if not (consents.given(db.session, actor, consents.REAL_NAME) or "agreed" in request.form):
            found.append(("agreed", _("Please agree to the use of your identity data first.")))
        return found

    def before_save(self, row: Any, actor: Actor, *, added: bool) -> None:
        consents.give(db.session, actor, consents.REAL_NAME)

    def context(self, row: Any, actor: Actor) -> Mapping[str, Any]:
        return {
            "agreed": consents.given(db.session, actor, consents.REAL_NAME),
            "agreeing": "agreed" in request.form,
            "missing": real_name.missing(db.session, row)
            if row.real_name_state in real_name.EDITABLE
            else (),
            "pictures": pictures_of(row),
            "state": self.cell(_STATE, row),
            "verified": how_verified(row),
        }


class RealNameCounterScreen(RecordScreen):
    """Who asked the counter of this city for the check; nobody else stands here."""

    model = Person
    route_base = "/real-name-counter"
    title = _l("Real-name checks at the counter")
    section, position, icon = Section.REVIEWING, 20, "user-check"
    readers = (Role.MUNICIPAL,)
    exporters = ()
    list_columns = (
        "name", "gender", "id_type", "id_number", "mobile", "region_code", _STATE, _HOW, "verified_at",
    )  # fmt: skip
    sortable = ("name", "verified_at")
    order = "-real_name_state"  # those who wait come first
    search = Search(name="name", id_number="id_number", hint=_l("An ID number may be typed instead"))
    filters = (
        Filter("real_name_state", choices=real_name.LABELS),
        Filter("verified_how", choices=real_name.METHODS),
    )
    show_fieldsets = (_IDENTITY, _CONTACT, _EDUCATION)
    show_template = "persons/counter.html"
    actions = (
        Action(
            "verify",
            _l("Verify"),
            roles=(Role.MUNICIPAL,),
            perform=lambda call: _step(real_name.verify, call),
            when=lambda row, _actor: row.real_name_state == RealNameState.WAITING,
            confirm=_l(
                "You confirm that this person stood before you, and that the original ID card, the person and the five "
                "pictures belong together."
            ),
            tone="primary",
            icon="user-check",
        ),
        Action(
            "reject",
            _l("Reject"),
            roles=(Role.MUNICIPAL,),
            perform=lambda call: _step(real_name.reject, call, call.answers["reason"]),
            when=lambda row, _actor: row.real_name_state == RealNameState.WAITING,
            fields=(ActionField("reason", _l("Reason of rejection"), required=True, long=True),),
            tone="danger",
            icon="user-x",
        ),
    )

    def rows(self, actor: Actor) -> Select[Any]:
        asked = Person.real_name_state != RealNameState.INCOMPLETE
        return super().rows(actor).where(Person.region_code == actor.region_code, asked)

    def context(self, row: Any, actor: Actor) -> Mapping[str, Any]:
        if row is None:
            return {}
        return {
            "pictures": pictures_of(row),
            "state": self.cell(_STATE, row),
            "verified": how_verified(row),
            "face": face_checks.latest(db.session(), actor, row.id)
            if row.verified_how == real_name.FACE
            else None,
        }


def _step(step: Any, call: Call, *words: str) -> Outcome:
    """One person at a time: what is checked at a counter is checked one by one."""
    (person,) = call.rows
    step(db.session, call.actor, person.id, call.versions[person.id], *words)
    commit()
    return Outcome(done=1)


SCREENS = (RealNameScreen, RealNameCounterScreen)
