"""人脸核验: the person's page from the consent to the result, and what the telephone is shown when the check is over."""

import io
from collections.abc import Mapping
from typing import Any

import segno
from flask import current_app, redirect, request, url_for
from flask_appbuilder import expose
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.extensions.clock import local, now, today
from app.extensions.database import db
from app.extensions.refused import Refused
from app.integrations.face_verification import FaceVerification
from app.integrations.signed_http import NotConnected, OutsideFailed
from app.models import FaceCheck, FaceCheckStage, Person
from app.security.access.policies import policy_on
from app.security.access.roles import Role
from app.security.access.scope import find
from app.services import consents, face_checks, real_name
from app.views.kit.access import PUBLIC, Screen
from app.views.kit.pictures import accept
from app.views.kit.requests import writes_late
from app.views.real_name import pictures_of
from config import Config

_OWN = frozenset({Role.INDIVIDUAL})
_UNPROCESSABLE = 422

REASONS: Mapping[str, Any] = {
    "other_person": _l("It was not the person of the identity card who looked into the camera."),
    "not_live": _l("Mouth and eyes were not moved as the service had asked."),
    "not_found": _l("The service knows no identity card with this name and number."),
    "broken_off": _l("The check was broken off."),
}
"""Why a check was failed, in the words of the contract; a word that is not here is told in general."""
_SOME_REASON = _l("The service gave a reason that has no words here yet.")

ENDINGS: Mapping[str, tuple[str, Any]] = {
    FaceCheckStage.EXPIRED: ("warning", _l("The check was not finished in time. You may begin another one.")),
    FaceCheckStage.UNUSED: (
        "warning",
        _l(
            "The check was passed, but your name, number or pictures were changed after you had begun it, or the "
            "counter has decided meanwhile. It counts for nothing."
        ),
    ),
    FaceCheckStage.WITHDRAWN: ("info", _l("You have withdrawn your consent. What was under way was ended.")),
}
"""What is said of a check that ended without a yes or a no."""


class FaceCheckScreen(Screen):
    """Nothing that a browser brings says how a check ended: the platform asks the service itself."""

    route_base = "/face-check"
    default_view = "show"
    title = _l("Face check")
    roles = {"show": _OWN, "begin": _OWN, "open": _OWN, "look": _OWN, "withdraw": _OWN, "returned": PUBLIC}

    @expose("/")
    def show(self) -> str:
        return self._page()

    @expose("/begin", methods=("POST",))
    @writes_late
    def begin(self) -> Response | tuple[str, int]:
        back = f"{_config().base_url}{url_for('FaceCheckScreen.returned')}"
        try:
            service = FaceVerification.connected(_config())
            face_checks.begin(db.session(), self.actor, service, back, agreed="agreed" in request.form)
        except (OutsideFailed, Refused) as failed:
            return self._stopped(failed)
        return redirect(url_for("FaceCheckScreen.show"))

    @expose("/<key>/open")
    def open(self, key: str) -> Response:
        """Go to the page of the service on this device. No page of ours holds its address but as the code."""
        check = find(db.session, FaceCheck, key, self.actor)
        if not _is_running(check) or check.address is None:
            raise NotFound
        return redirect(check.address)

    @expose("/<key>/look", methods=("POST",))
    @writes_late
    def look(self, key: str) -> Response | tuple[str, int]:
        find(db.session, FaceCheck, key, self.actor)
        try:
            service = FaceVerification.connected(_config())
            face_checks.look(db.session(), self.actor, key, service, _drawn_anew)
        except (OutsideFailed, Refused) as failed:
            return self._stopped(failed)
        return redirect(url_for("FaceCheckScreen.show", asked="1"))

    @expose("/withdraw", methods=("POST",))
    @writes_late
    def withdraw(self) -> Response:
        face_checks.withdraw(db.session(), self.actor)
        return redirect(url_for("FaceCheckScreen.show"))

    @expose("/returned")
    def returned(self) -> str:
        """Where the service sends the telephone afterwards, on which nobody need be logged in."""
        return self.page("persons/face_returned.html")

    def _stopped(self, failed: OutsideFailed | Refused) -> tuple[str, int]:
        db.session.rollback()
        return self._page(fault=None if isinstance(failed, NotConnected) else failed), _UNPROCESSABLE

    def _page(self, fault: OutsideFailed | Refused | None = None) -> str:
        session, policy = db.session(), policy_on(db.session(), today())
        person = self._person()
        check = face_checks.latest(session, self.actor, person.id)
        is_open = check is not None and check.stage == FaceCheckStage.OPEN
        running = check if check is not None and _is_running(check) else None
        capture = next((one.held[-1] for one in pictures_of(person)[len(real_name.PICTURES) :]), None)
        return self.page(
            "persons/face.html",
            row=person,
            fault=fault.message if fault else None,
            connected=bool(_config().face_verification.url),
            why_not=real_name.why_not_by_face(session, person),
            agreed=consents.given(session, self.actor, consents.FACE_CHECK) is not None,
            check=check,
            is_open=is_open,
            running=running,
            picture=_code(running.address) if running and running.address else "",
            until=local(running.expires_at) if running else None,
            failed=REASONS.get(check.reason, _SOME_REASON) if check and check.reason else "",
            ending=ENDINGS.get(check.stage) if check else None,
            capture=capture,
            deleted=local(check.frame_deleted_at) if check and check.frame_deleted_at else None,
            asked="asked" in request.args,
            most=policy.number("face_checks_per_day"),
            hours=policy.number("face_picture_hours"),
        )

    def _person(self) -> Person:
        if self.actor.person_id is None:
            raise NotFound
        return find(db.session, Person, self.actor.person_id, self.actor)


def _is_running(check: FaceCheck) -> bool:
    return check.stage == FaceCheckStage.OPEN and check.expires_at > now()


def _config() -> Config:
    config: Config = current_app.extensions["platform_config"]
    return config


def _drawn_anew(frame: bytes) -> bytes:
    """The picture of the service goes the way of every upload: looked at, and made anew from its pixels."""
    return accept(FileStorage(io.BytesIO(frame), "face.jpg"), "picture").data


def _code(address: str) -> str:
    """The QR code that a telephone reads, as the address of a picture."""
    return str(segno.make(address, error="m").svg_data_uri(scale=5, border=3, light="white"))


SCREENS = (FaceCheckScreen,)
