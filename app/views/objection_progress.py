"""How an objection stands: asked with the receipt number and the name, by whoever raised it."""

from typing import Any

from flask import request
from flask_appbuilder import expose
from flask_babel import lazy_gettext as _l

from app.extensions.database import db
from app.models import ObjectionState
from app.services.objections import Progress, TooManyQuestions, progress_of
from app.views.kit.access import PUBLIC, Screen
from app.views.kit.filtering import clean
from app.views.kit.formats import normal
from app.views.kit.requests import commit

_NOT_FOUND, _UNPROCESSABLE, _TOO_MANY = 404, 422, 429
_HOUR = 3600
_LONGEST_NAME = 100

STATES: dict[str, tuple[Any, str, str, Any]] = {
    ObjectionState.OPEN: (
        _l("Being examined"),
        "blue",
        "hourglass",
        _l("The provincial authority examines it; until then the registration is not announced."),
    ),
    ObjectionState.UPHELD: (
        _l("Upheld"),
        "green",
        "circle-check",
        _l("The objection was found right: the registration was refused."),
    ),
    ObjectionState.DISMISSED: (
        _l("Dismissed"),
        "orange",
        "circle-x",
        _l("The objection was examined and changes nothing about the registration."),
    ),
}


class ReceiptScreen(Screen):
    """A number alone can be guessed, so that the name is asked for too; both wrong ways get the same answer."""

    route_base = "/objections"
    default_view = "look_up"
    title = _l("How an objection stands")
    roles = {"look_up": PUBLIC}

    @expose("/", methods=("GET", "POST"))
    def look_up(self) -> str | tuple[str, int] | tuple[str, int, dict[str, str]]:
        receipt = clean(request.form.get("receipt", ""))
        objector = normal("name", request.form.get("objector", ""))[:_LONGEST_NAME]
        if request.method == "GET":
            return self._form(clean(request.args.get("receipt", "")), "")
        if not receipt or not objector:
            return self._form(receipt, objector, missing=True), _UNPROCESSABLE
        try:
            found = progress_of(db.session(), receipt, objector, request.remote_addr or "")
        except TooManyQuestions as refused:
            page = self._form(receipt, objector, refused=refused.message)
            return page, _TOO_MANY, {"Retry-After": str(_HOUR)}
        commit()
        if found is None:
            return self._form(receipt, objector, unknown=True), _NOT_FOUND
        return self._form(receipt, objector, found=found)

    def _form(self, receipt: str, objector: str, found: Progress | None = None, **said: Any) -> str:
        shown = STATES[found.state] if found else None
        return self.page(
            "public/progress.html", receipt=receipt, objector=objector, found=found, shown=shown, **said
        )


SCREENS = (ReceiptScreen,)
