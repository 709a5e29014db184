"""二级建造师资格证信息查询: which valid qualifications stand under an ID number; exact, limited and logged."""

from collections.abc import Sequence

from flask import request
from flask_appbuilder import expose
from flask_babel import gettext as _, lazy_gettext as _l

from app.extensions.database import db
from app.extensions.refused import Refused
from app.models import Qualification
from app.security.access.lookup import qualifications_by_id_number
from app.security.access.roles import Role
from app.views.kit.access import Screen
from app.views.kit.filtering import clean
from app.views.kit.navigation import Section
from app.views.kit.requests import commit

_LONGEST_NUMBER = 30
_UNPROCESSABLE = 422


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
            commit()  # that it was refused is written down
            page = self.page("persons/qualifications.html", typed=typed, found=None, fault=str(refused))
            return page, _UNPROCESSABLE
        commit()
        return self.page("persons/qualifications.html", typed=typed, found=found)


SCREENS = (QualificationLookupScreen,)
